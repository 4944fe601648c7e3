"""The report of a generated course: what was proven of it, what was left out and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from coursewright.generator.report import GATES, WORDS
from coursewright.records import course_report, courses
from coursewright.records.course_report import CourseReport
from coursewright.services.answers import PageHandler
from coursewright.services.guards import needs
from coursewright.services.routes import Route
from coursewright.services.scopes import TEACH
from coursewright.services.sheets import to_csv

COLUMNS = ("piece", "state", "passed", "not_passed", "reasons")
STATES = {"accepted": "done", "repaired": "waiting", "abstained": "failed"}


@dataclass(frozen=True)
class Piece:
    """`look` is the state's class on the page; `failed` are the gates that it did not pass."""

    place: str
    words: str
    look: str
    passed: tuple[str, ...]
    failed: tuple[str, ...]
    reasons: tuple[str, ...]


class ReportPage(PageHandler):
    @needs(TEACH, role="instructor")
    async def get(self, course: str) -> None:
        """The report, or that people wrote this course."""
        title, found = await self.ask(standing, course)
        made = pieces(found)
        self.show_course("report_page.html", course, title, found=found, pieces=made, gates=GATES)


class ReportSheet(PageHandler):
    @needs(TEACH, role="instructor")
    async def get(self, course: str) -> None:
        """Each piece with the gates that it passed, for a spreadsheet."""
        _, found = await self.ask(standing, course)
        made = pieces(found)
        lines = (
            [
                one.place,
                one.words,
                " ".join(one.passed),
                " ".join(one.failed),
                "; ".join(one.reasons),
            ]
            for one in made
        )
        self.set_header("Content-Type", "text/csv; charset=utf-8")
        self.set_header("Content-Disposition", f'attachment; filename="{course}-report.csv"')
        self.write(to_csv(COLUMNS, lines))


def pieces(found: CourseReport | None) -> list[Piece]:
    """Those of a report; none where there is no report."""
    receipts = found.receipts.values() if found else ()
    return [piece(one) for one in receipts if "state" in one]


def standing(session: Session, course: str) -> tuple[str, CourseReport | None]:
    """Raises NotFound."""
    return courses.title(session, course), course_report.of_course(session, course)


def piece(receipt: Mapping[str, Any]) -> Piece:
    """Of a receipt; a gate that looked more than once counts as it looked last."""
    gates = {str(one["gate"]): bool(one.get("passed")) for one in receipt.get("gates", [])}
    state = str(receipt["state"])
    return Piece(
        str(receipt["place"]),
        WORDS.get(state, state),
        STATES.get(state, "new"),
        tuple(name for name, passed in gates.items() if passed),
        tuple(name for name, passed in gates.items() if not passed),
        tuple(map(str, receipt.get("reasons", []))),
    )


ROUTES = [
    Route("courses/{course}/report", ReportPage),
    Route("courses/{course}/report.csv", ReportSheet),
]
