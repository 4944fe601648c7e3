"""The tables of question banks, and of the quizzes that are made from them.

Import them from records/tables.py, which has them all.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from coursewright.records.columns import Key, Later, Now, Number, Table, one_of
from coursewright.records.course import KINDS

DIFFICULTIES = ("easy", "medium", "hard")
QUIZ_STATES = ("draft", "open", "archived")
# When right answers are told: after each attempt, after the last one, after the quiz has closed.
TOLD = ("attempt", "last", "closed", "never")


class BankQuestion(Table):
    """A question in the bank of a course, or in a person's own; `number` is its newest version.

    What a list is searched by stands here as the newest version has it.
    """

    __tablename__ = "bank_questions"
    __table_args__ = (
        CheckConstraint("num_nonnulls(course_id, owner_id) = 1", name="home"),
        one_of("kind", KINDS),
        one_of("difficulty", DIFFICULTIES),
        Index(None, "course_id", "id"),
        Index(None, "owner_id", "id"),
    )

    id: Mapped[Key]
    course_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("courses.id"))
    owner_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("people.id"))
    number: Mapped[int]
    kind: Mapped[str]
    prompt: Mapped[str]
    concepts: Mapped[list[str]]
    difficulty: Mapped[str | None]
    points: Mapped[float]
    archived: Mapped[bool] = mapped_column(server_default=text("false"))
    created_at: Mapped[Now]
    changed_at: Mapped[Now]


class BankVersion(Table):
    """What a question was from one change to the next; never changed itself."""

    __tablename__ = "bank_versions"
    __table_args__ = (UniqueConstraint("question_id", "number"),)

    id: Mapped[Key]
    question_id: Mapped[Number] = mapped_column(ForeignKey("bank_questions.id"))
    number: Mapped[int]
    content: Mapped[dict[str, Any]]
    difficulty: Mapped[str | None]
    made_by: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("people.id"))
    made_at: Mapped[Now]


class BankQuiz(Table):
    """A quiz of questions from the course's bank.

    `picks`: `{"question": id}`, or `{"concept": name, "count": n}` for n questions drawn by chance.
    `minutes` that is null is no limit of time. `version` counts the changes. While it is `held` no
    student sees its results.
    """

    __tablename__ = "bank_quizzes"
    __table_args__ = (
        UniqueConstraint("course_id", "key"),
        one_of("state", QUIZ_STATES),
        one_of("told", TOLD),
    )

    id: Mapped[Key]
    course_id: Mapped[Number] = mapped_column(ForeignKey("courses.id"))
    key: Mapped[str]
    title: Mapped[str]
    lesson: Mapped[str | None]
    state: Mapped[str]
    picks: Mapped[list[Any]] = mapped_column(JSONB)
    minutes: Mapped[int | None]
    attempts: Mapped[int]
    shuffled: Mapped[bool]
    told: Mapped[str]
    opens_at: Mapped[Later]
    closes_at: Mapped[Later]
    zone: Mapped[str]
    version: Mapped[int] = mapped_column(server_default="1")
    held: Mapped[bool] = mapped_column(server_default=text("false"))
    created_at: Mapped[Now]


class BankAttempt(Table):
    """Somebody's attempt at such a quiz; `points` is null until it is handed in.

    `questions` are `[id, version]`, as they were drawn with the `seed`, which says the order too.
    `answers` are by question, with options by the author's places; `spent` are seconds. `deadline`
    is null where nothing ends the attempt. `by_time`: nobody handed it in, its time was over.
    """

    __tablename__ = "bank_attempts"
    __table_args__ = (
        UniqueConstraint("quiz_id", "person_id", "attempt"),
        UniqueConstraint("person_id", "idempotency_key"),
        Index(
            "uq_bank_attempts_open",
            "quiz_id",
            "person_id",
            unique=True,
            postgresql_where=text("submitted_at IS NULL"),
        ),
        Index(
            "ix_bank_attempts_overdue",
            "deadline",
            postgresql_where=text("submitted_at IS NULL"),
        ),
    )

    id: Mapped[Key]
    quiz_id: Mapped[Number] = mapped_column(ForeignKey("bank_quizzes.id"))
    person_id: Mapped[Number] = mapped_column(ForeignKey("people.id"))
    attempt: Mapped[int]
    seed: Mapped[str]
    questions: Mapped[list[Any]] = mapped_column(JSONB)
    concepts: Mapped[list[str]]
    counts: Mapped[bool]
    idempotency_key: Mapped[str]
    started_at: Mapped[Now]
    deadline: Mapped[Later]
    answers: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'"))
    spent: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'"))
    saved_at: Mapped[Later]
    submitted_at: Mapped[Later]
    by_time: Mapped[bool] = mapped_column(server_default=text("false"))
    points: Mapped[float | None]
    max_points: Mapped[float]


class BankAnswer(Table):
    """What one question of a handed-in attempt was answered with, and what that is worth."""

    __tablename__ = "bank_answers"
    __table_args__ = (
        UniqueConstraint("attempt_id", "question_id"),
        Index(None, "question_id", "number"),
    )

    id: Mapped[Key]
    attempt_id: Mapped[Number] = mapped_column(ForeignKey("bank_attempts.id"))
    question_id: Mapped[Number] = mapped_column(ForeignKey("bank_questions.id"))
    number: Mapped[int]
    answer: Mapped[Any] = mapped_column(JSONB, nullable=False)
    points: Mapped[float]
    max_points: Mapped[float]
    seconds: Mapped[float | None]
