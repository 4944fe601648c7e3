"""When grades are held back or released: the mastery of those concerned follows at once."""

from __future__ import annotations

from sqlalchemy.orm import Session

from coursewright.grader.reckoning import refresh
from coursewright.records import mastery, releases
from coursewright.records.releases import Release


def hold(
    session: Session, by: str, course_key: str, lesson: str, *, held: bool, request_id: str
) -> Release:
    """As records/releases.py's `hold`, with all that follows from it."""
    concerned = releases.hold(session, by, course_key, lesson, held=held, request_id=request_id)
    for submission in concerned:
        because = {"submission": submission, "released": not held}
        refresh(session, mastery.touched(session, submission), because)
    for about in mastery.touched_by_quizzes(session, course_key, lesson):
        refresh(session, about, {"lesson": lesson, "released": not held})
    return releases.release(session, course_key, lesson)
