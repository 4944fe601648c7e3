"""What the database says of itself and of how much there is, at a glance."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.orm import Session

# Rows from which on an estimate will do.
MANY = 10_000


@dataclass(frozen=True)
class Server:
    """`directory` is where its files lie, None where we may not know."""

    version: str
    connections: int
    most_connections: int
    size: int
    directory: str | None


@dataclass(frozen=True)
class Counts:
    """How much there is; of `people` and `events` the planner's estimate where there are many."""

    people: int
    courses: int
    seen_today: int
    handed_in_today: int
    events: int


def server(session: Session) -> Server:
    row = session.execute(
        text("""
        SELECT current_setting('server_version'),
               (SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'),
               current_setting('max_connections')::int, pg_database_size(current_database()),
               CASE WHEN pg_has_role(current_user, 'pg_read_all_settings', 'member')
                    THEN current_setting('data_directory') END
        """)
    ).one()
    return Server(*row)


def counts(session: Session) -> Counts:
    courses, seen, handed_in = session.execute(
        text("""
        SELECT (SELECT count(*) FROM courses),
               (SELECT count(DISTINCT person_id) FROM presence
                WHERE seen_at > now() - interval '1 day'),
               (SELECT count(*) FROM gradings WHERE graded_at > now() - interval '1 day')
        """)
    ).one()
    return Counts(about(session, "people"), courses, seen, handed_in, about(session, "events"))


def about(session: Session, table: str) -> int:
    """How many rows a table of ours has; an estimate where they are many."""
    estimate = text("SELECT reltuples::bigint FROM pg_class WHERE oid = cast(:name AS regclass)")
    found = int(session.scalar(estimate, {"name": table}) or 0)
    if found >= MANY:
        return found
    return int(session.scalar(text(f"SELECT count(*) FROM {table}")) or 0)  # noqa: S608
