"""Weights of final grades, exceptions from them, requests about a cell, certificates."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _make_categories()
    _make_items()
    _make_exceptions()
    _make_rules()
    _make_certificates()
    _make_requests()
    _make_messages()


def _make_categories() -> None:
    op.create_table(
        "grade_categories",
        _identity(),
        _number("course_id"),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("weight", sa.Float(), nullable=False),
        sa.Column("drop_lowest", sa.Integer(), nullable=False),
        sa.CheckConstraint("weight >= 0", name=op.f("ck_grade_categories_weight")),
        sa.CheckConstraint("drop_lowest >= 0", name=op.f("ck_grade_categories_drop_lowest")),
        _points_to("grade_categories", "course_id", "courses"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_grade_categories")),
        sa.UniqueConstraint("course_id", "name", name=op.f("uq_grade_categories_course_id_name")),
    )


def _make_items() -> None:
    op.create_table(
        "grade_items",
        _identity(),
        _number("course_id"),
        _number("category_id"),
        sa.Column("lesson", sa.Text(), nullable=False),
        sa.Column("quiz", sa.Text(), server_default="", nullable=False),
        _points_to("grade_items", "course_id", "courses"),
        sa.ForeignKeyConstraint(
            ["category_id"],
            ["grade_categories.id"],
            name=op.f("fk_grade_items_category_id_grade_categories"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_grade_items")),
        sa.UniqueConstraint(
            "course_id", "lesson", "quiz", name=op.f("uq_grade_items_course_id_lesson_quiz")
        ),
    )
    op.create_index(op.f("ix_grade_items_category_id"), "grade_items", ["category_id"])


def _make_exceptions() -> None:
    op.create_table(
        "grade_exceptions",
        _identity(),
        _number("course_id"),
        _number("person_id"),
        sa.Column("lesson", sa.Text(), nullable=False),
        sa.Column("quiz", sa.Text(), server_default="", nullable=False),
        sa.Column("excused", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("points", sa.Float(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        _number("made_by"),
        _now("made_at"),
        sa.CheckConstraint("excused <> (points IS NOT NULL)", name=op.f("ck_grade_exceptions_one")),
        _points_to("grade_exceptions", "course_id", "courses"),
        _points_to("grade_exceptions", "person_id", "people"),
        _points_to("grade_exceptions", "made_by", "people"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_grade_exceptions")),
        sa.UniqueConstraint(
            "course_id",
            "person_id",
            "lesson",
            "quiz",
            name=op.f("uq_grade_exceptions_course_id_person_id_lesson_quiz"),
        ),
    )


def _make_rules() -> None:
    op.create_table(
        "certificate_rules",
        sa.Column("course_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("pass_mark", sa.Float(), nullable=True),
        sa.Column("pass_mastery", sa.Float(), nullable=True),
        sa.Column("hours", sa.Float(), nullable=True),
        _now("changed_at"),
        _points_to("certificate_rules", "course_id", "courses"),
        sa.PrimaryKeyConstraint("course_id", name=op.f("pk_certificate_rules")),
    )


def _make_certificates() -> None:
    op.create_table(
        "certificates",
        _identity(),
        sa.Column("code", sa.Text(), nullable=False),
        _number("person_id"),
        _number("course_id"),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("hours", sa.Float(), nullable=True),
        _now("issued_at"),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("code ~ '^[2-9A-HJKMNP-Z]{16}$'", name=op.f("ck_certificates_code")),
        _points_to("certificates", "person_id", "people"),
        _points_to("certificates", "course_id", "courses"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificates")),
        sa.UniqueConstraint("code", name=op.f("uq_certificates_code")),
        sa.UniqueConstraint(
            "person_id", "course_id", name=op.f("uq_certificates_person_id_course_id")
        ),
    )


def _make_requests() -> None:
    op.create_table(
        "regrade_requests",
        _identity(),
        _number("course_id"),
        _number("person_id"),
        _number("submission_id"),
        sa.Column("grade_id", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), server_default=sa.text("'open'"), nullable=False),
        _now("created_at"),
        _now("changed_at"),
        sa.CheckConstraint(
            "state IN ('open', 'answered', 'settled')", name=op.f("ck_regrade_requests_state")
        ),
        _points_to("regrade_requests", "course_id", "courses"),
        _points_to("regrade_requests", "person_id", "people"),
        _points_to("regrade_requests", "submission_id", "submissions"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_regrade_requests")),
        sa.UniqueConstraint(
            "submission_id", "grade_id", name=op.f("uq_regrade_requests_submission_id_grade_id")
        ),
    )
    op.create_index(
        op.f("ix_regrade_requests_course_id_state_changed_at"),
        "regrade_requests",
        ["course_id", "state", "changed_at"],
    )
    op.create_index(
        op.f("ix_regrade_requests_person_id_course_id"),
        "regrade_requests",
        ["person_id", "course_id"],
    )


def _make_messages() -> None:
    op.create_table(
        "regrade_messages",
        _identity(),
        _number("request_id"),
        _number("author_id"),
        sa.Column("text", sa.Text(), nullable=False),
        _now("written_at"),
        _points_to("regrade_messages", "request_id", "regrade_requests"),
        _points_to("regrade_messages", "author_id", "people"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_regrade_messages")),
    )
    op.create_index(op.f("ix_regrade_messages_request_id"), "regrade_messages", ["request_id"])


def _identity() -> sa.Column[int]:
    return sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False)


def _number(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), nullable=False)


def _now(name: str) -> sa.Column[object]:
    moment = sa.DateTime(timezone=True)
    return sa.Column(name, moment, server_default=sa.text("now()"), nullable=False)


def _points_to(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}_{other}")
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=name)
