"""Doing the work: a worker runs the jobs of one queue, each at least once.

records/jobs.py asks for work. The library is procrastinate; what it leaves to its users is here:

* A worker that is killed leaves its job behind. Every worker looks for such jobs and gives them
  back to the queue, so handlers must be idempotent.
* A handler that raises is tried again, later each time; then the job has failed for good.
* SIGTERM and SIGINT let the running job finish. A second signal, or the end of the patience,
  gives the job back and leaves at once.
* The database may go away and come back.
* A job is logged under the id of the request that asked for it.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import signal
import threading
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import psycopg
from procrastinate import App, PsycopgConnector, RetryStrategy
from procrastinate.exceptions import ConnectorException
from procrastinate.job_context import JobContext
from procrastinate.jobs import Job, Status

from coursewright.records import checks, generations, logs, regrades, submissions, tracing
from coursewright.records.database import make_engine, sessions, without_driver
from coursewright.records.errors import Invalid
from coursewright.records.jobs import QUEUES, enqueue, parted

__all__ = ["QUEUES", "Pace", "Worker", "enqueue", "run_worker"]

log = logging.getLogger(__name__)

Handler = Callable[..., object]

RETRIES = 5
SWEEPING = 0x7377656570  # one worker at a time looks for jobs that were left behind
ABANDONED = 75  # EX_TEMPFAIL: whoever started us may start us again
# What to write down when a job has failed for good: called with a session, the job's arguments
# and a message.
GIVEN_UP: Mapping[str, Handler] = {
    "grade": submissions.record_failure,
    "regrade": regrades.record_failure,
    "generate": generations.record_failure,
    "check": checks.record_failure,
}


@dataclass(frozen=True)
class Pace:
    """Seconds. A killed worker's job runs again after `dead` + `sweep` + `poll` at the latest.

    A handler that raised is called again after `backoff`, its square, its cube and so on.
    """

    heartbeat: float = 3
    dead: float = 12
    sweep: float = 3
    poll: float = 2
    backoff: int = 2
    patience: float = 60
    reconnect: float = 1


def run_worker(
    queue: str,
    url: str,
    handlers: Mapping[str, Handler],
    given_up: Mapping[str, Handler] = GIVEN_UP,
    pace: Pace | None = None,
    *,
    at_a_time: int = 1,
    periodic: Mapping[str, str] | None = None,
    stopping: threading.Event | None = None,
) -> None:
    """Run the queue's jobs, so many at a time, until a signal says to stop.

    `periodic` gives handlers that are called by the clock, too, with no arguments: their names,
    and when, as cron writes it. Of all workers one calls, and never while one is being called.

    `stopping` is set with the first signal: a handler of long jobs may give its job back then.

    A job of the name `grade` with the arguments `{"submission_id": 1}` becomes the call
    `handlers["grade"](submission_id=1)`, in a thread that outlives it. Call this from the main
    thread. Where the patience ends it leaves the process by `os._exit`, with status 75.
    """
    if queue not in QUEUES:
        raise Invalid(f"There is no queue {queue!r}; the queues are {', '.join(QUEUES)}")
    worker = Worker(queue, url, handlers, given_up, pace or Pace(), at_a_time=at_a_time)
    worker.periodic = periodic or {}
    worker.stopping = stopping or worker.stopping
    asyncio.run(worker.run())


class Worker:
    """One process's part in the work."""

    def __init__(
        self,
        queue: str,
        url: str,
        handlers: Mapping[str, Handler],
        given_up: Mapping[str, Handler],
        pace: Pace,
        *,
        at_a_time: int = 1,
    ) -> None:
        self.queue = queue
        self.url = url
        self.handlers = handlers
        self.given_up = given_up
        self.pace = pace
        self.at_a_time = at_a_time
        self.periodic: Mapping[str, str] = {}
        self.stopping = threading.Event()
        self.running: set[int] = set()
        self._stop = asyncio.Event()
        self._abandon = asyncio.Event()

    async def run(self) -> None:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._on_signal)
        while not self._stop.is_set():
            app = self._app()
            serving = asyncio.create_task(self._serve(app))
            await _first(serving, self._stop.wait())
            if self._stop.is_set():
                await self._finish(serving, app)
            with contextlib.suppress(asyncio.CancelledError):
                await self._outcome(serving)

    def _on_signal(self) -> None:
        log.info("Stopping; jobs under way: %s", sorted(self.running) or "none")
        if self._stop.is_set():
            self._abandon.set()
        self._stop.set()
        self.stopping.set()

    def _app(self) -> App:
        # The numbers of connections: jobs, notifications, the sweep's two, one to spare.
        connector = PsycopgConnector(
            conninfo=without_driver(self.url), min_size=1, max_size=5, timeout=10
        )
        app = App(connector=connector)
        retry = RetryStrategy(max_attempts=RETRIES, exponential_wait=self.pace.backoff)
        for name, handler in self.handlers.items():
            task = app.task(name=name, queue=self.queue, retry=retry)(_own_arguments(handler))
            if name in self.periodic:
                by_clock = app.periodic(
                    cron=self.periodic[name], periodic_id=name, queueing_lock=name, lock=name
                )
                by_clock(task)
        return app

    async def _serve(self, app: App) -> None:
        async with app.open_async():
            sweeping = asyncio.create_task(self._sweep_for_ever(app))
            try:
                await app.run_worker_async(
                    queues=[self.queue],
                    name=f"{self.queue}-{os.getpid()}",
                    concurrency=self.at_a_time,
                    fetch_job_polling_interval=self.pace.poll,
                    update_heartbeat_interval=self.pace.heartbeat,
                    stalled_worker_timeout=self.pace.dead,
                    delete_jobs="successful",
                    install_signal_handlers=False,
                    worker_middleware=[self._watch],
                )
            finally:
                sweeping.cancel()
                await asyncio.gather(sweeping, return_exceptions=True)

    async def _outcome(self, serving: asyncio.Task[None]) -> None:
        """The database's absence ends the library's worker; wait a little and begin again."""
        try:
            await serving
        except (ConnectorException, psycopg.OperationalError) as error:
            log.warning("The database does not answer, trying again: %s", error)
        if not self._stop.is_set():
            await _first(asyncio.sleep(self.pace.reconnect), self._stop.wait())

    # The running job

    async def _watch(
        self, proceed: Callable[[], Awaitable[Any]], context: JobContext, worker: object
    ) -> Any:
        job = context.job
        # Each job is a task of the event loop: what is bound here stays with the job.
        origin = parted(job.task_kwargs)[1]
        logs.bind(request_id=origin.get("request_id"), job=job.id, task=job.task_name)
        log.info("job taken", extra={"fields": {"queue": self.queue, "attempt": job.attempts + 1}})
        self.running.add(_number(job))
        began, outcome = time.monotonic(), "failed"
        try:
            parent = origin.get(tracing.PARENT)
            with tracing.span(f"job {job.task_name}", "CONSUMER", parent, queue=self.queue):
                done = await proceed()
            outcome = "done"
        except Exception as error:
            log.warning("job raised %s", type(error).__name__, exc_info=True)
            if job.attempts >= RETRIES:
                await self._give_up(job, f"{type(error).__name__}: {error}")
            raise
        else:
            return done
        finally:
            self.running.discard(_number(job))
            seconds = round(time.monotonic() - began, 3)
            fields = {"queue": self.queue, "outcome": outcome, "seconds": seconds}
            log.info("job settled", extra={"fields": fields})

    async def _give_up(self, job: Job, message: str) -> None:
        log.error("Job %s failed for good: %s", job.id, message)
        if job.task_name in self.given_up:
            await asyncio.to_thread(self._write_down, job, message)

    def _write_down(self, job: Job, message: str) -> None:
        arguments, origin = parted(job.task_kwargs)
        engine = make_engine(self.url, pool_size=1)
        with logs.bound(request_id=origin.get("request_id")), sessions(engine).begin() as session:
            self.given_up[job.task_name](session, message=message, **arguments)
        engine.dispose()

    # Stopping

    async def _finish(self, serving: asyncio.Task[None], app: App) -> None:
        """Let the running job end, or leave the process."""
        serving.cancel()  # the library then takes no new job and waits for the running one
        patience = asyncio.sleep(self.pace.patience)
        await _first(serving, self._abandon.wait(), patience)
        if not serving.done():
            for number in self.running:
                log.warning("Job %s is given back unfinished", number)
                with contextlib.suppress(ConnectorException, TimeoutError):
                    again = app.job_manager.retry_job_by_id_async(number, datetime.now(UTC))
                    await asyncio.wait_for(again, 5)
            # The handler's thread cannot be ended in any other way.
            logging.shutdown()
            os._exit(ABANDONED)

    # Other workers' jobs

    async def _sweep_for_ever(self, app: App) -> None:
        while True:
            await asyncio.sleep(self.pace.sweep)
            try:
                await self._sweep(app)
            except (ConnectorException, psycopg.OperationalError) as error:
                log.warning("Jobs left behind were not looked for: %s", error)

    async def _sweep(self, app: App) -> None:
        async with _pool(app).connection() as connection:
            # Two sweeps at once could give back a job that has just been taken again.
            query = "SELECT pg_try_advisory_xact_lock(%s)"
            row = await (await connection.execute(query, [SWEEPING])).fetchone()
            if row is None or not row[0]:
                return
            stalled = await app.job_manager.get_stalled_jobs(
                queue=self.queue, seconds_since_heartbeat=self.pace.dead
            )
            for job in stalled:
                if _number(job) not in self.running:
                    await self._give_back(app, job)

    async def _give_back(self, app: App, job: Job) -> None:
        if job.attempts < RETRIES:
            log.warning("Job %s was left behind by a worker that died; it runs again", job.id)
            await app.job_manager.retry_job(job)
        else:
            await self._give_up(job, f"{job.attempts + 1} workers died while they did it")
            await app.job_manager.finish_job(job, Status.FAILED, delete_job=False)


def _own_arguments(handler: Handler) -> Handler:
    """The handler without the arguments that are the job's own."""

    def called(**arguments: Any) -> object:
        arguments.pop("timestamp", None)  # of a periodic job: when it was due
        return handler(**parted(arguments)[0])

    return called


def _pool(app: App) -> Any:
    if not isinstance(app.connector, PsycopgConnector):
        raise TypeError("the queue's application has another connector")
    return app.connector.pool


def _number(job: Job) -> int:
    if job.id is None:
        raise ValueError("a job that was fetched has a number")
    return job.id


async def _first(*things: Awaitable[object]) -> None:
    """Wait for one of them; of the rest, what was begun here is cancelled."""
    tasks = [asyncio.ensure_future(thing) for thing in things]
    begun = [task for task, thing in zip(tasks, things, strict=True) if task is not thing]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in begun:
            task.cancel()
