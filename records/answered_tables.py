"""The table of requests that were answered, so that each is carried out once.

Import it from records/tables.py, which has them all.
"""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from coursewright.records.columns import Key, Now, Table


class AnsweredRequest(Table):
    """What a person was answered under a key of theirs; see records/answered.py.

    `place_sha` is the digest of person, verb, path and key; `asked_sha` of what was asked, which
    the same key must not be used to change.
    """

    __tablename__ = "answered_requests"
    __table_args__ = (
        CheckConstraint("status BETWEEN 200 AND 499", name="status"),
        Index(None, "answered_at"),
    )

    id: Mapped[Key]
    place_sha: Mapped[str] = mapped_column(unique=True)
    person: Mapped[str]
    asked_sha: Mapped[str]
    status: Mapped[int]
    media_type: Mapped[str]
    body: Mapped[bytes]
    answered_at: Mapped[Now]
