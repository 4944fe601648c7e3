"""The gradebook in the columns of `nbgrader export` (nbgrader 0.9.6, plugins/export.py).

Like there: a row for every lesson and student, lessons first; who handed nothing in has 0; times
are UTC without a zone; what is not known is empty. Our lessons are its assignments.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from coursewright.records import courses, deadlines
from coursewright.services.sheets import BOM, Value, to_csv

if TYPE_CHECKING:
    from coursewright.services.gradebook import Counted, Table

COLUMNS = (
    "assignment", "duedate", "timestamp", "student_id", "last_name", "first_name", "email",
    "raw_score", "late_submission_penalty", "score", "max_score",
)  # fmt: skip
GRADED = ("tests", "written", "task")


def sheet(session: Session, found: Table) -> str:
    """The table as CSV (UTF-8, no byte order mark)."""
    course = courses.source_course(session, courses.current_version(session, found.key).id)
    most = {
        lesson.key: sum(cell.points for cell in lesson.cells if cell.role in GRADED)
        for lesson in course.lessons()
    }
    policies = deadlines.rules(session, found.key).policies
    due = {lesson: policy.due for lesson, policy in policies.items()}
    # The programs that read nbgrader's sheets take a byte order mark for a part of the first name.
    return to_csv(COLUMNS, _rows(found, most, due)).removeprefix(BOM)


def _rows(
    found: Table, most: dict[str, float], due: dict[str, datetime | None]
) -> Iterator[list[Value]]:
    for number, (lesson, _) in enumerate(found.lessons):
        for line in found.lines:
            attempt = line.attempts[number]
            if line.role != "student" and attempt is None:
                continue
            first, last = _names(line.display_name)
            yield [
                lesson,
                _utc(due.get(lesson)),
                _utc(attempt.received_at if attempt else None),
                line.person,
                last,
                first,
                "",
                *_scores(attempt, most.get(lesson, 0.0)),
            ]


def _scores(attempt: Counted | None, most: float) -> tuple[float, float, float, float]:
    if attempt is None or attempt.points is None:
        return 0.0, 0.0, 0.0, float(most)
    raw = attempt.points if attempt.raw_points is None else attempt.raw_points
    return raw, round(raw - attempt.points, 6), attempt.points, attempt.max_points or float(most)


def _names(display_name: str) -> tuple[str, str]:
    """nbgrader wants two; the last word is taken for the family's."""
    first, _, last = display_name.strip().rpartition(" ")
    return first, last


def _utc(moment: datetime | None) -> str:
    return str(moment.astimezone(UTC).replace(tzinfo=None)) if moment else ""
