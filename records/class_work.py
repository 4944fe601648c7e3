"""What a class has done so far: each student's newest hand-in of each lesson, and what is begun."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, and_, func, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session

from coursewright.records.errors import NotFound
from coursewright.records.newest import IS_NEWEST_GRADING
from coursewright.records.tables import (
    CourseRow,
    Effort,
    Enrolment,
    Grading,
    HeldLesson,
    Person,
    Submission,
)

NewestHandIns = Select[int, int, str, str, int, datetime]


@dataclass(frozen=True)
class Student:
    """One who belongs to the course now."""

    id: int
    person: str
    display_name: str
    group: str | None


@dataclass(frozen=True)
class Work:
    """The newest hand-in of a lesson; points are None until it is graded, and before penalties."""

    submission: int
    lesson: str
    state: str
    attempt: int
    points: float | None
    max_points: float | None
    received_at: datetime

    @property
    def share(self) -> float | None:
        """Of the points that can be had, 0 to 1."""
        if self.points is None or not self.max_points:
            return None
        return min(1.0, max(0.0, self.points / self.max_points))


def students(
    session: Session,
    course_key: str,
    group: str = "",
    *,
    only: Collection[str] | None = None,
    limit: int | None = None,
    offset: int = 0,
) -> list[Student]:
    """By name; with `group` or `only`, those alone. Raises NotFound for no such course."""
    query = (
        select(Person.id, Person.name, Person.display_name, Enrolment.label)
        .join(Enrolment, Enrolment.person_id == Person.id)
        .where(Enrolment.course_id == course_id(session, course_key), Enrolment.role == "student")
        .order_by(func.lower(Person.display_name), Person.name)
    )
    if group:
        query = query.where(Enrolment.label == group)
    if only is not None:
        query = query.where(Person.name.in_(only))
    return [Student(*row) for row in session.execute(query.limit(limit).offset(offset))]


def groups(
    session: Session, course_key: str, only: Collection[str] | None = None
) -> dict[str | None, int]:
    """How many students each group has, of `only` these; None is the key of those in none."""
    query = (
        select(Enrolment.label, func.count())
        .join(Person, Person.id == Enrolment.person_id)
        .where(Enrolment.course_id == course_id(session, course_key), Enrolment.role == "student")
        .group_by(Enrolment.label)
        .order_by(Enrolment.label)
    )
    if only is not None:
        query = query.where(Person.name.in_(only))
    return {label: count for label, count in session.execute(query)}


def handed_in(
    session: Session, course_key: str, people: list[int] | None = None
) -> dict[tuple[int, str], Work]:
    """By the student's id and the lesson's key; of all students, or of `people`."""
    newest = newest_hand_ins(course_id(session, course_key), people).subquery()
    last = and_(Grading.submission_id == newest.c.id, IS_NEWEST_GRADING)
    rows = session.execute(
        select(newest, Grading.points, Grading.max_points).outerjoin(Grading, last)
    )
    found = {}
    for row in rows:
        graded = row.state == "graded"
        found[row.person_id, row.lesson] = Work(
            row.id,
            row.lesson,
            row.state,
            row.attempt,
            row.points if graded else None,
            row.max_points if graded else None,
            row.received_at,
        )
    return found


def begun(
    session: Session, course_key: str, people: list[int] | None = None
) -> set[tuple[int, str]]:
    """Students and lessons in which they have checked something or taken a hint."""
    query = select(Effort.person_id, Effort.lesson).where(
        Effort.course_id == course_id(session, course_key)
    )
    if people is not None:
        query = query.where(Effort.person_id.in_(people))
    return {(person, lesson) for person, lesson in session.execute(query.distinct())}


def held(session: Session, course_key: str) -> frozenset[str]:
    """Lessons whose grades the students do not see yet."""
    query = select(HeldLesson.lesson).where(HeldLesson.course_id == course_id(session, course_key))
    return frozenset(session.scalars(query))


def newest_hand_ins(course: int, people: list[int] | None = None) -> NewestHandIns:
    """One row for each student of the course and each lesson that they have handed in."""
    query = (
        select(
            Submission.id,
            Submission.person_id,
            Submission.lesson,
            Submission.state,
            Submission.attempt,
            Submission.received_at,
        )
        .join(
            Enrolment,
            and_(
                Enrolment.person_id == Submission.person_id,
                Enrolment.course_id == Submission.course_id,
            ),
        )
        .where(Submission.course_id == course, Enrolment.role == "student")
        .ext(distinct_on(Submission.person_id, Submission.lesson))
        .order_by(Submission.person_id, Submission.lesson, Submission.attempt.desc())
    )
    return query if people is None else query.where(Submission.person_id.in_(people))


def course_id(session: Session, course_key: str) -> int:
    """Raises NotFound."""
    found = session.scalar(select(CourseRow.id).where(CourseRow.key == course_key))
    if found is None:
        raise NotFound(f"There is no course {course_key!r}")
    return found
