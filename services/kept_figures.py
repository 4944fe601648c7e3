"""Figures that take their time: counted once for everybody who asks within some minutes."""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Hashable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass
class Place(Generic[T]):
    """What is known under a key; one at a time counts it."""

    counting: asyncio.Lock = field(default_factory=asyncio.Lock)
    counted_at: float = float("-inf")
    known: T | None = None


class KeptFigures(Generic[T]):
    """By key, for `age` seconds; beyond `most` keys those asked for longest ago are forgotten.

    One for a process of the service.
    """

    def __init__(self, age: float, most: int = 1) -> None:
        self._age = age
        self._most = most
        self._places: OrderedDict[Hashable, Place[T]] = OrderedDict()

    async def get(self, count: Callable[[], Awaitable[T]], key: Hashable = "") -> T:
        """What `count` gave last for this key, or gives now. What it raises is not kept."""
        place = self._places.setdefault(key, Place())
        self._places.move_to_end(key)
        if len(self._places) > self._most:
            self._places.popitem(last=False)
        async with place.counting:
            if place.known is None or time.monotonic() - place.counted_at > self._age:
                place.known = await count()
                place.counted_at = time.monotonic()
            return place.known
