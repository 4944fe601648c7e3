"""The versions of a lesson: what changed in it from one to another, and how it was.

"Changed" is said of what students see: an author who mends a hidden test changes nothing for them.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from coursewright.records import courses
from coursewright.records.course import Course, Lesson
from coursewright.records.documents import documents
from coursewright.records.errors import Invalid, NotFound
from coursewright.records.lesson_changes import CellDifference, differences
from coursewright.records.tables import CourseRow, CourseVersion, LessonVersion


@dataclass(frozen=True)
class Message:
    """What was said when a version was published in which the lesson changed."""

    version: int
    message: str


@dataclass(frozen=True)
class LessonChanges:
    """What is new in a lesson between two versions of its course."""

    since: int
    to: int
    messages: tuple[Message, ...]
    cells: tuple[CellDifference, ...]


def lesson_in(
    session: Session, person: str, course_key: str, key: str, number: int | None = None
) -> tuple[Lesson, int]:
    """A lesson as students see it, in the newest version or in an older one; and its number.

    Raises NotFound, also to those who are not enrolled.
    """
    if number is None:
        course = courses.student_course(session, person, course_key)
        number = courses.current_version(session, course_key).number
    else:
        course = _student_course(session, person, course_key, number)
    lesson = course.lesson(key)
    if lesson is None:
        raise NotFound(f"Version {number} of the course {course_key!r} has no lesson {key!r}")
    return lesson, number


def lesson_changes(
    session: Session, person: str, course_key: str, key: str, since: int
) -> LessonChanges:
    """What changed in a lesson after version `since`.

    Raises NotFound, and Invalid when there is no such version yet.
    """
    new, to = lesson_in(session, person, course_key, key)
    if since > to:
        raise Invalid(f"The newest version is {to}; nothing can have changed since version {since}")
    old, _ = lesson_in(session, person, course_key, key, since)
    rows = session.execute(
        select(CourseVersion.number, CourseVersion.message)
        .join(CourseRow, CourseRow.id == CourseVersion.course_id)
        .join(LessonVersion, LessonVersion.version_id == CourseVersion.id)
        .where(CourseRow.key == course_key, CourseVersion.number > since)
        .where(LessonVersion.lesson == key, LessonVersion.changed_in == CourseVersion.number)
        .order_by(CourseVersion.number)
    )
    messages = tuple(Message(number, message) for number, message in rows)
    return LessonChanges(since, to, messages, tuple(differences(old, new)))


def _student_course(session: Session, person: str, course_key: str, number: int) -> Course:
    found = session.scalar(
        select(CourseVersion.student_sha)
        .join(CourseRow, CourseRow.id == CourseVersion.course_id)
        .where(CourseRow.key == course_key, CourseVersion.number == number)
    )
    if found is None or courses.role_of(session, person, course_key) is None:
        raise NotFound(f"There is no version {number} of a course {course_key!r} that you are in")
    return documents.read(session, found)
