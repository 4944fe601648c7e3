"""The gates on threads: what CPython mixes up there is tried again."""

from __future__ import annotations

import ast
import asyncio
import gc
import sys
import threading
from collections.abc import Iterator

import pytest

from coursewright.generator.gates.pool import TRIES, GatePool, steadily

SOURCE = "x = " + "+".join(f"f({i}, [a{i} for a{i} in range({i})])" for i in range(60))


@pytest.fixture
def interrupted() -> Iterator[None]:
    """Collections that come often and run Python, so that threads change in the middle."""
    before, threshold = sys.getswitchinterval(), gc.get_threshold()

    def collected(phase: str, info: object) -> None:
        sum(range(50))

    gc.callbacks.append(collected)
    gc.set_threshold(20)
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)
    gc.set_threshold(*threshold)
    gc.callbacks.remove(collected)


@pytest.mark.usefixtures("interrupted")
def test_threads_that_parse_at_the_same_time_come_to_their_results() -> None:
    def parse(depth: int) -> int:
        if depth:
            return parse(depth - 1)
        return len(ast.dump(ast.parse(SOURCE)))

    async def run() -> list[int]:
        with GatePool(3) as pool:
            return await asyncio.gather(*(pool.run(parse, 7 * (n % 3)) for n in range(60)))

    assert len(set(asyncio.run(run()))) == 1


def test_what_fails_each_time_fails() -> None:
    tried = []

    def check() -> None:
        tried.append(threading.current_thread())
        raise SystemError("each time")

    with pytest.raises(SystemError):
        steadily(check)
    assert len(tried) == TRIES


def test_other_errors_are_not_tried_again() -> None:
    tried = []

    def check() -> None:
        tried.append(1)
        raise ValueError("once")

    with pytest.raises(ValueError, match="once"):
        steadily(check)
    assert tried == [1]


def test_a_pool_that_is_cancelled_does_not_wait_for_its_checks() -> None:
    leave, ended = threading.Event(), threading.Event()

    def check() -> None:
        leave.wait(60)
        ended.set()

    async def run() -> bool:
        try:
            with GatePool(1) as pool:
                doing = asyncio.ensure_future(pool.run(check))
                await asyncio.sleep(0)
                raise asyncio.CancelledError
        except asyncio.CancelledError:
            doing.cancel()
            return ended.is_set()

    assert asyncio.run(run()) is False
    leave.set()
    assert ended.wait(60)
