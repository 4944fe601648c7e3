"""The tables of messages to a selection of a course's students.

Import them from records/tables.py, which has them all.
"""

from __future__ import annotations

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from coursewright.records.columns import Key, Later, Now, Number, Table


class Message(Table):
    """What somebody who teaches wrote to students of a course; `text` is Markdown."""

    __tablename__ = "messages"
    __table_args__ = (
        Index(None, "course_id", "id"),
        Index("ix_messages_sent_by_created_at", "sent_by", "created_at"),
    )

    id: Mapped[Key]
    course_id: Mapped[Number] = mapped_column(ForeignKey("courses.id"))
    sent_by: Mapped[Number] = mapped_column(ForeignKey("people.id"))
    text: Mapped[str]
    created_at: Mapped[Now]


class MessageCopy(Table):
    """That a message was sent to somebody, and when they said that they had read it."""

    __tablename__ = "message_copies"
    __table_args__ = (
        Index(None, "person_id", "message_id"),
        Index("ix_message_copies_unread", "person_id", postgresql_where=text("read_at IS NULL")),
    )

    message_id: Mapped[Number] = mapped_column(ForeignKey("messages.id"), primary_key=True)
    person_id: Mapped[Number] = mapped_column(ForeignKey("people.id"), primary_key=True)
    read_at: Mapped[Later]
