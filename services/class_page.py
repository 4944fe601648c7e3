"""The page of a class at work: who is here, where, what they tried and since when in vain."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from coursewright.records import classroom, courses, live, papers
from coursewright.records.errors import Invalid
from coursewright.services.answers import APIHandler, PageHandler
from coursewright.services.class_rows import ORDERS, Row, counts, ordered, rows, told
from coursewright.services.guards import needs
from coursewright.services.routes import Route
from coursewright.services.schemas import documented
from coursewright.services.scopes import TEACH
from coursewright.services.sections import part, visible
from coursewright.services.sheets import to_csv

COLUMNS = (
    "person", "display_name", "section", "group", "here", "lesson", "exercise", "checks",
    "attempts", "hints", "result", "stuck_since", "last_at",
)  # fmt: skip


class ClassPage(PageHandler):
    @needs(TEACH, role="assistant")
    async def get(self, course: str) -> None:
        """The class as a table; its script brings it up to date by services/class_feed.py.

        Who watches is written into the audit log, once in an hour.
        """
        order = self.get_query_argument("sort", "stuck")
        if order not in ORDERS:
            raise Invalid(f"There is no order {order!r}; orders are {', '.join(ORDERS)}")
        await self.ask(classroom.note_look, self.person, course, self.request_id)
        here = await part(self, course)
        found = await self.ask(standing, course, here.group, here.only)
        self.show_course(
            "class.html",
            course,
            found.title,
            at=found.at,
            last=found.last,
            rows=ordered(found.rows, order),
            counts=counts(found.rows),
            waiting=found.waiting,
            groups=found.groups,
            part=here,
            order=order,
            orders=ORDERS,
            ago=ago,
        )


class ClassSheet(PageHandler):
    @needs(TEACH, role="assistant")
    async def get(self, course: str) -> None:
        """The same for a spreadsheet, by name."""
        await self.ask(classroom.note_look, self.person, course, self.request_id)
        here = await part(self, course, grouped=True)
        _, found = await self.ask(rows, course, here.only)
        lines = ([_plain(getattr(one, name)) for name in COLUMNS] for one in found)
        self.set_header("Content-Type", "text/csv; charset=utf-8")
        self.set_header("Content-Disposition", f'attachment; filename="{course}-class.csv"')
        self.write(to_csv(COLUMNS, lines))


class ClassRows(APIHandler):
    @documented({200: "ClassRows"})
    @needs(TEACH, role="assistant")
    async def get(self, course: str) -> None:
        """The rows of the page of a class, for a page that is not connected.

        `id` is the number of an event: all that happened up to it is in the rows.
        """
        await self.ask(classroom.note_look, self.person, course, self.request_id)
        found = await self.ask(standing, course, "", await visible(self, course))
        lines = [told(one) for one in found.rows]
        self.answer({"id": found.last, "at": found.at, "rows": lines})


@dataclass(frozen=True)
class Standing:
    """`last` is the number of the newest event before the rows were read; `waiting` hand-ins."""

    title: str
    at: datetime
    last: int
    rows: list[Row]
    waiting: int
    groups: list[str]


def standing(
    session: Session, course: str, group: str, only: Collection[str] | None = None
) -> Standing:
    """Of all students, or of `only` these. Raises NotFound."""
    last = live.newest(session)
    title = courses.title(session, course)
    at, found = rows(session, course, only)
    groups = sorted({one.group for one in found if one.group}, key=str.casefold)
    chosen = [one for one in found if group in ("", one.group)]
    waits = [one for one in papers.waiting(session, course) if only is None or one.person in only]
    return Standing(title, at, last, chosen, len(waits), groups)


def ago(then: datetime | None, now: datetime) -> str:
    """How long ago, in one unit; as services/static/class.js says it."""
    if then is None:
        return ""
    minutes = max(0, int((now - then).total_seconds() // 60))
    if minutes < 1:
        return "under 1 min"
    if minutes < 60:
        return f"{minutes} min"
    if minutes < 48 * 60:
        return f"{minutes // 60} h"
    return f"{minutes // 1440} days"


def _plain(value: Any) -> Any:
    return ("yes" if value else "no") if isinstance(value, bool) else value


ROUTES = [
    Route("courses/{course}/class", ClassPage),
    Route("courses/{course}/class.csv", ClassSheet),
    Route("api/v1/courses/{course}/class/rows", ClassRows),
]
