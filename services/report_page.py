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
        made = [piece(one) for one in found.receipts.values() if "state" in one] if found else []
        self.show_course("report_page.html", course, title, found=found, pieces=made, gates=GATES)


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


ROUTES = [Route("courses/{course}/report", ReportPage)]
