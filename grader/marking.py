"""When a person marks: the feedback page and the mastery follow, in the same transaction."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from coursewright.grader.feedback import render
from coursewright.grader.reckoning import refresh
from coursewright.grader.result import CellResult, Result
from coursewright.records import grading, mastery
from coursewright.records.errors import NotFound
from coursewright.records.grading import Item, Said
from coursewright.records.submissions import reading
from coursewright.records.tables import Submission


def mark(session: Session, /, by: str, course_key: str, submission_id: int, **about: Any) -> Said:
    """As records/grading.py's `mark`, with all that follows from it."""
    said = grading.mark(session, by, course_key, submission_id, **about)
    if said.counts:
        settle(session, course_key, submission_id)
    return said


def change_item(
    session: Session, by: str, course_key: str, item: Item, request_id: str | None = None
) -> int:
    """As records/grading.py's `change_item`; how many submissions have a new grading."""
    changed = grading.change_item(session, by, course_key, item, request_id=request_id)
    for number in changed:
        settle(session, course_key, number)
    return len(changed)


def settle(session: Session, course_key: str, submission_id: int) -> None:
    """Render the page anew, and reckon the concepts that the submission touches.

    What cells printed when they were graded is not kept anywhere else, so the new page is
    without it.
    """
    row = session.get(Submission, submission_id)
    if row is None:
        raise NotFound(f"There is no submission {submission_id}")
    work = reading(session, row, row.version_id)
    cells = tuple(
        CellResult(
            cell.grade_id,
            cell.exercise,
            cell.points,
            cell.max_points,
            cell.status,  # type: ignore[arg-type]  # the column holds nothing else
            cell.message,
        )
        for cell in grading.sheet(session, course_key, submission_id)
    )
    result = Result(
        score=sum(cell.points for cell in cells),
        max_score=sum(cell.max_points for cell in cells),
        cells=cells,
        mode="isolated" if grading.mode(session, submission_id) == "isolated" else "shared",
    )
    grading.keep_page(session, submission_id, render(work.lesson, work.notebook, result))
    refresh(session, mastery.touched(session, submission_id), {"submission": submission_id})
