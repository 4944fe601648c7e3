"""What answers say about the questions of a course: as JSON, as a page, as a sheet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from markupsafe import Markup
from sqlalchemy.orm import Session

from coursewright.grader import item_answers
from coursewright.grader.item_answers import Item
from coursewright.grader.item_statistics import FEWEST, FLAGS
from coursewright.records import courses
from coursewright.records.errors import Invalid
from coursewright.services.answers import APIHandler, PageHandler
from coursewright.services.base import Handler
from coursewright.services.guards import needs
from coursewright.services.rendered import html, plain
from coursewright.services.routes import Route
from coursewright.services.schemas import documented
from coursewright.services.scopes import TEACH
from coursewright.services.sheets import to_csv

PAGE = 100
COLUMNS = (
    "source", "place", "key", "kind", "prompt", "concepts", "answers", "left_out", "difficulty",
    "discrimination", "seconds", "flags",
)  # fmt: skip
ORDERS = ("asked", "difficulty", "discrimination")


class ItemAnalysis(APIHandler):
    @documented(
        {200: "ItemAnalysis"},
        query={
            "flagged": {"type": "string"},
            "limit": {"type": "integer", "minimum": 1, "maximum": 500},
            "after": {"type": "integer", "minimum": 0},
        },
    )
    @needs(TEACH, role="assistant")
    async def get(self, course: str) -> None:
        """Every question that was answered: how hard it is, what it tells, what is to be looked at.

        Of each student the first attempt counts. `?flagged=yes` leaves out what has no flag.
        """
        limit, after = number(self, "limit", PAGE), number(self, "after", 0)
        found = await self.ask(wanted, course, self.get_query_argument("flagged", "") == "yes")
        page = found[after : after + limit]
        more = after + limit if after + limit < len(found) else None
        self.answer({"questions": [told(item) for item in page], "after": more})


class ItemAnalysisPage(PageHandler):
    @needs(TEACH, role="assistant")
    async def get(self, course: str) -> None:
        """The same as a table, with what was chosen for each question."""
        flagged = self.get_query_argument("flagged", "") == "yes"
        order = self.get_query_argument("order", "asked")
        if order not in ORDERS:
            raise Invalid(f"The table is ordered by {', '.join(ORDERS)}")
        title = await self.ask(courses.title, course)
        found = ordered(await self.ask(wanted, course, flagged), order)
        after = number(self, "after", 0)
        self.show_course(
            "item_analysis.html",
            course,
            title,
            lines=[Line.of(item) for item in found[after : after + PAGE]],
            total=len(found),
            after=after,
            more=after + PAGE if after + PAGE < len(found) else None,
            flagged=flagged,
            order=order,
            orders=ORDERS,
            flags=FLAGS,
            fewest=FEWEST,
        )


class ItemAnalysisSheet(PageHandler):
    @needs(TEACH, role="assistant")
    async def get(self, course: str) -> None:
        """The same as a sheet, one question a line."""
        found = [told(item) for item in await self.ask(wanted, course, False)]
        for one in found:
            one["flags"] = " ".join(one["flags"])
            one["concepts"] = ", ".join(one["concepts"])
        self.set_header("Content-Type", "text/csv; charset=utf-8")
        self.set_header("Content-Disposition", f'attachment; filename="{course}-analysis.csv"')
        self.write(to_csv(COLUMNS, ([one[name] for name in COLUMNS] for one in found)))


@dataclass(frozen=True)
class Line:
    """A question as the page shows it; `href` is its place in the bank, when it is from there."""

    item: Item
    name: str
    prompt: Markup
    number: int | None

    @classmethod
    def of(cls, item: Item) -> Line:
        question = item.question
        number = int(question.key.removeprefix("q")) if item.source == "bank" else None
        return cls(item, plain(question.prompt), html(question.prompt), number)


def wanted(session: Session, course: str, flagged: bool) -> list[Item]:
    found = item_answers.items(session, course)
    return [item for item in found if item.found.flags or not flagged]


def ordered(found: list[Item], order: str) -> list[Item]:
    """Lowest first; what is not known comes last."""
    if order == "asked":
        return found

    def height(item: Item) -> tuple[bool, float]:
        value = getattr(item.found, order)
        return value is None, value or 0.0

    return sorted(found, key=height)


def told(item: Item) -> dict[str, Any]:
    question, found = item.question, item.found
    return {
        "source": item.source,
        "place": item.place,
        "key": question.key,
        "kind": question.kind,
        "prompt": question.prompt,
        "concepts": list(question.concepts),
        **{**vars(found), "flags": list(found.flags), "choices": list(found.choices)},
    }


def number(handler: Handler, name: str, usual: int) -> int:
    """A whole number out of the address. Raises Invalid."""
    said = handler.get_query_argument(name, str(usual))
    if not (said.isascii() and said.isdecimal() and len(said) < 9):
        raise Invalid(f"`{name}` must be a whole number")
    return int(said)


ROUTES = [
    Route("courses/{course}/questions", ItemAnalysisPage),
    Route("courses/{course}/questions.csv", ItemAnalysisSheet),
    Route("api/v1/courses/{course}/questions", ItemAnalysis),
]
