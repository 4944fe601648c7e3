"""In which version each lesson last changed, also of the versions that are there already."""

import json
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

TABLE = "lesson_versions"
VERSIONS = sa.text("""
    SELECT v.id, v.course_id, v.number, b.content
    FROM course_versions v JOIN blobs b ON b.sha256 = v.student_sha
    ORDER BY v.course_id, v.number
""")
NOTE = sa.text("""
    INSERT INTO lesson_versions (version_id, lesson, changed_in) VALUES (:version, :lesson, :number)
""")


def upgrade() -> None:
    op.create_table(
        TABLE,
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("version_id", sa.BigInteger(), nullable=False),
        sa.Column("lesson", sa.Text(), nullable=False),
        sa.Column("changed_in", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["course_versions.id"],
            name=op.f(f"fk_{TABLE}_version_id_course_versions"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{TABLE}")),
        sa.UniqueConstraint("version_id", "lesson", name=op.f(f"uq_{TABLE}_version_id_lesson")),
    )
    _fill(op.get_bind())


def _fill(connection: sa.Connection) -> None:
    course: int | None = None
    lessons: dict[str, Any] = {}
    changed: dict[str, int] = {}
    for row in connection.execute(VERSIONS):
        if row.course_id != course:
            course, lessons, changed = row.course_id, {}, {}
        before, lessons = lessons, _lessons(row.content)
        changed = {
            key: changed[key] if before.get(key) == shown else row.number
            for key, shown in lessons.items()
        }
        for key, number in changed.items():
            connection.execute(NOTE, {"version": row.id, "lesson": key, "number": number})


def _lessons(content: bytes) -> dict[str, Any]:
    return {
        lesson["key"]: (lesson["cells"], lesson["metadata"])
        for module in json.loads(content)["modules"]
        for lesson in module["lessons"]
    }
