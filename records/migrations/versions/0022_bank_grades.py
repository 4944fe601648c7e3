"""Results of a bank's quiz can be held back; more time for a person; secret calendar addresses."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "bank_quizzes",
        sa.Column("held", sa.Boolean(), server_default=sa.text("false"), nullable=False),
    )
    name = "accommodations"
    op.create_table(
        name,
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("course_id", sa.BigInteger(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("factor", sa.Float(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        _now("changed_at"),
        sa.CheckConstraint("factor >= 1", name=op.f("ck_accommodations_factor")),
        sa.CheckConstraint("minutes >= 0", name=op.f("ck_accommodations_minutes")),
        _points_to(name, "course_id", "courses"),
        _points_to(name, "person_id", "people"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accommodations")),
        sa.UniqueConstraint(
            "course_id", "person_id", name=op.f("uq_accommodations_course_id_person_id")
        ),
    )
    name = "calendar_feeds"
    op.create_table(
        name,
        sa.Column("person_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("secret_sha", sa.Text(), nullable=False),
        _now("made_at"),
        _points_to(name, "person_id", "people"),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_calendar_feeds")),
        sa.UniqueConstraint("secret_sha", name=op.f("uq_calendar_feeds_secret_sha")),
    )


def _now(name: str) -> Any:
    return sa.Column(
        name, sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
    )


def _points_to(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}")
    )
