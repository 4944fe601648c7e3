"""`coursewright sandboxes`: builds the sandboxes of a grading worker that has secrets to keep.

The worker holds the database's password and never starts what a student wrote. This program does,
as another user with no secret at all: who breaks out of a sandbox finds nothing here. It takes no
more than grading needs: no place to write, no network, no file but the system's and Python's.

Each connection is one sandbox (orders.py), attended by a process of its own; its end, by whatever
means, is the sandbox's.
"""

from __future__ import annotations

import fcntl
import json
import logging
import os
import select
import signal
import socket
import socketserver
import struct
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from coursewright.grader.allowed import check, shown
from coursewright.grader.orders import DESCRIPTORS, Order
from coursewright.grader.sandbox import Confined, Sandbox, ready
from coursewright.records.errors import CoursewrightError, Invalid, Unavailable

AT_ONCE = 40  # more than the sandboxes at rest of one worker (pool.MOST) and those of its jobs
LOOK = 0.5  # seconds between two looks whether to end
MAY_CONNECT = 0o117  # a mask: the owner and the group
SUN_PATH = 107  # bytes of a socket's path

log = logging.getLogger(__name__)


class Keeper(socketserver.ForkingMixIn, socketserver.UnixStreamServer):
    """Listens at `path`. Raises Invalid where it may not, Unavailable where nothing isolates."""

    socket_type = socket.SOCK_SEQPACKET
    request_queue_size = 64
    timeout = LOOK

    def __init__(self, path: Path, at_once: int = AT_ONCE) -> None:
        self.max_children = at_once
        try:
            host = ready()
        except Unavailable as reason:
            raise Unavailable(f"{reason}{in_a_container(str(reason))}") from None
        shown()  # found once, and not anew by every attendant
        self.stopping = False
        self.leash, self.held = os.pipe()
        before = os.umask(MAY_CONNECT)
        try:
            _clear(path)
            super().__init__(str(path), Attendant)
        except OSError as error:
            raise Invalid(f"No socket can be made at {path}: {error.strerror or error}.") from None
        finally:
            os.umask(before)
        log.info("ready", extra={"fields": {"builder": host.builder, "at_once": at_once}})

    def verify_request(self, request: Any, client_address: Any) -> bool:
        """Whoever is of our own user or group; the socket's mode says the same to the others."""
        told = request.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i"))
        _, uid, gid = struct.unpack("3i", told)
        known = uid == os.geteuid() or gid == os.getegid()
        if not known:
            log.warning("refused", extra={"fields": {"uid": uid, "gid": gid}})
        return known

    def run(self) -> None:
        """Until it is asked to stop and nothing is left to attend to: a worker that stops at the
        same time ends its submission first. A second signal ends everything."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)
        while not (self.stopping and not self.active_children):
            self.handle_request()

    def server_close(self) -> None:
        """Stop listening, and end every sandbox."""
        os.close(self.held)
        super().server_close()
        with suppress(FileNotFoundError):
            os.unlink(str(self.server_address))

    def _stop(self, number: int, frame: object) -> None:
        if self.stopping:
            raise SystemExit(128 + number)
        self.stopping = True
        log.info("stopping", extra={"fields": {"sandboxes": len(self.active_children or ())}})


class Attendant(socketserver.BaseRequestHandler):
    """One process for one sandbox: builds it, waits for its end or the worker's, tells of it."""

    server: Keeper

    def handle(self) -> None:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, signal.SIG_IGN)  # the leash says it
        os.close(self.server.held)
        self.server.socket.close()
        # What runs out of memory here is to be the sandbox, and not who looks after the others.
        with suppress(OSError):
            Path("/proc/self/oom_score_adj").write_text("1000")
        try:
            process = self._start()
        except (CoursewrightError, OSError) as error:
            log.warning("refused", extra={"fields": {"because": str(error)}})
            return self._say({"refused": str(error)[-2000:]})
        if process is None:
            return None
        log.debug("started", extra={"fields": {"pid": process.pid}})
        self._say({"started": True})
        end = os.pidfd_open(process.pid)
        leash = self.server.leash
        ended = select.select([end, self.request, leash], [], [])[0]
        process.kill()
        process.wait()
        if leash not in ended:
            self._say({"status": process.returncode, "ooms": process.ooms})
        return None

    def _start(self) -> Confined | None:
        """None for a caller that only looked whether we are here. Raises Invalid, Denied, …"""
        content, received, flags, _ = socket.recv_fds(self.request, 1, DESCRIPTORS)
        if not content:
            return None
        if flags & socket.MSG_CTRUNC or len(received) < 4:
            raise Invalid("an order has a plan and three streams, and few descriptors beside")
        order = Order.read(received[0])
        check(order)
        if len(order.numbers) != len(received) - 4:
            raise Invalid("there are not as many descriptors as the order numbers")
        streams = self._place(received[1:], order.numbers)
        try:
            return Sandbox(**vars(order.confinement)).start(
                ready(),
                order.argv,
                pass_fds=order.numbers,
                stdin=streams[0],
                stdout=streams[1],
                stderr=streams[2],
            )
        finally:
            for descriptor in (*streams, *order.numbers):
                os.close(descriptor)

    def _place(self, received: Sequence[int], numbers: Sequence[int]) -> list[int]:
        """Put the last of them at their `numbers`, all else out of the way; gives the first."""
        above = max(numbers, default=2) + 1
        mine = socket.socket(fileno=_moved(self.request.detach(), above))
        self.request = mine
        self.server.leash = _moved(self.server.leash, above)
        high = [_moved(descriptor, above) for descriptor in received]
        streams, passed = high[:3], high[3:]
        for descriptor, number in zip(passed, numbers, strict=True):
            os.dup2(descriptor, number)
            os.close(descriptor)
        return streams

    def _say(self, message: Mapping[str, object]) -> None:
        with suppress(OSError):  # nobody listens any more
            self.request.send(json.dumps(message).encode())


def _moved(descriptor: int, above: int) -> int:
    moved = fcntl.fcntl(descriptor, fcntl.F_DUPFD_CLOEXEC, above)
    os.close(descriptor)
    return moved


def _clear(path: Path) -> None:
    """Take away a socket that a keeper before us left behind. Raises Invalid."""
    if len(os.fsencode(path)) > SUN_PATH:
        raise Invalid(f"The path {path} is too long for a socket.")
    with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as probe:
        try:
            probe.connect(str(path))
        except FileNotFoundError:
            return
        except ConnectionRefusedError:
            if path.is_socket():
                path.unlink()
            return
    raise Invalid(f"Another keeper listens at {path} already.")


def in_a_container(said: str) -> str:
    """What a container lacks that could build no sandbox, judged by what the builders said."""
    if "proc" in said:
        return (
            " In a container: /proc is masked, so no sandbox can have one of its own. Kubernetes"
            " needs `hostUsers: false` with `procMount: Unmasked`, Docker `systempaths=unconfined`."
        )
    return (
        " In a container: its seccomp profile has to allow unshare, clone and mount for user"
        " namespaces. Kubernetes needs `hostUsers: false` with such a profile, Docker"
        " `seccomp=` with such a profile and `apparmor=unconfined`."
    )
