"""One confined interpreter, seen from outside: start it, hand it cells, believe little.

Everything that comes out of the sandbox is read with a limit and a deadline, and is either what was
waited for or nothing. The zygote and the interpreter inside are described in their own files.
"""

from __future__ import annotations

import json
import os
import secrets
import select
import selectors
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any, Self

from coursewright.grader.binds import python_binds
from coursewright.grader.limits import Limits
from coursewright.grader.sandbox import Rlimits, Sandbox
from coursewright.grader.wire import FLOOD, Late, Lost, Printed, Reply, read_object
from coursewright.records.errors import Unavailable

START_SECONDS = 30.0  # for the zygote: a cold disk, a busy machine
GRACE = 1.0  # between the polite interruption and the end
LINE = 1 << 16  # the longest event that is believed
HOME = Sandbox.cwd
INSIDE = tuple(
    f"grader.{name}"
    for name in (
        "zygote",
        "interpreter",
        "candidate",
        "examiner",
        "examiner_link",
        "isolated_codec",
        "isolated_arrays",
        "isolated_handles",
        "isolated_link",
        "isolated_mirrors",
        "isolated_mutables",
    )
)
FIRST_UID, UIDS = 200_000, 50_000


class Kernel:
    """A sandbox with one interpreter in it. Not for two threads. `role`: see zygote.py."""

    role = "shared"

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.deadline = time.monotonic() + limits.total_seconds
        self.output = Printed(limits.output)
        self.errors = Printed(limits.output)
        self._selector = selectors.DefaultSelector()
        self._process: subprocess.Popen[bytes] | None = None
        self._end: int | None = None  # a pidfd: readable when every process is dead
        self._control: socket.socket | None = None
        self._channel: socket.socket | None = None
        self._streams: dict[int, Printed] = {}
        self._pid = 0
        self._buffer = b""
        self.uses = 0
        self.thread = threading.get_ident()
        self._complaints = tempfile.TemporaryFile()  # noqa: SIM115 (closed with the kernel)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def close(self) -> None:
        self.stop()
        self._selector.close()
        self._complaints.close()

    @property
    def expired(self) -> bool:
        return time.monotonic() >= self.deadline

    @property
    def alive(self) -> bool:
        return self._channel is not None

    def start(self) -> None:
        """A fresh interpreter, in a fresh sandbox when the old one broke. Raises Unavailable."""
        self.drop()
        if self._control is not None:
            try:
                return self._fork()
            except (Lost, Late):
                self.stop()
        try:
            self._open_sandbox()
            self._fork()
        except (Lost, Late) as error:
            self.stop()
            raise Unavailable(f"The sandbox did not start ({error}): {self._said()}") from None

    def run(self, name: str, source: str, seconds: float) -> Reply:
        """Run a cell in the interpreter. Raises Late when it had to be interrupted, Lost when it
        died. After Late it may be `alive`, with what the cell had done until then."""
        self._fresh_output()
        deadline = self._until(seconds)
        try:
            self._say({"run": name, "source": source})
            reply = Reply.read(self._event(deadline, "done"))
            self._check_zygote()
        except Late:
            self._interrupt()
            raise
        except Lost:
            self.drop()
            raise
        return reply

    def test(self, name: str, source: str, seconds: float) -> Reply:
        """Run a cell in a fork of the interpreter. Raises Late, or Lost when no verdict came."""
        self._fresh_output()
        nonce = secrets.token_hex(16)
        deadline = self._until(seconds)
        asked = {"test": name, "source": source, "nonce": nonce}
        try:
            self._say(asked)
            event = self._event(deadline, "verdict", "ended", "unforkable")
            if event["event"] == "unforkable":
                self._sweep()  # earlier cells left so many processes that no other fits
                self._say(asked)
                event = self._event(deadline, "verdict", "ended")
            verdict: Reply | None = None
            while event["event"] == "verdict":
                if verdict is None and event.get("nonce") == nonce:
                    verdict = Reply.read(event)
                event = self._event(deadline, "verdict", "ended")
            self._check_zygote()
        except Late:
            self._end_test()
            raise
        except Lost:
            self.drop()
            raise
        if verdict is None:
            raise Lost("the process ended during the test")
        return verdict

    def _interrupt(self) -> None:
        try:
            self._tell({"interrupt": self._pid})
            self._event(min(time.monotonic() + GRACE, self.deadline), "done")
        except (Late, Lost):
            self.drop()

    def _end_test(self) -> None:
        try:
            self._sweep()
            self._fresh_output()
            self._event(time.monotonic() + GRACE, "ended")
        except (Late, Lost):
            self.drop()

    def _check_zygote(self) -> None:
        """A cell that killed the zygote may come to its end before it is hit itself: see it now."""
        self._tell({"ping": True})
        try:
            self._report("pong", time.monotonic() + GRACE)
        except Late:
            raise Lost("the zygote is gone") from None

    def _sweep(self) -> None:
        self._tell({"sweep": [self._pid]})
        self._report("swept", time.monotonic() + GRACE)

    def printed(self) -> str:
        """What the last cell wrote to both streams, as text."""
        return (bytes(self.output.kept) + bytes(self.errors.kept)).decode(errors="replace")

    def clean(self) -> bool:
        """Leave nothing of this submission in the sandbox; whether that worked."""
        self.drop()
        if self._control is None:
            return False
        self._tell({"clean": True})
        return bool(self._report("cleaned", time.monotonic() + GRACE * 2)["cleaned"])

    def drop(self) -> None:
        """Forget the interpreter; the zygote ends it before it makes the next."""
        if self._channel is not None:
            self._selector.unregister(self._channel)
            self._channel.close()
        for descriptor in self._streams:
            self._selector.unregister(descriptor)
            os.close(descriptor)
        self._channel, self._streams, self._buffer = None, {}, b""

    def stop(self) -> None:
        """Kill the sandbox with everything in it, and see it dead."""
        self.drop()
        if self._control is not None:
            self._selector.unregister(self._control)
            self._control.close()
        if self._process is not None:
            self._process.kill()
            self._process.wait()
        if self._end is not None:
            select.select([self._end], [], [], START_SECONDS)
            os.close(self._end)
        self._control = self._process = self._end = None

    def _open_sandbox(self) -> None:
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._selector.register(self._control, selectors.EVENT_READ)
        about, info = os.pipe()
        with theirs, open(about) as told:
            try:
                self._process = sandbox(self.limits).popen(
                    [
                        sys.executable,
                        "-I",
                        "-m",
                        "coursewright.grader.zygote",
                        str(theirs.fileno()),
                    ],
                    pass_fds=[theirs.fileno()],
                    info=info,
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.DEVNULL,
                    stderr=self._complaints,
                )
            finally:
                os.close(info)
            with suppress(ValueError, KeyError, ProcessLookupError):  # it ended before it began
                self._end = os.pidfd_open(json.load(told)["child-pid"])
        self._report("ready", time.monotonic() + START_SECONDS)

    def _fork(self) -> None:
        if self._control is None:
            raise Lost("no zygote")
        ours, theirs = socket.socketpair()
        output, output_end = os.pipe()
        errors, errors_end = os.pipe()
        self._channel = ours
        self._streams = {output: self.output, errors: self.errors}
        for end in (ours, output, errors):
            self._selector.register(end, selectors.EVENT_READ)
        with theirs:
            ends = [theirs.fileno(), output_end, errors_end]
            try:
                socket.send_fds(self._control, [json.dumps({"fork": self.role}).encode()], ends)
            except OSError as error:
                raise Lost(str(error)) from None
            finally:
                os.close(output_end)
                os.close(errors_end)
        self._pid = int(self._report("pid", time.monotonic() + START_SECONDS)["pid"])

    def _fresh_output(self) -> None:
        self._drain()
        for descriptor, old in self._streams.items():
            new = Printed(self.limits.output)
            if old is self.output:
                self.output = new
            else:
                self.errors = new
            self._streams[descriptor] = new

    def _said(self) -> str:
        """What the zygote complained of, which no student's code can write to."""
        self._complaints.seek(0)
        return self._complaints.read(2000).decode(errors="replace").strip()

    def _until(self, seconds: float) -> float:
        return min(time.monotonic() + seconds, self.deadline)

    def _say(self, request: Mapping[str, Any], descriptors: Sequence[int] = ()) -> None:
        """A line to the interpreter; the descriptors go with its first byte."""
        if self._channel is None:
            raise Lost("no interpreter")
        self._channel.settimeout(GRACE)
        try:
            line = json.dumps(request).encode() + b"\n"
            sent = socket.send_fds(self._channel, [line], descriptors) if descriptors else 0
            self._channel.sendall(line[sent:])
        except OSError as error:
            raise Lost(str(error)) from None

    def _tell(self, request: Mapping[str, Any]) -> None:
        if self._control is None:
            raise Lost("no zygote")
        try:
            self._control.send(json.dumps(request).encode())
        except OSError as error:
            raise Lost(str(error)) from None

    def _report(self, wanted: str, deadline: float) -> dict[str, Any]:
        """The zygote's next message that has `wanted`."""
        while True:
            for message in self._turn(deadline):
                if wanted in message:
                    return message

    def _event(self, deadline: float, *wanted: str) -> dict[str, Any]:
        """The interpreter's next event of one of these names; all else is passed over."""
        while True:
            while b"\n" in self._buffer:
                line, _, self._buffer = self._buffer.partition(b"\n")
                event = read_object(line)
                if event.get("event") in wanted:
                    self._drain()
                    return event
            if len(self._buffer) > LINE:
                raise Lost("an event without an end")
            if self.output.flooded or self.errors.flooded:
                raise Late("output")
            for message in self._turn(deadline):
                if message.get("exited") == self._pid:
                    raise Lost("the interpreter ended")

    def _turn(self, deadline: float) -> list[dict[str, Any]]:
        """Read what is there now; the zygote's messages are returned, the rest is kept."""
        left = deadline - time.monotonic()
        if left <= 0:
            raise Late("time")
        messages = []
        ready = [key.fileobj for key, _ in self._selector.select(left)]
        for end in ready:
            if isinstance(end, int):
                self._read_stream(end)
            elif end is self._control:
                messages.append(read_object(_receive(self._control)))
            elif end is self._channel:
                self._buffer += _receive(self._channel)
        return messages

    def _read_stream(self, descriptor: int) -> bool:
        chunk = os.read(descriptor, LINE)
        self._streams[descriptor].take(chunk)
        if not chunk:
            self._selector.unregister(descriptor)
            os.close(descriptor)
            del self._streams[descriptor]
        return bool(chunk)

    def _drain(self) -> None:
        """Take what the streams hold now: a cell's output is complete when its event arrives."""
        for _ in range(FLOOD * self.limits.output // LINE + 2):
            ready = [key.fileobj for key, _ in self._selector.select(0)]
            streams = [end for end in ready if isinstance(end, int)]
            if not streams:
                return
            for end in streams:
                self._read_stream(end)


def sandbox(limits: Limits) -> Sandbox:
    """Where student code is graded: no network, nothing of ours but the files it needs."""
    return Sandbox(
        binds=python_binds(rooms=(), modules=INSIDE),
        environment={
            "PATH": os.pathsep.join(
                [os.path.join(sys.prefix, "bin"), "/usr/local/bin:/usr/bin:/bin"]
            ),
            "HOME": HOME,
            "IPYTHONDIR": f"{HOME}/.ipython",
            "LANG": "C.UTF-8",
            "MPLBACKEND": "module://matplotlib_inline.backend_inline",
            "MPLCONFIGDIR": f"{HOME}/.matplotlib",
            "OMP_NUM_THREADS": "1",
            "OPENBLAS_NUM_THREADS": "1",
            "PYTHONDONTWRITEBYTECODE": "1",
        },
        limits=Rlimits(
            cpu_seconds=int(limits.total_seconds) + 1,
            memory=limits.memory,
            processes=limits.processes,
            open_files=limits.open_files,
            file_size=limits.file_size,
        ),
        uid=FIRST_UID + secrets.randbelow(UIDS),
        tmp_size=limits.disk,
    )


def _receive(end: socket.socket) -> bytes:
    try:
        content = end.recv(LINE)
    except OSError as error:
        raise Lost(str(error)) from None
    if not content:
        raise Lost("closed")
    return content
