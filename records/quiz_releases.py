"""Results of quizzes from the bank that are held back until everybody's are ready.

It is with them as with a lesson's grades (records/releases.py). A quiz that belongs to a lesson is
held with the lesson's grades, too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from coursewright.records import bank_quizzes, courses, events, releases
from coursewright.records.bank_quizzes import Quiz
from coursewright.records.tables import BankAttempt, BankQuiz, Enrolment, Person


@dataclass(frozen=True)
class QuizRelease:
    """`with_lesson`: its lesson's grades are held, and so are its results. `graded` students."""

    quiz: str
    held: bool
    with_lesson: bool
    graded: int


def release(session: Session, course_key: str, key: str) -> QuizRelease:
    """How it stands with a quiz. Raises NotFound."""
    quiz = bank_quizzes.one(session, course_key, key)
    with_lesson = quiz.lesson in releases.held(session, course_key)
    return QuizRelease(key, quiz.held, with_lesson, len(_graded(session, quiz)))


def hold(
    session: Session,
    by: str,
    course_key: str,
    key: str,
    *,
    held: bool,
    request_id: str | None = None,
) -> bool:
    """Hold a quiz's results back, or release them; every student concerned is told of a release.

    Returns whether that changed anything. Raises NotFound.
    """
    quiz = bank_quizzes.one(session, course_key, key, lock=True)
    if quiz.held == held:
        return False
    session.get_one(BankQuiz, quiz.id).held = held
    graded = _graded(session, quiz)
    act = "audit.grades.held" if held else "audit.grades.released"
    detail = {"quiz": key, "graded": len(graded)}
    author = courses.person(session, by)
    events.record(session, act, author, course_key, detail=detail, request_id=request_id)
    if not held and quiz.lesson not in releases.held(session, course_key):
        for student in graded:
            events.record(session, "quiz.released", student, course_key, detail={"quiz": key})
    session.flush()
    return True


def _graded(session: Session, quiz: Quiz) -> Sequence[Person]:
    """Students of the course with an attempt that was handed in and counts."""
    attempts = select(BankAttempt.person_id).where(
        BankAttempt.quiz_id == quiz.id, BankAttempt.counts, BankAttempt.points.is_not(None)
    )
    query = (
        select(Person)
        .join(Enrolment, Enrolment.person_id == Person.id)
        .join(BankQuiz, BankQuiz.course_id == Enrolment.course_id)
        .where(BankQuiz.id == quiz.id, Enrolment.role == "student", Person.id.in_(attempts))
        .order_by(Person.id)
    )
    return session.scalars(query).all()
