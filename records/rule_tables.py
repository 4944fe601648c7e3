"""The tables of the rules about scores: deadlines, regrades, marks, the quality of code.

Import them from records/tables.py, which has them all.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    ARRAY,
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

REGRADE_STATES = ("open", "applied", "discarded")
PROPOSAL_STATES = ("waiting", "proposed", "failed", "applied", "outdated", "discarded")


class Deadline(Table):
    """What holds for a lesson; see records/policies.py. Penalties are in percent."""

    __tablename__ = "deadlines"
    __table_args__ = (UniqueConstraint("course_id", "lesson"),)

    id: Mapped[Key]
    course_id: Mapped[Number] = mapped_column(ForeignKey("courses.id"))
    lesson: Mapped[str]
    due: Mapped[Later]
    zone: Mapped[str]
    grace_minutes: Mapped[int]
    penalty_per_day: Mapped[float]
    penalty_cap: Mapped[float]
    cut_off: Mapped[Later]
    attempts: Mapped[int | None]
    changed_at: Mapped[Now]


class ExtensionRow(Table):
    """What is granted to a person, or to the people of a label, beyond a lesson's deadline."""

    __tablename__ = "extensions"
    __table_args__ = (
        UniqueConstraint("course_id", "lesson", "person_id"),
        UniqueConstraint("course_id", "lesson", "label"),
        CheckConstraint("(person_id IS NULL) <> (label IS NULL)", name="whose"),
    )

    id: Mapped[Key]
    course_id: Mapped[Number] = mapped_column(ForeignKey("courses.id"))
    lesson: Mapped[str]
    person_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("people.id"))
    label: Mapped[str | None]
    due: Mapped[Later]
    cut_off: Mapped[Later]
    extra_attempts: Mapped[int]
    reason: Mapped[str]
    created_at: Mapped[Now]


class Accommodation(Table):
    """More time for a person in every timed quiz of a course; see policies.ExtraTime."""

    __tablename__ = "accommodations"
    __table_args__ = (
        UniqueConstraint("course_id", "person_id"),
        CheckConstraint("factor >= 1", name="factor"),
        CheckConstraint("minutes >= 0", name="minutes"),
    )

    id: Mapped[Key]
    course_id: Mapped[Number] = mapped_column(ForeignKey("courses.id"))
    person_id: Mapped[Number] = mapped_column(ForeignKey("people.id"))
    factor: Mapped[float]
    minutes: Mapped[int]
    reason: Mapped[str]
    changed_at: Mapped[Now]


class CalendarFeed(Table):
    """The secret address of somebody's calendar: the SHA-256 of what makes it secret, in hex."""

    __tablename__ = "calendar_feeds"

    person_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("people.id"), primary_key=True, autoincrement=False
    )
    secret_sha: Mapped[str] = mapped_column(unique=True)
    made_at: Mapped[Now]


class Regrade(Table):
    """An order to grade again what was handed in in a course, or a part of it."""

    __tablename__ = "regrades"
    __table_args__ = (Index(None, "course_id"), one_of("state", REGRADE_STATES))

    id: Mapped[Key]
    course_id: Mapped[Number] = mapped_column(ForeignKey("courses.id"))
    lesson: Mapped[str | None]
    person_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("people.id"))
    grade_id: Mapped[str | None]
    state: Mapped[str] = mapped_column(server_default="open")
    requested_by: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("people.id"))
    created_at: Mapped[Now]
    settled_at: Mapped[Later]


class Proposal(Table):
    """What a regrade would make of a submission; `base` is the grading that it is compared with.

    `result` is as the grader gives it, with the cells in their order.
    """

    __tablename__ = "proposals"
    __table_args__ = (
        UniqueConstraint("regrade_id", "submission_id"),
        one_of("state", PROPOSAL_STATES),
    )

    id: Mapped[Key]
    regrade_id: Mapped[Number] = mapped_column(ForeignKey("regrades.id"))
    submission_id: Mapped[Number] = mapped_column(ForeignKey("submissions.id"))
    version_id: Mapped[Number] = mapped_column(ForeignKey("course_versions.id"))
    base: Mapped[int]
    state: Mapped[str] = mapped_column(server_default="waiting")
    result: Mapped[dict[str, Any] | None]
    findings: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'"))
    html_sha: Mapped[str | None] = mapped_column(ForeignKey("blobs.sha256"))
    outputs_sha: Mapped[str | None] = mapped_column(ForeignKey("blobs.sha256"))
    error: Mapped[str | None]


class RubricItem(Table):
    """A reason for points, shared by all answers to a question; see records/grading.py."""

    __tablename__ = "rubric_items"
    __table_args__ = (Index(None, "course_id", "lesson", "grade_id"),)

    id: Mapped[Key]
    course_id: Mapped[Number] = mapped_column(ForeignKey("courses.id"))
    lesson: Mapped[str]
    grade_id: Mapped[str]
    label: Mapped[str]
    points: Mapped[float]
    created_at: Mapped[Now]


class Mark(Table):
    """What a person said of an answer. Only added to: of those that count the last holds.

    `base` is the number of the grading that counted before anybody marked the answer; a mark that
    `keeps` adds to its points there.
    One that does not count came from somebody who had not seen the last; it is kept to be read.
    """

    __tablename__ = "marks"
    __table_args__ = (UniqueConstraint("submission_id", "grade_id", "number"),)

    id: Mapped[Key]
    submission_id: Mapped[Number] = mapped_column(ForeignKey("submissions.id"))
    grade_id: Mapped[str]
    number: Mapped[int]
    counts: Mapped[bool]
    items: Mapped[list[int]] = mapped_column(ARRAY(BigInteger))
    adjustment: Mapped[float]
    extra_credit: Mapped[float] = mapped_column(server_default=text("0"))
    base: Mapped[int] = mapped_column(server_default=text("0"))
    keeps: Mapped[bool] = mapped_column(server_default=false())
    comment: Mapped[str]
    marked_by: Mapped[Number] = mapped_column(ForeignKey("people.id"))
    marked_at: Mapped[Now]


class CodeQuality(Table):
    """What is to be said about the style of an exercise's passing code, with a grading."""

    __tablename__ = "code_quality"
    __table_args__ = (UniqueConstraint("grading_id", "exercise"),)

    id: Mapped[Key]
    grading_id: Mapped[Number] = mapped_column(ForeignKey("gradings.id"))
    exercise: Mapped[str]
    findings: Mapped[list[str]]
