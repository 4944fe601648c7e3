"""The tables of quizzes: who answered what, and in which order each person is asked.

Import them from records/tables.py, which has them all.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from coursewright.records.columns import Key, Later, Now, Number, Table


class QuizAttempt(Table):
    """Answers to a quiz; `points` is null until it is handed in.

    `answers` are by item, with options by their place in the author's quiz. Attempts are numbered
    over all versions of the course. Those of people who teach it are kept, but do not count.
    """

    __tablename__ = "quiz_attempts"
    __table_args__ = (
        UniqueConstraint("person_id", "course_id", "lesson", "quiz", "attempt"),
        UniqueConstraint("person_id", "idempotency_key"),
    )

    id: Mapped[Key]
    person_id: Mapped[Number] = mapped_column(ForeignKey("people.id"))
    course_id: Mapped[Number] = mapped_column(ForeignKey("courses.id"))
    version_id: Mapped[Number] = mapped_column(ForeignKey("course_versions.id"))
    lesson: Mapped[str]
    quiz: Mapped[str]
    attempt: Mapped[int]
    answers: Mapped[dict[str, Any]]
    points: Mapped[float | None]
    max_points: Mapped[float]
    counts: Mapped[bool]
    idempotency_key: Mapped[str]
    started_at: Mapped[Now]
    submitted_at: Mapped[Later]


class QuizOrder(Table):
    """What a person's own order of a quiz's items and options is made from."""

    __tablename__ = "quiz_orders"
    __table_args__ = (UniqueConstraint("person_id", "course_id", "lesson", "quiz"),)

    id: Mapped[Key]
    person_id: Mapped[Number] = mapped_column(ForeignKey("people.id"))
    course_id: Mapped[Number] = mapped_column(ForeignKey("courses.id"))
    lesson: Mapped[str]
    quiz: Mapped[str]
    seed: Mapped[str]
