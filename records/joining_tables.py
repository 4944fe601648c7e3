"""The tables of how people come into courses, and of what they have seen there.

Import them from records/tables.py, which has them all.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from coursewright.records.columns import Key, Later, Now, Number, Table


class JoinCode(Table):
    """A word that lets whoever has it join a course as a student; see records/joining.py.

    With a section, they join that. `most_uses` and `expires_at` that are null are no limit.
    """

    __tablename__ = "join_codes"
    __table_args__ = (
        CheckConstraint("code ~ '^[2-9A-HJKMNP-Z]{8}$'", name="code"),
        Index(None, "course_id"),
    )

    id: Mapped[Key]
    course_id: Mapped[Number] = mapped_column(ForeignKey("courses.id"))
    code: Mapped[str] = mapped_column(unique=True)
    made_by: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("people.id"))
    uses: Mapped[int] = mapped_column(server_default="0")
    most_uses: Mapped[int | None]
    expires_at: Mapped[Later]
    created_at: Mapped[Now]
    section_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("sections.id"))


class WrongCodes(Table):
    """How many codes that open nothing somebody has sent since a moment."""

    __tablename__ = "wrong_codes"

    person_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("people.id"), primary_key=True, autoincrement=False
    )
    tries: Mapped[int]
    since: Mapped[Now]


class FeedbackRead(Table):
    """That a student has seen the feedback on a submission."""

    __tablename__ = "feedback_reads"

    submission_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("submissions.id"), primary_key=True, autoincrement=False
    )
    read_at: Mapped[Now]
