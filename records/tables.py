"""Every table, as typed columns. Times are the server's, with zone; migrations/ makes them all."""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    UniqueConstraint,
    false,
    text,
    true,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from coursewright.records import logs
from coursewright.records.answered_tables import AnsweredRequest
from coursewright.records.bank_tables import (
    BankAnswer,
    BankAttempt,
    BankQuestion,
    BankQuiz,
    BankVersion,
)
from coursewright.records.checks_tables import CHECK_STATES, Check, CheckPlace
from coursewright.records.classroom_tables import Effort, HeldLesson, Presence
from coursewright.records.columns import Key, Now, Number, Table, one_of
from coursewright.records.copies_tables import Copy
from coursewright.records.generation_tables import (
    GENERATION_STATES,
    PROVIDERS,
    Generation,
    GenerationCall,
    GenerationPiece,
    GenerationStep,
)
from coursewright.records.grade_tables import (
    REQUEST_STATES,
    Certificate,
    CertificateRule,
    GradeCategory,
    GradeException,
    GradeItem,
    RegradeMessage,
    RegradeRequest,
)
from coursewright.records.joining_tables import FeedbackRead, JoinCode, WrongCodes
from coursewright.records.message_tables import Message, MessageCopy
from coursewright.records.quiz_tables import QuizAttempt, QuizOrder
from coursewright.records.roster_tables import InLine, Places, Section, SectionAssistant
from coursewright.records.rule_tables import (
    PROPOSAL_STATES,
    REGRADE_STATES,
    Accommodation,
    CalendarFeed,
    CodeQuality,
    Deadline,
    ExtensionRow,
    Mark,
    Proposal,
    Regrade,
    RubricItem,
)
from coursewright.records.server_tables import CourseServer
from coursewright.records.settings_tables import BUDGET_KINDS, Budget, Deactivation, SettingRow
from coursewright.records.statement_tables import StatementAside, StatementFeed
from coursewright.records.term_tables import (
    REVIEW_STATES,
    CourseDraft,
    CourseFacts,
    CourseReview,
    MeetingRow,
)
from coursewright.records.version_tables import LessonVersion

__all__ = [
    "BUDGET_KINDS", "CHECK_STATES", "COURSE_STATES", "GENERATION_STATES", "LEVELS", "MODES",
    "PROPOSAL_STATES", "PROVIDERS", "REGRADE_STATES", "REQUEST_STATES", "REVIEW_STATES", "ROLES",
    "STATUSES", "SUBMISSION_STATES", "Accommodation", "AnsweredRequest", "BankAnswer",
    "BankAttempt", "BankQuestion", "BankQuiz", "BankVersion", "Blob", "Budget", "CalendarFeed",
    "Certificate", "CertificateRule", "Check", "CheckPlace", "CodeQuality", "Copy", "CourseDraft",
    "CourseFacts", "CourseReview", "CourseRow", "CourseServer", "CourseVersion", "Deactivation",
    "Deadline", "Effort", "Enrolment", "Event", "ExerciseRow", "ExtensionRow", "Feedback",
    "FeedbackRead", "Generation", "GenerationCall", "GenerationPiece", "GenerationStep",
    "GradeCategory", "GradeException", "GradeItem", "Grading", "HeldLesson", "InLine", "JoinCode",
    "LessonVersion", "Mark", "Mastery", "MeetingRow", "Message", "MessageCopy", "Person", "Places",
    "Presence", "Proposal", "QuizAttempt", "QuizOrder", "Regrade", "RegradeMessage",
    "RegradeRequest", "RubricItem", "Score", "Section", "SectionAssistant", "SettingRow",
    "StatementAside", "StatementFeed", "Submission", "Table", "WrongCodes",
]  # fmt: skip

LEVELS = ("beginner", "intermediate", "advanced")
COURSE_STATES = ("draft", "in_review", "published", "archived")
ROLES = ("student", "assistant", "instructor")
SUBMISSION_STATES = ("received", "graded", "failed")
MODES = ("shared", "isolated")
STATUSES = ("passed", "failed", "partial", "manual", "error", "timeout")


class Person(Table):
    """Someone whom the Hub signed in; `name` is the Hub's."""

    __tablename__ = "people"

    id: Mapped[Key]
    name: Mapped[str] = mapped_column(unique=True)
    display_name: Mapped[str]
    created_at: Mapped[Now]


class Blob(Table):
    """Bytes kept once, under their SHA-256 in lower-case hexadecimal."""

    __tablename__ = "blobs"
    __table_args__ = (
        CheckConstraint("sha256 ~ '^[0-9a-f]{64}$'", name="sha256"),
        CheckConstraint("size = octet_length(content)", name="size"),
    )

    sha256: Mapped[str] = mapped_column(primary_key=True)
    size: Mapped[Number]
    content: Mapped[bytes]
    created_at: Mapped[Now]


class CourseRow(Table):
    """A course as the catalogue shows it. One that is not `open` is joined with a code only.

    One that is `hidden` is not even joined with a code.
    """

    __tablename__ = "courses"
    __table_args__ = (one_of("level", LEVELS), one_of("state", COURSE_STATES))

    id: Mapped[Key]
    key: Mapped[str] = mapped_column(unique=True)
    title: Mapped[str]
    summary: Mapped[str]
    level: Mapped[str]
    state: Mapped[str] = mapped_column(server_default="draft")
    open: Mapped[bool] = mapped_column(server_default=true())
    hidden: Mapped[bool] = mapped_column(server_default=false())
    created_at: Mapped[Now]


class CourseVersion(Table):
    """One published state of a course; never changed. `lessons` counts them."""

    __tablename__ = "course_versions"
    __table_args__ = (UniqueConstraint("course_id", "number"),)

    id: Mapped[Key]
    course_id: Mapped[Number] = mapped_column(ForeignKey("courses.id"))
    number: Mapped[int]
    lessons: Mapped[int]
    document_sha: Mapped[str] = mapped_column(ForeignKey("blobs.sha256"))
    student_sha: Mapped[str] = mapped_column(ForeignKey("blobs.sha256"))
    message: Mapped[str]
    published_by: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("people.id"))
    published_at: Mapped[Now]


class Enrolment(Table):
    """Who belongs to a course, as what, and in which section; `label` names a group of people."""

    __tablename__ = "enrolments"
    __table_args__ = (
        UniqueConstraint("person_id", "course_id"),
        Index(None, "course_id"),
        Index(None, "section_id"),
        one_of("role", ROLES),
    )

    id: Mapped[Key]
    person_id: Mapped[Number] = mapped_column(ForeignKey("people.id"))
    course_id: Mapped[Number] = mapped_column(ForeignKey("courses.id"))
    role: Mapped[str]
    created_at: Mapped[Now]
    label: Mapped[str | None]
    section_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("sections.id"))


class ExerciseRow(Table):
    """An exercise of a version, so that scores can be shown without reading the document.

    nbgrader's grade_ids, which the keys are, are unique in a notebook, not in a course.
    """

    __tablename__ = "exercises"
    __table_args__ = (UniqueConstraint("version_id", "lesson", "key"),)

    id: Mapped[Key]
    version_id: Mapped[Number] = mapped_column(ForeignKey("course_versions.id"))
    lesson: Mapped[str]
    key: Mapped[str]
    title: Mapped[str]
    position: Mapped[int]
    points: Mapped[float]
    concepts: Mapped[list[str]]


class Submission(Table):
    """A notebook handed in; `attempt` counts from 1 for a person and a lesson."""

    __tablename__ = "submissions"
    __table_args__ = (
        UniqueConstraint("person_id", "idempotency_key"),
        UniqueConstraint("person_id", "course_id", "lesson", "attempt"),
        Index(None, "course_id", "lesson"),
        Index("ix_submissions_waiting", "received_at", postgresql_where=text("state = 'received'")),
        Index("ix_submissions_failed", "id", postgresql_where=text("state = 'failed'")),
        one_of("state", SUBMISSION_STATES),
    )

    id: Mapped[Key]
    person_id: Mapped[Number] = mapped_column(ForeignKey("people.id"))
    course_id: Mapped[Number] = mapped_column(ForeignKey("courses.id"))
    version_id: Mapped[Number] = mapped_column(ForeignKey("course_versions.id"))
    lesson: Mapped[str]
    attempt: Mapped[int]
    notebook_sha: Mapped[str] = mapped_column(ForeignKey("blobs.sha256"))
    idempotency_key: Mapped[str]
    state: Mapped[str] = mapped_column(server_default="received")
    received_at: Mapped[Now]


class Grading(Table):
    """One run of the grader over a submission; the last `number` counts. `seconds`: wall time."""

    __tablename__ = "gradings"
    __table_args__ = (
        UniqueConstraint("submission_id", "number"),
        Index(None, "graded_at"),
        one_of("mode", MODES),
    )

    id: Mapped[Key]
    submission_id: Mapped[Number] = mapped_column(ForeignKey("submissions.id"))
    number: Mapped[int]
    mode: Mapped[str | None]
    points: Mapped[float]
    max_points: Mapped[float]
    seconds: Mapped[float]
    repairs: Mapped[list[Any]] = mapped_column(JSONB, server_default=text("'[]'"))
    error: Mapped[str | None]
    graded_at: Mapped[Now]
    # Of the request that led to it, a hand-in or a mark.
    request_id: Mapped[str | None] = mapped_column(default=logs.request_id)


class Score(Table):
    """What one graded cell earned; `promises` are the numbers that its tests stand for."""

    __tablename__ = "scores"
    __table_args__ = (
        UniqueConstraint("grading_id", "grade_id"),
        one_of("status", STATUSES),
        # Few of all: what waits for a person.
        Index("ix_scores_manual", "grading_id", postgresql_where=text("status = 'manual'")),
    )

    id: Mapped[Key]
    grading_id: Mapped[Number] = mapped_column(ForeignKey("gradings.id"))
    position: Mapped[int]
    grade_id: Mapped[str]
    exercise: Mapped[str | None]
    points: Mapped[float]
    max_points: Mapped[float]
    status: Mapped[str]
    message: Mapped[str]
    promises: Mapped[list[int]]


class Feedback(Table):
    """The page that a grading shows to its student.

    `outputs_sha`: what the cells showed when they were graded, JSON by cell id.
    """

    __tablename__ = "feedback"

    grading_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("gradings.id"), primary_key=True, autoincrement=False
    )
    html_sha: Mapped[str] = mapped_column(ForeignKey("blobs.sha256"))
    outputs_sha: Mapped[str | None] = mapped_column(ForeignKey("blobs.sha256"))


class Mastery(Table):
    """How well a person commands a concept, from 0 to 100, and what says so."""

    __tablename__ = "mastery"
    __table_args__ = (
        UniqueConstraint("person_id", "course_id", "concept"),
        CheckConstraint("score BETWEEN 0 AND 100", name="score"),
    )

    id: Mapped[Key]
    person_id: Mapped[Number] = mapped_column(ForeignKey("people.id"))
    course_id: Mapped[Number] = mapped_column(ForeignKey("courses.id"))
    concept: Mapped[str]
    score: Mapped[float]
    evidence: Mapped[dict[str, Any]]
    updated_at: Mapped[Now]


class Event(Table):
    """What happened: who, what, on what, when. A trigger refuses to change or to delete it."""

    __tablename__ = "events"
    __table_args__ = (
        Index("ix_events_person_id_at", "person_id", "at"),
        Index("ix_events_audit", "at", postgresql_where=text("name LIKE 'audit.%'")),
        Index("ix_events_audit_id", "id", postgresql_where=text("name LIKE 'audit.%'")),
        Index(
            "ix_events_audit_request",
            "request_id",
            postgresql_where=text("name LIKE 'audit.%' AND request_id IS NOT NULL"),
        ),
        Index(None, "name", "id"),
        Index(
            "ix_events_hints",
            "person_id",
            "object",
            postgresql_where=text("name = 'exercise.hint'"),
        ),
        Index(
            "ix_events_looks",
            text("(detail ->> 'of')"),
            "object",
            "id",
            postgresql_where=text("name = 'audit.viewed'"),
        ),
    )

    id: Mapped[Key]
    at: Mapped[Now]
    person_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("people.id"))
    name: Mapped[str]
    object: Mapped[str] = mapped_column(server_default="")
    detail: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'"))
    request_id: Mapped[str | None]
