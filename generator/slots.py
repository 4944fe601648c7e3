"""So many calls at a time; of those that wait, the one nearest to the end of its piece goes first.

A course is checked on few processors. What is ready to be checked early keeps them at work while
the rest is still being written; written breadth first, all would come to its checks at once.
"""

from __future__ import annotations

import asyncio
import heapq
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import count

# What all else waits for, then a piece's last step before its first; blind answers fill the gaps.
ORDER = (
    ("canary", "outline", "adapt"),
    ("lesson", "repair-lesson", "translate"),
    ("repair", "solve"),
    ("wrong", "hints"),
    ("reference", "tests"),
    ("spec",),
    ("quiz", "repair-question"),
    ("answer",),
)
RANKS = {purpose: rank for rank, purposes in enumerate(ORDER) for purpose in purposes}


class Slots:
    """For one event loop."""

    def __init__(self, places: int) -> None:
        self._free = places
        self._waiting: list[tuple[int, int, asyncio.Future[None]]] = []
        self._numbers = count()

    @asynccontextmanager
    async def place(self, purpose: str) -> AsyncIterator[None]:
        """Hold one of the places for a call of this purpose."""
        await self._taken(RANKS.get(purpose, len(ORDER)))
        try:
            yield
        finally:
            self._hand_on()

    async def _taken(self, rank: int) -> None:
        if self._free:
            self._free -= 1
            return
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._waiting, (rank, next(self._numbers), turn))
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():  # it was given the place just before
                self._hand_on()
            raise

    def _hand_on(self) -> None:
        while self._waiting:
            turn = heapq.heappop(self._waiting)[2]
            if not turn.done():
                turn.set_result(None)
                return
        self._free += 1
