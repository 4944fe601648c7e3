"""Question banks, the quizzes made from them, and what was answered there."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

TEXTS = postgresql.ARRAY(sa.Text())
JSONB = postgresql.JSONB()


def upgrade() -> None:
    _make_questions()
    _make_versions()
    _make_quizzes()
    _make_attempts()
    _make_answers()


def _make_questions() -> None:
    name = "bank_questions"
    kinds = ("single", "multiple", "numeric", "short-text", "code-output", "ordering")
    op.create_table(
        name,
        _id(),
        sa.Column("course_id", sa.BigInteger(), nullable=True),
        sa.Column("owner_id", sa.BigInteger(), nullable=True),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("prompt", sa.Text(), nullable=False),
        sa.Column("concepts", TEXTS, nullable=False),
        sa.Column("difficulty", sa.Text(), nullable=True),
        sa.Column("points", sa.Float(), nullable=False),
        sa.Column("archived", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        _now("created_at"),
        _now("changed_at"),
        sa.CheckConstraint(
            "num_nonnulls(course_id, owner_id) = 1", name=op.f("ck_bank_questions_home")
        ),
        _one_of(name, "kind", kinds),
        _one_of(name, "difficulty", ("easy", "medium", "hard")),
        _points_to(name, "course_id", "courses"),
        _points_to(name, "owner_id", "people"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bank_questions")),
    )
    op.create_index(op.f("ix_bank_questions_course_id_id"), name, ["course_id", "id"])
    op.create_index(op.f("ix_bank_questions_owner_id_id"), name, ["owner_id", "id"])


def _make_versions() -> None:
    name = "bank_versions"
    op.create_table(
        name,
        _id(),
        sa.Column("question_id", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("content", JSONB, nullable=False),
        sa.Column("difficulty", sa.Text(), nullable=True),
        sa.Column("made_by", sa.BigInteger(), nullable=True),
        _now("made_at"),
        _points_to(name, "question_id", "bank_questions"),
        _points_to(name, "made_by", "people"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bank_versions")),
        sa.UniqueConstraint(
            "question_id", "number", name=op.f("uq_bank_versions_question_id_number")
        ),
    )


def _make_quizzes() -> None:
    name = "bank_quizzes"
    op.create_table(
        name,
        _id(),
        sa.Column("course_id", sa.BigInteger(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("lesson", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("picks", JSONB, nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("shuffled", sa.Boolean(), nullable=False),
        sa.Column("told", sa.Text(), nullable=False),
        _later("opens_at"),
        _later("closes_at"),
        sa.Column("zone", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        _now("created_at"),
        _one_of(name, "state", ("draft", "open", "archived")),
        _one_of(name, "told", ("attempt", "last", "closed", "never")),
        _points_to(name, "course_id", "courses"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bank_quizzes")),
        sa.UniqueConstraint("course_id", "key", name=op.f("uq_bank_quizzes_course_id_key")),
    )


def _make_attempts() -> None:
    name = "bank_attempts"
    empty = sa.text("'{}'")
    op.create_table(
        name,
        _id(),
        sa.Column("quiz_id", sa.BigInteger(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("seed", sa.Text(), nullable=False),
        sa.Column("questions", JSONB, nullable=False),
        sa.Column("concepts", TEXTS, nullable=False),
        sa.Column("counts", sa.Boolean(), nullable=False),
        sa.Column("idempotency_key", sa.Text(), nullable=False),
        _now("started_at"),
        _later("deadline"),
        sa.Column("answers", JSONB, server_default=empty, nullable=False),
        sa.Column("spent", JSONB, server_default=empty, nullable=False),
        _later("saved_at"),
        _later("submitted_at"),
        sa.Column("by_time", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("points", sa.Float(), nullable=True),
        sa.Column("max_points", sa.Float(), nullable=False),
        _points_to(name, "quiz_id", "bank_quizzes"),
        _points_to(name, "person_id", "people"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bank_attempts")),
        sa.UniqueConstraint(
            "quiz_id",
            "person_id",
            "attempt",
            name=op.f("uq_bank_attempts_quiz_id_person_id_attempt"),
        ),
        sa.UniqueConstraint(
            "person_id",
            "idempotency_key",
            name=op.f("uq_bank_attempts_person_id_idempotency_key"),
        ),
    )
    still_open = sa.text("submitted_at IS NULL")
    op.create_index(
        "uq_bank_attempts_open",
        name,
        ["quiz_id", "person_id"],
        unique=True,
        postgresql_where=still_open,
    )
    op.create_index("ix_bank_attempts_overdue", name, ["deadline"], postgresql_where=still_open)


def _make_answers() -> None:
    name = "bank_answers"
    op.create_table(
        name,
        _id(),
        sa.Column("attempt_id", sa.BigInteger(), nullable=False),
        sa.Column("question_id", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("answer", JSONB, nullable=False),
        sa.Column("points", sa.Float(), nullable=False),
        sa.Column("max_points", sa.Float(), nullable=False),
        sa.Column("seconds", sa.Float(), nullable=True),
        _points_to(name, "attempt_id", "bank_attempts"),
        _points_to(name, "question_id", "bank_questions"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bank_answers")),
        sa.UniqueConstraint(
            "attempt_id", "question_id", name=op.f("uq_bank_answers_attempt_id_question_id")
        ),
    )
    op.create_index(op.f("ix_bank_answers_question_id_number"), name, ["question_id", "number"])


def _id() -> sa.Column[int]:
    return sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False)


def _now(name: str) -> sa.Column[object]:
    moment = sa.DateTime(timezone=True)
    return sa.Column(name, moment, server_default=sa.text("now()"), nullable=False)


def _later(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=True)


def _one_of(table: str, column: str, values: tuple[str, ...]) -> sa.CheckConstraint:
    listed = ", ".join(f"'{value}'" for value in values)
    return sa.CheckConstraint(f"{column} IN ({listed})", name=op.f(f"ck_{table}_{column}"))


def _points_to(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}_{other}")
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=name)
