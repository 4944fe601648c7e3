"""Courses that a worker makes: asked for, followed, stopped, gone on with.

    waiting ─► running ─► done
       ▲          ├─────► stopped     its budget is used up
       │          ├─────► failed      it cannot be made so, or the endpoint does not answer
       │          └─────► cancelled   by a person
       └── resume ────────┘           what is finished is kept, and nothing is paid for twice

Values of steps and replies are the text of JSON; nothing here knows what they mean.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from coursewright.records import blobs, courses, events, jobs
from coursewright.records.course import Course
from coursewright.records.documents import documents, to_bytes
from coursewright.records.errors import Conflict, NotFound
from coursewright.records.tables import (
    Generation,
    GenerationCall,
    GenerationPiece,
    GenerationStep,
    Person,
)

NUL, INSTEAD = "\0", "\N{REPLACEMENT CHARACTER}"


@dataclass(frozen=True)
class Limits:
    """None is no limit."""

    tokens: int | None = None
    money: float | None = None
    seconds: float | None = None


@dataclass(frozen=True)
class Order:
    """What is to be made, and of what."""

    request: Mapping[str, Any]
    provider: str
    seed: int = 0
    sources: Mapping[str, str] | None = None
    limits: Limits = Limits()


@dataclass(frozen=True)
class Piece:
    """As generator/progress.py tells of it."""

    kind: str
    place: str
    state: str
    detail: str = ""
    total: int = 0


@dataclass(frozen=True)
class Progress:
    """How far a generation is. `cost` is None where no prices were set."""

    state: str
    message: str | None
    pieces: tuple[Piece, ...]
    calls: int
    tokens: int
    cost: float | None
    report: Mapping[str, Any] | None


def request(
    session: Session,
    order: Order,
    by: str | None,
    request_id: str | None = None,
    idempotency_key: str | None = None,
) -> int:
    """Ask for a course; its number. The same key of the same person is the same request.

    Raises Conflict for a key that asked for something else before.
    """
    author = courses.person(session, by) if by else None
    if author and idempotency_key:
        session.refresh(author, with_for_update=True)  # two tries at once come one after the other
        same = select(Generation).where(
            Generation.requested_by == author.id, Generation.idempotency_key == idempotency_key
        )
        known = session.scalars(same).one_or_none()
        if known is not None:
            if known.request != _plain(order.request):
                raise Conflict("This key was sent before, with another request")
            return known.id
    row = Generation(
        request=_plain(order.request),
        sources=_plain(order.sources or {}),
        provider=order.provider,
        seed=order.seed,
        tokens=order.limits.tokens,
        money=order.limits.money,
        seconds=order.limits.seconds,
        requested_by=author.id if author else None,
        idempotency_key=idempotency_key,
    )
    session.add(row)
    session.flush()
    _enqueue(session, row.id)
    _note(session, "course.generation.requested", row, author, request_id)
    return row.id


def resume(
    session: Session,
    number: int,
    by: str | None,
    limits: Limits | None = None,
    request_id: str | None = None,
) -> None:
    """Go on with one that ended without a course. Raises NotFound and Conflict."""
    row = _row(session, number, lock=True)
    if row.state not in ("stopped", "failed", "cancelled"):
        raise Conflict(f"This course is {row.state}; there is nothing to go on with")
    if limits is not None:
        row.tokens, row.money, row.seconds = limits.tokens, limits.money, limits.seconds
    row.state, row.message, row.settled_at = "waiting", None, None
    _enqueue(session, number)
    author = courses.person(session, by) if by else None
    _note(session, "course.generation.resumed", row, author, request_id)


def cancel(session: Session, number: int, by: str | None, request_id: str | None = None) -> None:
    """Stop it; what is finished is kept. Raises NotFound, and Conflict when it has ended."""
    row = _row(session, number, lock=True)
    if row.state not in ("waiting", "running"):
        raise Conflict(f"This course is {row.state} already")
    author = courses.person(session, by) if by else None
    _settle(session, row, "cancelled", None)
    _note(session, "course.generation.cancelled", row, author, request_id)


def begin(session: Session, number: int) -> Order | None:
    """What a worker is to make; None when that is no longer wanted. Raises NotFound."""
    row = _row(session, number, lock=True)
    if row.state not in ("waiting", "running"):
        return None
    row.state = "running"
    limits = Limits(row.tokens, row.money, row.seconds)
    return Order(row.request, row.provider, row.seed, row.sources, limits)


def is_wanted(session: Session, number: int) -> bool:
    return _row(session, number).state == "running"


def finish(
    session: Session,
    number: int,
    report: Mapping[str, Any],
    course: Course,
    receipts: Mapping[str, Any] | None = None,
) -> bool:
    """Keep the course. False, and nothing kept, when it was cancelled meanwhile."""
    row = _row(session, number, lock=True)
    if row.state != "running":
        return False
    row.report = _plain(report)
    row.receipts = _plain(receipts or {})
    row.document_sha = blobs.put(session, to_bytes(course))
    _settle(session, row, "done", None)
    _note(session, "course.generation.finished", row, None, None)
    return True


def give_up(session: Session, number: int, state: str, message: str) -> bool:
    """End it without a course: `stopped` or `failed`. False when it has ended already."""
    row = _row(session, number, lock=True)
    if row.state not in ("waiting", "running"):
        return False
    _settle(session, row, state, message.replace(NUL, INSTEAD))
    _note(session, f"course.generation.{state}", row, None, None)
    return True


def record_failure(session: Session, generation_id: int, message: str) -> bool:
    """Say that the queue has given up."""
    return give_up(session, generation_id, "failed", message)


def find_step(session: Session, number: int, name: str, digest: str) -> str | None:
    return session.scalars(
        select(GenerationStep.value).where(
            GenerationStep.generation_id == number,
            GenerationStep.name == name,
            GenerationStep.digest == digest,
        )
    ).one_or_none()


def keep_step(session: Session, number: int, name: str, digest: str, value: str) -> None:
    new = {"digest": digest, "value": value}
    statement = insert(GenerationStep).values(generation_id=number, name=name, **new)
    session.execute(
        statement.on_conflict_do_update(index_elements=["generation_id", "name"], set_=new)
    )


def add_call(
    session: Session,
    number: int,
    reply: str,
    *,
    prompt: int,
    completion: int,
    cost: float | None,
) -> None:
    row = GenerationCall(
        generation_id=number, reply=reply, prompt=prompt, completion=completion, cost=cost
    )
    session.add(row)


def replies(session: Session, number: int) -> list[str]:
    """Of all calls, in their order."""
    query = select(GenerationCall.reply).where(GenerationCall.generation_id == number)
    return list(session.scalars(query.order_by(GenerationCall.id)))


def tell(session: Session, number: int, piece: Piece) -> None:
    """Keep how far a piece is; earlier states of it are forgotten."""
    detail = piece.detail.replace(NUL, INSTEAD)
    new = {"state": piece.state, "detail": detail, "total": piece.total, "changed_at": func.now()}
    names = {"generation_id": number, "kind": piece.kind, "place": piece.place}
    statement = insert(GenerationPiece).values(**names, **new)
    session.execute(statement.on_conflict_do_update(index_elements=list(names), set_=new))


def progress(session: Session, number: int) -> Progress:
    """Raises NotFound."""
    row = _row(session, number)
    pieces = session.scalars(
        select(GenerationPiece)
        .where(GenerationPiece.generation_id == number)
        .order_by(GenerationPiece.id)
    )
    taken = session.execute(
        select(
            func.count(),
            func.coalesce(func.sum(GenerationCall.prompt + GenerationCall.completion), 0),
            func.sum(GenerationCall.cost),
        ).where(GenerationCall.generation_id == number)
    ).one()
    return Progress(
        state=row.state,
        message=row.message,
        pieces=tuple(
            Piece(one.kind, one.place, one.state, one.detail, one.total) for one in pieces
        ),
        calls=taken[0],
        tokens=int(taken[1]),
        cost=taken[2],
        report=row.report,
    )


def course_of(session: Session, number: int) -> Course:
    """What was made. Raises NotFound while there is nothing."""
    row = _row(session, number)
    if row.document_sha is None:
        raise NotFound(f"The course {number} is {row.state}: there is no document of it")
    return documents.read(session, row.document_sha)


def _enqueue(session: Session, number: int) -> None:
    """Of one generation only one job runs."""
    jobs.enqueue(session, "generate", lock=f"generation-{number}", generation_id=number)


def _settle(session: Session, row: Generation, state: str, message: str | None) -> None:
    row.state, row.message = state, message
    row.settled_at = session.scalars(select(func.now())).one()


def _note(
    session: Session, name: str, row: Generation, who: Person | None, request_id: str | None
) -> None:
    events.record(
        session,
        name,
        who,
        f"generation {row.id}",
        detail={"generation": row.id, "topic": row.request.get("topic")},
        request_id=request_id,
    )


def _plain(data: Mapping[str, Any]) -> dict[str, Any]:
    """As jsonb takes it."""
    text = json.dumps(dict(data)).replace("\\u0000", "\\ufffd")
    plain: dict[str, Any] = json.loads(text)
    return plain


def _row(session: Session, number: int, *, lock: bool = False) -> Generation:
    found = session.get(Generation, number, with_for_update=lock, populate_existing=True)
    if found is None:
        raise NotFound(f"There is no generation {number}")
    return found
