"""What the outlines of somebody's courses are made of: each question is one query for all courses.

However many courses they belong to, the number of queries is the same.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import and_, or_, select, true
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session

from coursewright.records import reads
from coursewright.records.course import Course
from coursewright.records.deadlines import EXTENSION, POLICY, Granted, Rules
from coursewright.records.documents import documents
from coursewright.records.newest import IS_NEWEST_VERSION
from coursewright.records.policies import Extension, Policy
from coursewright.records.tables import (
    CourseRow,
    CourseVersion,
    Deadline,
    Enrolment,
    ExtensionRow,
    Grading,
    HeldLesson,
    LessonVersion,
    Person,
    Submission,
)

State = Literal["submitted", "graded", "failed"]
STATES: Mapping[str, State] = {
    "received": "submitted",
    "graded": "graded",
    "failed": "failed",
}


@dataclass(frozen=True)
class LessonProgress:
    """A person's newest attempt at a lesson, and how many there were."""

    state: State
    points: float | None
    max_points: float | None
    attempts: int
    received_at: datetime


@dataclass(frozen=True)
class Known:
    """A course as its students see it, and how far one person is in it; the rest is by lesson.

    `rules` are of this person alone. `unseen` are submissions whose feedback was not seen yet.
    """

    role: str
    version: int
    course: Course
    reached: Mapping[str, LessonProgress]
    rules: Rules
    changed: Mapping[str, int]
    unseen: Mapping[str, int]
    held: frozenset[str]


def known(
    session: Session, person: str, course_keys: Collection[str] | None = None
) -> dict[str, Known]:
    """By course, of all that the person belongs to and that have a version, or of these alone."""
    query = (
        select(
            CourseRow.key,
            CourseRow.id,
            Enrolment.person_id,
            Enrolment.role,
            Enrolment.label,
            CourseVersion.id,
            CourseVersion.number,
            CourseVersion.student_sha,
        )
        .join(Enrolment, Enrolment.course_id == CourseRow.id)
        .join(Person, Person.id == Enrolment.person_id)
        .join(CourseVersion, CourseVersion.course_id == CourseRow.id)
        .where(Person.name == person, IS_NEWEST_VERSION)
    )
    if course_keys is not None:
        query = query.where(CourseRow.key.in_(course_keys))
    rows = session.execute(query).all()
    if not rows:
        return {}
    groups = {course: label for _, course, _, _, label, *_ in rows}
    reached = _reached(session, rows[0].person_id, list(groups))
    rules = _rules(session, person, rows[0].person_id, groups)
    changed = _changed(session, [version for *_, version, _, _ in rows])
    held = _held(session, list(groups))
    unseen: dict[str, dict[str, int]] = {}
    only = next(iter(course_keys)) if course_keys and len(course_keys) == 1 else None
    for (key, lesson), number in reads.unread(session, person, only).items():
        unseen.setdefault(key, {})[lesson] = number
    return {
        key: Known(
            role,
            number,
            documents.read(session, sha),
            reached.get(course, {}),
            rules[course],
            changed.get(version, {}),
            unseen.get(key, {}),
            frozenset(held.get(course, ())),
        )
        for key, course, _, role, _, version, number, sha in rows
    }


def _reached(
    session: Session, person: int, courses: list[int]
) -> dict[int, dict[str, LessonProgress]]:
    """By course and lesson, from the newest attempts and their newest gradings."""
    newest = (
        select(
            Submission.id,
            Submission.course_id,
            Submission.lesson,
            Submission.attempt,
            Submission.state,
            Submission.received_at,
        )
        .where(Submission.person_id == person, Submission.course_id.in_(courses))
        .ext(distinct_on(Submission.course_id, Submission.lesson))
        .order_by(Submission.course_id, Submission.lesson, Submission.attempt.desc())
        .subquery()
    )
    grading = (
        select(Grading.points, Grading.max_points)
        .where(Grading.submission_id == newest.c.id)
        .order_by(Grading.number.desc())
        .limit(1)
        .lateral()
    )
    rows = session.execute(select(newest, grading).outerjoin(grading, true()))
    found: dict[int, dict[str, LessonProgress]] = {}
    for _, course, lesson, attempt, state, at, points, most in rows:
        # A regrading may be under way, or have failed: then there are no points to show.
        given = (points, most) if state == "graded" else (None, None)
        one = LessonProgress(STATES[state], given[0], given[1], attempt, at)
        found.setdefault(course, {})[lesson] = one
    return found


def _rules(
    session: Session, name: str, person: int, groups: Mapping[int, str | None]
) -> dict[int, Rules]:
    """By course, with what this person is granted there, or their group."""
    policies: dict[int, dict[str, Policy]] = {course: {} for course in groups}
    dates = session.execute(
        select(Deadline.course_id, Deadline.lesson, *_columns(Deadline, POLICY)).where(
            Deadline.course_id.in_(list(groups))
        )
    )
    for course, lesson, *values in dates:
        policies[course][lesson] = Policy(**dict(zip(POLICY, values, strict=True)))
    own = [
        and_(ExtensionRow.course_id == course, ExtensionRow.label == label)
        for course, label in groups.items()
        if label is not None
    ]
    extensions = session.execute(
        select(
            ExtensionRow.course_id,
            ExtensionRow.lesson,
            ExtensionRow.person_id,
            ExtensionRow.label,
            *_columns(ExtensionRow, EXTENSION),
        ).where(
            ExtensionRow.course_id.in_(list(groups)), or_(ExtensionRow.person_id == person, *own)
        )
    )
    granted: dict[int, list[Granted]] = {}
    for course, lesson, whose, label, *values in extensions:
        extension = Extension(**dict(zip(EXTENSION, values, strict=True)))
        one = Granted(lesson, name if whose is not None else None, label, extension)
        granted.setdefault(course, []).append(one)
    return {
        course: Rules(
            policies[course], tuple(granted.get(course, ())), {name: label} if label else {}
        )
        for course, label in groups.items()
    }


def _columns(table: type[Any], names: Collection[str]) -> list[Any]:
    return [getattr(table, name) for name in names]


def _changed(session: Session, versions: list[int]) -> dict[int, dict[str, int]]:
    found: dict[int, dict[str, int]] = {}
    query = select(LessonVersion.version_id, LessonVersion.lesson, LessonVersion.changed_in)
    for version, lesson, number in session.execute(
        query.where(LessonVersion.version_id.in_(versions))
    ):
        found.setdefault(version, {})[lesson] = number
    return found


def _held(session: Session, courses: list[int]) -> dict[int, set[str]]:
    found: dict[int, set[str]] = {}
    query = select(HeldLesson.course_id, HeldLesson.lesson)
    for course, lesson in session.execute(query.where(HeldLesson.course_id.in_(courses))):
        found.setdefault(course, set()).add(lesson)
    return found
