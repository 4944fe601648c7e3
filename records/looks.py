"""Who looked at whose work: written when it is opened, and told to those who may ask.

A look at one person's work says whose (`of`); a look at a whole class, such as the gradebook, has
the course as its object and is a look at each of its students.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from coursewright.records import courses, events
from coursewright.records.tables import Event, Person

NAME = "audit.viewed"
OF = Event.detail["of"].astext


@dataclass(frozen=True)
class Look:
    """`lesson` is None for a look at the whole class."""

    id: int
    at: datetime
    by: str
    what: str
    lesson: str | None
    submission: int | None
    request_id: str | None


def at_class(
    session: Session, viewer: str, course_key: str, what: str, request_id: str | None
) -> None:
    """Write down that somebody looked at the work of a class, such as its gradebook."""
    someone = courses.person(session, viewer)
    events.record(session, NAME, someone, course_key, detail={"what": what}, request_id=request_id)


def at_person(
    session: Session, course_key: str, name: str, limit: int = 50, before: int | None = None
) -> list[Look]:
    """Who looked at somebody's work in a course, newest first; those before the look `before`."""
    within = func.starts_with(Event.object, f"{course_key}/")
    query = (
        select(Event, Person.name)
        .join(Person, Person.id == Event.person_id)
        .where(
            Event.name == NAME,
            or_((name == OF) & within, OF.is_(None) & (Event.object == course_key)),
        )
        .order_by(Event.id.desc())
        .limit(limit)
    )
    if before is not None:
        query = query.where(Event.id < before)
    return [
        Look(
            event.id,
            event.at,
            by,
            str(event.detail.get("what", "")),
            event.object.partition("/")[2] or None,
            event.detail.get("submission"),
            event.request_id,
        )
        for event, by in session.execute(query)
    ]
