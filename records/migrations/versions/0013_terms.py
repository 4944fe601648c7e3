"""The life of a course: its facts beside the document, its draft, its reviews; hidden courses."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    hidden: sa.Column[bool] = sa.Column(
        "hidden", sa.Boolean(), server_default=sa.false(), nullable=False
    )
    op.add_column("courses", hidden)
    _make_facts()
    _make_drafts()
    _make_reviews()


def _make_facts() -> None:
    op.create_table(
        "course_facts",
        _number("course_id", key=True),
        _text("category"),
        sa.Column("level", sa.Text(), nullable=True),
        sa.Column(
            "objectives", sa.ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False
        ),
        sa.Column("hours", sa.Float(), nullable=True),
        _text("price"),
        _text("currency"),
        _text("term"),
        sa.Column("starts", sa.Date(), nullable=True),
        sa.Column("ends", sa.Date(), nullable=True),
        _now("changed_at"),
        sa.CheckConstraint("hours > 0", name=op.f("ck_course_facts_hours")),
        sa.CheckConstraint("starts <= ends", name=op.f("ck_course_facts_term")),
        _points_to("course_facts", "course_id", "courses"),
        sa.PrimaryKeyConstraint("course_id", name=op.f("pk_course_facts")),
    )
    op.create_index(op.f("ix_course_facts_category"), "course_facts", ["category"])


def _make_drafts() -> None:
    op.create_table(
        "course_drafts",
        _number("course_id", key=True),
        _text("document_sha"),
        _number("changed_by"),
        _now("changed_at"),
        _points_to("course_drafts", "course_id", "courses"),
        _points_to("course_drafts", "document_sha", "blobs", "sha256"),
        _points_to("course_drafts", "changed_by", "people"),
        sa.PrimaryKeyConstraint("course_id", name=op.f("pk_course_drafts")),
    )


def _make_reviews() -> None:
    states = "state IN ('waiting', 'approved', 'returned', 'withdrawn')"
    op.create_table(
        "course_reviews",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        _number("course_id"),
        _text("document_sha"),
        _number("check_id"),
        _text("message"),
        _number("asked_by"),
        _now("asked_at"),
        sa.Column("state", sa.Text(), server_default="waiting", nullable=False),
        sa.Column("reviewer", sa.BigInteger(), nullable=True),
        sa.Column("answer", sa.Text(), server_default="", nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=True),
        sa.CheckConstraint(states, name=op.f("ck_course_reviews_state")),
        _points_to("course_reviews", "course_id", "courses"),
        _points_to("course_reviews", "document_sha", "blobs", "sha256"),
        _points_to("course_reviews", "check_id", "checks"),
        _points_to("course_reviews", "asked_by", "people"),
        _points_to("course_reviews", "reviewer", "people"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_course_reviews")),
    )
    op.create_index(op.f("ix_course_reviews_course_id"), "course_reviews", ["course_id"])
    op.create_index(
        "uq_course_reviews_waiting",
        "course_reviews",
        ["course_id"],
        unique=True,
        postgresql_where=sa.text("state = 'waiting'"),
    )


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=False)


def _number(name: str, *, key: bool = False) -> sa.Column[int]:
    """A number that refers to a row elsewhere, `key` when it is this table's own key too."""
    return sa.Column(name, sa.BigInteger(), autoincrement=not key and "auto", nullable=False)


def _now(name: str) -> sa.Column[object]:
    moment = sa.DateTime(timezone=True)
    return sa.Column(name, moment, server_default=sa.text("now()"), nullable=False)


def _points_to(table: str, column: str, other: str, there: str = "id") -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}_{other}")
    return sa.ForeignKeyConstraint([column], [f"{other}.{there}"], name=name)
