"""Secret addresses of calendars: whoever has one reads its owner's dates, and nothing else.

The database knows the SHA-256 of a secret alone, so an address is shown once, when it is made.
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from coursewright.records import courses, events
from coursewright.records.settings import is_deactivated
from coursewright.records.tables import CalendarFeed, Person

SIZE = 32  # bytes of chance


def made_at(session: Session, person: str) -> datetime | None:
    """Since when a person's address is good; None when they have none."""
    query = select(CalendarFeed.made_at).join(Person, Person.id == CalendarFeed.person_id)
    return session.scalar(query.where(Person.name == person))


def renew(session: Session, person: str, *, request_id: str | None = None) -> str:
    """A new secret for the person's address; the one before is good no more."""
    secret = secrets.token_urlsafe(SIZE)
    someone = courses.person(session, person)
    change = {"secret_sha": _sha(secret), "made_at": func.now()}
    session.execute(
        insert(CalendarFeed)
        .values(person_id=someone.id, **change)
        .on_conflict_do_update(index_elements=["person_id"], set_=change)
    )
    events.record(session, "audit.calendar.renewed", someone, request_id=request_id)
    return secret


def end(session: Session, person: str, *, request_id: str | None = None) -> None:
    """Let no address of the person be good any more."""
    someone = courses.person(session, person)
    gone = delete(CalendarFeed).where(CalendarFeed.person_id == someone.id)
    if session.scalar(gone.returning(CalendarFeed.person_id)) is not None:
        events.record(session, "audit.calendar.ended", someone, request_id=request_id)


def owner(session: Session, secret: str) -> str | None:
    """Whose address it is; None for a wrong one, and for somebody who is deactivated."""
    query = select(Person.name).join(CalendarFeed, CalendarFeed.person_id == Person.id)
    found = session.scalar(query.where(CalendarFeed.secret_sha == _sha(secret)))
    return None if found is None or is_deactivated(session, found) else found


def _sha(secret: str) -> str:
    # Nobody guesses so much chance, so a hash that is quick to make is enough.
    return hashlib.sha256(secret.encode()).hexdigest()
