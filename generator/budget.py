"""What a course may cost: tokens, money and seconds, with a hard stop before the call too many."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from coursewright.generator.trouble import KEPT, Spent
from coursewright.records.errors import Invalid

MILLION = 1_000_000


@dataclass(frozen=True)
class Prices:
    """Of a million tokens, in whatever currency the settings are in; none are built in."""

    input: float
    output: float

    def cost(self, prompt: int, completion: int) -> float:
        return (prompt * self.input + completion * self.output) / MILLION


@dataclass(frozen=True)
class Usage:
    """What calls took. `cost` is None where no prices are set.

    `estimated` tells that an endpoint did not report its usage, so that it was reckoned from the
    texts' lengths.
    """

    prompt: int = 0
    completion: int = 0
    cost: float | None = None
    calls: int = 0
    estimated: bool = False

    @property
    def tokens(self) -> int:
        return self.prompt + self.completion

    def __add__(self, other: Usage) -> Usage:
        costs = [one.cost for one in (self, other) if one.cost is not None]
        return Usage(
            self.prompt + other.prompt,
            self.completion + other.completion,
            sum(costs) if costs else None,
            self.calls + other.calls,
            self.estimated or other.estimated,
        )


def estimate(text: str) -> int:
    """Tokens of a text, rather too many than too few: a token has three bytes or more."""
    return -(-len(text.encode("utf-8", "replace")) // 3)


class Budget:
    """Limits of one course; None is no limit. Use it in one event loop.

    A call starts only when its prompt and the longest reply that it may have still fit, together
    with those of the calls under way. `seconds` count from the first call of this run.
    """

    def __init__(
        self,
        tokens: int | None = None,
        money: float | None = None,
        seconds: float | None = None,
    ):
        self.tokens = tokens
        self.money = money
        self.seconds = seconds
        self.spent = Usage()
        self._held: list[tuple[int, float]] = []
        self._settled = asyncio.Event()
        self._began: float | None = None

    def add(self, usage: Usage) -> None:
        """Count what was taken: by a call of this run, or of an earlier one."""
        self.spent += usage

    @property
    def left(self) -> float | None:
        """Seconds that are left, None without a limit."""
        if self.seconds is None:
            return None
        if self._began is None:
            self._began = time.monotonic()
        return self.seconds - (time.monotonic() - self._began)

    @asynccontextmanager
    async def hold(self, prompt: int, cap: int, prices: Prices | None) -> AsyncIterator[None]:
        """Keep room for one call while it runs; wait for others where they hold what it needs.

        Raises Spent, and Invalid for a budget of money where there are no prices.
        """
        if self.money is not None and prices is None:
            raise Invalid(
                "A budget of money needs prices. Set COURSEWRIGHT_LLM_INPUT_PRICE and"
                " COURSEWRIGHT_LLM_OUTPUT_PRICE to what a million tokens cost, or give a budget of"
                " tokens."
            )
        room = (prompt + cap, prices.cost(prompt, cap) if prices else 0.0)
        while lack := self._lack(*room):
            if not self._held or self._over():
                raise Spent(f"{lack} {KEPT}")
            await self._settled.wait()
        self._held.append(room)
        try:
            yield
        finally:
            self._held.remove(room)
            self._settled.set()
            self._settled = asyncio.Event()

    def _over(self) -> bool:
        """Whether it would be in vain to wait for the calls under way."""
        left = self.left
        return (
            (left is not None and left <= 0)
            or (self.tokens is not None and self.spent.tokens >= self.tokens)
            or (self.money is not None and (self.spent.cost or 0.0) >= self.money)
        )

    def _lack(self, tokens: int, money: float) -> str:
        """A sentence about the limit that does not allow for so much more, or nothing."""
        tokens += sum(held for held, _ in self._held)
        money += sum(held for _, held in self._held)
        cost = self.spent.cost or 0.0
        if self.tokens is not None and self.spent.tokens + tokens > self.tokens:
            return (
                f"The budget of {self.tokens} tokens is reached: {self.spent.tokens} are spent,"
                f" and the next call may take {tokens}."
            )
        if self.money is not None and cost + money > self.money:
            return (
                f"The budget of {self.money:g} is reached: {cost:.4f} is spent, and the next call"
                f" may cost {money:.4f}."
            )
        left = self.left
        if left is not None and left <= 0:
            return f"The budget of {self.seconds:g} seconds is reached."
        return ""
