"""Live classes: who is where, how far each exercise is, whose grades are held back."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _make_presence()
    _make_efforts()
    _make_held_lessons()


def number(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.BigInteger(), nullable=False)


def words(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.Text(), nullable=nullable)


def count(name: str, *, nullable: bool = False, default: str | None = None) -> sa.Column[Any]:
    start = sa.text(default) if default else None
    return sa.Column(name, sa.Integer(), server_default=start, nullable=nullable)


def now(name: str) -> sa.Column[Any]:
    moment = sa.DateTime(timezone=True)
    return sa.Column(name, moment, server_default=sa.text("now()"), nullable=False)


def later(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=True)


def points_to(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}_{other}")
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=name)


def unique(table: str, *columns: str) -> sa.UniqueConstraint:
    return sa.UniqueConstraint(*columns, name=op.f(f"uq_{table}_{'_'.join(columns)}"))


def _make_presence() -> None:
    table = "presence"
    op.create_table(
        table,
        number("course_id"),
        number("person_id"),
        words("lesson"),
        words("exercise", nullable=True),
        now("seen_at"),
        now("minute"),
        count("told", default="0"),
        points_to(table, "course_id", "courses"),
        points_to(table, "person_id", "people"),
        sa.PrimaryKeyConstraint("course_id", "person_id", name=op.f(f"pk_{table}")),
    )


def _make_efforts() -> None:
    table = "efforts"
    op.create_table(
        table,
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        number("course_id"),
        number("person_id"),
        words("lesson"),
        words("exercise"),
        count("checks"),
        count("hints"),
        count("passed", nullable=True),
        count("total", nullable=True),
        later("first_at"),
        later("passed_at"),
        now("last_at"),
        points_to(table, "course_id", "courses"),
        points_to(table, "person_id", "people"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        unique(table, "course_id", "person_id", "lesson", "exercise"),
    )


def _make_held_lessons() -> None:
    table = "held_lessons"
    op.create_table(
        table,
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        number("course_id"),
        words("lesson"),
        number("held_by"),
        now("held_at"),
        points_to(table, "course_id", "courses"),
        points_to(table, "held_by", "people"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        unique(table, "course_id", "lesson"),
    )
