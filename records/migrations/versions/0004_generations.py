"""Generated courses: requests, the results of steps, paid calls, how far each piece is."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

STATES = "state IN ('waiting', 'running', 'done', 'stopped', 'failed', 'cancelled')"


def upgrade() -> None:
    _make_generations()
    _make_steps()
    _make_calls()
    _make_pieces()


def key() -> sa.Column[Any]:
    return sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False)


def number(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.BigInteger(), nullable=nullable)


def real(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.Double(), nullable=True)


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


def unique(table: str, *columns: str) -> sa.UniqueConstraint:
    return sa.UniqueConstraint(*columns, name=op.f(f"uq_{table}_{'_'.join(columns)}"))


def _make_generations() -> None:
    table = "generations"
    op.create_table(
        table,
        key(),
        sa.Column("request", JSONB(), nullable=False),
        sa.Column("sources", JSONB(), nullable=False),
        words("provider"),
        number("seed"),
        number("tokens", nullable=True),
        real("money"),
        real("seconds"),
        words("state", default="waiting"),
        words("message", nullable=True),
        sa.Column("report", JSONB(), nullable=True),
        words("document_sha", nullable=True),
        number("requested_by", nullable=True),
        now("created_at"),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(STATES, name=op.f(f"ck_{table}_state")),
        sa.CheckConstraint("provider IN ('openai', 'bank')", name=op.f(f"ck_{table}_provider")),
        points_to(table, "document_sha", "blobs", "sha256"),
        points_to(table, "requested_by", "people"),
        primary(table),
    )


def _make_steps() -> None:
    table = "generation_steps"
    op.create_table(
        table,
        key(),
        number("generation_id"),
        words("name"),
        words("digest"),
        words("value"),
        points_to(table, "generation_id", "generations"),
        primary(table),
        unique(table, "generation_id", "name"),
    )


def _make_calls() -> None:
    table = "generation_calls"
    op.create_table(
        table,
        key(),
        number("generation_id"),
        number("prompt"),
        number("completion"),
        real("cost"),
        words("reply"),
        now("at"),
        points_to(table, "generation_id", "generations"),
        primary(table),
    )
    op.create_index(op.f("ix_generation_calls_generation_id"), table, ["generation_id"])


def _make_pieces() -> None:
    table = "generation_pieces"
    op.create_table(
        table,
        key(),
        number("generation_id"),
        words("kind"),
        words("place"),
        words("state"),
        words("detail"),
        sa.Column("total", sa.Integer(), nullable=False),
        now("changed_at"),
        points_to(table, "generation_id", "generations"),
        primary(table),
        unique(table, "generation_id", "kind", "place"),
    )
