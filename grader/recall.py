"""A graded submission as it stands now: from what is stored to a Result."""

from __future__ import annotations

from sqlalchemy.orm import Session

from coursewright.grader.result import CellResult, Result
from coursewright.records import gradings, regrades, shown
from coursewright.records.errors import NotFound
from coursewright.records.submissions import Work, reading
from coursewright.records.tables import Submission


def recall(session: Session, submission_id: int) -> tuple[Work, Result]:
    """What was handed in with its lesson, and its newest grading. Raises NotFound without one."""
    row = session.get(Submission, submission_id)
    if row is None or row.state != "graded":
        raise NotFound("There is no feedback yet; it comes with the score")
    grading = gradings.newest(session, submission_id)
    cells = regrades.cells(session, submission_id, grading.number)
    result = Result(
        score=grading.points,
        max_score=grading.max_points,
        cells=tuple(CellResult(**{**cell, "promises": tuple(cell["promises"])}) for cell in cells),
        # nbgrader's own marks have no mode; its tests share the student's process.
        mode="isolated" if grading.mode == "isolated" else "shared",
        repairs=tuple(grading.repairs),
        seconds=grading.seconds,
        outputs=shown.shown(session, submission_id),
    )
    return reading(session, row, row.version_id), result
