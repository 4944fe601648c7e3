"""The tables of generated courses: what was asked for, every step, every paid call, every piece.

Import them from records/tables.py, which has them all. What a model or a student's program may
have put a NUL into is kept as the text of JSON, where it is escaped: jsonb takes none.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from coursewright.records.columns import Key, Later, Now, Number, Table, one_of

GENERATION_STATES = ("waiting", "running", "done", "stopped", "failed", "cancelled")
PROVIDERS = ("openai", "bank")


class Generation(Table):
    """A course to be made; see records/generations.py. Limits that are null are none.

    `sources` is the author's own material as text, by name; `report` and `receipts` what the
    modules of these names in generator/ give; `document_sha` the course document. No key and no
    address of a model is kept. `idempotency_key` makes one of a request that is sent again.
    """

    __tablename__ = "generations"
    __table_args__ = (
        one_of("state", GENERATION_STATES),
        one_of("provider", PROVIDERS),
        UniqueConstraint("requested_by", "idempotency_key"),
    )

    id: Mapped[Key]
    request: Mapped[dict[str, Any]]
    sources: Mapped[dict[str, Any]]
    provider: Mapped[str]
    seed: Mapped[Number]
    tokens: Mapped[int | None] = mapped_column(BigInteger)
    money: Mapped[float | None]
    seconds: Mapped[float | None]
    state: Mapped[str] = mapped_column(server_default="waiting")
    message: Mapped[str | None]
    report: Mapped[dict[str, Any] | None]
    receipts: Mapped[dict[str, Any] | None] = mapped_column(deferred=True)
    document_sha: Mapped[str | None] = mapped_column(ForeignKey("blobs.sha256"))
    requested_by: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("people.id"))
    idempotency_key: Mapped[str | None]
    created_at: Mapped[Now]
    settled_at: Mapped[Later]


class GenerationStep(Table):
    """What a step came to, and a digest of what went into it; `value` is JSON."""

    __tablename__ = "generation_steps"
    __table_args__ = (UniqueConstraint("generation_id", "name"),)

    id: Mapped[Key]
    generation_id: Mapped[Number] = mapped_column(ForeignKey("generations.id"))
    name: Mapped[str]
    digest: Mapped[str]
    value: Mapped[str]


class GenerationCall(Table):
    """A call that was paid for, in the order in which they ended; `reply` is JSON.

    `prompt` and `completion` are tokens.
    """

    __tablename__ = "generation_calls"
    __table_args__ = (Index(None, "generation_id"), Index(None, "at"))

    id: Mapped[Key]
    generation_id: Mapped[Number] = mapped_column(ForeignKey("generations.id"))
    prompt: Mapped[Number]
    completion: Mapped[Number]
    cost: Mapped[float | None]
    reply: Mapped[str]
    at: Mapped[Now]


class GenerationPiece(Table):
    """How far a piece is; with an empty place, how many of its kind are planned (`total`)."""

    __tablename__ = "generation_pieces"
    __table_args__ = (UniqueConstraint("generation_id", "kind", "place"),)

    id: Mapped[Key]
    generation_id: Mapped[Number] = mapped_column(ForeignKey("generations.id"))
    kind: Mapped[str]
    place: Mapped[str]
    state: Mapped[str]
    detail: Mapped[str]
    total: Mapped[int]
    changed_at: Mapped[Now]
