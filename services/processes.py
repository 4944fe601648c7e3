"""Several processes behind one socket: forked before anything runs, watched, stopped together.

Whoever takes a connection first answers it; the kernel shares them out. A process that ends by
itself gets a successor.
"""

from __future__ import annotations

import ctypes
import gc
import os
import signal
import time
from collections.abc import Callable
from typing import Never

from coursewright.services import logs

PDEATHSIG = 1  # of linux/prctl.h
TOLD = {signal.SIGTERM, signal.SIGINT}
AWAITED = {*TOLD, signal.SIGCHLD}
# Seconds that a process must have lived for its successor to begin at once.
LIVED = 1.0


def supervise(count: int, work: Callable[[], None], ended: Callable[[int], None]) -> None:
    """Let `count` processes do `work` until SIGTERM or SIGINT, then wait for all of them.

    No thread may run yet. `ended` is told the number of each process that is gone.
    """
    signal.pthread_sigmask(signal.SIG_BLOCK, AWAITED)
    # What is here already stays shared: the collector does not write to it.
    gc.freeze()
    born = {_fork(work): time.monotonic() for _ in range(count)}
    stopping = False
    while born:
        number = signal.sigwait(AWAITED)
        if number in TOLD:
            stopping = True
            for pid in born:
                os.kill(pid, signal.SIGTERM)
            continue
        for pid, status in _reap():
            since = born.pop(pid, None)
            ended(pid)
            if since is None or stopping:
                continue
            about = {"process": pid, "status": status}
            logs.log.error("a process has ended by itself", extra={"fields": about})
            early = LIVED - (time.monotonic() - since)
            if early > 0 and signal.sigtimedwait(TOLD, early):
                signal.raise_signal(signal.SIGTERM)
            born[_fork(work)] = time.monotonic()


def _reap() -> list[tuple[int, int]]:
    """Processes that have ended, with their exit status."""
    found: list[tuple[int, int]] = []
    while True:
        try:
            pid, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return found
        if not pid:
            return found
        found.append((pid, os.waitstatus_to_exitcode(status)))


def _fork(work: Callable[[], None]) -> int:
    parent = os.getpid()
    pid = os.fork()
    if not pid:
        _run(work, parent)
    return pid


def _run(work: Callable[[], None], parent: int) -> Never:
    """In the new process, which does not outlive its parent."""
    status = 1
    try:
        ctypes.CDLL(None).prctl(PDEATHSIG, signal.SIGTERM, 0, 0, 0)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, AWAITED)
        if os.getppid() == parent:
            work()
        status = 0
    finally:
        if status:
            logs.log.error("failure", exc_info=True)
        os._exit(status)
