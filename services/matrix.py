"""The progress of a class as a matrix: students by lessons, what each has reached."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy.orm import Session

from coursewright.records import class_work, classroom, courses
from coursewright.records.class_work import Student, Work
from coursewright.services.answers import PageHandler
from coursewright.services.guards import needs
from coursewright.services.paging import page_number
from coursewright.services.routes import Route
from coursewright.services.scopes import TEACH
from coursewright.services.sections import part
from coursewright.services.sheets import to_csv

PAGE = 50  # students
# From this share of the points on; the first that fits.
WELL, HALF = 0.8, 0.5


@dataclass(frozen=True)
class State:
    """What a cell says three times: by its sign, by its colour and in words."""

    name: str
    sign: str
    words: str


STATES = {
    state.name: state
    for state in (
        State("well", "✓", "80 % of the points or more"),
        State("half", "◐", "50 % or more"),
        State("little", "▽", "less than 50 %"),
        State("waiting", "◷", "being graded"),
        State("failed", "✗", "could not be graded"),
        State("begun", "…", "begun, not handed in"),
        State("none", "–", "not begun"),
    )
}


@dataclass(frozen=True)
class Cell:
    """`percent` is None where nothing was graded."""

    state: State
    percent: int | None = None
    submission: int | None = None


@dataclass(frozen=True)
class Line:
    student: Student
    cells: tuple[Cell, ...]

    @property
    def handed_in(self) -> int:
        return sum(cell.submission is not None for cell in self.cells)


@dataclass(frozen=True)
class Matrix:
    """`lessons` are (key, title) in the course's order; `students` in all, beyond this page."""

    title: str
    lessons: tuple[tuple[str, str], ...]
    lines: tuple[Line, ...]
    groups: tuple[str, ...]
    students: int

    @property
    def pages(self) -> int:
        return max(1, -(-self.students // PAGE))

    def handed_in(self, place: int) -> int:
        """Students of this page who handed in the lesson that stands at `place`."""
        return sum(line.cells[place].submission is not None for line in self.lines)


class MatrixPage(PageHandler):
    @needs(TEACH, role="assistant")
    async def get(self, course: str) -> None:
        """Students by lessons, PAGE students at a time; who looks is noted, once in an hour."""
        number = page_number(self.get_query_argument("page", "1"))
        await self.ask(classroom.note_look, self.person, course, self.request_id, what="matrix")
        here = await part(self, course)
        found = await self.ask(matrix, course, here.group, number, here.only)
        self.show_course(
            "matrix.html",
            course,
            found.title,
            matrix=found,
            part=here,
            number=number,
            states=STATES.values(),
        )


class MatrixSheet(PageHandler):
    @needs(TEACH, role="assistant")
    async def get(self, course: str) -> None:
        """All students, with the state of each lesson in words and its percentage."""
        await self.ask(classroom.note_look, self.person, course, self.request_id, what="matrix")
        here = await part(self, course)
        found = await self.ask(matrix, course, here.group, None, here.only)
        columns = ["person", "display_name", "group"]
        for key, _ in found.lessons:
            columns += [key, f"{key} %"]
        lines = []
        for line in found.lines:
            one = line.student
            cells = [part for cell in line.cells for part in (cell.state.words, cell.percent)]
            lines.append([one.person, one.display_name, one.group, *cells])
        self.set_header("Content-Type", "text/csv; charset=utf-8")
        self.set_header("Content-Disposition", f'attachment; filename="{course}-matrix.csv"')
        self.write(to_csv(columns, lines))


def matrix(
    session: Session,
    course: str,
    group: str,
    page: int | None,
    only: Collection[str] | None = None,
) -> Matrix:
    """Page `page` of the students, from 1, or all; of `only` these people. Raises NotFound."""
    source = courses.newest_source(session, course)
    lessons = tuple((one.key, one.title or one.key) for one in source.lessons())
    sizes = class_work.groups(session, course, only)
    limit, offset = (None, 0) if page is None else (PAGE, PAGE * (page - 1))
    students = class_work.students(session, course, group, only=only, limit=limit, offset=offset)
    people = [one.id for one in students]
    work = class_work.handed_in(session, course, people)
    begun = class_work.begun(session, course, people)
    lines = tuple(
        Line(
            one,
            tuple(cell(work.get((one.id, key)), (one.id, key) in begun) for key, _ in lessons),
        )
        for one in students
    )
    total = sizes.get(group, 0) if group else sum(sizes.values())
    named = tuple(name for name in sizes if name)
    return Matrix(source.title, lessons, lines, named, total)


def cell(work: Work | None, begun: bool) -> Cell:
    if work is None:
        return Cell(STATES["begun" if begun else "none"])
    if work.state == "received":
        return Cell(STATES["waiting"], submission=work.submission)
    share = work.share
    if work.state == "failed" or share is None:
        return Cell(STATES["failed"], submission=work.submission)
    name = "well" if share >= WELL else "half" if share >= HALF else "little"
    return Cell(STATES[name], round(100 * share), work.submission)


ROUTES = [
    Route("courses/{course}/matrix", MatrixPage),
    Route("courses/{course}/matrix.csv", MatrixSheet),
]
