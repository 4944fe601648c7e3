"""The gates beside an event loop: on a few threads, each of which keeps its own warm sandboxes."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec, Self, TypeVar

P = ParamSpec("P")
T = TypeVar("T")
THREADS = 2


class GatePool:
    """Checks run in the order in which they were asked for."""

    def __init__(self, threads: int = THREADS) -> None:
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="gates")

    async def run(self, check: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._pool, lambda: check(*args, **kwargs))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *exception: object) -> None:
        """Waits for the checks under way, but not for who is stopped: they would be in vain."""
        stopped = kind is not None and issubclass(kind, asyncio.CancelledError)
        self._pool.shutdown(wait=not stopped, cancel_futures=True)
