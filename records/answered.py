"""Requests that were answered: each is carried out once, however often it is sent with its key.

The answer is written in the transaction of the change itself, so both are there or neither is.
Twins that come at once are told apart by a lock of the database, which ends with the transaction:
one goes on, the other is Busy.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import timedelta

from sqlalchemy import ColumnElement, delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from coursewright.records import blobs
from coursewright.records.errors import Busy, Conflict
from coursewright.records.tables import AnsweredRequest

KEPT = timedelta(hours=24)
SWEPT = 100  # old answers that each new one takes away

UNDER_WAY = "This very request is being carried out. Send it again in a moment, with the same key"
OTHER = (
    "This Idempotency-Key was sent before, with another request to the same address. Nothing was "
    "done now; send a new key for a new request"
)


@dataclass(frozen=True)
class Place:
    """Where a key counts: one person's, at one address, with one verb."""

    person: str
    verb: str
    path: str
    key: str

    @property
    def sha256(self) -> str:
        """Of a path of any length; a person's name and a path hold no line feeds."""
        return blobs.sha256("\n".join((self.person, self.verb, self.path, self.key)).encode())


@dataclass(frozen=True)
class Answer:
    status: int
    media_type: str
    body: bytes


def claim(session: Session, place: Place, asked_sha: str) -> Answer | None:
    """What was answered before; None when it is now to be carried out, in this transaction.

    Raises Busy while a twin is under way, and Conflict when the key was sent with another request.
    """
    mine = select(func.pg_try_advisory_xact_lock(func.hashtextextended(place.sha256, 0)))
    if not session.scalar(mine):
        raise Busy(UNDER_WAY)
    row = session.scalars(
        select(AnsweredRequest).where(AnsweredRequest.place_sha == place.sha256, ~_over())
    ).one_or_none()
    if row is None:
        return None
    if row.asked_sha != asked_sha:
        raise Conflict(OTHER)
    return Answer(row.status, row.media_type, row.body)


def keep(session: Session, place: Place, asked_sha: str, answer: Answer) -> None:
    """Write down what is answered; answers that are old go meanwhile."""
    row = {"person": place.person, "asked_sha": asked_sha, **asdict(answer)}
    now = {**row, "answered_at": func.now()}
    session.execute(
        insert(AnsweredRequest)
        .values(place_sha=place.sha256, **row)
        .on_conflict_do_update(index_elements=["place_sha"], set_=now)
    )
    old = select(AnsweredRequest.id).where(_over()).limit(SWEPT).with_for_update(skip_locked=True)
    session.execute(delete(AnsweredRequest).where(AnsweredRequest.id.in_(old)))


def wrote(session: Session) -> bool:
    """Whether this transaction has changed anything."""
    return session.scalar(select(func.pg_current_xact_id_if_assigned())) is not None


def _over() -> ColumnElement[bool]:
    return AnsweredRequest.answered_at <= func.now() - KEPT
