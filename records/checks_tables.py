"""The tables of checks: an author's draft, put to every gate before it is published.

Import them from records/tables.py, which has them all. What the gates say of a place is kept as
the text of JSON, since a program that they ran may have put a NUL into it.
"""

from __future__ import annotations

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from coursewright.records.columns import Key, Later, Now, Number, Table, one_of

CHECK_STATES = ("waiting", "running", "done", "failed")


class Check(Table):
    """Of one document, for the course of this key, which need not be there yet.

    `total` is how many places there are to check; 0 until a worker has looked.
    """

    __tablename__ = "checks"
    __table_args__ = (one_of("state", CHECK_STATES), Index(None, "course", "document_sha"))

    id: Mapped[Key]
    course: Mapped[str]
    document_sha: Mapped[str] = mapped_column(ForeignKey("blobs.sha256"))
    requested_by: Mapped[Number] = mapped_column(ForeignKey("people.id"))
    state: Mapped[str] = mapped_column(server_default="waiting")
    message: Mapped[str | None]
    total: Mapped[int] = mapped_column(server_default="0")
    created_at: Mapped[Now]
    settled_at: Mapped[Later]


class CheckPlace(Table):
    """What was found at one place, as records/checks.py reads it; `place` is the gates' own."""

    __tablename__ = "check_places"
    __table_args__ = (UniqueConstraint("check_id", "place"),)

    id: Mapped[Key]
    check_id: Mapped[Number] = mapped_column(ForeignKey("checks.id"))
    place: Mapped[str]
    position: Mapped[int]
    findings: Mapped[str]
    checked_at: Mapped[Now]
