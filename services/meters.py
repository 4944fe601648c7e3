"""The numbers that this process tells to Prometheus.

Requests, connections and listeners are this service's own: where several processes answer behind
one address, whichever is asked tells the sum (the library's files, in a directory that they share).
What workers do is counted from the database (records/measures.py), so no worker has a port to be
found and guarded; services that stand side by side count the same rows, so take `max` over them,
not `sum`.

No label names a person, a course or anything else that people can make more of.
"""

from __future__ import annotations

import asyncio
import fcntl
import json
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any, Literal

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector, values
from prometheus_client.multiprocess import MultiProcessCollector, mark_process_dead
from sqlalchemy import QueuePool
from sqlalchemy.orm import Session

from coursewright.records import measures
from coursewright.records.errors import CoursewrightError
from coursewright.records.measures import News, Queued, Seen

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
LATENCIES = (0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.5, 1, 2.5, 5, 10, 30)
GRADING = (0.1, 0.25, 0.5, 1, 2, 3, 5, 10, 20, 40, 80, 160)

# Names the directory to the library, too.
SHARED = "PROMETHEUS_MULTIPROC_DIR"

Mode = Literal["livesum", "mostrecent"]
Ask = Callable[..., Awaitable[Any]]
Reading = tuple[dict[str, Queued], int, News, Seen]


class Meters:
    """One for each service, so that two in one process do not mix.

    `shared`: the directory in which the processes of one service add up their numbers.
    """

    def __init__(self, shared: Path | None = None) -> None:
        self.registry = CollectorRegistry()
        self.shared = shared
        if shared is not None:
            # The library looks at the environment when it is imported, which was too early.
            values.ValueClass = values.MultiProcessValue()
        else:
            ProcessCollector(registry=self.registry)
        self._seen: Seen | None = None
        self._one_at_a_time = asyncio.Lock()
        self._of_requests()
        self._of_the_database()
        self._of_work()

    def _of_requests(self) -> None:
        self.requests = self._counter("http_requests", "Requests", "route", "method", "status")
        self.latency = Histogram(
            "coursewright_http_request_seconds",
            "Seconds from the request's head to the end of its answer",
            ("route", "method"),
            buckets=LATENCIES,
            registry=self.registry,
        )
        self.live = self._gauge(
            "live_connections", "Servers and pages that are told what happens", mode="livesum"
        )

    def _of_the_database(self) -> None:
        self.up = self._gauge("database_up", "Whether the database answered this very question")
        self.connections = self._gauge(
            "database_connections",
            "Connections of this service to the database",
            "state",
            mode="livesum",
        )
        self.most = self._gauge(
            "database_connections_limit",
            "How many connections this service may have",
            mode="livesum",
        )

    def _of_work(self) -> None:
        self.jobs = self._gauge("queue_jobs", "Jobs that wait or run", "queue", "state")
        self.oldest = self._gauge(
            "queue_oldest_seconds", "How long a queue's first waiting job has waited", "queue"
        )
        self.workers = self._gauge("workers", "Workers with a heartbeat")
        self.events = self._counter("events", "What happened, by its name", "name")
        self.mastery = self._counter("mastery_updates", "Times that somebody's mastery changed")
        self.grading = Histogram(
            "coursewright_grading_seconds",
            "Seconds that a grading took, without its wait in the queue",
            ("mode",),
            buckets=GRADING,
            registry=self.registry,
        )
        self.calls = self._counter("model_calls", "Calls of the language model that were paid for")
        self.tokens = self._counter("model_tokens", "Tokens of these calls", "kind")
        self.cost = self._counter("model_cost", "Their cost, in the currency of the set prices")

    def _counter(self, name: str, about: str, *labels: str) -> Counter:
        return Counter(f"coursewright_{name}", about, labels, registry=self.registry)

    def _gauge(self, name: str, about: str, *labels: str, mode: Mode = "mostrecent") -> Gauge:
        """`mode` is what several processes' values come to."""
        about_it = f"coursewright_{name}", about, labels
        return Gauge(*about_it, registry=self.registry, multiprocess_mode=mode)

    @property
    def told(self) -> CollectorRegistry:
        """What Prometheus is to read."""
        if self.shared is None:
            return self.registry
        found = CollectorRegistry()
        MultiProcessCollector(found, str(self.shared))
        return found

    def request(self, route: str, method: str, status: int, seconds: float) -> None:
        """One answer; `route` with its parts in braces. Methods that nobody knows are one."""
        known = method if method in METHODS else "other"
        self.requests.labels(route, known, str(status)).inc()
        if status != 101:  # a WebSocket is as long as somebody sits there
            self.latency.labels(route, known).observe(seconds)

    def stand(self, pool: object, listeners: int) -> None:
        """What this process holds now."""
        self.live.set(listeners)
        self._pool(pool)

    async def read(self, ask: Ask) -> None:
        """Bring up to date what is not counted as it happens. The database may be away."""
        async with self._one_at_a_time:
            try:
                queues, workers, news = await ask(self._look)
            except CoursewrightError:
                self.up.set(0)
                return
        self.up.set(1)
        self.workers.set(workers)
        for name, queue in queues.items():
            self.jobs.labels(name, "waiting").set(queue.waiting)
            self.jobs.labels(name, "running").set(queue.running)
            self.oldest.labels(name).set(queue.oldest)
        self._count(news)

    def _look(self, session: Session) -> tuple[dict[str, Queued], int, News]:
        """Each row is news once, whichever process is asked."""
        with self._mark() as mark:
            queues, workers, news, self._seen = reading(session, mark)
        return queues, workers, news

    @contextmanager
    def _mark(self) -> Iterator[Seen | None]:
        """Up to where all has been counted, by this process or by those beside it."""
        if self.shared is None:
            yield self._seen
            return
        with (self.shared / "seen.json").open("a+") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            file.seek(0)
            text = file.read()
            yield Seen(**json.loads(text)) if text else None
            if self._seen is not None:
                file.truncate(0)
                file.write(json.dumps(asdict(self._seen)))

    def _count(self, news: News) -> None:
        for name, many in news.events.items():
            self.events.labels(name).inc(many)
        self.mastery.inc(news.events.get("learning.mastery", 0))
        for mode, seconds in news.gradings:
            if mode is not None:
                self.grading.labels(mode).observe(seconds)
        self.calls.inc(news.calls)
        self.tokens.labels("prompt").inc(news.prompt)
        self.tokens.labels("completion").inc(news.completion)
        self.cost.inc(news.cost)

    def _pool(self, pool: object) -> None:
        if isinstance(pool, QueuePool):
            self.connections.labels("in_use").set(pool.checkedout())
            self.connections.labels("idle").set(pool.checkedin())
            self.most.set(pool.size() + pool._max_overflow)


def forget(process: int) -> None:
    """A process is gone, and with it what it held."""
    mark_process_dead(process)


def reading(session: Session, seen: Seen | None) -> Reading:
    """Queues, living workers, and the news; the first look only marks where to begin."""
    queues, workers = measures.queues(session), measures.workers(session)
    if seen is None:
        return queues, workers, News(), measures.now(session)
    return (queues, workers, *measures.news(session, seen))
