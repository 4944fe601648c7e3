"""The tables of a class at work: who is where, how far each exercise is, whose grades wait.

Import them from records/tables.py, which has them all.
"""

from __future__ import annotations

from sqlalchemy import ForeignKey, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from coursewright.records.columns import Key, Later, Now, Number, Table


class Presence(Table):
    """Where a person was last seen in a course.

    `told` counts what was kept of them in the minute that began at `minute`: a pod that tells
    without end is not listened to.
    """

    __tablename__ = "presence"

    course_id: Mapped[Number] = mapped_column(ForeignKey("courses.id"), primary_key=True)
    person_id: Mapped[Number] = mapped_column(ForeignKey("people.id"), primary_key=True)
    lesson: Mapped[str]
    exercise: Mapped[str | None]
    seen_at: Mapped[Now]
    minute: Mapped[Now]
    told: Mapped[int] = mapped_column(server_default=text("0"))


class Effort(Table):
    """What a person has put into an exercise by checking it themself; submissions are elsewhere.

    `passed` of `total` is the last check's; `passed_at` the first one's in which nothing failed.
    """

    __tablename__ = "efforts"
    __table_args__ = (UniqueConstraint("course_id", "person_id", "lesson", "exercise"),)

    id: Mapped[Key]
    course_id: Mapped[Number] = mapped_column(ForeignKey("courses.id"))
    person_id: Mapped[Number] = mapped_column(ForeignKey("people.id"))
    lesson: Mapped[str]
    exercise: Mapped[str]
    checks: Mapped[int]
    hints: Mapped[int]
    passed: Mapped[int | None]
    total: Mapped[int | None]
    first_at: Mapped[Later]
    passed_at: Mapped[Later]
    last_at: Mapped[Now]


class HeldLesson(Table):
    """A lesson whose grades its students do not see yet; gone when they are released."""

    __tablename__ = "held_lessons"
    __table_args__ = (UniqueConstraint("course_id", "lesson"),)

    id: Mapped[Key]
    course_id: Mapped[Number] = mapped_column(ForeignKey("courses.id"))
    lesson: Mapped[str]
    held_by: Mapped[Number] = mapped_column(ForeignKey("people.id"))
    held_at: Mapped[Now]
