"""Tells those who are connected what happens, from one listening connection to the database.

commit → NOTIFY with the event's number → the rows of all numbers that came meanwhile, in one
question → a message to each listener whom they concern.

A number may be committed after a higher one, so what came by is remembered, and after a gap the
numbers shortly before the highest are looked at again.
"""

from __future__ import annotations

import asyncio
import json
from collections import deque
from collections.abc import Awaitable, Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Protocol

import psycopg

from coursewright.records import live
from coursewright.records.database import without_driver
from coursewright.records.errors import CoursewrightError
from coursewright.records.events import CHANNEL
from coursewright.records.live import Happening
from coursewright.services import logs

FIRST_PAUSE, LONGEST_PAUSE = 0.25, 15.0  # seconds between two tries to reach the database
BEHIND = 1000  # numbers before the highest that may still be on their way
MISSED_AT_MOST = 500  # events that are told again after a gap; beyond, look at everything anew
BATCH = 100  # events between two turns of the event loop, so that what is written can leave
RESET = json.dumps({"reset": True})

Ask = Callable[..., Awaitable[Any]]


class Line(Protocol):
    """The way to one listener; all return at once."""

    def tell(self, message: str) -> None: ...
    def end(self, code: int, reason: str) -> None: ...
    def doubt(self) -> None:
        """Look again whether what is watched may be watched still."""


@dataclass(eq=False)
class Listener:
    """Somebody who is connected, and the topics (services/topics.py) that they watch."""

    person: str
    line: Line
    watched: set[str] = field(default_factory=set)
    # While what was missed is being looked up, news wait here.
    held: list[str] | None = None

    def hear(self, message: str) -> None:
        if self.held is None:
            self.line.tell(message)
        else:
            self.held.append(message)


class Exchange:
    """`ask` runs a function of records in a transaction (Service.ask).

    `hearers` are called with each event, beside those who are connected.
    """

    def __init__(self, address: str, ask: Ask) -> None:
        self.listeners: set[Listener] = set()
        self.hearers: list[Callable[[Happening], None]] = []
        self._address = without_driver(address)
        self._ask = ask
        self._tasks: list[asyncio.Task[None]] = []
        self._listening = asyncio.Event()
        self._news = asyncio.Event()
        self._waiting: list[int] = []
        self._highest = self._floor = -1
        self._told: deque[int] = deque(maxlen=2 * BEHIND)
        self._closed = False

    @property
    def state(self) -> str:
        """`idle` while nobody has joined yet, then `listening`; `away` without the database."""
        if not self._tasks:
            return "idle"
        return "listening" if self._listening.is_set() else "away"

    async def join(self, listener: Listener) -> int:
        """From now on `listener` hears; gives the number of the newest event that is told."""
        self.listeners.add(listener)
        if not self._tasks and not self._closed:
            self._tasks = [asyncio.create_task(self._listen()), asyncio.create_task(self._relay())]
        await self._listening.wait()
        return self._highest

    def leave(self, listener: Listener) -> None:
        self.listeners.discard(listener)

    @property
    def highest(self) -> int:
        """The number of the newest event that was told."""
        return self._highest

    def is_watched(self, topic: str) -> bool:
        return any(topic in one.watched for one in self.listeners)

    def say(self, topic: str, message: Mapping[str, Any]) -> None:
        """Tell those who watch a topic what is no event, such as a part of a page."""
        text = json.dumps(message, ensure_ascii=False)
        for listener in list(self.listeners):
            if topic in listener.watched:
                listener.hear(text)

    async def catch_up(self, listener: Listener, after: int, course: str | None = None) -> None:
        """Tell what was missed since `after`, of oneself or in `course`; then what came meanwhile.

        Too much is not told: the listener is to look at everything anew.
        """
        listener.held = [] if listener.held is None else listener.held
        try:
            question, about = (
                (live.of_person, listener.person) if course is None else (live.in_course, course)
            )
            found = await self._ask(question, about, after, MISSED_AT_MOST + 1)
            messages = [_message(one, taught=course is not None) for one in found]
            missed = (
                [text for text in messages if text] if len(found) <= MISSED_AT_MOST else [RESET]
            )
            for place, text in enumerate(missed, 1):
                listener.line.tell(text)
                if place % BATCH == 0:
                    await asyncio.sleep(0)
            known = set(missed)
        finally:
            held, listener.held = listener.held or [], None
        for text in held:
            if text not in known:
                listener.line.tell(text)

    async def close(self) -> None:
        """Hang up on everybody; nobody joins any more."""
        self._closed = True
        for task in self._tasks:
            task.cancel()
        for task in self._tasks:
            with suppress(asyncio.CancelledError):
                await task
        for listener in list(self.listeners):
            listener.line.end(1001, "The course service is stopping")

    async def _listen(self) -> None:
        pause = FIRST_PAUSE
        while True:
            try:
                async with await self._connection() as connection:
                    await connection.execute(f"LISTEN {CHANNEL}")
                    await self._after_a_gap()
                    self._listening.set()
                    self._tell_all({"connected": True, "last": self._highest})
                    pause = FIRST_PAUSE
                    async for notice in connection.notifies():
                        self._waiting.append(int(notice.payload))
                        self._news.set()
            except (psycopg.Error, OSError, CoursewrightError) as error:
                logs.log.warning("not listening for events: %s", error)
            self._listening.clear()
            self._tell_all({"connected": False})
            await asyncio.sleep(pause)
            pause = min(2 * pause, LONGEST_PAUSE)

    async def _connection(self) -> psycopg.AsyncConnection[Any]:
        return await psycopg.AsyncConnection.connect(
            self._address,
            autocommit=True,
            connect_timeout=5,
            application_name="coursewright live",
            # A connection that a firewall forgot is noticed within two minutes.
            keepalives_idle=60,
            keepalives_interval=15,
            keepalives_count=3,
        )

    async def _after_a_gap(self) -> None:
        if self._highest < 0:
            self._highest = self._floor = await self._ask(live.newest)
            return
        after = max(self._floor, self._highest - BEHIND)
        found = await self._ask(live.since, after, MISSED_AT_MOST + BEHIND)
        missed = [one for one in found if one.id not in self._told]
        if len(missed) > MISSED_AT_MOST:
            self._highest = self._floor = await self._ask(live.newest)
            self._tell_all({"reset": True})
        else:
            await self._tell(missed)

    async def _relay(self) -> None:
        while True:
            await self._news.wait()
            self._news.clear()
            while numbers := self._waiting[:BATCH]:
                try:
                    await self._tell(await self._ask(live.these, numbers))
                    del self._waiting[: len(numbers)]
                except CoursewrightError as error:
                    logs.log.warning("events are told later: %s", error)
                    await asyncio.sleep(FIRST_PAUSE)

    def _tell_all(self, message: Mapping[str, Any]) -> None:
        text = json.dumps(message)
        for listener in list(self.listeners):
            listener.hear(text)

    async def _tell(self, happenings: Iterable[Happening]) -> None:
        for place, one in enumerate(happenings, 1):
            if place % BATCH == 0:
                await asyncio.sleep(0)
            if one.id in self._told:
                continue
            self._told.append(one.id)
            self._highest = max(self._highest, one.id)
            own, taught = _message(one, taught=False), _message(one, taught=True)
            for listener in list(self.listeners):
                if own and listener.person == one.person:
                    listener.hear(own)
                if taught and one.course in listener.watched:
                    listener.hear(taught)
                if one.whose_right == listener.person:
                    listener.line.doubt()
            for hear in self.hearers:
                hear(one)


def _message(happening: Happening, *, taught: bool) -> str | None:
    told = happening.taught() if taught else happening.own()
    return None if told is None else json.dumps(told, ensure_ascii=False)
