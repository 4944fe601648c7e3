"""Warm sandboxes, kept for the next submission: to start Python costs more than to grade.

Between two submissions every process in a sandbox but the first is killed, and what they left in
its file systems is removed; a sandbox that cannot say that this is done is ended.
"""

from __future__ import annotations

import atexit
import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import TypeVar

from coursewright.grader.kernel import Kernel
from coursewright.grader.limits import Limits
from coursewright.grader.wire import Late, Lost
from coursewright.records.errors import Unavailable

K = TypeVar("K", bound=Kernel)
KEPT, MOST = 4, 20  # sandboxes at rest: of one kind, in all
USES = 200  # submissions in one sandbox

_lock = threading.Lock()
_idle: list[Kernel] = []


@contextmanager
def leased(kind: type[K], limits: Limits, warm: Sequence[str] = ()) -> Iterator[K]:
    """A kernel for one submission, its time counted from now; `warm` as in nursery.py.

    Raises Unavailable when its sandbox was lost with the keeper: that is nobody's zero.
    """
    kernel = _taken(kind, limits, tuple(warm)) or kind(limits, warm)
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


def _taken(kind: type[K], limits: Limits, warm: tuple[str, ...]) -> K | None:
    with _lock:
        gone = [kernel for kernel in _idle if kernel.ended]
        for kernel in gone:
            _idle.remove(kernel)
        found = None
        for kernel in _idle:
            if type(kernel) is kind and (kernel.limits, kernel.warm) == (limits, warm):
                _idle.remove(kernel)
                found = kernel
                break
    _end(gone)
    return found


def _put_back(kernel: Kernel) -> None:
    with _lock:
        _idle.append(kernel)
        alike = [one for one in _idle if _is_like(one, kernel)]
        surplus = alike[:-KEPT] or _idle[:-MOST]
        for old in surplus:
            _idle.remove(old)
    _end(surplus)


def _is_like(one: Kernel, other: Kernel) -> bool:
    return type(one) is type(other) and (one.limits, one.warm) == (other.limits, other.warm)


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
    _end(old)


def _end(kernels: Iterable[Kernel]) -> None:
    """Of those at rest nothing is lost with their keeper."""
    for kernel in kernels:
        with suppress(Unavailable):
            kernel.close()
