"""What the rules about scores need: mastery to 100, quality, deadlines, regrades, marks."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _make_code_quality()
    _stretch_mastery()
    op.add_column("enrolments", words("label", nullable=True))
    _make_deadlines()
    _make_extensions()
    _make_regrades()
    _make_proposals()
    _make_rubric_items()
    _make_marks()


def key() -> sa.Column[Any]:
    return sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False)


def number(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.BigInteger(), nullable=nullable)


def words(name: str, *, nullable: bool = False, default: str | None = None) -> sa.Column[Any]:
    return sa.Column(name, sa.Text(), server_default=default, nullable=nullable)


def moment(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=True)


def now(name: str) -> sa.Column[Any]:
    moment = sa.DateTime(timezone=True)
    return sa.Column(name, moment, server_default=sa.text("now()"), nullable=False)


def points_to(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}_{other}")
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=name)


def unique(table: str, *columns: str) -> sa.UniqueConstraint:
    return sa.UniqueConstraint(*columns, name=op.f(f"uq_{table}_{'_'.join(columns)}"))


def primary(table: str) -> sa.PrimaryKeyConstraint:
    return sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}"))


def _make_code_quality() -> None:
    op.create_table(
        "code_quality",
        key(),
        number("grading_id"),
        words("exercise"),
        sa.Column("findings", sa.ARRAY(sa.Text()), nullable=False),
        points_to("code_quality", "grading_id", "gradings"),
        primary("code_quality"),
        unique("code_quality", "grading_id", "exercise"),
    )


def _stretch_mastery() -> None:
    op.drop_constraint(op.f("ck_mastery_score"), "mastery", type_="check")
    op.execute("UPDATE mastery SET score = score * 100")
    op.create_check_constraint(op.f("ck_mastery_score"), "mastery", "score BETWEEN 0 AND 100")


def _make_deadlines() -> None:
    op.create_table(
        "deadlines",
        key(),
        number("course_id"),
        words("lesson"),
        moment("due"),
        words("zone"),
        sa.Column("grace_minutes", sa.Integer(), nullable=False),
        sa.Column("penalty_per_day", sa.Double(), nullable=False),
        sa.Column("penalty_cap", sa.Double(), nullable=False),
        moment("cut_off"),
        sa.Column("attempts", sa.Integer(), nullable=True),
        now("changed_at"),
        points_to("deadlines", "course_id", "courses"),
        primary("deadlines"),
        unique("deadlines", "course_id", "lesson"),
    )


def _make_extensions() -> None:
    op.create_table(
        "extensions",
        key(),
        number("course_id"),
        words("lesson"),
        number("person_id", nullable=True),
        words("label", nullable=True),
        moment("due"),
        moment("cut_off"),
        sa.Column("extra_attempts", sa.Integer(), nullable=False),
        words("reason"),
        now("created_at"),
        sa.CheckConstraint(
            "(person_id IS NULL) <> (label IS NULL)", name=op.f("ck_extensions_whose")
        ),
        points_to("extensions", "course_id", "courses"),
        points_to("extensions", "person_id", "people"),
        primary("extensions"),
        unique("extensions", "course_id", "lesson", "person_id"),
        unique("extensions", "course_id", "lesson", "label"),
    )


def _make_regrades() -> None:
    op.create_table(
        "regrades",
        key(),
        number("course_id"),
        words("lesson", nullable=True),
        number("person_id", nullable=True),
        words("grade_id", nullable=True),
        words("state", default="open"),
        number("requested_by", nullable=True),
        now("created_at"),
        moment("settled_at"),
        sa.CheckConstraint(
            "state IN ('open', 'applied', 'discarded')", name=op.f("ck_regrades_state")
        ),
        points_to("regrades", "course_id", "courses"),
        points_to("regrades", "person_id", "people"),
        points_to("regrades", "requested_by", "people"),
        primary("regrades"),
    )
    op.create_index(op.f("ix_regrades_course_id"), "regrades", ["course_id"])


def _make_proposals() -> None:
    op.create_table(
        "proposals",
        key(),
        number("regrade_id"),
        number("submission_id"),
        number("version_id"),
        sa.Column("base", sa.Integer(), nullable=False),
        words("state", default="waiting"),
        sa.Column("result", JSONB(), nullable=True),
        sa.Column("findings", JSONB(), server_default=sa.text("'{}'"), nullable=False),
        words("html_sha", nullable=True),
        words("error", nullable=True),
        sa.CheckConstraint(
            "state IN ('waiting', 'proposed', 'failed', 'applied', 'outdated', 'discarded')",
            name=op.f("ck_proposals_state"),
        ),
        points_to("proposals", "regrade_id", "regrades"),
        points_to("proposals", "submission_id", "submissions"),
        points_to("proposals", "version_id", "course_versions"),
        sa.ForeignKeyConstraint(
            ["html_sha"], ["blobs.sha256"], name=op.f("fk_proposals_html_sha_blobs")
        ),
        primary("proposals"),
        unique("proposals", "regrade_id", "submission_id"),
    )


def _make_rubric_items() -> None:
    op.create_table(
        "rubric_items",
        key(),
        number("course_id"),
        words("lesson"),
        words("grade_id"),
        words("label"),
        sa.Column("points", sa.Double(), nullable=False),
        now("created_at"),
        points_to("rubric_items", "course_id", "courses"),
        primary("rubric_items"),
    )
    columns = ["course_id", "lesson", "grade_id"]
    op.create_index(op.f(f"ix_rubric_items_{'_'.join(columns)}"), "rubric_items", columns)


def _make_marks() -> None:
    op.create_table(
        "marks",
        key(),
        number("submission_id"),
        words("grade_id"),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("counts", sa.Boolean(), nullable=False),
        sa.Column("items", sa.ARRAY(sa.BigInteger()), nullable=False),
        sa.Column("adjustment", sa.Double(), nullable=False),
        words("comment"),
        number("marked_by"),
        now("marked_at"),
        points_to("marks", "submission_id", "submissions"),
        points_to("marks", "marked_by", "people"),
        primary("marks"),
        unique("marks", "submission_id", "grade_id", "number"),
    )
