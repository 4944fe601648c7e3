"""The gates on threads: what CPython mixes up there is tried again."""

from __future__ import annotations

import asyncio
import threading

from coursewright.generator.gates.pool import GatePool


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
