"""The tables of a course's life: its facts, its meetings, the draft that is worked on, its reviews.

Import them from records/tables.py, which has them all.
"""

from __future__ import annotations

from datetime import date, time

from sqlalchemy import (
    ARRAY,
    BigInteger,
    CheckConstraint,
    Date,
    ForeignKey,
    Index,
    SmallInteger,
    Text,
    Time,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from coursewright.records.columns import Key, Later, Now, Number, Table, one_of

REVIEW_STATES = ("waiting", "approved", "returned", "withdrawn")


class CourseFacts(Table):
    """What is said of a course beside its document; see records/facts.py.

    Without a `level` the document's holds.
    """

    __tablename__ = "course_facts"
    __table_args__ = (
        CheckConstraint("hours > 0", name="hours"),
        CheckConstraint("starts <= ends", name="term"),
        Index(None, "category"),
    )

    course_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("courses.id"), primary_key=True, autoincrement=False
    )
    category: Mapped[str]
    level: Mapped[str | None]
    objectives: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=text("'{}'"))
    hours: Mapped[float | None]
    price: Mapped[str]
    currency: Mapped[str]
    term: Mapped[str]
    starts: Mapped[date | None] = mapped_column(Date)
    ends: Mapped[date | None] = mapped_column(Date)
    changed_at: Mapped[Now]


class MeetingRow(Table):
    """When the class of a course meets every week, by the clock of `zone`; Monday is 0."""

    __tablename__ = "meetings"
    __table_args__ = (
        UniqueConstraint("course_id", "weekday", "begins"),
        CheckConstraint("weekday BETWEEN 0 AND 6", name="weekday"),
        CheckConstraint("minutes BETWEEN 5 AND 1440", name="minutes"),
    )

    id: Mapped[Key]
    course_id: Mapped[Number] = mapped_column(ForeignKey("courses.id"))
    weekday: Mapped[int] = mapped_column(SmallInteger)
    begins: Mapped[time] = mapped_column(Time)
    minutes: Mapped[int]
    zone: Mapped[str]


class CourseDraft(Table):
    """The document that becomes a course's next version, or its first; one for each course."""

    __tablename__ = "course_drafts"

    course_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("courses.id"), primary_key=True, autoincrement=False
    )
    document_sha: Mapped[str] = mapped_column(ForeignKey("blobs.sha256"))
    changed_by: Mapped[Number] = mapped_column(ForeignKey("people.id"))
    changed_at: Mapped[Now]


class CourseReview(Table):
    """A draft that somebody has sent to review, and what became of it; see records/reviews.py.

    `version` is the number of what was published; `despite` why, although the check blocked.
    """

    __tablename__ = "course_reviews"
    __table_args__ = (
        one_of("state", REVIEW_STATES),
        Index(None, "course_id"),
        Index(
            "uq_course_reviews_waiting",
            "course_id",
            unique=True,
            postgresql_where=text("state = 'waiting'"),
        ),
    )

    id: Mapped[Key]
    course_id: Mapped[Number] = mapped_column(ForeignKey("courses.id"))
    document_sha: Mapped[str] = mapped_column(ForeignKey("blobs.sha256"))
    check_id: Mapped[Number] = mapped_column(ForeignKey("checks.id"))
    message: Mapped[str]
    asked_by: Mapped[Number] = mapped_column(ForeignKey("people.id"))
    asked_at: Mapped[Now]
    state: Mapped[str] = mapped_column(server_default="waiting")
    reviewer: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("people.id"))
    answer: Mapped[str] = mapped_column(server_default="")
    settled_at: Mapped[Later]
    version: Mapped[int | None]
