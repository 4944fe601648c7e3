"""The tables of a course's sections, its places, and of those who wait for one.

Import them from records/tables.py, which has them all.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, UniqueConstraint, true
from sqlalchemy.orm import Mapped, mapped_column

from coursewright.records.columns import Key, Now, Number, Table


class Section(Table):
    """A part of a course's students, such as a lab group with its own hours.

    A `capacity` that is null is no limit.
    """

    __tablename__ = "sections"
    __table_args__ = (
        UniqueConstraint("course_id", "name"),
        CheckConstraint("capacity >= 0", name="capacity"),
    )

    id: Mapped[Key]
    course_id: Mapped[Number] = mapped_column(ForeignKey("courses.id"))
    name: Mapped[str]
    capacity: Mapped[int | None]
    created_at: Mapped[Now]


class SectionAssistant(Table):
    """An assistant of a section; whoever has one sees the students of their sections only."""

    __tablename__ = "section_assistants"
    __table_args__ = (Index(None, "person_id"),)

    section_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("sections.id"), primary_key=True, autoincrement=False
    )
    person_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("people.id"), primary_key=True, autoincrement=False
    )


class Places(Table):
    """How many students a course takes, and whether those who find it full may wait.

    A course without a row takes everybody.
    """

    __tablename__ = "places"
    __table_args__ = (CheckConstraint("capacity >= 0", name="capacity"),)

    course_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("courses.id"), primary_key=True, autoincrement=False
    )
    capacity: Mapped[int | None]
    may_wait: Mapped[bool] = mapped_column(server_default=true())


class InLine(Table):
    """Somebody who waits for a place; the line goes by `turn`, which instructors may change.

    With a section they wait for a place in that section.
    """

    __tablename__ = "waiting"
    __table_args__ = (
        UniqueConstraint("course_id", "person_id"),
        Index(None, "course_id", "turn"),
        Index(None, "person_id"),
    )

    id: Mapped[Key]
    course_id: Mapped[Number] = mapped_column(ForeignKey("courses.id"))
    person_id: Mapped[Number] = mapped_column(ForeignKey("people.id"))
    section_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("sections.id"))
    turn: Mapped[Number]
    since: Mapped[Now]
