"""What pods tell of people at work: where somebody is, what they checked, what hint they took.

It is told by a student's own server, so it may be untrue: it shows a class at work and never
enters a score. Where somebody is has one row, however often it is told; the rest are events.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from coursewright.records import courses, events
from coursewright.records.errors import Invalid, NotFound
from coursewright.records.tables import CourseRow, Effort, Person, Presence

HERE, OPENED, CHECKED, HINTED = NAMES = (
    "learning.here",
    "learning.opened",
    "code.checked",
    "exercise.hinted",
)
AWAY = timedelta(seconds=90)  # not seen for so long, somebody is no longer here
OFTEN = timedelta(seconds=20)  # to be in the same place is not news more often than this
WINDOW = timedelta(minutes=1)
MOST = 60  # things kept of a person in a course within the window
MOST_CHECKS = 1000
MOST_TIERS = 10


@dataclass(frozen=True)
class Told:
    """`detail`: of code.checked {passed, of}, of exercise.hinted {tier}; the others have none."""

    name: str
    lesson: str
    exercise: str | None = None
    detail: Mapping[str, Any] = field(default_factory=dict)


def keep(session: Session, person_name: str, course_key: str, told: Told) -> bool:
    """Keep what was told; False when it says nothing new or too much was told of late.

    Raises Invalid, and NotFound for what is not in the course or who does not belong to it.
    """
    _refuse_unknown(session, person_name, course_key, told)
    detail = _detail(told)
    course = session.scalars(select(CourseRow).where(CourseRow.key == course_key)).one()
    someone = session.scalars(select(Person).where(Person.name == person_name)).one()
    now = session.scalars(select(func.now())).one()
    came, row = _presence(session, course.id, someone.id, told)
    elsewhere = (row.lesson, row.exercise) != (told.lesson, told.exercise)
    if told.name == HERE and not came and not elsewhere and now - row.seen_at < OFTEN:
        return False
    if now - row.minute >= WINDOW:
        row.minute, row.told = now, 0
    if row.told >= MOST:
        return False
    row.told += 1
    news = came or row.lesson != told.lesson or now - row.seen_at > AWAY
    row.lesson, row.exercise, row.seen_at = told.lesson, told.exercise, now
    if told.name in (CHECKED, HINTED):
        _work_on(session, row, told.name, detail)
    if told.name != HERE or news:
        about: dict[str, Any] = {"exercise": told.exercise} if told.exercise else {}
        where = f"{course_key}/{told.lesson}"
        events.record(session, told.name, someone, where, detail={**detail, **about})
    session.flush()
    return True


def _refuse_unknown(session: Session, person_name: str, course_key: str, told: Told) -> None:
    if told.name not in NAMES:
        raise Invalid(f"{told.name!r} is nothing that is kept; these are: {', '.join(NAMES)}")
    lesson = courses.student_course(session, person_name, course_key).lesson(told.lesson)
    if lesson is None:
        raise NotFound(f"The course {course_key!r} has no lesson {told.lesson!r}")
    keys = [exercise.key for exercise in lesson.exercises()]
    if told.exercise is not None and told.exercise not in keys:
        raise NotFound(f"The lesson {told.lesson!r} has no exercise {told.exercise!r}")
    if told.exercise is None and told.name in (CHECKED, HINTED):
        raise Invalid(f"{told.name} is about an exercise; say which")


def _detail(told: Told) -> dict[str, int]:
    """What is kept of the detail: nothing but the numbers that belong to the name."""
    wanted = {CHECKED: ("passed", "of"), HINTED: ("tier",)}.get(told.name, ())
    found = {name: told.detail.get(name, -1) for name in wanted}
    if not all(type(value) is int and 0 <= value <= MOST_CHECKS for value in found.values()):
        raise Invalid(f"The detail of {told.name} is whole numbers: {', '.join(wanted)}")
    if found.get("passed", 0) > found.get("of", 0) or found.get("tier", 0) > MOST_TIERS:
        raise Invalid(f"The detail of {told.name} does not fit together")
    return found


def how_many_seen(session: Session, since: datetime) -> int:
    """People who were seen in any course since then."""
    query = select(func.count(Presence.person_id.distinct())).where(Presence.seen_at >= since)
    return session.scalar(query) or 0


def _presence(
    session: Session, course_id: int, person_id: int, told: Told
) -> tuple[bool, Presence]:
    """Whether the person is new here, and their row, locked."""
    place = {"lesson": told.lesson, "exercise": told.exercise}
    row = {"course_id": course_id, "person_id": person_id, **place}
    made = session.execute(
        insert(Presence).values(row).on_conflict_do_nothing().returning(Presence.person_id)
    ).one_or_none()
    found = session.scalars(
        select(Presence)
        .where(Presence.course_id == course_id, Presence.person_id == person_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()
    return made is not None, found


def _work_on(session: Session, place: Presence, name: str, detail: Mapping[str, int]) -> None:
    """Add a check or a hint to what the person has put into the exercise."""
    keys = ("course_id", "person_id", "lesson", "exercise")
    of = {key: getattr(place, key) for key in keys}
    session.execute(insert(Effort).values(**of, checks=0, hints=0).on_conflict_do_nothing())
    row = session.scalars(
        select(Effort).filter_by(**of).execution_options(populate_existing=True)
    ).one()
    row.last_at = place.seen_at
    if name == HINTED:
        row.hints += 1
        return
    row.checks += 1
    row.first_at = row.first_at or place.seen_at
    row.passed, row.total = detail["passed"], detail["of"]
    if row.passed == row.total:
        row.passed_at = row.passed_at or place.seen_at
