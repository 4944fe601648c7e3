"""Keeps the pages of a class up to date: of what happens, only the rows that changed are told.

An event of a student → at once, but PAUSE after the look before it, one question for all students
of whom there was news → their rows, where they are others than before, written once and sent to
everybody who watches the class. What has no event (that somebody is still there, or has gone) is
found by looking at all of them every SWEEP.

Service → page: {"class": COURSE, "id": number of an event, "at": time, "rows": [...], "gone":
[names], "whole": bool}; `after` that number, nothing is missed. `whole`: these are all rows.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from coursewright.records import live
from coursewright.records.errors import CoursewrightError
from coursewright.records.live import Happening
from coursewright.services import logs, topics
from coursewright.services.class_rows import Row, rows, told
from coursewright.services.exchange import Ask, Exchange

PAUSE = 0.2  # seconds between two looks, in which what happens is gathered
SWEEP = 20.0  # seconds between two looks at everybody
MISSED_AT_MOST = 2000  # events of the platform since somebody heard last; beyond, all rows


@dataclass(eq=False)
class Room:
    """A class that is watched: its rows as they were told last, and of whom there is news.

    `looked_at` is a moment of the monotonic clock.
    """

    rows: dict[str, Row] = field(default_factory=dict)
    waiting: set[str] = field(default_factory=set)
    news: asyncio.Event = field(default_factory=asyncio.Event)
    ready: asyncio.Event = field(default_factory=asyncio.Event)
    task: asyncio.Task[None] | None = None
    looked_at: float = float("-inf")


class ClassFeed:
    """One for all pages of a process."""

    def __init__(self, exchange: Exchange, ask: Ask) -> None:
        self._exchange, self._ask = exchange, ask
        self._rooms: dict[str, Room] = {}
        exchange.hearers.append(self.hear)

    def hear(self, one: Happening) -> None:
        room = self._rooms.get(one.course or "")
        person = one.whose_right or one.person
        if room is not None and person:
            room.waiting.add(person)
            room.news.set()

    async def follow(self, course: str, hear: Callable[[str], None], after: int | None) -> None:
        """Tell `hear` what changed since the event `after`, or all; the rest comes by the topic.

        Raises NotFound.
        """
        await self._ask(rows, course, ())  # is there such a class?
        if course not in self._rooms:
            room = self._rooms[course] = Room()
            room.task = asyncio.create_task(self._keep(course, room))
        # What happens from here on is told as a change; what happened before is asked for below.
        await self._rooms[course].ready.wait()
        newest = self._exchange.highest
        only = None
        if after is not None:
            only = await self._ask(live.at_work_since, course, after, MISSED_AT_MOST)
        at, found = await self._ask(rows, course, only)
        hear(json.dumps(_message(course, newest, at, found, whole=only is None)))

    async def close(self) -> None:
        for room in list(self._rooms.values()):
            if room.task is not None:
                room.task.cancel()
                with suppress(asyncio.CancelledError):
                    await room.task

    async def _keep(self, course: str, room: Room) -> None:
        """Until nobody watches."""
        topic = topics.class_of(course)
        everybody = True
        try:
            while self._exchange.is_watched(topic):
                waiting, room.waiting = room.waiting, set()
                room.news.clear()
                try:
                    await self._look(course, room, None if everybody else waiting)
                    everybody = not await self._news_of(room)
                except CoursewrightError as error:
                    logs.log.warning("a class is looked at later: %s", error)
                    everybody = True
                    await asyncio.sleep(1)
        finally:
            self._rooms.pop(course, None)

    async def _news_of(self, room: Room) -> bool:
        """Whether there is news of somebody before it is time to look at everybody."""
        try:
            await asyncio.wait_for(room.news.wait(), SWEEP)
        except TimeoutError:
            return False
        await asyncio.sleep(room.looked_at + PAUSE - time.monotonic())
        return True

    async def _look(self, course: str, room: Room, only: set[str] | None) -> None:
        newest, known = self._exchange.highest, room.rows
        room.looked_at = time.monotonic()
        at, found = await self._ask(rows, course, only)
        seen = {one.person: one for one in found}
        changed = [one for one in found if known.get(one.person) != one]
        # A page may know of somebody who came and went between two looks.
        gone = [name for name in (known if only is None else only) if name not in seen]
        known.update(seen)
        for name in gone:
            known.pop(name, None)
        if (changed or gone) and room.ready.is_set():
            message = _message(course, newest, at, changed, gone)
            self._exchange.say(topics.class_of(course), message)
        room.ready.set()


def _message(
    course: str,
    newest: int,
    at: datetime,
    found: list[Row],
    gone: list[str] | None = None,
    *,
    whole: bool = False,
) -> dict[str, Any]:
    return {
        "class": course,
        "id": newest,
        "at": at.isoformat(),
        "rows": [told(one) for one in found],
        "gone": gone or [],
        "whole": whole,
    }
