"""In which version each lesson last changed. Import it from records/tables.py."""

from __future__ import annotations

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from coursewright.records.columns import Key, Number, Table


class LessonVersion(Table):
    """A lesson in a version; `changed_in`: the version in which students last saw it change."""

    __tablename__ = "lesson_versions"
    __table_args__ = (UniqueConstraint("version_id", "lesson"),)

    id: Mapped[Key]
    version_id: Mapped[Number] = mapped_column(ForeignKey("course_versions.id"))
    lesson: Mapped[str]
    changed_in: Mapped[int]
