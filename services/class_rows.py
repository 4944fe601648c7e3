"""A class as rows: what a page shows of each student, and what is told of a row that changed."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy.orm import Session

from coursewright.records import classroom, courses
from coursewright.records.classroom import Pupil
from coursewright.records.course import Course

Order = Literal["stuck", "name", "seen"]
ORDERS: Mapping[str, str] = {"stuck": "Stuck longest", "name": "Name", "seen": "Last seen"}


@dataclass(frozen=True)
class Row:
    """`lesson` and `exercise` are titles; `last_at` is cut to the minute, to change seldom.

    `tests` of `of_tests` passed in the last check, or points of the newest hand-in.
    """

    person: str
    display_name: str
    section: str | None
    group: str | None
    here: bool
    lesson: str
    exercise: str
    checks: int
    attempts: int
    hints: int
    result: str
    stuck_since: datetime | None
    last_at: datetime | None

    @property
    def stuck(self) -> bool:
        """Somebody who has left is not waiting for help."""
        return self.here and self.stuck_since is not None


def rows(
    session: Session, course: str, only: Collection[str] | None = None
) -> tuple[datetime, list[Row]]:
    """The database's time, and the rows by name. Raises NotFound for a course without a version."""
    version = courses.current_version(session, course)
    document = courses.source_course(session, version.id)
    now, found = classroom.pupils(session, course, only)
    lessons, exercises = titles(document)
    return now, [row(one, lessons, exercises) for one in found]


def titles(document: Course) -> tuple[dict[str, str], dict[tuple[str, str], str]]:
    """By lesson's key, and by lesson's and exercise's."""
    lessons = {lesson.key: lesson.title or lesson.key for lesson in document.lessons()}
    exercises = {
        (lesson.key, one.key): one.title or one.key
        for lesson in document.lessons()
        for one in lesson.exercises()
    }
    return lessons, exercises


def row(one: Pupil, lessons: Mapping[str, str], exercises: Mapping[tuple[str, str], str]) -> Row:
    lesson, exercise = one.lesson or "", one.exercise or ""
    return Row(
        person=one.person,
        display_name=one.display_name,
        section=one.section,
        group=one.group,
        here=one.here,
        lesson=lessons.get(lesson, lesson),
        exercise=exercises.get((lesson, exercise), exercise),
        checks=one.checks,
        attempts=one.attempts,
        hints=one.hints,
        result=result(one),
        stuck_since=one.stuck_since,
        last_at=one.last_at and one.last_at.replace(second=0, microsecond=0),
    )


def result(one: Pupil) -> str:
    """What came of the last try, in words."""
    if one.total:
        return f"{one.passed or 0} of {one.total} tests passed"
    if one.max_points:
        return f"{one.points or 0:g} of {one.max_points:g} points"
    return ""


def ordered(found: Sequence[Row], order: str) -> list[Row]:
    """`found` is by name; those of whom nothing is known come last."""
    if order == "stuck":
        return sorted(
            found,
            key=lambda one: (
                not one.stuck,
                one.stuck_since.timestamp() if one.stuck_since else float("inf"),
            ),
        )
    if order == "seen":
        return sorted(found, key=lambda one: -one.last_at.timestamp() if one.last_at else 0.0)
    return list(found)


def counts(found: Sequence[Row]) -> dict[str, int]:
    return {
        "students": len(found),
        "here": sum(one.here for one in found),
        "stuck": sum(one.stuck for one in found),
    }


def told(one: Row) -> dict[str, Any]:
    """As JSON."""
    return {
        **vars(one),
        "stuck_since": one.stuck_since and one.stuck_since.isoformat(),
        "last_at": one.last_at and one.last_at.isoformat(),
    }
