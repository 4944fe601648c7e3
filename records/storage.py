"""How much is kept, of whom, and what the courses are: what an administrator asks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from coursewright.records import courses, events
from coursewright.records.errors import Conflict, NotFound
from coursewright.records.tables import CourseRow


@dataclass(frozen=True)
class Kept:
    """Bytes of a course's or a person's notebooks (handed in), and of their copies, packed."""

    subject: str
    notebooks: int
    copies: int
    files: int

    @property
    def total(self) -> int:
        return self.notebooks + self.copies


@dataclass(frozen=True)
class Count:
    """What is kept of every course and every person, the biggest first, as it was `at` a moment."""

    at: datetime
    courses: list[Kept]
    people: list[Kept]


@dataclass(frozen=True)
class Biggest:
    """A table of the database with its indexes; `rows` is an estimate."""

    name: str
    size: int
    rows: int


@dataclass(frozen=True)
class CourseLine:
    """`people` counts by role; `version` is None where nothing is published."""

    key: str
    title: str
    state: str
    open: bool
    students: int
    staff: int
    version: int | None
    published_at: datetime | None


def database_size(session: Session) -> int:
    return int(session.scalar(text("SELECT pg_database_size(current_database())")) or 0)


def tables(session: Session, limit: int = 12) -> list[Biggest]:
    rows = session.execute(
        text("""
        SELECT relname, pg_total_relation_size(oid), greatest(reltuples, 0)::bigint FROM pg_class
        WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
        ORDER BY 2 DESC LIMIT :most
        """),
        {"most": limit},
    )
    return [Biggest(*row) for row in rows]


MOST = 100_000
OF = {
    "course": ("courses", "key", "course_id"),
    "person": ("people", "name", "person_id"),
}


def kept(session: Session, kind: str, limit: int = 50) -> list[Kept]:
    """The biggest first. A notebook that several handed in counts for each."""
    table, name, key = OF[kind]
    rows = session.execute(
        text(f"""
        WITH handed AS (
          SELECT s.{key} AS id, sum(b.size) AS bytes, count(*) AS files
          FROM (SELECT DISTINCT {key}, notebook_sha FROM submissions) s
          JOIN blobs b ON b.sha256 = s.notebook_sha GROUP BY 1
        ), copied AS (
          SELECT {key} AS id, sum(octet_length(packed)) AS bytes, count(*) AS files
          FROM copies GROUP BY 1
        )
        SELECT t.{name}, coalesce(h.bytes, 0)::bigint, coalesce(c.bytes, 0)::bigint,
               coalesce(h.files, 0) + coalesce(c.files, 0)
        FROM handed h FULL JOIN copied c USING (id) JOIN {table} t USING (id)
        ORDER BY coalesce(h.bytes, 0) + coalesce(c.bytes, 0) DESC, 1 LIMIT :most
        """),  # noqa: S608 - the names are ours
        {"most": limit},
    )
    return [Kept(row[0], int(row[1]), int(row[2]), int(row[3])) for row in rows]


def count(session: Session) -> Count:
    """Takes a second or two where a hundred thousand notebooks are kept."""
    at = session.scalars(select(func.now())).one()
    return Count(at, kept(session, "course", MOST), kept(session, "person", MOST))


def course_lines(session: Session) -> list[CourseLine]:
    """All courses, whatever their state, by title."""
    rows = session.execute(
        text("""
        SELECT c.key, c.title, c.state, c.open,
               coalesce(e.students, 0), coalesce(e.staff, 0), v.number, v.published_at
        FROM courses c
        LEFT JOIN (SELECT course_id, count(*) FILTER (WHERE role = 'student') AS students,
                          count(*) FILTER (WHERE role <> 'student') AS staff
                   FROM enrolments GROUP BY 1) e ON e.course_id = c.id
        LEFT JOIN LATERAL (SELECT number, published_at FROM course_versions
                           WHERE course_id = c.id ORDER BY number DESC LIMIT 1) v ON true
        ORDER BY c.title, c.key
        """)
    )
    return [CourseLine(*row) for row in rows]


def archive(
    session: Session, by: str, key: str, back: bool = False, request_id: str | None = None
) -> None:
    """Put a published course away, or an archived one back. Raises NotFound and Conflict."""
    row = session.scalars(
        select(CourseRow).where(CourseRow.key == key).with_for_update()
    ).one_or_none()
    if row is None:
        raise NotFound(f"There is no course {key!r}")
    before, after = ("archived", "published") if back else ("published", "archived")
    if row.state != before:
        raise Conflict(f"The course {key!r} is {row.state.replace('_', ' ')}, not {before}")
    row.state = after
    author = courses.person(session, by)
    name = "audit.course.restored" if back else "audit.course.archived"
    events.record(session, name, author, key, request_id=request_id)
