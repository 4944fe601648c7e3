"""A class at work: where every student is, what they tried there and since when in vain."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import ARRAY, BigInteger, and_, any_, cast, func, or_, select, true
from sqlalchemy.orm import Session

from coursewright.records import courses, events
from coursewright.records.activity import AWAY
from coursewright.records.newest import IS_NEWEST_GRADING
from coursewright.records.tables import (
    CourseRow,
    Effort,
    Enrolment,
    Event,
    Grading,
    Person,
    Presence,
    Score,
    Section,
    Submission,
)

# A list that stays open is looked at once, as far as the audit log is concerned.
LOOKED = timedelta(hours=1)


@dataclass(frozen=True)
class Pupil:
    """A student of the class; `lesson` and `exercise` are where they were seen last.

    `checks` and `hints` are of that exercise, `attempts` of that lesson, `passed` of `total` the
    last check's, `points` of `max_points` what the newest attempt earned for the exercise.
    `stuck_since`: the first try at an exercise that has not been passed yet.
    """

    person: str
    display_name: str
    section: str | None
    group: str | None
    here: bool
    lesson: str | None
    exercise: str | None
    checks: int
    hints: int
    attempts: int
    passed: int | None
    total: int | None
    points: float | None
    max_points: float | None
    submission: int | None
    stuck_since: datetime | None
    last_at: datetime | None


class Place(NamedTuple):
    """Where a student was seen last, and what they put into the exercise there."""

    id: int
    name: str
    display_name: str
    section: str | None
    group: str | None
    lesson: str | None
    exercise: str | None
    seen_at: datetime | None
    worked_on: str | None
    checks: int | None
    hints: int | None
    passed: int | None
    total: int | None
    first_at: datetime | None
    passed_at: datetime | None


@dataclass(frozen=True)
class Handed:
    """What somebody handed in of the lesson where they are: `newest` is a submission's id."""

    attempts: int
    first_at: datetime
    last_at: datetime
    newest: int


@dataclass(frozen=True)
class Earned:
    """What a submission earned for one exercise."""

    points: float
    max_points: float
    passed: bool


def pupils(
    session: Session, course_key: str, only: Collection[str] | None = None
) -> tuple[datetime, list[Pupil]]:
    """The time now, and every student of the course by name, or those of `only` among them."""
    now = session.scalars(select(func.now())).one()
    course = session.scalars(select(CourseRow.id).where(CourseRow.key == course_key)).one()
    roster = _roster(course)
    if only is not None:
        roster = roster.where(Person.name.in_(only))
    handed = _handed(session, course, only)
    earned = _earned(session, [one.newest for one in handed.values()])
    found = []
    for row in session.execute(roster):
        at = Place(*row)
        hand_in = handed.get(at.id)
        exercise = at.exercise or at.worked_on
        scored = earned.get((hand_in.newest, exercise)) if hand_in and exercise else None
        found.append(_pupil(at, now, exercise, hand_in, scored))
    return now, found


def note_look(
    session: Session,
    viewer: str,
    course_key: str,
    request_id: str | None,
    *,
    what: str = "class",
) -> None:
    """Write into the audit log who watches a class, or a page about it, once while they do."""
    someone = courses.person(session, viewer)
    seen = select(Event.id).where(
        Event.name.like("audit.%"),
        Event.name == "audit.viewed",
        Event.person_id == someone.id,
        Event.object == course_key,
        Event.detail["what"].astext == what,
        Event.at > func.now() - LOOKED,
    )
    if session.scalar(select(seen.exists())):
        return
    detail = {"what": what}
    events.record(
        session, "audit.viewed", someone, course_key, detail=detail, request_id=request_id
    )


def _roster(course: int) -> Any:
    """Students with where they are and what they put into the exercise there."""
    work = (
        select(
            Effort.exercise,
            Effort.checks,
            Effort.hints,
            Effort.passed,
            Effort.total,
            Effort.first_at,
            Effort.passed_at,
        )
        .where(
            Effort.course_id == Presence.course_id,
            Effort.person_id == Presence.person_id,
            Effort.lesson == Presence.lesson,
            or_(Presence.exercise.is_(None), Effort.exercise == Presence.exercise),
        )
        .order_by(Effort.last_at.desc())
        .limit(1)
        .lateral()
    )
    here = and_(Presence.course_id == course, Presence.person_id == Person.id)
    return (
        select(
            Person.id,
            Person.name,
            Person.display_name,
            Section.name.label("section"),
            Enrolment.label,
            Presence.lesson,
            Presence.exercise,
            Presence.seen_at,
            *work.c,
        )
        .join(Enrolment, Enrolment.person_id == Person.id)
        .outerjoin(Section, Section.id == Enrolment.section_id)
        .outerjoin(Presence, here)
        .outerjoin(work, true())
        .where(Enrolment.course_id == course, Enrolment.role == "student")
        .order_by(func.lower(Person.display_name), Person.name)
    )


def _handed(
    session: Session, course: int, only: Collection[str] | None = None
) -> dict[int, Handed]:
    """By person, for those who have handed in the lesson where they are."""
    query = (
        select(
            Submission.person_id,
            func.count(),
            func.min(Submission.received_at),
            func.max(Submission.received_at),
            # A person's submissions come one after the other, so the last has the largest number.
            func.max(Submission.id),
        )
        .join(
            Presence,
            and_(
                Presence.course_id == Submission.course_id,
                Presence.person_id == Submission.person_id,
                Presence.lesson == Submission.lesson,
            ),
        )
        .where(Submission.course_id == course)
        .group_by(Submission.person_id)
    )
    if only is not None:
        people = select(Person.id).where(Person.name.in_(only))
        query = query.where(Submission.person_id.in_(people))
    return {row[0]: Handed(*row[1:]) for row in session.execute(query)}


def _earned(session: Session, numbers: Collection[int]) -> dict[tuple[int, str], Earned]:
    """By submission and exercise, as the newest grading has it."""
    if not numbers:
        return {}
    query = (
        select(
            Grading.submission_id,
            Score.exercise,
            func.sum(Score.points),
            func.sum(Score.max_points),
            func.bool_and(Score.status == "passed"),
        )
        .join(Score, Score.grading_id == Grading.id)
        .where(
            Grading.submission_id == any_(cast(list(numbers), ARRAY(BigInteger))),
            IS_NEWEST_GRADING,
            Score.exercise.is_not(None),
        )
        .group_by(Grading.submission_id, Score.exercise)
    )
    return {(number, key): Earned(*about) for number, key, *about in session.execute(query)}


def _pupil(
    at: Place, now: datetime, exercise: str | None, handed: Handed | None, scored: Earned | None
) -> Pupil:
    passed = at.passed_at is not None or (scored is not None and scored.passed)
    tries = [at.first_at] if at.first_at else []
    tries += [handed.first_at] if handed and scored else []
    moments = [at.seen_at] if at.seen_at else []
    moments += [handed.last_at] if handed else []
    return Pupil(
        person=at.name,
        display_name=at.display_name,
        section=at.section,
        group=at.group,
        here=at.seen_at is not None and now - at.seen_at <= AWAY,
        lesson=at.lesson,
        exercise=exercise,
        checks=at.checks or 0,
        hints=at.hints or 0,
        attempts=handed.attempts if handed else 0,
        passed=at.passed,
        total=at.total,
        points=scored.points if scored else None,
        max_points=scored.max_points if scored else None,
        submission=handed.newest if handed else None,
        stuck_since=min(tries) if tries and not passed else None,
        last_at=max(moments) if moments else None,
    )
