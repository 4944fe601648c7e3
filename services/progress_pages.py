"""A student's own page in a course, and the same student as those who teach see them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

from sqlalchemy.orm import Session

from coursewright.grader.completion import Completion
from coursewright.records import certificates, courses, regrade_requests, weights
from coursewright.records.certificates import Paper
from coursewright.records.errors import CoursewrightError, Invalid, NotFound
from coursewright.records.regrade_requests import Asked
from coursewright.records.schemes import Item
from coursewright.services import grades
from coursewright.services.answers import PageHandler
from coursewright.services.certificate_pdf import is_printable
from coursewright.services.certificates import completed
from coursewright.services.grade_answers import opened
from coursewright.services.grades import Entry, Frame, Line
from coursewright.services.guards import needs
from coursewright.services.mastery import Concept, concepts
from coursewright.services.problems import status_of
from coursewright.services.routes import Route
from coursewright.services.scopes import LEARN, TEACH
from coursewright.services.sheets import to_csv
from coursewright.services.weights import number

COLUMNS = (
    "lesson", "quiz", "title", "category", "state", "points", "max_points", "due", "dropped",
)  # fmt: skip
ITEM = re.compile(r"([a-z0-9-]*)/(.{0,255})\Z")


class ProgressPage(PageHandler):
    @needs(LEARN)
    async def get(self, course: str) -> None:
        """Where one stands: grade, lessons, what is due, concepts, requests, certificate."""
        found = await self.ask(standing, self.person, course)
        self.role = found.role
        self.show_course("progress.html", course, found.about.title, student=found)


class ProgressSheet(PageHandler):
    @needs(LEARN)
    async def get(self, course: str) -> None:
        """One's lessons and quizzes for a spreadsheet."""
        found = await self.ask(standing, self.person, course)
        rows = (row_of(one) for one in found.entries)
        self.set_header("Content-Type", "text/csv; charset=utf-8")
        self.set_header("Content-Disposition", f'attachment; filename="{course}-progress.csv"')
        self.write(to_csv(COLUMNS, rows))


class StudentPage(PageHandler):
    @needs(TEACH, role="assistant")
    async def get(self, course: str, person: str) -> None:
        """A student's grade with all that it is made of; opening it is noted."""
        await self.show_student(course, person)

    @needs(TEACH, role="instructor")
    async def post(self, course: str, person: str) -> None:
        """`excuse` the `item`, `set` its points, or `clear` either."""
        acts = {"excuse", "set", "clear"} & self.request.body_arguments.keys()
        item = ITEM.match(self.get_body_argument("item", ""))
        try:
            if len(acts) != 1 or item is None:
                raise Invalid("The form must say one thing to do with an item: excuse, set, clear")
            await self.change(course, person, (item[1], item[2]), acts.pop())
        except (Invalid, NotFound) as error:
            self.set_status(status_of(error))
            await self.show_student(course, person, error)
            return
        name = quote(person, safe="")
        self.redirect(f"{self.service.prefix}courses/{course}/grades/{name}", status=303)

    async def change(self, course: str, person: str, item: Item, act: str) -> None:
        if act == "clear":
            await self.ask(
                weights.end_exception, self.person, course, person, item, request_id=self.request_id
            )
            return
        said = self.get_body_argument("points", "")
        if act == "set" and not said.strip():
            raise Invalid("Say how many points the item counts")
        await self.ask(
            weights.exempt,
            self.person,
            course,
            person,
            item,
            excused=act == "excuse",
            points=number(said) if act == "set" else None,
            reason=self.get_body_argument("reason", ""),
            request_id=self.request_id,
        )

    async def show_student(
        self, course: str, person: str, wrong: CoursewrightError | None = None
    ) -> None:
        line = await self.ask(opened, self.person, course, person, self.request_id)
        title = await self.ask(courses.title, course)
        may_change = self.is_admin or self.role == "instructor"
        entries = [one for one in line.entries if not one.column.gone]
        self.show_course(
            "student.html",
            course,
            title,
            line=line,
            entries=entries,
            may_change=may_change,
            wrong=wrong,
        )


@dataclass(frozen=True)
class Due:
    """A lesson that is still to be handed in, or has a quiz to answer, with its date.

    `quiz` is the key of one from the bank, which closes then.
    """

    title: str
    due: datetime
    zone: str
    quiz: str | None = None


@dataclass(frozen=True)
class Student:
    """A student's standing; `line` is None for those who are no students of the course."""

    role: str | None
    about: Frame
    line: Line | None
    concepts: Sequence[Concept]
    requests: Sequence[Asked]
    completion: Completion
    offered: bool
    certificate: Paper | None

    @property
    def entries(self) -> list[Entry]:
        """Of the course as it is now."""
        return [one for one in self.line.entries if not one.column.gone] if self.line else []

    @property
    def handed_in(self) -> int:
        return sum(bool(one.handed) for one in self.entries if not one.column.quiz)

    @property
    def lessons(self) -> int:
        return sum(not one.column.quiz for one in self.entries)

    @property
    def coming(self) -> list[Due]:
        """What is still open, the nearest date first."""
        found: dict[str, Due] = {}
        titles = {one.column.item: one.column.title for one in self.entries}
        for one in self.entries:
            if one.due and one.piece.state == "open":
                bank = one.column.bank
                title = one.column.title if bank else titles[one.column.lesson, ""]
                due = Due(title, one.due, self.about.zone(one.column), bank.key if bank else None)
                found.setdefault(f"quiz {bank.key}" if bank else one.column.lesson, due)
        return sorted(found.values(), key=lambda one: one.due)

    @property
    def printable(self) -> bool:
        """Whether the certificate can show the name as it is."""
        return self.line is None or is_printable(self.line.who.display_name)


def standing(session: Session, person: str, key: str) -> Student:
    """Raises NotFound for those who do not belong to the course."""
    role = courses.role_of(session, person, key)
    if role is None:
        raise NotFound(f"There is no course {key!r} that you belong to")
    about, line = grades.line_of(session, key, person, veiled=True)
    rule = certificates.rule(session, key)
    own = completed(session, key, rule, line) if line else Completion(False)
    paper = certificates.own(session, person, key)
    return Student(
        role,
        about,
        line,
        concepts(session, person, key),
        regrade_requests.listed(session, key, person=person, limit=50),
        own,
        rule.given,
        paper if paper and paper.valid else None,
    )


def row_of(one: Entry) -> list[str | float | datetime | None]:
    graded = one.piece.state == "graded"
    return [
        one.column.lesson,
        one.column.quiz,
        one.column.title,
        one.column.category,
        one.piece.state,
        one.piece.points if graded else None,
        one.piece.most + one.piece.pending,
        one.due,
        "yes" if one.dropped else "no",
    ]


ROUTES = [
    Route("courses/{course}/progress", ProgressPage),
    Route("courses/{course}/progress.csv", ProgressSheet),
    Route("courses/{course}/grades/{person}", StudentPage),
]
