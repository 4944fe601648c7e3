"""The tables of an administrator's decisions: settings, budgets, who may not come in for now.

Import them from records/tables.py, which has them all. What they were before stands in the events.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from coursewright.records.columns import Key, Now, Table, one_of

BUDGET_KINDS = ("site", "course", "person")


class SettingRow(Table):
    """A setting that an administrator has changed; see records/settings.py for the others."""

    __tablename__ = "settings"

    name: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[Any] = mapped_column(JSONB)
    changed_by: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("people.id"))
    changed_at: Mapped[Now]


class Deactivation(Table):
    """Somebody who may not sign in; all that they did stays."""

    __tablename__ = "deactivations"

    person_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("people.id"), primary_key=True, autoincrement=False
    )
    reason: Mapped[str]
    by: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("people.id"))
    at: Mapped[Now]


class Budget(Table):
    """What may be spent on models in a calendar month (UTC); a limit that is null is none.

    `subject` is a course's key or a person's name. With none, of every course or every person.
    """

    __tablename__ = "budgets"
    __table_args__ = (
        UniqueConstraint("kind", "subject"),
        one_of("kind", BUDGET_KINDS),
        CheckConstraint("money >= 0 AND tokens >= 0", name="limits"),
    )

    id: Mapped[Key]
    kind: Mapped[str]
    subject: Mapped[str] = mapped_column(server_default="")
    money: Mapped[float | None]
    tokens: Mapped[int | None] = mapped_column(BigInteger)
    set_by: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("people.id"))
    set_at: Mapped[Now]
