"""Figures of a class: time on task, tries, hints, what went wrong. For teachers; never a score."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import and_, func, or_, select, true
from sqlalchemy.orm import Session

from coursewright.records.class_work import course_id, newest_hand_ins
from coursewright.records.newest import IS_NEWEST_GRADING
from coursewright.records.tables import Effort, Enrolment, Event, Grading, Score

# What a student does themself; a score that comes is no work of theirs.
WORK = ("code.checked", "exercise.hint", "exercise.hinted", "quiz.answered")
LEARNING = ("learning.here", "learning.opened", "learning.submitted")
GAP = timedelta(minutes=30)


@dataclass(frozen=True)
class Spent:
    """Somebody's minutes in a lesson."""

    person: int
    lesson: str
    minutes: float


@dataclass(frozen=True)
class Tried:
    """What the class put into an exercise: `checks` and `hints` are sums, the rest people."""

    lesson: str
    exercise: str
    people: int
    checks: int
    hints: int
    hinted: int


@dataclass(frozen=True)
class Earned:
    """What the newest hand-ins earned for an exercise; `share` is the mean, 0 to 1."""

    lesson: str
    exercise: str
    people: int
    passed: int
    share: float


def spent(session: Session, course_key: str, people: Collection[int] | None = None) -> list[Spent]:
    """Time on task, by the events of each student in the course.

    The time from one event to that person's next counts for the lesson of the first, unless it is
    longer than GAP: then a session has ended, and its last event counts nothing. So what is worked
    without any event is not seen, and the figures are rather too low than too high.
    """
    lesson = func.split_part(Event.object, "/", 2)
    following = func.lead(Event.at).over(
        partition_by=Event.person_id, order_by=(Event.at, Event.id)
    )
    # From each student to their own events (an index has them), not through everybody's.
    moments = (
        select(Event.person_id, lesson.label("lesson"), (following - Event.at).label("length"))
        .join(Enrolment, Enrolment.person_id == Event.person_id)
        .where(
            Enrolment.course_id == course_id(session, course_key),
            Enrolment.role == "student",
            or_(Event.name.in_(LEARNING), Event.name.in_(WORK)),
            Event.object.startswith(f"{course_key}/", autoescape=True),
            true() if people is None else Event.person_id.in_(people),
        )
        .subquery()
    )
    rows = session.execute(
        select(
            moments.c.person_id,
            moments.c.lesson,
            func.extract("epoch", func.sum(moments.c.length)),
        )
        .where(moments.c.length <= GAP)
        .group_by(moments.c.person_id, moments.c.lesson)
    )
    return [Spent(person, key, float(seconds) / 60) for person, key, seconds in rows]


def tried(session: Session, course_key: str, people: Collection[int] | None = None) -> list[Tried]:
    """By exercise, as students' servers tell."""
    rows = session.execute(
        select(
            Effort.lesson,
            Effort.exercise,
            func.count(),
            func.sum(Effort.checks),
            func.sum(Effort.hints),
            func.count().filter(Effort.hints > 0),
        )
        .join(
            Enrolment,
            and_(
                Enrolment.person_id == Effort.person_id,
                Enrolment.course_id == Effort.course_id,
                Enrolment.role == "student",
            ),
        )
        .where(
            Effort.course_id == course_id(session, course_key),
            true() if people is None else Effort.person_id.in_(people),
        )
        .group_by(Effort.lesson, Effort.exercise)
    )
    return [Tried(*row) for row in rows]


def earned(session: Session, course_key: str, people: list[int] | None = None) -> list[Earned]:
    """By exercise, from the newest grading of each student's newest hand-in of the lesson."""
    newest = newest_hand_ins(course_id(session, course_key), people).subquery()
    each = (
        select(
            newest.c.lesson,
            Score.exercise,
            func.bool_and(Score.status == "passed").label("passed"),
            (func.sum(Score.points) / func.nullif(func.sum(Score.max_points), 0)).label("share"),
        )
        .select_from(newest)
        .join(Grading, Grading.submission_id == newest.c.id)
        .join(Score, Score.grading_id == Grading.id)
        .where(
            newest.c.state == "graded",
            IS_NEWEST_GRADING,
            Score.exercise.is_not(None),
            Score.status != "manual",
        )
        .group_by(newest.c.id, newest.c.lesson, Score.exercise)
        .subquery()
    )
    rows = session.execute(
        select(
            each.c.lesson,
            each.c.exercise,
            func.count(),
            func.count().filter(each.c.passed),
            func.coalesce(func.avg(each.c.share), 0.0),
        ).group_by(each.c.lesson, each.c.exercise)
    )
    return [
        Earned(key, name, people, passed, float(share)) for key, name, people, passed, share in rows
    ]


def quantile(values: Sequence[float], part: float) -> float | None:
    """Between the two nearest values; `part` from 0 to 1. None for no values."""
    if not values:
        return None
    ordered = sorted(values)
    place = part * (len(ordered) - 1)
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (place - low)
