"""Places for calls: so many at a time, the nearest to its end first, none lost by a cancel."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coursewright.generator.slots import RANKS, Slots


async def order(places: int, purposes: Sequence[str]) -> tuple[list[str], int]:
    """In which order calls get a place that wait behind a first one, and how many had one."""
    slots, done, at_once, most = Slots(places), [], 0, 0
    begin = asyncio.Event()

    async def call(purpose: str) -> None:
        nonlocal at_once, most
        async with slots.place(purpose):
            at_once += 1
            most = max(most, at_once)
            await begin.wait()
            done.append(purpose)
            await asyncio.sleep(0)
            at_once -= 1

    tasks = [asyncio.create_task(call(one)) for one in ["outline"] * places + list(purposes)]
    await asyncio.sleep(0)
    begin.set()
    await asyncio.gather(*tasks)
    return done[places:], most


@given(st.lists(st.sampled_from(sorted(RANKS)), max_size=12))
def test_who_waits_goes_by_rank_and_then_by_time(purposes: list[str]) -> None:
    found, most = asyncio.run(order(1, purposes))
    assert found == sorted(purposes, key=lambda one: RANKS[one])
    assert most == 1


def test_no_more_than_the_places_are_taken() -> None:
    found, most = asyncio.run(order(3, ["spec"] * 9))
    assert (len(found), most) == (9, 3)


@pytest.mark.parametrize("late", [False, True], ids=["while it waits", "when it has the place"])
def test_a_cancelled_call_leaves_its_place_to_the_next(late: bool) -> None:
    async def run() -> bool:
        slots, leave = Slots(1), asyncio.Event()

        async def hold(ends: bool = False) -> None:
            async with slots.place("spec"):
                await leave.wait()
            if ends and late:
                second.cancel()  # its turn has come, and it has not run yet

        first = asyncio.create_task(hold(ends=True))
        second, third = asyncio.create_task(hold()), asyncio.create_task(hold())
        await asyncio.sleep(0)
        if not late:
            second.cancel()
        leave.set()
        await asyncio.wait([first, second, third], timeout=5)
        return second.cancelled() and third.done()

    assert asyncio.run(run())
