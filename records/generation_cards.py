"""Generations as the people see them who asked for them; administrators see everybody's."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from coursewright.records import courses, events, generations
from coursewright.records.errors import Conflict, NotFound
from coursewright.records.generations import Order, Progress
from coursewright.records.tables import Generation, Person

MOST = 5  # courses of one person that wait or are being made at the same time


@dataclass(frozen=True)
class Card:
    """`course` is the key of what was made, or the one that was asked for."""

    id: int
    topic: str
    provider: str
    state: str
    message: str | None
    course: str | None
    requested_by: str | None
    created_at: datetime
    settled_at: datetime | None


@dataclass(frozen=True)
class Watched(Card, Progress):
    """A generation with how far it is and what it may take."""

    seed: int
    limits: dict[str, float | None]


def cards(session: Session, person: str, *, everybody: bool = False) -> list[Card]:
    """The newest first."""
    query = (
        select(Generation, Person.name)
        .outerjoin(Person, Person.id == Generation.requested_by)
        .order_by(Generation.id.desc())
    )
    if not everybody:
        query = query.where(Person.name == person)
    return [Card(**_facts(row, name)) for row, name in session.execute(query)]


def watch(
    session: Session,
    person: str,
    number: int,
    *,
    admin: bool = False,
    request_id: str | None = None,
) -> Watched:
    """How far one is. Raises NotFound for somebody else's."""
    row, name = reach(session, person, number, admin=admin, request_id=request_id)
    limits = {"tokens": row.tokens, "money": row.money, "seconds": row.seconds}
    progress = vars(generations.progress(session, number))
    return Watched(**{**progress, **_facts(row, name)}, seed=row.seed, limits=limits)


def receipts(session: Session, number: int) -> dict[str, Any]:
    """By place; none until the course is done."""
    return session.scalar(select(Generation.receipts).where(Generation.id == number)) or {}


def reach(
    session: Session,
    person: str,
    number: int,
    *,
    admin: bool = False,
    request_id: str | None = None,
) -> tuple[Generation, str | None]:
    """One's own generation and whose it is; an administrator's look at another's is noted.

    Raises NotFound.
    """
    row = session.get(Generation, number)
    owner = session.get(Person, row.requested_by) if row and row.requested_by else None
    name = owner.name if owner else None
    if row is None or (name != person and not admin):
        raise NotFound(f"There is no generation {number} of yours")
    if name != person:
        events.record(
            session,
            "audit.generation.opened",
            courses.person(session, person),
            f"generation {number}",
            detail={"generation": number, "of": name},
            request_id=request_id,
        )
    return row, name


def request(
    session: Session, order: Order, by: str, idempotency_key: str, request_id: str | None = None
) -> int:
    """As generations.request. Raises Conflict when this person has enough under way."""
    number = generations.request(session, order, by, request_id, idempotency_key)
    under_way = session.scalar(
        select(func.count())
        .select_from(Generation)
        .join(Person, Person.id == Generation.requested_by)
        .where(Person.name == by, Generation.state.in_(("waiting", "running")))
    )
    if (under_way or 0) > MOST:
        raise Conflict(
            f"{MOST} of your courses are being made or wait for it. Wait for one or cancel one, "
            "then ask again"
        )
    return number


def _facts(row: Generation, name: str | None) -> dict[str, Any]:
    made = (row.report or {}).get("course")
    return {
        "id": row.id,
        "topic": str(row.request.get("topic", "")),
        "provider": row.provider,
        "state": row.state,
        "message": row.message,
        "course": made or row.request.get("key"),
        "requested_by": name,
        "created_at": row.created_at,
        "settled_at": row.settled_at,
    }
