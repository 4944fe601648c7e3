"""How far an endpoint has been sent what happened, and what it would not take.

Import them from records/tables.py, which has them all.
"""

from __future__ import annotations

from sqlalchemy import ForeignKey, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from coursewright.records.columns import Key, Later, Now, Number, Table


class StatementFeed(Table):
    """A learning record store; `last_event` and all before it were sent, or set aside.

    After `failures` in a row nothing is sent before `not_before`; `problem` is the last one.
    """

    __tablename__ = "statement_feeds"

    endpoint: Mapped[str] = mapped_column(primary_key=True)
    last_event: Mapped[Number] = mapped_column(server_default=text("0"))
    sent: Mapped[Number] = mapped_column(server_default=text("0"))
    failures: Mapped[int] = mapped_column(server_default=text("0"))
    not_before: Mapped[Later]
    problem: Mapped[str | None]


class StatementAside(Table):
    """An event of which no statement could be made, or whose statement the store refused."""

    __tablename__ = "statements_aside"
    __table_args__ = (UniqueConstraint("endpoint", "event_id"),)

    id: Mapped[Key]
    endpoint: Mapped[str] = mapped_column(ForeignKey("statement_feeds.endpoint"))
    # No foreign key: events are never deleted, and nothing may stand in the way of their triggers.
    event_id: Mapped[Number]
    reason: Mapped[str]
    at: Mapped[Now]
