"""The tables of final grades: weights, exceptions, requests about a cell, certificates.

Import them from records/tables.py, which has them all. Where a row is about a lesson's notebook,
`quiz` is empty; otherwise it is about that quiz of the lesson, or from the bank where `lesson` is
empty.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    UniqueConstraint,
    false,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from coursewright.records.columns import Key, Later, Now, Number, Table, one_of

REQUEST_STATES = ("open", "answered", "settled")


class GradeCategory(Table):
    """A part of the final grade; `weight` counts in relation to the other categories' weights."""

    __tablename__ = "grade_categories"
    __table_args__ = (
        UniqueConstraint("course_id", "name"),
        CheckConstraint("weight >= 0", name="weight"),
        CheckConstraint("drop_lowest >= 0", name="drop_lowest"),
    )

    id: Mapped[Key]
    course_id: Mapped[Number] = mapped_column(ForeignKey("courses.id"))
    position: Mapped[int]
    name: Mapped[str]
    weight: Mapped[float]
    drop_lowest: Mapped[int]


class GradeItem(Table):
    """Which category a lesson or a quiz counts in."""

    __tablename__ = "grade_items"
    __table_args__ = (
        UniqueConstraint("course_id", "lesson", "quiz"),
        Index(None, "category_id"),
    )

    id: Mapped[Key]
    course_id: Mapped[Number] = mapped_column(ForeignKey("courses.id"))
    category_id: Mapped[Number] = mapped_column(
        ForeignKey("grade_categories.id", ondelete="CASCADE")
    )
    lesson: Mapped[str]
    quiz: Mapped[str] = mapped_column(server_default="")


class GradeException(Table):
    """A teacher's word on what somebody's lesson or quiz counts: excused, or these `points`."""

    __tablename__ = "grade_exceptions"
    __table_args__ = (
        UniqueConstraint("course_id", "person_id", "lesson", "quiz"),
        CheckConstraint("excused <> (points IS NOT NULL)", name="one"),
    )

    id: Mapped[Key]
    course_id: Mapped[Number] = mapped_column(ForeignKey("courses.id"))
    person_id: Mapped[Number] = mapped_column(ForeignKey("people.id"))
    lesson: Mapped[str]
    quiz: Mapped[str] = mapped_column(server_default="")
    excused: Mapped[bool] = mapped_column(server_default=false())
    points: Mapped[float | None]
    reason: Mapped[str]
    made_by: Mapped[Number] = mapped_column(ForeignKey("people.id"))
    made_at: Mapped[Now]


class CertificateRule(Table):
    """When a course is completed; both limits are percent, and one that is null does not suffice.

    `hours` stand on the certificate.
    """

    __tablename__ = "certificate_rules"

    course_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("courses.id"), primary_key=True, autoincrement=False
    )
    pass_mark: Mapped[float | None]
    pass_mastery: Mapped[float | None]
    hours: Mapped[float | None]
    changed_at: Mapped[Now]


class Certificate(Table):
    """That somebody completed a course, with what stands on the paper; `code` proves it."""

    __tablename__ = "certificates"
    __table_args__ = (
        UniqueConstraint("person_id", "course_id"),
        CheckConstraint("code ~ '^[2-9A-HJKMNP-Z]{16}$'", name="code"),
    )

    id: Mapped[Key]
    code: Mapped[str] = mapped_column(unique=True)
    person_id: Mapped[Number] = mapped_column(ForeignKey("people.id"))
    course_id: Mapped[Number] = mapped_column(ForeignKey("courses.id"))
    name: Mapped[str]
    title: Mapped[str]
    hours: Mapped[float | None]
    issued_at: Mapped[Now]
    withdrawn_at: Mapped[Later]


class RegradeRequest(Table):
    """A student asks about one cell of a graded submission of theirs."""

    __tablename__ = "regrade_requests"
    __table_args__ = (
        UniqueConstraint("submission_id", "grade_id"),
        Index(None, "course_id", "state", "changed_at"),
        Index(None, "person_id", "course_id"),
        one_of("state", REQUEST_STATES),
    )

    id: Mapped[Key]
    course_id: Mapped[Number] = mapped_column(ForeignKey("courses.id"))
    person_id: Mapped[Number] = mapped_column(ForeignKey("people.id"))
    submission_id: Mapped[Number] = mapped_column(ForeignKey("submissions.id"))
    grade_id: Mapped[str]
    state: Mapped[str] = mapped_column(server_default=text("'open'"))
    created_at: Mapped[Now]
    changed_at: Mapped[Now]


class RegradeMessage(Table):
    """What somebody wrote about a request; never changed. The text is Markdown."""

    __tablename__ = "regrade_messages"
    __table_args__ = (Index(None, "request_id"),)

    id: Mapped[Key]
    request_id: Mapped[Number] = mapped_column(ForeignKey("regrade_requests.id"))
    author_id: Mapped[Number] = mapped_column(ForeignKey("people.id"))
    text: Mapped[str]
    written_at: Mapped[Now]
