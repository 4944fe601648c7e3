"""Grades that are held back until everybody's are ready.

While a lesson is held its students see that they were graded and no more: no points, no feedback,
nothing in their mastery. Whoever teaches the course sees everything.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from coursewright.records import courses, events
from coursewright.records.errors import NotFound
from coursewright.records.gradebook import TEACHERS
from coursewright.records.tables import CourseRow, Enrolment, HeldLesson, Person, Submission

NOT_YET = (
    "This has been graded; your teachers release the grades of this lesson later. Points and "
    "feedback come then"
)


@dataclass(frozen=True)
class Release:
    """`graded`: how many students have something that has been graded."""

    lesson: str
    held: bool
    held_at: datetime | None
    graded: int


def held(session: Session, course_key: str) -> frozenset[str]:
    """The lessons of a course whose grades are held back."""
    return frozenset(session.scalars(_held(course_key)))


def hides(session: Session, person_name: str, course_key: str, lesson: str) -> bool:
    """Whether this person may not see their own grades of this lesson yet."""
    if session.scalar(_held(course_key).where(HeldLesson.lesson == lesson)) is None:
        return False
    return courses.role_of(session, person_name, course_key) not in TEACHERS


def release(session: Session, course_key: str, lesson: str) -> Release:
    """How it stands with a lesson. Raises NotFound."""
    course = _course(session, course_key, lesson)
    row = session.scalars(
        select(HeldLesson).where(HeldLesson.course_id == course.id, HeldLesson.lesson == lesson)
    ).one_or_none()
    graded = len(_graded(session, course, lesson))
    return Release(lesson, row is not None, row.held_at if row else None, graded)


def hold(
    session: Session,
    by: str,
    course_key: str,
    lesson: str,
    *,
    held: bool,
    request_id: str | None = None,
) -> Sequence[int]:
    """Hold a lesson's grades back, or release them; every student concerned is told of a release.

    Returns a graded submission of each student whose mastery it concerns, none when all was so
    already. Raises NotFound.
    """
    course = _course(session, course_key, lesson)
    someone = courses.person(session, by)
    if held:
        row = {"course_id": course.id, "lesson": lesson, "held_by": someone.id}
        changed = session.scalar(
            insert(HeldLesson).values(row).on_conflict_do_nothing().returning(HeldLesson.id)
        )
    else:
        changed = session.scalar(
            delete(HeldLesson)
            .where(HeldLesson.course_id == course.id, HeldLesson.lesson == lesson)
            .returning(HeldLesson.id)
        )
    if changed is None:
        return []
    graded = _graded(session, course, lesson)
    where, detail = f"{course_key}/{lesson}", {"graded": len(graded)}
    act = "audit.grades.held" if held else "audit.grades.released"
    events.record(session, act, someone, where, detail=detail, request_id=request_id)
    if not held:
        for student, submission in graded:
            detail = {"submission": submission}
            events.record(session, "exercise.released", student, where, detail=detail)
    return [submission for _, submission in graded]


def _held(course_key: str) -> Select[str]:
    return (
        select(HeldLesson.lesson)
        .join(CourseRow, CourseRow.id == HeldLesson.course_id)
        .where(CourseRow.key == course_key)
    )


def _course(session: Session, course_key: str, lesson: str) -> CourseRow:
    """The course's row, locked: holding back and releasing come one after the other."""
    course = session.scalars(
        select(CourseRow).where(CourseRow.key == course_key).with_for_update(key_share=True)
    ).one_or_none()
    if course is None:
        raise NotFound(f"There is no course {course_key!r}")
    version = courses.current_version(session, course_key)
    courses.source_lesson(session, version.id, lesson)  # raises NotFound
    return course


def _graded(session: Session, course: CourseRow, lesson: str) -> list[tuple[Person, int]]:
    """Students with something graded in the lesson, each with their last such submission."""
    last = (
        select(Submission.person_id, func.max(Submission.id).label("submission"))
        .where(
            Submission.course_id == course.id,
            Submission.lesson == lesson,
            Submission.state == "graded",
        )
        .group_by(Submission.person_id)
        .subquery()
    )
    query = (
        select(Person, last.c.submission)
        .join(last, last.c.person_id == Person.id)
        .join(Enrolment, Enrolment.person_id == Person.id)
        .where(Enrolment.course_id == course.id, Enrolment.role == "student")
        .order_by(Person.id)
    )
    return [(person, number) for person, number in session.execute(query)]
