"""The newest attempts of a course, person by person: as JSON, and in two kinds of sheets."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

from coursewright.grader.deadlines import lateness
from coursewright.records import courses, deadlines, looks, members, submissions
from coursewright.records.gradebook import GradebookRow
from coursewright.services import nbgrader_sheet
from coursewright.services.answers import APIHandler
from coursewright.services.base import Handler
from coursewright.services.guards import needs
from coursewright.services.paging import PAGED, page
from coursewright.services.routes import Route
from coursewright.services.schemas import documented
from coursewright.services.scopes import STAFF, TEACH
from coursewright.services.sections import Part, part
from coursewright.services.shapes import TEXT
from coursewright.services.sheets import to_csv

COLUMNS = (
    "person", "display_name", "role", "lesson", "attempt", "points", "max_points", "state",
    "received_at", "raw_points", "days_late",
)  # fmt: skip
FILTERS = ("lesson", "person", "section", "group")


class Gradebook(APIHandler):
    @documented({200: "Gradebook"}, query={**PAGED, **{name: TEXT for name in FILTERS}})
    @needs(TEACH, role="assistant")
    async def get(self, course: str) -> None:
        """Every student with every lesson, and the newest attempt of whoever handed it in.

        Where nothing was handed in the state is `new`, and there are no points. With `lesson`,
        `person`, `section` or `group`, theirs alone. An assistant with sections gets their
        students. Opening it is written into the audit log.
        """
        lesson = self.get_query_argument("lesson", None)
        person = self.get_query_argument("person", None)
        here = await opened(self, course, "gradebook", grouped=True)
        found = await self.ask(table, course, here.only)
        places = {key: place for place, (key, _) in enumerate(found.lessons)}
        rows, following = page(
            self,
            (
                row
                for row in found.rows()
                if lesson in (None, row.lesson) and person in (None, row.person)
            ),
            lambda row: (row.display_name.casefold(), row.person, places[row.lesson]),
        )
        self.answer({"rows": rows, "next": following})


@dataclass(frozen=True)
class Row:
    """A person and a lesson; without a submission the state is `new` and `attempt` is 0.

    `role` is None for those who have left the course. `points` are what counts, with the dates as
    they are now; `raw_points` are what the grader gave.
    """

    person: str
    display_name: str
    role: str | None
    lesson: str
    submission_id: int | None = None
    attempt: int = 0
    points: float | None = None
    max_points: float | None = None
    state: str = "new"
    mode: str | None = None
    received_at: datetime | None = None
    raw_points: float | None = None
    days_late: int = 0


@dataclass(frozen=True)
class Counted(GradebookRow):
    """A newest attempt with the points that count."""

    raw_points: float | None = None
    days_late: int = 0


@dataclass(frozen=True)
class Line:
    """A person of the table, with the newest attempt at each of the table's lessons (or None)."""

    person: str
    display_name: str
    role: str | None
    attempts: tuple[Counted | None, ...]


@dataclass(frozen=True)
class Table:
    """`lessons` are (key, title) in the course's order, those that it no longer has at the end.

    `lines`: every student, and of the others those who handed in something.
    """

    key: str
    title: str
    lessons: tuple[tuple[str, str], ...]
    gone: frozenset[str]
    lines: tuple[Line, ...]

    def rows(self) -> Iterator[Row]:
        """The table's cells one by one; an empty one only where a student can still fill it."""
        for line in self.lines:
            for (lesson, _), attempt in zip(self.lessons, line.attempts, strict=True):
                if attempt is not None:
                    yield Row(role=line.role, **vars(attempt))
                elif line.role == "student" and lesson not in self.gone:
                    yield Row(line.person, line.display_name, line.role, lesson)


async def opened(handler: Handler, course: str, what: str, *, grouped: bool = False) -> Part:
    """The part whose lines are asked for, once it is written down that somebody looks."""
    await handler.ask(looks.at_class, handler.person, course, what, handler.request_id)
    return await part(handler, course, grouped=grouped)


def table(session: Session, key: str, only: Collection[str] | None = None) -> Table:
    """All lines, or `only` those of these people. Raises NotFound when there is no such course."""
    course = courses.newest_source(session, key)
    titles = {lesson.key: lesson.title for lesson in course.lessons()}
    belongs = members.members(session, key)
    roles = {member.name: member.role for member in belongs}
    rules = deadlines.rules(session, key)
    attempts: dict[str, dict[str, Counted]] = {}
    names: dict[str, str] = {}
    for row in submissions.gradebook(session, key):
        held = rules if roles.get(row.person) not in STAFF else None
        attempts.setdefault(row.person, {})[row.lesson] = counted(row, held)
        names[row.person] = row.display_name
    gone = {lesson for own in attempts.values() for lesson in own} - titles.keys()
    lessons = {**titles, **{lesson: lesson for lesson in sorted(gone)}}
    names |= {member.name: member.display_name for member in belongs if member.role == "student"}
    lines = [
        Line(
            name,
            display_name,
            roles.get(name),
            tuple(attempts.get(name, {}).get(lesson) for lesson in lessons),
        )
        for name, display_name in names.items()
        if only is None or name in only
    ]
    ordered = sorted(lines, key=lambda line: (line.display_name.casefold(), line.person))
    return Table(key, course.title, tuple(lessons.items()), frozenset(gone), tuple(ordered))


def counted(row: GradebookRow, rules: deadlines.Rules | None) -> Counted:
    """The attempt with what it counts by the rules; without rules, what the grader gave."""
    bare = Counted(**vars(row), raw_points=row.points)
    if rules is None:
        return bare
    found = lateness(*rules.of(row.person, row.lesson), row.received_at)
    points = None if row.points is None else round(row.points * found.factor, 6)
    return replace(bare, points=points, days_late=found.days)


def plain_sheet(session: Session, key: str, only: Collection[str] | None) -> str:
    rows = table(session, key, only).rows()
    return to_csv(COLUMNS, ([getattr(row, name) for name in COLUMNS] for row in rows))


def nbgraders_sheet(session: Session, key: str, only: Collection[str] | None) -> str:
    return nbgrader_sheet.sheet(session, table(session, key, only))


ROUTES = [Route("api/v1/courses/{course}/gradebook", Gradebook)]
