"""When somebody sat at a course: their own acts, parted where nothing came for half an hour.

Derived from the events at each question, so nothing is stored that could disagree with them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Interval, case, cast, func, or_, select
from sqlalchemy.orm import Session

from coursewright.records import courses
from coursewright.records.errors import NotFound
from coursewright.records.tables import Event, Person

GAP = timedelta(minutes=30)  # as web analytics part visits, too
YEAR = timedelta(days=366)  # that is looked at
MOST = 200
# What a person does, and not what is done for them: grading runs while they sleep.
ACTS = (
    "learning.here",
    "learning.opened",
    "learning.submitted",
    "code.checked",
    "exercise.hint",
    "exercise.hinted",
    "quiz.answered",
)


@dataclass(frozen=True)
class Sitting:
    """From the first act to the last; one act alone lasts 0 seconds. `submitted`: hand-ins."""

    began_at: datetime
    ended_at: datetime
    seconds: float
    acts: int
    submitted: int


def sittings(
    session: Session,
    person: str,
    course: str,
    *,
    limit: int = MOST,
    before: datetime | None = None,
) -> list[Sitting]:
    """Newest first, those that began before `before`. Raises NotFound outside of the course."""
    if courses.role_of(session, person, course) is None:
        raise NotFound(f"There is no course {course!r} that you belong to")
    order = (Event.at, Event.id)
    since_last = Event.at - func.lag(Event.at).over(order_by=order)
    acts = (
        select(Event.id, Event.at, Event.name, since_last.label("pause"))
        .join(Person, Person.id == Event.person_id)
        .where(
            Person.name == person,
            Event.name.in_(ACTS),
            or_(Event.object == course, Event.object.startswith(f"{course}/", autoescape=True)),
            Event.at > func.now() - YEAR,
        )
        .subquery()
    )
    first = case((acts.c.pause <= cast(GAP, Interval), 0), else_=1)
    number = func.sum(first).over(order_by=(acts.c.at, acts.c.id))
    parted = select(acts.c.at, acts.c.name, number.label("number")).subquery()
    began, ended = func.min(parted.c.at), func.max(parted.c.at)
    query = (
        select(
            began,
            ended,
            func.extract("epoch", ended - began),
            func.count(),
            func.count().filter(parted.c.name == "learning.submitted"),
        )
        .group_by(parted.c.number)
        .order_by(began.desc())
        .limit(limit)
    )
    if before is not None:
        query = query.having(began < before)
    return [
        Sitting(first_at, last_at, float(seconds), many, handed_in)
        for first_at, last_at, seconds, many, handed_in in session.execute(query)
    ]
