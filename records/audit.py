"""The audit log: who did what, on what, when; filtered, newest first, paged by number."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, literal_column, select
from sqlalchemy.orm import Session

from coursewright.records import courses, events
from coursewright.records.tables import Event, Person

PREFIX = "audit."


@dataclass(frozen=True)
class Wanted:
    """What is empty does not matter. `what` and `object` are how the words begin."""

    who: str = ""
    what: str = ""
    object: str = ""
    since: datetime | None = None
    until: datetime | None = None
    request_id: str = ""


@dataclass(frozen=True)
class Entry:
    """`what` is without its `audit.`."""

    id: int
    at: datetime
    who: str | None
    what: str
    object: str
    detail: dict[str, Any]
    request_id: str | None


def entries(
    session: Session, wanted: Wanted, after: int | None = None, limit: int = 50
) -> list[Entry]:
    """At most `limit` entries, those before the number `after`."""
    query = (
        select(
            Event.id,
            Event.at,
            Person.name,
            func.substr(Event.name, len(PREFIX) + 1),
            Event.object,
            Event.detail,
            Event.request_id,
        )
        .outerjoin(Person, Person.id == Event.person_id)
        .where(*_conditions(wanted))
        .order_by(Event.id.desc())
        .limit(limit)
    )
    if after is not None:
        query = query.where(Event.id < after)
    return [Entry(*row) for row in session.execute(query)]


def note_export(session: Session, by: str, sheet: str, request_id: str | None) -> None:
    """That somebody took a table of everybody's away."""
    author = courses.person(session, by)
    events.record(session, "audit.sheet.exported", author, sheet, request_id=request_id)


def _conditions(wanted: Wanted) -> list[ColumnElement[bool]]:
    # As the index has it, word for word: as a parameter it would not be found to fit.
    found: list[ColumnElement[bool]] = [Event.name.op("LIKE")(literal_column("'audit.%'"))]
    if wanted.who:
        someone = select(Person.id).where(Person.name == wanted.who).scalar_subquery()
        found.append(Event.person_id == someone)
    if wanted.what:
        name = PREFIX + wanted.what.removeprefix(PREFIX)
        found.append(Event.name.startswith(name, autoescape=True))
    if wanted.object:
        found.append(Event.object.startswith(wanted.object, autoescape=True))
    if wanted.since:
        found.append(Event.at >= wanted.since)
    if wanted.until:
        found.append(Event.at < wanted.until)
    if wanted.request_id:
        found.append(Event.request_id == wanted.request_id)
    return found
