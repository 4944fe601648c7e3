"""The first process in the sandbox: an interpreter that is warm, and forks when it is asked to.

Never runs a student's code itself. Its control socket (SOCK_SEQPACKET) takes

    {"fork": true} with three descriptors: channel, output, errors   → {"pid": …}
    {"interrupt": pid}        as Ctrl-C would
    {"sweep": [pid, …]}       end every process but these       → {"swept": true}
    {"clean": true}           end every process, empty /tmp and /dev/shm  → {"cleaned": whether}
    ?                         → !  (as a sign of life)

and tells {"exited": pid} when an interpreter has ended. Before a fork it ends all others: there is
one interpreter at a time. What it becomes is its role: started as `zygote DESCRIPTOR ROLE MODULE…`,
this process has loaded what the role needs, and those modules too.
"""

from __future__ import annotations

import ctypes
import gc
import json
import os
import random
import select
import shutil
import signal
import socket
import sys
from collections.abc import Sequence
from contextlib import suppress
from importlib import import_module
from typing import NoReturn, TextIO

MESSAGE = 65536
PING, PONG = b"?", b"!"
PR_SET_DUMPABLE = 4
WRITABLE = ("/tmp", "/dev/shm")  # noqa: S108 (private file systems in memory)
ROLES = {"shared": "interpreter", "candidate": "candidate", "examiner": "examiner"}


class Zygote:
    """One loop over the control socket and the interpreter's end."""

    def __init__(self, control: socket.socket, role: str, warm: Sequence[str] = ()) -> None:
        self.control = control
        self.serve_channel = import_module(f"coursewright.grader.{ROLES[role]}").ready()
        for name in warm:
            with suppress(Exception):  # whoever needs it will be told
                import_module(name)
        sys.path.insert(0, "")
        self.child: int | None = None
        self.child_end: int | None = None

    def serve(self) -> None:
        set_dumpable(False)
        self.mounts = mounted()
        gc.collect()
        gc.freeze()  # what is shared with the forks stays shared
        self._tell({"ready": True})
        while True:
            watched = [self.control.fileno()]
            watched += [] if self.child_end is None else [self.child_end]
            ready, _, _ = select.select(watched, [], [])
            if self.child_end in ready:
                self._reap()
            if self.control.fileno() in ready and not self._answer():
                return

    def _answer(self) -> bool:
        content, descriptors, _, _ = socket.recv_fds(self.control, MESSAGE, 3)
        if not content:
            return False
        if content == PING:
            self.control.send(PONG)
            return True
        asked = json.loads(content)
        if "fork" in asked:
            self._fork(descriptors)
        elif "interrupt" in asked:
            _kill(asked["interrupt"], signal.SIGINT)
        elif "sweep" in asked:
            sweep({*asked["sweep"], os.getpid(), 1})
            self._tell({"swept": True})
        elif "clean" in asked:
            self._clean()
        return True

    def _fork(self, descriptors: list[int]) -> None:
        if self.child is not None:
            _kill(-1, signal.SIGKILL)  # spares this process and the first one, and nothing else
            self._reap()
        self.child = os.fork()
        if self.child == 0:
            self._become_interpreter(*descriptors)
        for descriptor in descriptors:
            os.close(descriptor)
        self.child_end = os.pidfd_open(self.child)
        self._tell({"pid": self.child})

    def _become_interpreter(self, channel: int, output: int, errors: int) -> NoReturn:
        self.control.close()
        set_dumpable(True)
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        # Inside a new pid namespace kill(0) reaches the process group: it must not be the zygote's.
        os.setsid()
        os.dup2(output, 1)
        os.dup2(errors, 2)
        os.close(output)
        os.close(errors)
        sys.stdout, sys.stderr = _writer(1), _writer(2)
        try:
            reseed()
            self.serve_channel(socket.socket(fileno=channel))
        finally:
            os._exit(0)

    def _clean(self) -> None:
        sweep({os.getpid(), 1})
        self._reap()
        self._tell({"cleaned": all([emptied(place, self.mounts) for place in WRITABLE])})

    def _reap(self) -> None:
        if self.child is None or self.child_end is None:
            return
        os.waitpid(self.child, 0)
        os.close(self.child_end)
        self._tell({"exited": self.child})
        self.child = self.child_end = None

    def _tell(self, event: dict[str, object]) -> None:
        self.control.send(json.dumps(event).encode())


def _writer(descriptor: int) -> TextIO:
    return open(descriptor, "w", encoding="utf-8", errors="backslashreplace", closefd=False)


def reseed() -> None:
    """Chance differs from fork to fork. Python's own sees to that itself."""
    numpy_random = sys.modules.get("numpy.random")
    if numpy_random is not None:
        numpy_random.seed(random.getrandbits(32))


def set_dumpable(allowed: bool) -> None:
    """Whether processes of the same user may reach this one's memory by way of /proc."""
    if ctypes.CDLL(None, use_errno=True).prctl(PR_SET_DUMPABLE, int(allowed), 0, 0, 0):
        raise OSError(ctypes.get_errno(), "prctl")


def sweep(kept: set[int]) -> None:
    """Kill every process but these and see each of them dead, until no new one turns up."""
    while others := {int(name) for name in os.listdir("/proc") if name.isdigit()} - kept:
        for pid in others:
            _kill(pid, signal.SIGKILL)
        for pid in others:
            _see_dead(pid)
        kept = kept | others


def mounted() -> frozenset[str]:
    """Where something is mounted; no student's code can change that."""
    with open("/proc/self/mountinfo") as lines:
        places = [line.split()[4] for line in lines]
    return frozenset(place.encode().decode("unicode_escape") for place in places)


def emptied(place: str, mounts: frozenset[str] = frozenset()) -> bool:
    """Remove all that is in a folder; whether nothing is left but mounts and what leads to them.

    An installation may lie below /tmp, and is then mounted there.
    """
    left = []
    for entry in os.scandir(place):
        if entry.path in mounts:
            continue
        if any(mount.startswith(f"{entry.path}/") for mount in mounts):
            left.append(emptied(entry.path, mounts))
        else:
            left.append(_removed(entry))
    return all(left)


def _removed(entry: os.DirEntry[str]) -> bool:
    if entry.is_dir(follow_symlinks=False):
        _opened(entry.path)
        for folder, folders, _ in os.walk(entry.path):
            for name in folders:
                _opened(os.path.join(folder, name))
        shutil.rmtree(entry.path, ignore_errors=True)
    else:
        with suppress(OSError):
            os.unlink(entry.path)
    return not os.path.lexists(entry.path)


def _opened(folder: str) -> None:
    with suppress(OSError):
        if not os.path.islink(folder):
            os.chmod(folder, 0o700)


def _see_dead(pid: int) -> None:
    try:
        end = os.pidfd_open(pid)
    except ProcessLookupError:
        return
    select.select([end], [], [], 1.0)
    os.close(end)


def _kill(pid: int, number: int) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.kill(pid, number)


if __name__ == "__main__":
    Zygote(socket.socket(fileno=int(sys.argv[1])), sys.argv[2], sys.argv[3:]).serve()
