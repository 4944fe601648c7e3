"""Figures that are counted once for many."""

from __future__ import annotations

import asyncio

import pytest

from coursewright.services.kept_figures import KeptFigures


class Counter:
    """Counts how often it is asked."""

    def __init__(self) -> None:
        self.asked = 0

    async def count(self) -> int:
        await asyncio.sleep(0)
        self.asked += 1
        return self.asked


def test_all_who_ask_at_once_get_one_count() -> None:
    async def ask() -> list[int]:
        kept: KeptFigures[int] = KeptFigures(60)
        counter = Counter()
        return await asyncio.gather(*(kept.get(counter.count) for _ in range(5)))

    assert asyncio.run(ask()) == [1] * 5


@pytest.mark.parametrize(
    ("age", "most", "keys", "counts"),
    [(60, 2, "aba", 2), (60, 1, "aba", 3), (-1, 2, "aa", 2)],
    ids=["kept by key", "the oldest key is forgotten", "too old is counted anew"],
)
def test_a_count_is_kept(age: float, most: int, keys: str, counts: int) -> None:
    async def ask() -> int:
        kept: KeptFigures[int] = KeptFigures(age, most)
        counter = Counter()
        for key in keys:
            await kept.get(counter.count, key)
        return counter.asked

    assert asyncio.run(ask()) == counts
