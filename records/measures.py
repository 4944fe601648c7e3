"""What a site is measured by: what waits in the queues, and what was written down since a look.

Everything is counted from committed rows, so it does not matter which worker did the work, on
which machine, or whether it is still alive.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from coursewright.records.jobs import QUEUES
from coursewright.records.settled import Counted, settled
from coursewright.records.tables import Event, GenerationCall, Grading

ALIVE = 30  # seconds since a worker's last heartbeat
COUNTED: tuple[Counted, ...] = (Event, Grading, GenerationCall)

JOBS = text(
    "SELECT queue_name, status::text, count(*), min(id) FROM procrastinate_jobs"
    " WHERE status IN ('todo', 'doing') GROUP BY queue_name, status"
)
AGE = text(
    "SELECT extract(epoch FROM now() - min(at)) FROM procrastinate_events"
    " WHERE job_id = :job AND type = 'deferred'"
)
WORKERS = text(
    "SELECT count(*) FROM procrastinate_workers"
    " WHERE last_heartbeat > now() - make_interval(secs => :alive)"
)


@dataclass(frozen=True)
class Queued:
    """A queue now; `oldest` is how many seconds its first waiting job has waited."""

    waiting: int = 0
    running: int = 0
    oldest: float = 0.0


@dataclass(frozen=True)
class News:
    """What was written down since the look before.

    `events`: how many by name. `gradings`: mode and seconds of each; those without a mode failed
    or are a person's. `prompt` and `completion`: a model's tokens.
    """

    events: Mapping[str, int] = field(default_factory=dict)
    gradings: Sequence[tuple[str | None, float]] = ()
    calls: int = 0
    prompt: int = 0
    completion: int = 0
    cost: float = 0.0


@dataclass(frozen=True)
class Seen:
    """Up to which numbers all has been counted."""

    events: int
    gradings: int
    calls: int


def queues(session: Session) -> dict[str, Queued]:
    """Every queue by its name, empty ones too."""
    found: dict[str, Queued] = {name: Queued() for name in QUEUES}
    counts = {(queue, state): (many, first) for queue, state, many, first in session.execute(JOBS)}
    for name in found:
        waiting, first = counts.get((name, "todo"), (0, None))
        running, _ = counts.get((name, "doing"), (0, None))
        oldest = session.scalar(AGE, {"job": first}) if first is not None else None
        found[name] = Queued(waiting, running, float(oldest or 0.0))
    return found


def workers(session: Session) -> int:
    """How many are alive."""
    return session.scalar(WORKERS, {"alive": ALIVE}) or 0


def now(session: Session) -> Seen:
    """Where to begin: what is there already is not news."""
    return Seen(*(session.scalar(select(func.max(table.id))) or 0 for table in COUNTED))


def news(session: Session, seen: Seen) -> tuple[News, Seen]:
    """What came since; where rows are on their way just now, they count at the next look."""
    events, gradings, calls = (settled(session, table) for table in COUNTED)
    upto = Seen(events or seen.events, gradings or seen.gradings, calls or seen.calls)
    named = session.execute(
        select(Event.name, func.count())
        .where(Event.id > seen.events, Event.id <= upto.events)
        .group_by(Event.name)
    )
    graded = session.execute(
        select(Grading.mode, Grading.seconds).where(
            Grading.id > seen.gradings, Grading.id <= upto.gradings
        )
    )
    model = session.execute(
        select(
            func.count(),
            func.coalesce(func.sum(GenerationCall.prompt), 0),
            func.coalesce(func.sum(GenerationCall.completion), 0),
            func.coalesce(func.sum(GenerationCall.cost), 0),
        ).where(GenerationCall.id > seen.calls, GenerationCall.id <= upto.calls)
    ).one()
    found = News(
        {name: many for name, many in named},
        [(mode, seconds) for mode, seconds in graded],
        model[0],
        int(model[1]),
        int(model[2]),
        float(model[3] or 0),
    )
    return found, upto
