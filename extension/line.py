"""Whether the course service answers, and how long to leave it alone while it does not."""

from __future__ import annotations

import asyncio
import random

FIRST = 1.0  # seconds
LONGEST = 30.0


class Line:
    """What every answer, or its absence, tells; waiting ends as soon as anything got through."""

    def __init__(self) -> None:
        self.first = FIRST
        self.longest = LONGEST
        self.up: bool | None = None
        self._back = asyncio.Event()

    def heard(self, there: bool) -> None:
        """The service answered a question, or was not there to."""
        self.up = there
        if there:
            self._back.set()
        else:
            self._back.clear()

    def hurry(self) -> None:
        """There is reason to believe that it is back: those who wait try now."""
        self._back.set()

    async def pause(self, failures: int) -> None:
        """Wait until it is back; the longer, the more failures, each time a little differently."""
        seconds = min(self.longest, self.first * 2 ** min(failures - 1, 10))
        self._back.clear()
        try:
            await asyncio.wait_for(self._back.wait(), seconds * random.uniform(0.5, 1.5))  # noqa: S311
        except TimeoutError:
            return
