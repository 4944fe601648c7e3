"""Settings, budgets, deactivated people, and indexes for what administrators look at."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "settings",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("value", postgresql.JSONB(), nullable=False),
        sa.Column("changed_by", sa.BigInteger(), nullable=True),
        _now("changed_at"),
        _points_to_person("settings", "changed_by"),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_settings")),
    )
    op.create_table(
        "deactivations",
        sa.Column("person_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("by", sa.BigInteger(), nullable=True),
        _now("at"),
        _points_to_person("deactivations", "person_id"),
        _points_to_person("deactivations", "by"),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_deactivations")),
    )
    op.create_table(
        "budgets",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), server_default="", nullable=False),
        sa.Column("money", sa.Float(), nullable=True),
        sa.Column("tokens", sa.BigInteger(), nullable=True),
        sa.Column("set_by", sa.BigInteger(), nullable=True),
        _now("set_at"),
        sa.CheckConstraint("kind IN ('site', 'course', 'person')", name=op.f("ck_budgets_kind")),
        sa.CheckConstraint("money >= 0 AND tokens >= 0", name=op.f("ck_budgets_limits")),
        _points_to_person("budgets", "set_by"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_budgets")),
        sa.UniqueConstraint("kind", "subject", name=op.f("uq_budgets_kind_subject")),
    )
    op.create_index(
        "ix_events_audit_id", "events", ["id"], postgresql_where=sa.text("name LIKE 'audit.%'")
    )
    op.create_index(
        "ix_events_audit_request",
        "events",
        ["request_id"],
        postgresql_where=sa.text("name LIKE 'audit.%' AND request_id IS NOT NULL"),
    )
    op.create_index(
        "ix_submissions_failed", "submissions", ["id"], postgresql_where=sa.text("state = 'failed'")
    )
    op.create_index("ix_generation_calls_at", "generation_calls", ["at"])
    op.create_index("ix_gradings_graded_at", "gradings", ["graded_at"])


def _now(name: str) -> sa.Column[object]:
    moment = sa.DateTime(timezone=True)
    return sa.Column(name, moment, server_default=sa.text("now()"), nullable=False)


def _points_to_person(table: str, column: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}_people")
    return sa.ForeignKeyConstraint([column], ["people.id"], name=name)
