"""Gates beside an event loop."""

from __future__ import annotations

import asyncio
import threading

import pytest
from small_course import lesson

from coursewright.generator.gates import lessons
from coursewright.generator.gates.pool import GatePool
from coursewright.records.errors import Invalid


def test_a_check_runs_beside_the_loop() -> None:
    async def checked() -> tuple[list[str], int]:
        with GatePool() as pool:
            _, results = await pool.run(lessons.read, lesson(), pages=())
            return [one.gate for one in results], await pool.run(threading.get_ident)

    gates, thread = asyncio.run(checked())
    assert gates == ["L1", "L2", "L3"]
    assert thread != threading.get_ident()


def test_so_many_checks_run_at_a_time_and_they_begin_in_their_order() -> None:
    begun: list[int] = []
    both = threading.Barrier(2)

    def check(number: int) -> int:
        begun.append(number)
        both.wait(timeout=30)
        return number

    async def checked() -> list[int]:
        with GatePool(threads=2) as pool:
            return await asyncio.gather(*(pool.run(check, number) for number in range(6)))

    assert asyncio.run(checked()) == list(range(6))
    assert [set(begun[at : at + 2]) for at in (0, 2, 4)] == [{0, 1}, {2, 3}, {4, 5}]


def test_what_a_check_raises_is_raised_to_whoever_asked() -> None:
    def check() -> None:
        raise Invalid("no")

    async def checked() -> None:
        with GatePool() as pool:
            await pool.run(check)

    with pytest.raises(Invalid, match="no"):
        asyncio.run(checked())
