"""The table of copies: each notebook of a course as a person last saved it, and some before.

Import it from records/tables.py, which has every table.
"""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from coursewright.records.columns import Key, Now, Number, Table


class Copy(Table):
    """A saved notebook; the same bytes saved again only move `saved_at`.

    Its bytes are not among the blobs: these are for good, and a copy goes when newer ones came.
    `packed` are they as zlib packs them, `size` counts them unpacked. `path` is the file's among
    the person's own.
    """

    __tablename__ = "copies"
    __table_args__ = (
        UniqueConstraint("person_id", "course_id", "lesson", "path", "sha256"),
        CheckConstraint("sha256 ~ '^[0-9a-f]{64}$'", name="sha256"),
    )

    id: Mapped[Key]
    person_id: Mapped[Number] = mapped_column(ForeignKey("people.id"))
    course_id: Mapped[Number] = mapped_column(ForeignKey("courses.id"))
    lesson: Mapped[str]
    path: Mapped[str]
    sha256: Mapped[str]
    size: Mapped[Number]
    packed: Mapped[bytes] = mapped_column(deferred=True)
    saved_at: Mapped[Now]
