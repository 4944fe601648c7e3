"""Sections with their assistants, places and the line of those who wait; who looked at whom."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _make_sections()
    _make_places()
    _make_waiting()
    for table in ("enrolments", "join_codes"):
        op.add_column(table, sa.Column("section_id", sa.BigInteger(), nullable=True))
        op.create_foreign_key(
            op.f(f"fk_{table}_section_id_sections"), table, "sections", ["section_id"], ["id"]
        )
    op.create_index(op.f("ix_enrolments_section_id"), "enrolments", ["section_id"])
    op.create_index(
        "ix_events_looks",
        "events",
        [sa.text("(detail ->> 'of')"), "object", "id"],
        postgresql_where=sa.text("name = 'audit.viewed'"),
    )


def number(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.BigInteger(), nullable=nullable)


def count(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.Integer(), nullable=True)


def key() -> sa.Column[Any]:
    return sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False)


def now(name: str) -> sa.Column[Any]:
    moment = sa.DateTime(timezone=True)
    return sa.Column(name, moment, server_default=sa.text("now()"), nullable=False)


def points_to(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}_{other}")
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=name)


def known_by(table: str, *columns: str) -> sa.PrimaryKeyConstraint:
    return sa.PrimaryKeyConstraint(*columns, name=op.f(f"pk_{table}"))


def no_less_than_none(table: str) -> sa.CheckConstraint:
    return sa.CheckConstraint("capacity >= 0", name=op.f(f"ck_{table}_capacity"))


def unique(table: str, *columns: str) -> sa.UniqueConstraint:
    return sa.UniqueConstraint(*columns, name=op.f(f"uq_{table}_{'_'.join(columns)}"))


def _make_sections() -> None:
    op.create_table(
        "sections",
        key(),
        number("course_id"),
        sa.Column("name", sa.Text(), nullable=False),
        count("capacity"),
        now("created_at"),
        points_to("sections", "course_id", "courses"),
        known_by("sections", "id"),
        unique("sections", "course_id", "name"),
        no_less_than_none("sections"),
    )
    table = "section_assistants"
    op.create_table(
        table,
        number("section_id"),
        number("person_id"),
        points_to(table, "section_id", "sections"),
        points_to(table, "person_id", "people"),
        known_by(table, "section_id", "person_id"),
    )
    op.create_index(op.f(f"ix_{table}_person_id"), table, ["person_id"])


def _make_places() -> None:
    op.create_table(
        "places",
        number("course_id"),
        count("capacity"),
        sa.Column("may_wait", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        points_to("places", "course_id", "courses"),
        known_by("places", "course_id"),
        no_less_than_none("places"),
    )


def _make_waiting() -> None:
    table = "waiting"
    op.create_table(
        table,
        key(),
        number("course_id"),
        number("person_id"),
        number("section_id", nullable=True),
        number("turn"),
        now("since"),
        points_to(table, "course_id", "courses"),
        points_to(table, "person_id", "people"),
        points_to(table, "section_id", "sections"),
        known_by(table, "id"),
        unique(table, "course_id", "person_id"),
    )
    op.create_index(op.f(f"ix_{table}_course_id_turn"), table, ["course_id", "turn"])
    op.create_index(op.f(f"ix_{table}_person_id"), table, ["person_id"])
