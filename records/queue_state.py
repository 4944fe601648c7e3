"""How the queues stand: what waits and for how long, who works, how long grading takes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.orm import Session

from coursewright.records.jobs import QUEUES

# Seconds without a sign of life after which a worker counts as gone; as records/queue.py has it.
DEAD = 12
# Seconds that a job may wait before something is wrong.
LONG = 120


@dataclass(frozen=True)
class Depth:
    """`age`: seconds that the job waits which has been ready for longest; None where none is.

    `later` are those that failed before and are tried again at a later time.
    """

    queue: str
    waiting: int
    later: int
    running: int
    failed: int
    age: float | None

    @property
    def is_stuck(self) -> bool:
        """Something waits for long and nobody does anything of this queue."""
        return self.age is not None and self.age > LONG and not self.running


@dataclass(frozen=True)
class Worker:
    """`seconds` since its last sign of life; `jobs` are names with numbers."""

    id: int
    seconds: float
    jobs: tuple[str, ...]

    @property
    def alive(self) -> bool:
        return self.seconds <= DEAD


@dataclass(frozen=True)
class Running:
    """`seconds` since it was begun."""

    id: int
    queue: str
    task: str
    about: str
    attempts: int
    seconds: float | None


@dataclass(frozen=True)
class Seconds:
    """Percentiles of the wall time of gradings, of the last day."""

    count: int
    median: float | None
    p95: float | None
    p99: float | None
    longest: float | None


def depths(session: Session) -> list[Depth]:
    """Of every queue, also of those in which nothing is."""
    ready = "status = 'todo' AND (j.scheduled_at IS NULL OR j.scheduled_at <= now())"
    # When a job was put there, the library's events say; one that is due later waits since then.
    rows = session.execute(
        text(f"""
        SELECT queue_name,
               count(*) FILTER (WHERE {ready}),
               count(*) FILTER (WHERE status = 'todo' AND j.scheduled_at > now()),
               count(*) FILTER (WHERE status = 'doing'),
               count(*) FILTER (WHERE status = 'failed'),
               extract(epoch FROM now() - min(coalesce(j.scheduled_at,
                 (SELECT min(e.at) FROM procrastinate_events e WHERE e.job_id = j.id)))
                 FILTER (WHERE {ready}))
        FROM procrastinate_jobs j
        WHERE status IN ('todo', 'doing', 'failed') GROUP BY queue_name
        """)  # noqa: S608 - the text is ours
    )
    found = {
        name: Depth(name, waiting, later, doing, failed, None if age is None else float(age))
        for name, waiting, later, doing, failed, age in rows
    }
    return [found.get(name, Depth(name, 0, 0, 0, 0, None)) for name in QUEUES]


def workers(session: Session) -> list[Worker]:
    """Those that have signed in and have not signed out, the liveliest first."""
    rows = session.execute(
        text("""
        SELECT w.id, extract(epoch FROM now() - w.last_heartbeat),
               array_agg(j.task_name || ' ' || j.id) FILTER (WHERE j.status = 'doing')
        FROM procrastinate_workers w LEFT JOIN procrastinate_jobs j ON j.worker_id = w.id
        GROUP BY w.id ORDER BY w.last_heartbeat DESC LIMIT 100
        """)
    )
    return [Worker(row[0], max(0.0, float(row[1])), tuple(row[2] or ())) for row in rows]


def running(session: Session, limit: int = 100) -> list[Running]:
    """What is being done now, the longest first."""
    rows = session.execute(
        text("""
        SELECT j.id, j.queue_name, j.task_name, j.args, j.attempts,
               extract(epoch FROM now() - (SELECT max(e.at) FROM procrastinate_events e
                                           WHERE e.job_id = j.id AND e.type = 'started'))
        FROM procrastinate_jobs j WHERE j.status = 'doing' ORDER BY 6 DESC NULLS LAST LIMIT :most
        """),
        {"most": limit},
    )
    return [
        Running(row[0], row[1], row[2], about(row[3]), row[4], None if row[5] is None else row[5])
        for row in rows
    ]


def about(arguments: dict[str, object]) -> str:
    """What a job is about, in words: `submission 12`."""
    pairs = sorted(arguments.items())
    return ", ".join(f"{name.removesuffix('_id')} {value}" for name, value in pairs)


def grading_seconds(session: Session) -> Seconds:
    row = session.execute(
        text("""
        SELECT count(*), percentile_cont(0.5) WITHIN GROUP (ORDER BY seconds),
               percentile_cont(0.95) WITHIN GROUP (ORDER BY seconds),
               percentile_cont(0.99) WITHIN GROUP (ORDER BY seconds), max(seconds)
        FROM gradings WHERE graded_at > now() - interval '1 day' AND error IS NULL
        """)
    ).one()
    return Seconds(*row)


def last_graded(session: Session) -> datetime | None:
    moment: datetime | None = session.scalar(text("SELECT max(graded_at) FROM gradings"))
    return moment
