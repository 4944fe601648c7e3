"""A sandbox that somebody else built: the worker's side of keeper.py.

Where COURSEWRIGHT_SANDBOXES names a socket, all sandboxes come from the keeper there, and none is
built by this process. What the keeper cannot do is told as Unavailable, never as a grade.
"""

from __future__ import annotations

import json
import os
import select
import signal
import socket
import subprocess
import time
from collections.abc import Sequence
from contextlib import ExitStack, suppress
from types import TracebackType
from typing import IO, Any, Self

from coursewright.grader.confinement import Confinement
from coursewright.grader.orders import ANSWER, Order
from coursewright.records.errors import Unavailable

VARIABLE = "COURSEWRIGHT_SANDBOXES"
PATIENCE = 30.0  # seconds for a keeper that is being started again, or has its hands full
PAUSE = 0.1
GONE = "The keeper of the sandboxes ended while this was graded. It will be graded again."


def place() -> str | None:
    """The keeper's socket, where this process has one."""
    return os.environ.get(VARIABLE) or None


def reach(path: str, patience: float = PATIENCE) -> socket.socket:
    """A connection to the keeper, who listens only while sandboxes work. Raises Unavailable."""
    deadline = time.monotonic() + patience
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    while True:
        try:
            connection.settimeout(patience)
            connection.connect(path)
            return connection
        except (FileNotFoundError, ConnectionRefusedError, TimeoutError) as error:
            missing: OSError = error
        except OSError as error:
            deadline, missing = 0.0, error
        if time.monotonic() > deadline:
            connection.close()
            raise Unavailable(
                f"The keeper of the sandboxes does not answer at {path} ({missing.strerror})."
                " What was handed in is kept and waits. See that `coursewright sandboxes` runs"
                " there, and that this user's group may connect."
            ) from None
        time.sleep(PAUSE)


class Kept:
    """What a sandbox of our own offers (sandbox.Confined), for one of the keeper's."""

    def __init__(
        self,
        path: str,
        confinement: Confinement,
        argv: Sequence[str],
        pass_fds: Sequence[int] = (),
        *,
        stdin: Any = None,
        stdout: Any = None,
        stderr: Any = None,
    ) -> None:
        """The options are Popen's. Raises Unavailable."""
        self.returncode: int | None = None
        self.ooms = 0
        self.stdin: IO[bytes] | None = None
        self.stdout: IO[bytes] | None = None
        self.stderr: IO[bytes] | None = None
        self._connection = reach(path)
        try:
            with ExitStack() as stack:
                given = [
                    self._stream(stack, name, option)
                    for name, option in (("stdin", stdin), ("stdout", stdout), ("stderr", stderr))
                ]
                self._order(Order(tuple(argv), confinement, tuple(pass_fds)), given)
        except BaseException:
            self._connection.close()
            self._close_streams()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._close_streams()
        self.wait()

    def poll(self) -> int | None:
        """The status, when it has ended; a sandbox whose keeper is gone was killed."""
        if self.returncode is None and select.select([self._connection], [], [], 0)[0]:
            self._hear()
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """The status; then all that was in it is dead. Raises Unavailable if the keeper is gone."""
        if self.returncode is None:
            if not select.select([self._connection], [], [], timeout)[0]:
                raise subprocess.TimeoutExpired("a sandbox", timeout or 0)
            self._hear()
        if self._forsaken:
            raise Unavailable(GONE)
        assert self.returncode is not None
        return self.returncode

    def kill(self) -> None:
        """End it with everything in it; `wait` says when that has happened."""
        if self.returncode is None:
            with suppress(OSError):
                self._connection.shutdown(socket.SHUT_WR)

    _forsaken = False

    def _stream(self, stack: ExitStack, name: str, option: Any) -> int:
        """The descriptor for the sandbox; of a pipe, the other end is kept here."""
        if option is None:
            return ("stdin", "stdout", "stderr").index(name)
        if option == subprocess.DEVNULL:
            descriptor = os.open(os.devnull, os.O_RDWR | os.O_CLOEXEC)
            stack.callback(os.close, descriptor)
            return descriptor
        if option == subprocess.PIPE:
            reading, writing = os.pipe()
            ours, theirs = (writing, reading) if name == "stdin" else (reading, writing)
            setattr(self, name, os.fdopen(ours, "wb" if name == "stdin" else "rb", 0))
            stack.callback(os.close, theirs)
            return theirs
        return option if isinstance(option, int) else int(option.fileno())

    def _order(self, order: Order, streams: Sequence[int]) -> None:
        plan = os.memfd_create("coursewright-order")
        try:
            os.write(plan, order.to_bytes())
            descriptors = [plan, *streams, *order.numbers]
            socket.send_fds(self._connection, [b"!"], descriptors)
            said = self._answer(PATIENCE)
        except OSError as error:
            raise Unavailable(f"The keeper of the sandboxes has no place free ({error}).") from None
        finally:
            os.close(plan)
        if said.get("started") is not True:
            raise Unavailable(f"The keeper built no sandbox: {said.get('refused') or GONE}")

    def _hear(self) -> None:
        said: dict[str, Any] = {}
        with suppress(OSError):
            said = self._answer(None)
        self._connection.close()
        self._forsaken = "status" not in said
        self.ooms = int(said.get("ooms", 0))
        self.returncode = int(said.get("status", -signal.SIGKILL))

    def _answer(self, patience: float | None) -> dict[str, Any]:
        self._connection.settimeout(patience)
        content = self._connection.recv(ANSWER)
        return dict(json.loads(content)) if content else {}

    def _close_streams(self) -> None:
        for stream in (self.stdin, self.stdout, self.stderr):
            if stream is not None:
                stream.close()
