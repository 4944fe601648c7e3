"""Checks of courses; receipts of generated ones, and the key that makes their request one."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

STATES = "state IN ('waiting', 'running', 'done', 'failed')"


def upgrade() -> None:
    _make_checks()
    _make_places()
    op.add_column("generations", sa.Column("receipts", JSONB(), nullable=True))
    op.add_column("generations", words("idempotency_key", nullable=True))
    name = op.f("uq_generations_requested_by_idempotency_key")
    op.create_unique_constraint(name, "generations", ["requested_by", "idempotency_key"])


def key() -> sa.Column[Any]:
    return sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False)


def number(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.BigInteger(), nullable=False)


def count(name: str, default: str | None = None) -> sa.Column[Any]:
    return sa.Column(name, sa.Integer(), server_default=default, nullable=False)


def words(name: str, *, nullable: bool = False, default: str | None = None) -> sa.Column[Any]:
    return sa.Column(name, sa.Text(), server_default=default, nullable=nullable)


def now(name: str) -> sa.Column[Any]:
    moment = sa.DateTime(timezone=True)
    return sa.Column(name, moment, server_default=sa.text("now()"), nullable=False)


def points_to(table: str, column: str, other: str, there: str = "id") -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}_{other}")
    return sa.ForeignKeyConstraint([column], [f"{other}.{there}"], name=name)


def primary(table: str) -> sa.PrimaryKeyConstraint:
    return sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}"))


def _make_checks() -> None:
    table = "checks"
    op.create_table(
        table,
        key(),
        words("course"),
        words("document_sha"),
        number("requested_by"),
        words("state", default="waiting"),
        words("message", nullable=True),
        count("total", default="0"),
        now("created_at"),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(STATES, name=op.f(f"ck_{table}_state")),
        points_to(table, "document_sha", "blobs", "sha256"),
        points_to(table, "requested_by", "people"),
        primary(table),
    )
    op.create_index(op.f("ix_checks_course_document_sha"), table, ["course", "document_sha"])


def _make_places() -> None:
    table = "check_places"
    op.create_table(
        table,
        key(),
        number("check_id"),
        words("place"),
        count("position"),
        words("findings"),
        now("checked_at"),
        points_to(table, "check_id", "checks"),
        primary(table),
        sa.UniqueConstraint("check_id", "place", name=op.f(f"uq_{table}_check_id_place")),
    )
