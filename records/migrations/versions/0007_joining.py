"""Join codes, courses that are joined with a code only, feedback that was read."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    always: sa.Column[bool] = sa.Column(
        "open", sa.Boolean(), server_default=sa.true(), nullable=False
    )
    op.add_column("courses", always)
    op.create_index("ix_events_person_id_at", "events", ["person_id", "at"])
    _make_codes()
    _make_wrong_codes()
    _make_reads()


def _make_codes() -> None:
    op.create_table(
        "join_codes",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("course_id", sa.BigInteger(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("made_by", sa.BigInteger(), nullable=True),
        sa.Column("uses", sa.Integer(), server_default="0", nullable=False),
        sa.Column("most_uses", sa.Integer(), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        _now("created_at"),
        sa.CheckConstraint("code ~ '^[2-9A-HJKMNP-Z]{8}$'", name=op.f("ck_join_codes_code")),
        _points_to("join_codes", "course_id", "courses"),
        _points_to("join_codes", "made_by", "people"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_join_codes")),
        sa.UniqueConstraint("code", name=op.f("uq_join_codes_code")),
    )
    op.create_index(op.f("ix_join_codes_course_id"), "join_codes", ["course_id"])


def _make_wrong_codes() -> None:
    op.create_table(
        "wrong_codes",
        sa.Column("person_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        _now("since"),
        _points_to("wrong_codes", "person_id", "people"),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_wrong_codes")),
    )


def _make_reads() -> None:
    op.create_table(
        "feedback_reads",
        sa.Column("submission_id", sa.BigInteger(), autoincrement=False, nullable=False),
        _now("read_at"),
        _points_to("feedback_reads", "submission_id", "submissions"),
        sa.PrimaryKeyConstraint("submission_id", name=op.f("pk_feedback_reads")),
    )


def _now(name: str) -> sa.Column[object]:
    moment = sa.DateTime(timezone=True)
    return sa.Column(name, moment, server_default=sa.text("now()"), nullable=False)


def _points_to(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}_{other}")
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=name)
