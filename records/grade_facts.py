"""What final grades are made of, for many people at once: each question is one query.

However many people and lessons there are, the number of queries is the same.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, case, func, select, true, union
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session

from coursewright.records.errors import NotFound
from coursewright.records.schemes import Item
from coursewright.records.tables import (
    CourseRow,
    Enrolment,
    Grading,
    Person,
    QuizAttempt,
    Score,
    Submission,
)


@dataclass(frozen=True)
class Listed:
    """Somebody in the grade book; `role` is None for those who have left the course."""

    id: int
    name: str
    display_name: str
    role: str | None
    group: str | None
    handed_in: bool


@dataclass(frozen=True)
class Handed:
    """A newest attempt at a lesson; without points until it is graded.

    `pending` further points wait for a person.
    """

    submission: int
    attempt: int
    state: str
    received_at: datetime
    points: float | None
    max_points: float | None
    pending: float


@dataclass(frozen=True)
class Answered:
    """The best share (0 to 1) of somebody's attempts at a quiz."""

    share: float
    attempts: int
    last: datetime


def course_id(session: Session, course_key: str) -> int:
    """Raises NotFound."""
    found = session.scalar(select(CourseRow.id).where(CourseRow.key == course_key))
    if found is None:
        raise NotFound(f"There is no course {course_key!r}")
    return found


def listed(session: Session, course: int, name: str | None = None) -> list[Listed]:
    """Every student of the course, and of the others those who handed in something, by name.

    With `name`, that person alone.
    """
    handed = select(Submission.person_id).where(Submission.course_id == course).distinct()
    students = select(Enrolment.person_id).where(
        Enrolment.course_id == course, Enrolment.role == "student"
    )
    query = (
        select(
            Person.id,
            Person.name,
            Person.display_name,
            Enrolment.role,
            Enrolment.label,
            Person.id.in_(handed),
        )
        .outerjoin(Enrolment, and_(Enrolment.person_id == Person.id, Enrolment.course_id == course))
        .where(Person.id.in_(union(students, handed).subquery().select()))
    )
    if name is not None:
        query = query.where(Person.name == name)
    found = [Listed(*row) for row in session.execute(query)]
    return sorted(found, key=lambda one: (one.display_name.casefold(), one.name))


def lessons(session: Session, course: int) -> list[str]:
    """The keys of the lessons in which anybody handed in anything, those that are gone too."""
    query = select(Submission.lesson).where(Submission.course_id == course).distinct()
    return sorted(session.scalars(query))


def handed_in(
    session: Session, course: int, people: Collection[int]
) -> dict[int, dict[str, Handed]]:
    """The newest attempts of these people, by person and lesson."""
    newest = (
        select(
            Submission.id,
            Submission.person_id,
            Submission.lesson,
            Submission.attempt,
            Submission.state,
            Submission.received_at,
        )
        .where(Submission.course_id == course, Submission.person_id.in_(people))
        .ext(distinct_on(Submission.person_id, Submission.lesson))
        .order_by(Submission.person_id, Submission.lesson, Submission.attempt.desc())
        .subquery()
    )
    grading = (
        select(Grading.id, Grading.points, Grading.max_points)
        .where(Grading.submission_id == newest.c.id, newest.c.state == "graded")
        .order_by(Grading.number.desc())
        .limit(1)
        .lateral()
    )
    waiting = (
        select(func.coalesce(func.sum(Score.max_points), 0.0).label("points"))
        .where(Score.grading_id == grading.c.id, Score.status == "manual")
        .lateral()
    )
    rows = session.execute(
        select(newest, grading.c.points, grading.c.max_points, waiting.c.points)
        .select_from(newest)
        .outerjoin(grading, true())
        .outerjoin(waiting, true())
    )
    found: dict[int, dict[str, Handed]] = {}
    for number, person, lesson, attempt, state, at, points, most, pending in rows:
        one = Handed(number, attempt, state, at, points, most, pending or 0.0)
        found.setdefault(person, {})[lesson] = one
    return found


def answered(
    session: Session, course: int, people: Collection[int]
) -> dict[int, dict[Item, Answered]]:
    """What these people's answers to quizzes count, by person and quiz."""
    share = case(
        (QuizAttempt.max_points > 0, QuizAttempt.points / QuizAttempt.max_points), else_=0.0
    )
    rows = session.execute(
        select(
            QuizAttempt.person_id,
            QuizAttempt.lesson,
            QuizAttempt.quiz,
            func.max(share),
            func.count(),
            func.max(QuizAttempt.submitted_at),
        )
        .where(
            QuizAttempt.course_id == course,
            QuizAttempt.person_id.in_(people),
            QuizAttempt.counts,
            QuizAttempt.points.is_not(None),
        )
        .group_by(QuizAttempt.person_id, QuizAttempt.lesson, QuizAttempt.quiz)
    )
    found: dict[int, dict[Item, Answered]] = {}
    for person, lesson, quiz, best, number, last in rows:
        found.setdefault(person, {})[lesson, quiz] = Answered(best, number, last)
    return found
