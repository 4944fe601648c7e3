"""What is in force on the site now: an administrator's settings, without a restart.

Read again when what is known is older than a few seconds. While the database is away, what was
known last stays in force.
"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from typing import Any

from coursewright.records.errors import Denied, Unavailable
from coursewright.records.settings import InForce, Settings, in_force

AGE = 5.0  # seconds for which it counts

Ask = Callable[[Callable[..., Any]], Awaitable[Any]]

LOCKED_OUT = (
    "Your account is deactivated. All that you did is kept; an administrator can let you in again"
)


class House:
    """One for a process of the service."""

    def __init__(self, ask: Ask) -> None:
        self._ask = ask
        self._read_at = float("-inf")
        self._known = InForce()

    @property
    def settings(self) -> Settings:
        """As far as it is known; never waits."""
        return self._known.settings

    async def refresh(self) -> InForce:
        if time.monotonic() - self._read_at > AGE:
            # Those who come meanwhile go by what was known.
            self._read_at = time.monotonic()
            try:
                self._known = await self._ask(in_force)
            except Unavailable:
                self._read_at = float("-inf")
        return self._known

    def forget(self) -> None:
        """Something was changed here: the next who asks reads it again."""
        self._read_at = float("-inf")

    async def let_in(self, person: str) -> None:
        """Raises Denied for somebody who is deactivated."""
        if person in (await self.refresh()).deactivated:
            raise Denied(LOCKED_OUT)
