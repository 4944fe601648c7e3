"""Quizzes: attempts by lesson and exactly once, and each person's own order.

Attempts were never written before this release; of one that somebody put there by hand, the course
is its version's and the lesson is not known.
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

ATTEMPTS = "quiz_attempts"
ORDERS = "quiz_orders"


def upgrade() -> None:
    _extend_attempts()
    _make_orders()


def _extend_attempts() -> None:
    for column in (
        sa.Column("course_id", sa.BigInteger()),
        sa.Column("lesson", sa.Text(), server_default=""),
        sa.Column("counts", sa.Boolean(), server_default=sa.true()),
        sa.Column("idempotency_key", sa.Text()),
    ):
        op.add_column(ATTEMPTS, column)
    op.execute(
        "UPDATE quiz_attempts SET idempotency_key = 'before-0005-' || quiz_attempts.id, "
        "course_id = course_versions.course_id FROM course_versions "
        "WHERE course_versions.id = quiz_attempts.version_id"
    )
    for name in ("course_id", "lesson", "counts", "idempotency_key"):
        op.alter_column(ATTEMPTS, name, nullable=False, server_default=None)
    op.create_foreign_key(
        op.f("fk_quiz_attempts_course_id_courses"), ATTEMPTS, "courses", ["course_id"], ["id"]
    )
    op.drop_constraint(op.f("uq_quiz_attempts_person_id_version_id_quiz_attempt"), ATTEMPTS)
    for columns in (
        ("person_id", "course_id", "lesson", "quiz", "attempt"),
        ("person_id", "idempotency_key"),
    ):
        name = op.f(f"uq_quiz_attempts_{'_'.join(columns)}")
        op.create_unique_constraint(name, ATTEMPTS, list(columns))


def _make_orders() -> None:
    op.create_table(
        ORDERS,
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("course_id", sa.BigInteger(), nullable=False),
        sa.Column("lesson", sa.Text(), nullable=False),
        sa.Column("quiz", sa.Text(), nullable=False),
        sa.Column("seed", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_quiz_orders_person_id_people")
        ),
        sa.ForeignKeyConstraint(
            ["course_id"], ["courses.id"], name=op.f("fk_quiz_orders_course_id_courses")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quiz_orders")),
        sa.UniqueConstraint(
            "person_id",
            "course_id",
            "lesson",
            "quiz",
            name=op.f("uq_quiz_orders_person_id_course_id_lesson_quiz"),
        ),
    )
