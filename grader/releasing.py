"""When grades are held back or released: the mastery of those concerned follows at once."""

from __future__ import annotations

from sqlalchemy.orm import Session

from coursewright.grader.reckoning import refresh
from coursewright.records import bank_grades, bank_quizzes, mastery, quiz_releases, releases
from coursewright.records.quiz_releases import QuizRelease
from coursewright.records.releases import Release


def hold(
    session: Session, by: str, course_key: str, lesson: str, *, held: bool, request_id: str
) -> Release:
    """As records/releases.py's `hold`, with all that follows from it."""
    concerned = releases.hold(session, by, course_key, lesson, held=held, request_id=request_id)
    for submission in concerned:
        because = {"submission": submission, "released": not held}
        refresh(session, mastery.touched(session, submission), because)
    course = bank_quizzes.course_id(session, course_key)
    answered = mastery.touched_by_quizzes(session, course_key, lesson)
    for about in (*answered, *bank_grades.touched(session, course, lesson=lesson)):
        refresh(session, about, {"lesson": lesson, "released": not held})
    return releases.release(session, course_key, lesson)


def hold_quiz(
    session: Session, by: str, course_key: str, key: str, *, held: bool, request_id: str
) -> QuizRelease:
    """As records/quiz_releases.py's `hold`, with all that follows from it."""
    changed = quiz_releases.hold(session, by, course_key, key, held=held, request_id=request_id)
    if changed:
        course = bank_quizzes.course_id(session, course_key)
        for about in bank_grades.touched(session, course, quiz=key):
            refresh(session, about, {"quiz": key, "released": not held})
    return quiz_releases.release(session, course_key, key)
