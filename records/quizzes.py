"""Answers to quizzes: kept once each, and told again. Who is right, grader/quizzes.py says."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from coursewright.records import courses, events, lifecycle
from coursewright.records.course import Lesson, Quiz
from coursewright.records.errors import Conflict, Invalid, NotFound
from coursewright.records.tables import CourseVersion, Person, QuizAttempt, QuizOrder

KEY_LENGTHS = range(8, 201)


@dataclass(frozen=True)
class Place:
    """Somebody's lesson in one version of a course; `counts` is False for those who teach it."""

    person_id: int
    course_id: int
    course: str
    version_id: int
    version: int
    lesson: Lesson
    counts: bool

    def quiz(self, key: str) -> Quiz:
        """Raises NotFound."""
        for quiz in self.lesson.quizzes():
            if quiz.key == key:
                return quiz
        raise NotFound(
            f"There is no quiz {key!r} in version {self.version} of this lesson. Your answers were "
            "not counted; open the lesson again to see its quizzes"
        )


@dataclass(frozen=True)
class Tried:
    """One attempt that was handed in."""

    attempt: int
    version_id: int
    answers: Mapping[str, Any]
    points: float
    max_points: float
    submitted_at: datetime


def place(
    session: Session,
    person_name: str,
    course_key: str,
    lesson_key: str,
    version: int | None = None,
    *,
    lock: bool = False,
) -> Place:
    """The lesson in that version, or in the newest when there is none of that number.

    With `lock` the person's answers come one after the other until the commit. Raises NotFound,
    also to those who are not enrolled.
    """
    query = select(Person).where(Person.name == person_name)
    someone = session.scalars(
        query.with_for_update(key_share=True) if lock else query
    ).one_or_none()
    role = courses.role_of(session, person_name, course_key)
    if someone is None or role is None:
        raise NotFound(f"There is no course {course_key!r} here, or you are not enrolled in it")
    newest = courses.current_version(session, course_key)
    row = session.get_one(CourseVersion, newest.id)
    if version is not None and 0 < version < 2**31 and version != newest.number:
        row = (
            session.scalars(
                select(CourseVersion).where(
                    CourseVersion.course_id == row.course_id, CourseVersion.number == version
                )
            ).one_or_none()
            or row
        )
    lesson = courses.source_lesson(session, row.id, lesson_key)
    return Place(
        someone.id, row.course_id, course_key, row.id, row.number, lesson, role == "student"
    )


def seed(session: Session, at: Place, quiz: str) -> str:
    """What the person's own order of this quiz is made from: the same for ever."""
    key = {**_of(at), "quiz": quiz}
    query = select(QuizOrder.seed).filter_by(**key)
    found = session.scalar(query)
    if found is None:
        row = {**key, "seed": secrets.token_hex(8)}
        session.execute(insert(QuizOrder).values(row).on_conflict_do_nothing())
        found = session.scalars(query).one()
    return found


def tried(session: Session, at: Place, quiz: str) -> list[Tried]:
    """The person's attempts at a quiz in any version, first to last; a student's that count."""
    mine = {**_of(at), "quiz": quiz} | ({"counts": True} if at.counts else {})
    rows = session.scalars(
        select(QuizAttempt)
        .filter_by(**mine)
        .where(QuizAttempt.points.is_not(None), QuizAttempt.submitted_at.is_not(None))
        .order_by(QuizAttempt.attempt)
    )
    return [_tried(row) for row in rows]


def used(session: Session, at: Place, quiz: str) -> int:
    """How many attempts have been made that count against what the quiz allows."""
    query = select(func.count()).select_from(QuizAttempt)
    return session.scalars(query.filter_by(**_of(at), quiz=quiz, counts=True)).one()


def allowed(session: Session, at: Place, quiz: Quiz) -> int:
    """How many attempts there may be: the newest version says so, as long as it has the quiz.

    Otherwise somebody could use up an older version's few attempts, read its keys, and go on.
    """
    newest = courses.source_course(session, courses.current_version(session, at.course).id)
    lesson = newest.lesson(at.lesson.key)
    found = {item.key: item for item in lesson.quizzes()} if lesson else {}
    return found.get(quiz.key, quiz).attempts


def earlier(
    session: Session, at: Place, quiz: str, answers: Mapping[str, Any], key: str
) -> Tried | None:
    """The attempt that this key brought before; None when it is new.

    Raises Invalid for what is no key, and Conflict when it came with something else.
    """
    if len(key) not in KEY_LENGTHS:
        raise Invalid("The Idempotency-Key must have 8 to 200 characters")
    row = session.scalars(
        select(QuizAttempt).filter_by(person_id=at.person_id, idempotency_key=key)
    ).one_or_none()
    if row is None:
        return None
    sent = (at.course_id, at.lesson.key, quiz, at.version_id, dict(answers))
    if (row.course_id, row.lesson, row.quiz, row.version_id, row.answers) != sent:
        raise Conflict(
            "This Idempotency-Key was used for other answers, which are kept as they were. "
            "Send these with a new key"
        )
    return _tried(row)


def keep(
    session: Session,
    at: Place,
    quiz: str,
    answers: Mapping[str, Any],
    points: tuple[float, float],
    *,
    key: str,
) -> Tried:
    """Write an attempt with its points (of how many), and the event of it; `at` is locked.

    Raises Denied to students of an archived course.
    """
    if at.counts:
        lifecycle.refuse_archived(session, at.course)
    last = session.scalar(select(func.max(QuizAttempt.attempt)).filter_by(**_of(at), quiz=quiz))
    row = QuizAttempt(
        **_of(at),
        version_id=at.version_id,
        quiz=quiz,
        attempt=(last or 0) + 1,
        answers=dict(answers),
        points=points[0],
        max_points=points[1],
        counts=at.counts,
        idempotency_key=key,
        submitted_at=func.now(),
    )
    session.add(row)
    session.flush()
    detail = {
        "quiz": quiz,
        "attempt": row.attempt,
        "version": at.version,
        "points": points[0],
        "max_points": points[1],
        "counts": at.counts,
    }
    someone = session.get_one(Person, at.person_id)
    about = f"{at.course}/{at.lesson.key}"
    events.record(session, "quiz.answered", someone, about, detail=detail)
    return _tried(row)


def _of(at: Place) -> dict[str, Any]:
    return {"person_id": at.person_id, "course_id": at.course_id, "lesson": at.lesson.key}


def _tried(row: QuizAttempt) -> Tried:
    assert row.points is not None
    assert row.submitted_at is not None
    return Tried(
        row.attempt, row.version_id, row.answers, row.points, row.max_points, row.submitted_at
    )
