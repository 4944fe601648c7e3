"""The tables, the append-only log of events, and the queue's own tables."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from procrastinate.schema import SchemaManager
from sqlalchemy.dialects.postgresql import JSONB

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

# The number of an event wakes the live pages; they read the rest from the table.
TRIGGERS = """
CREATE FUNCTION coursewright_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is only ever added to: % is refused', TG_TABLE_NAME, TG_OP
        USING ERRCODE = 'restrict_violation';
END $$;

CREATE TRIGGER events_kept BEFORE UPDATE OR DELETE ON events
    FOR EACH ROW EXECUTE FUNCTION coursewright_refuse_change();
CREATE TRIGGER events_kept_whole BEFORE TRUNCATE ON events
    FOR EACH STATEMENT EXECUTE FUNCTION coursewright_refuse_change();
CREATE TRIGGER course_versions_kept BEFORE UPDATE ON course_versions
    FOR EACH ROW EXECUTE FUNCTION coursewright_refuse_change();
CREATE TRIGGER blobs_kept BEFORE UPDATE ON blobs
    FOR EACH ROW EXECUTE FUNCTION coursewright_refuse_change();

CREATE FUNCTION coursewright_tell_event() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('coursewright_events', NEW.id::text);
    RETURN NULL;
END $$;

CREATE TRIGGER events_told AFTER INSERT ON events
    FOR EACH ROW EXECUTE FUNCTION coursewright_tell_event();
"""


def upgrade() -> None:
    _make_people()
    _make_blobs()
    _make_courses()
    _make_course_versions()
    _make_enrolments()
    _make_exercises()
    _make_submissions()
    _make_gradings()
    _make_scores()
    _make_feedback()
    _make_mastery()
    _make_quiz_attempts()
    _make_events()
    _run(TRIGGERS)
    # The library's schema of the release that setup.cfg asks for; a later one of its releases
    # with another schema gets a revision of ours that runs the library's migration files.
    _run(SchemaManager.get_schema())


def _run(script: str) -> None:
    # Several statements at once need the driver's own cursor.
    connection = op.get_bind().connection.driver_connection
    if connection is None:
        raise RuntimeError("the connection is closed")
    connection.execute(script)


def key() -> sa.Column[Any]:
    return sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False)


def now(name: str) -> sa.Column[Any]:
    moment = sa.DateTime(timezone=True)
    return sa.Column(name, moment, server_default=sa.text("now()"), nullable=False)


def _make_people() -> None:
    op.create_table(
        "people",
        key(),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("display_name", sa.Text(), nullable=False),
        now("created_at"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_people")),
        sa.UniqueConstraint("name", name=op.f("uq_people_name")),
    )


def _make_blobs() -> None:
    op.create_table(
        "blobs",
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        now("created_at"),
        sa.CheckConstraint("sha256 ~ '^[0-9a-f]{64}$'", name=op.f("ck_blobs_sha256")),
        sa.CheckConstraint("size = octet_length(content)", name=op.f("ck_blobs_size")),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_blobs")),
    )


def _make_courses() -> None:
    op.create_table(
        "courses",
        key(),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), server_default="draft", nullable=False),
        now("created_at"),
        sa.CheckConstraint(
            "level IN ('beginner', 'intermediate', 'advanced')", name=op.f("ck_courses_level")
        ),
        sa.CheckConstraint(
            "state IN ('draft', 'in_review', 'published', 'archived')",
            name=op.f("ck_courses_state"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_courses")),
        sa.UniqueConstraint("key", name=op.f("uq_courses_key")),
    )


def _make_course_versions() -> None:
    op.create_table(
        "course_versions",
        key(),
        sa.Column("course_id", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("lessons", sa.Integer(), nullable=False),
        sa.Column("document_sha", sa.Text(), nullable=False),
        sa.Column("student_sha", sa.Text(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("published_by", sa.BigInteger(), nullable=True),
        now("published_at"),
        sa.ForeignKeyConstraint(
            ["course_id"], ["courses.id"], name=op.f("fk_course_versions_course_id_courses")
        ),
        sa.ForeignKeyConstraint(
            ["document_sha"], ["blobs.sha256"], name=op.f("fk_course_versions_document_sha_blobs")
        ),
        sa.ForeignKeyConstraint(
            ["published_by"], ["people.id"], name=op.f("fk_course_versions_published_by_people")
        ),
        sa.ForeignKeyConstraint(
            ["student_sha"], ["blobs.sha256"], name=op.f("fk_course_versions_student_sha_blobs")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_course_versions")),
        sa.UniqueConstraint(
            "course_id", "number", name=op.f("uq_course_versions_course_id_number")
        ),
    )


def _make_enrolments() -> None:
    op.create_table(
        "enrolments",
        key(),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("course_id", sa.BigInteger(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        now("created_at"),
        sa.CheckConstraint(
            "role IN ('student', 'assistant', 'instructor')", name=op.f("ck_enrolments_role")
        ),
        sa.ForeignKeyConstraint(
            ["course_id"], ["courses.id"], name=op.f("fk_enrolments_course_id_courses")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_enrolments_person_id_people")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enrolments")),
        sa.UniqueConstraint(
            "person_id", "course_id", name=op.f("uq_enrolments_person_id_course_id")
        ),
    )
    op.create_index(op.f("ix_enrolments_course_id"), "enrolments", ["course_id"])


def _make_exercises() -> None:
    op.create_table(
        "exercises",
        key(),
        sa.Column("version_id", sa.BigInteger(), nullable=False),
        sa.Column("lesson", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("points", sa.Double(), nullable=False),
        sa.Column("concepts", sa.ARRAY(sa.Text()), nullable=False),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["course_versions.id"],
            name=op.f("fk_exercises_version_id_course_versions"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exercises")),
        sa.UniqueConstraint(
            "version_id", "lesson", "key", name=op.f("uq_exercises_version_id_lesson_key")
        ),
    )


def _make_submissions() -> None:
    op.create_table(
        "submissions",
        key(),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("course_id", sa.BigInteger(), nullable=False),
        sa.Column("version_id", sa.BigInteger(), nullable=False),
        sa.Column("lesson", sa.Text(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("notebook_sha", sa.Text(), nullable=False),
        sa.Column("idempotency_key", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), server_default="received", nullable=False),
        now("received_at"),
        sa.CheckConstraint(
            "state IN ('received', 'graded', 'failed')", name=op.f("ck_submissions_state")
        ),
        sa.ForeignKeyConstraint(
            ["course_id"], ["courses.id"], name=op.f("fk_submissions_course_id_courses")
        ),
        sa.ForeignKeyConstraint(
            ["notebook_sha"], ["blobs.sha256"], name=op.f("fk_submissions_notebook_sha_blobs")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_submissions_person_id_people")
        ),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["course_versions.id"],
            name=op.f("fk_submissions_version_id_course_versions"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_submissions")),
        sa.UniqueConstraint(
            "person_id",
            "course_id",
            "lesson",
            "attempt",
            name=op.f("uq_submissions_person_id_course_id_lesson_attempt"),
        ),
        sa.UniqueConstraint(
            "person_id", "idempotency_key", name=op.f("uq_submissions_person_id_idempotency_key")
        ),
    )
    op.create_index(op.f("ix_submissions_course_id_lesson"), "submissions", ["course_id", "lesson"])
    op.create_index(
        "ix_submissions_waiting",
        "submissions",
        ["received_at"],
        postgresql_where=sa.text("state = 'received'"),
    )


def _make_gradings() -> None:
    op.create_table(
        "gradings",
        key(),
        sa.Column("submission_id", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("mode", sa.Text(), nullable=True),
        sa.Column("points", sa.Double(), nullable=False),
        sa.Column("max_points", sa.Double(), nullable=False),
        sa.Column("seconds", sa.Double(), nullable=False),
        sa.Column("repairs", JSONB(), server_default=sa.text("'[]'"), nullable=False),
        sa.Column("error", sa.Text(), nullable=True),
        now("graded_at"),
        sa.CheckConstraint("mode IN ('shared', 'isolated')", name=op.f("ck_gradings_mode")),
        sa.ForeignKeyConstraint(
            ["submission_id"],
            ["submissions.id"],
            name=op.f("fk_gradings_submission_id_submissions"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gradings")),
        sa.UniqueConstraint(
            "submission_id", "number", name=op.f("uq_gradings_submission_id_number")
        ),
    )


def _make_scores() -> None:
    op.create_table(
        "scores",
        key(),
        sa.Column("grading_id", sa.BigInteger(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("grade_id", sa.Text(), nullable=False),
        sa.Column("exercise", sa.Text(), nullable=True),
        sa.Column("points", sa.Double(), nullable=False),
        sa.Column("max_points", sa.Double(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("promises", sa.ARRAY(sa.Integer()), nullable=False),
        sa.CheckConstraint(
            "status IN ('passed', 'failed', 'partial', 'manual', 'error', 'timeout')",
            name=op.f("ck_scores_status"),
        ),
        sa.ForeignKeyConstraint(
            ["grading_id"], ["gradings.id"], name=op.f("fk_scores_grading_id_gradings")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scores")),
        sa.UniqueConstraint("grading_id", "grade_id", name=op.f("uq_scores_grading_id_grade_id")),
    )


def _make_feedback() -> None:
    op.create_table(
        "feedback",
        sa.Column("grading_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("html_sha", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["grading_id"], ["gradings.id"], name=op.f("fk_feedback_grading_id_gradings")
        ),
        sa.ForeignKeyConstraint(
            ["html_sha"], ["blobs.sha256"], name=op.f("fk_feedback_html_sha_blobs")
        ),
        sa.PrimaryKeyConstraint("grading_id", name=op.f("pk_feedback")),
    )


def _make_mastery() -> None:
    op.create_table(
        "mastery",
        key(),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("course_id", sa.BigInteger(), nullable=False),
        sa.Column("concept", sa.Text(), nullable=False),
        sa.Column("score", sa.Double(), nullable=False),
        sa.Column("evidence", JSONB(), nullable=False),
        now("updated_at"),
        sa.CheckConstraint("score BETWEEN 0 AND 1", name=op.f("ck_mastery_score")),
        sa.ForeignKeyConstraint(
            ["course_id"], ["courses.id"], name=op.f("fk_mastery_course_id_courses")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_mastery_person_id_people")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mastery")),
        sa.UniqueConstraint(
            "person_id", "course_id", "concept", name=op.f("uq_mastery_person_id_course_id_concept")
        ),
    )


def _make_quiz_attempts() -> None:
    op.create_table(
        "quiz_attempts",
        key(),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("version_id", sa.BigInteger(), nullable=False),
        sa.Column("quiz", sa.Text(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("answers", JSONB(), nullable=False),
        sa.Column("points", sa.Double(), nullable=True),
        sa.Column("max_points", sa.Double(), nullable=False),
        now("started_at"),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_quiz_attempts_person_id_people")
        ),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["course_versions.id"],
            name=op.f("fk_quiz_attempts_version_id_course_versions"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quiz_attempts")),
        sa.UniqueConstraint(
            "person_id",
            "version_id",
            "quiz",
            "attempt",
            name=op.f("uq_quiz_attempts_person_id_version_id_quiz_attempt"),
        ),
    )


def _make_events() -> None:
    op.create_table(
        "events",
        key(),
        now("at"),
        sa.Column("person_id", sa.BigInteger(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("object", sa.Text(), server_default="", nullable=False),
        sa.Column("detail", JSONB(), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("request_id", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_events_person_id_people")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_events")),
    )
    op.create_index(
        "ix_events_audit", "events", ["at"], postgresql_where=sa.text("name LIKE 'audit.%'")
    )
    op.create_index(op.f("ix_events_name_id"), "events", ["name", "id"])
