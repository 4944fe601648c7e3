"""The table of what a course wants of its students' servers.

Import it from records/tables.py, which has them all.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from coursewright.records.columns import Now, Table


class CourseServer(Table):
    """What a course wants of its students' servers; see records/servers.py. Null: the usual."""

    __tablename__ = "course_servers"
    __table_args__ = (
        CheckConstraint("cpu > 0 AND memory_mb > 0 AND idle_minutes > 0", name="sizes"),
    )

    course_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("courses.id"), primary_key=True, autoincrement=False
    )
    image: Mapped[str]
    cpu: Mapped[float | None]
    memory_mb: Mapped[int | None]
    idle_minutes: Mapped[int | None]
    changed_at: Mapped[Now]
