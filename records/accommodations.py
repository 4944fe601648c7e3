"""More time in timed quizzes for a person of a course: given, taken back, and what it comes to."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from math import isfinite
from typing import Any

from sqlalchemy import Select, delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from coursewright.records import bank_quizzes, courses, events
from coursewright.records.errors import Invalid, NotFound
from coursewright.records.policies import ExtraTime
from coursewright.records.tables import Accommodation, CourseRow, Enrolment, Person

LARGEST = 10.0  # times the quiz's own
MOST_MINUTES = 24 * 60
REASON = 500


@dataclass(frozen=True)
class Given:
    """Somebody's extra time, and why they have it."""

    person: str
    display_name: str
    time: ExtraTime
    reason: str


def listed(session: Session, course_key: str) -> list[Given]:
    """Who has more time in a course, by name."""
    rows = session.execute(
        _given(course_key).order_by(func.lower(Person.display_name), Person.name)
    )
    return [_read(row, name, display) for row, name, display in rows]


def one(session: Session, course_key: str, person: str) -> Given:
    """A person's, which may be none. Raises NotFound for who does not belong to the course."""
    _, someone = _member(session, course_key, person)
    found = session.execute(_given(course_key).where(Person.name == person)).one_or_none()
    if found is None:
        return Given(someone.name, someone.display_name, ExtraTime(), "")
    return _read(*found)


def give(
    session: Session,
    by: str,
    course_key: str,
    person: str,
    wanted: ExtraTime,
    *,
    reason: str = "",
    request_id: str | None = None,
) -> None:
    """Let a person have this much more time, or none; attempts under way get it at once.

    Raises Invalid, and NotFound for who does not belong to the course.
    """
    check(wanted, reason)
    course, someone = _member(session, course_key, person)
    key = {"course_id": course.id, "person_id": someone.id}
    if wanted == ExtraTime():
        session.execute(delete(Accommodation).filter_by(**key))
        detail: dict[str, Any] = {"removed": True}
    else:
        said = asdict(wanted) | {"reason": reason.strip()}
        change = {**said, "changed_at": func.now()}
        session.execute(
            insert(Accommodation)
            .values(key | said)
            .on_conflict_do_update(index_elements=list(key), set_=change)
        )
        detail = said
    bank_quizzes.move_deadlines(session, course.id, person=someone.id)
    events.record(
        session,
        "audit.extra_time.set",
        courses.person(session, by),
        course_key,
        detail={"of": someone.name, **detail},
        request_id=request_id,
    )


def check(wanted: ExtraTime, reason: str) -> None:
    """Raises Invalid."""
    if not (isfinite(wanted.factor) and 1 <= wanted.factor <= LARGEST):
        raise Invalid(f"The time is multiplied by 1 to {LARGEST:g}; 1.5 is half as much again")
    if not 0 <= wanted.minutes <= MOST_MINUTES:
        raise Invalid(f"Further minutes are between 0 and {MOST_MINUTES}")
    if len(reason) > REASON or "\0" in reason:
        raise Invalid(f"The reason may have up to {REASON} characters")


def _given(course_key: str) -> Select[Accommodation, str, str]:
    return (
        select(Accommodation, Person.name, Person.display_name)
        .join(Person, Person.id == Accommodation.person_id)
        .join(CourseRow, CourseRow.id == Accommodation.course_id)
        .where(CourseRow.key == course_key)
        .execution_options(populate_existing=True)
    )


def _read(row: Accommodation, name: str, display: str) -> Given:
    return Given(name, display, ExtraTime(row.factor, row.minutes), row.reason)


def _member(session: Session, course_key: str, person: str) -> tuple[CourseRow, Person]:
    found = session.execute(
        select(CourseRow, Person)
        .join(Enrolment, Enrolment.course_id == CourseRow.id)
        .join(Person, Person.id == Enrolment.person_id)
        .where(CourseRow.key == course_key, Person.name == person)
    ).one_or_none()
    if found is None:
        raise NotFound(f"{person} does not belong to this course")
    return found[0], found[1]
