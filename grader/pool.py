"""Warm sandboxes, kept for the next submission: to start Python costs more than to grade.

Between two submissions every process in a sandbox but the first is killed, and what they left in
its file systems is removed; a sandbox that cannot say that this is done is ended.
"""

from __future__ import annotations

import atexit
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TypeVar

from coursewright.grader.kernel import Kernel
from coursewright.grader.limits import Limits
from coursewright.grader.wire import Late, Lost

K = TypeVar("K", bound=Kernel)
KEPT = 4  # sandboxes at rest
USES = 200  # submissions in one sandbox

_lock = threading.Lock()
_idle: list[Kernel] = []


@contextmanager
def leased(kind: type[K], limits: Limits) -> Iterator[K]:
    """A kernel for one submission, its time counted from now."""
    kernel = _taken(kind, limits) or kind(limits)
    kernel.deadline = time.monotonic() + limits.total_seconds
    try:
        yield kernel
        kernel.uses += 1
        clean = kernel.uses < USES and _cleaned(kernel)
    except BaseException:
        kernel.close()
        raise
    if clean:
        _put_back(kernel)
    else:
        kernel.close()


def _taken(kind: type[K], limits: Limits) -> K | None:
    thread = threading.get_ident()
    with _lock:
        for number, kernel in enumerate(_idle):
            mine = kernel.thread == thread  # it dies with the thread that started it
            if type(kernel) is kind and kernel.limits == limits and mine:
                del _idle[number]
                return kernel
    return None


def _put_back(kernel: Kernel) -> None:
    with _lock:
        _idle.append(kernel)
        surplus = _idle[:-KEPT]
        del _idle[:-KEPT]
    for old in surplus:
        old.close()


def _cleaned(kernel: Kernel) -> bool:
    try:
        return kernel.clean()
    except (Late, Lost):
        return False


@atexit.register
def close() -> None:
    """End every sandbox at rest."""
    with _lock:
        old = list(_idle)
        _idle.clear()
    for kernel in old:
        kernel.close()
