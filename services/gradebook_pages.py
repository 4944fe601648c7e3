"""The grade book as a page and as sheets: people by lessons, page by page, with releases."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from sqlalchemy.orm import Session

from coursewright.grader import releasing
from coursewright.grader.weighing import categories_of
from coursewright.records.errors import Invalid
from coursewright.records.grade_facts import Listed
from coursewright.services import gradebook, grades
from coursewright.services.answers import PageHandler
from coursewright.services.grades import Column, Frame, Line
from coursewright.services.guards import needs
from coursewright.services.routes import Route
from coursewright.services.scopes import TEACH
from coursewright.services.sections import Part
from coursewright.services.sheets import Value, cell, to_csv

SIZE = 30  # people on a page


class GradebookPage(PageHandler):
    @needs(TEACH, role="assistant")
    async def get(self, course: str) -> None:
        """People by lessons with their grades so far.

        `?section=` and `?group=` show those alone, `?find=` those with these letters in their name,
        `?page=` the next ones.
        """
        number = self.get_query_argument("page", "1")
        if not (number.isascii() and number.isdigit() and 0 < int(number) < 10**6):
            raise Invalid("`page` is a number from 1")
        find = self.get_query_argument("find", "")
        here = await gradebook.opened(self, course, "gradebook")
        found = await self.ask(book, course, here, find, int(number))
        may_release = self.is_admin or self.role == "instructor"
        self.show_course(
            "gradebook.html", course, found.about.title, book=found, may_release=may_release
        )

    @needs(TEACH, role="instructor")
    async def post(self, course: str) -> None:
        """Hold the grades of the `lesson` back (`held` is yes), or release them.

        With `quiz`, the results of that quiz from the bank.
        """
        held = self.get_body_argument("held", "")
        if held not in ("yes", "no"):
            raise Invalid("The form must say whether the grades are held: yes or no")
        quiz = self.get_body_argument("quiz", "")
        await self.ask(
            releasing.hold_quiz if quiz else releasing.hold,
            self.person,
            course,
            quiz or self.get_body_argument("lesson", ""),
            held=held == "yes",
            request_id=self.request_id,
        )
        names = ("section", "group", "find", "page")
        back = {name: self.get_body_argument(name, "") for name in names}
        query = urlencode({name: text for name, text in back.items() if text})
        page = f"{self.service.prefix}courses/{course}/gradebook"
        self.redirect(f"{page}?{query}" if query else page, status=303)


class GradebookSheet(PageHandler):
    @needs(TEACH, role="assistant")
    async def get(self, course: str) -> None:
        """The same for a spreadsheet, with `?format=`; written into the audit log.

        `plain`: newest attempts, one to a row. `nbgrader`: in the columns of its export.
        `weighted`: a row for each student, with their grade and what it is made of. `?section=` and
        `?group=` as on the page.
        """
        wanted = self.get_query_argument("format", "plain")
        if wanted not in SHEETS:
            raise Invalid(f"There is no format {wanted!r}; formats are {', '.join(SHEETS)}")
        here = await gradebook.opened(self, course, "gradebook as CSV", grouped=True)
        written = await self.ask(SHEETS[wanted], course, here.only)
        self.set_header("Content-Type", "text/csv; charset=utf-8")
        self.set_header("Content-Disposition", f'attachment; filename="{course}-gradebook.csv"')
        self.write(written)


@dataclass(frozen=True)
class Book:
    """A page of a grade book; `found` people fit what was asked for."""

    about: Frame
    lines: tuple[Line, ...]
    groups: tuple[str, ...]
    students: int
    handed_in: int
    found: int
    number: int
    part: Part
    find: str

    @property
    def first(self) -> int:
        return (self.number - 1) * SIZE

    def address(self, number: int) -> str:
        """The query of another page of the same people."""
        return self.part.query(find=self.find, page=number if number > 1 else "") or "?"

    @property
    def releases(self) -> list[Column]:
        """What can be held back: grades of lessons, and results of quizzes from the bank."""
        return [one for one in self.about.columns if not one.gone and (one.bank or not one.quiz)]


def book(
    session: Session,
    key: str,
    part: Part,
    find: str,
    number: int,
) -> Book:
    """Raises NotFound."""
    about = grades.frame(session, key)
    everybody = seen(grades.people(session, about), part.only)
    students = [one for one in everybody if one.role == "student"]
    found = grades.chosen(everybody, part.group or None, find)
    first = (number - 1) * SIZE
    return Book(
        about,
        tuple(grades.lines(session, about, found[first : first + SIZE])),
        tuple(sorted({one.group for one in students if one.group}, key=str.casefold)),
        len(students),
        sum(one.handed_in for one in students),
        len(found),
        number,
        part,
        find,
    )


def seen(people: Sequence[Listed], only: Collection[str] | None) -> list[Listed]:
    return [one for one in people if only is None or one.name in only]


def weighted_sheet(session: Session, key: str, only: Collection[str] | None) -> str:
    """A row for each student: the grade, its categories, then the points of every item."""
    about = grades.frame(session, key)
    everybody = seen(grades.people(session, about), only)
    students = [one for one in everybody if one.role == "student"]
    columns = [one for one in about.columns if not one.gone]
    heads: list[Value] = ["person", "display_name", "group", "percent", "final_percent"]
    heads += [f"category: {category.name} %" for category in categories_of(about.scheme)]
    heads += [f"{'/'.join(filter(None, one.item))} of {one.most:g}" for one in columns]
    rows = (_weighted(line) for line in grades.lines(session, about, students))
    return to_csv([str(cell(head)) for head in heads], rows)


def _weighted(line: Line) -> Iterator[Value]:
    assert line.grade is not None
    yield from (line.who.name, line.who.display_name, line.who.group)
    yield from (line.grade.percent, line.grade.final)
    yield from (part.percent for part in line.grade.parts)
    for one in line.entries:
        if not one.column.gone:
            graded = one.piece.state == "graded"
            yield one.piece.points if graded else one.piece.state


SHEETS = {
    "plain": gradebook.plain_sheet,
    "nbgrader": gradebook.nbgraders_sheet,
    "weighted": weighted_sheet,
}

ROUTES = [
    Route("courses/{course}/gradebook", GradebookPage),
    Route("courses/{course}/gradebook.csv", GradebookSheet),
]
