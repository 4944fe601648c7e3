"""Tells administrators' pages when there is something new on them: jobs, and running servers.

While somebody watches one of the topics: the queues are looked at every LOOK, and what is told is
only that they are other than before. Servers are the Hub's to list, and with the sign-in of who
asks, so for those it is told every LOOK that the page may look again. Service → page: {"changed":
TOPIC}; the page then asks for itself anew.
"""

from __future__ import annotations

import asyncio
from collections.abc import Hashable
from contextlib import suppress

from sqlalchemy.orm import Session

from coursewright.records import failures, queue_state
from coursewright.records.errors import CoursewrightError
from coursewright.services import logs
from coursewright.services.exchange import Ask, Exchange

LOOK = 5.0  # seconds
JOBS, SERVERS = "admin:jobs", "admin:servers"


class AdminFeed:
    """One for all pages of a process."""

    def __init__(self, exchange: Exchange, ask: Ask) -> None:
        self._exchange, self._ask = exchange, ask
        self._task: asyncio.Task[None] | None = None
        self._known: Hashable = None

    def follow(self) -> None:
        """Somebody watches from now on: the next look tells, for their page may be older."""
        self._known = None
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._keep())

    async def close(self) -> None:
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task

    async def _keep(self) -> None:
        """Until nobody watches."""
        while watched := [one for one in (JOBS, SERVERS) if self._exchange.is_watched(one)]:
            if SERVERS in watched:
                self._exchange.say(SERVERS, {"changed": SERVERS})
            if JOBS in watched:
                await self._look()
            await asyncio.sleep(LOOK)

    async def _look(self) -> None:
        try:
            found = await self._ask(jobs)
        except CoursewrightError as error:
            logs.log.warning("the queues are looked at later: %s", error)
            return
        if found != self._known:
            self._known = found
            self._exchange.say(JOBS, {"changed": JOBS})


def jobs(session: Session) -> Hashable:
    """What the page of jobs shows, but for how long ago and how long since."""
    queues = (
        (one.queue, one.waiting, one.later, one.running) for one in queue_state.depths(session)
    )
    workers = ((one.id, one.alive, tuple(one.jobs)) for one in queue_state.workers(session))
    failed = ((one.kind, one.id) for one in failures.failures(session))
    return tuple(queues), tuple(workers), tuple(failed)
