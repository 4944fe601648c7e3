"""A sandbox with a zygote in it, seen from outside: start it, ask it, see it dead.

Everything that comes out of it is read with a limit and a deadline. zygote.py is its inside.
"""

from __future__ import annotations

import json
import os
import secrets
import select
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from coursewright.grader.binds import python_binds
from coursewright.grader.channel import received
from coursewright.grader.limits import Limits
from coursewright.grader.sandbox import Rlimits, Running, Sandbox
from coursewright.grader.wire import Late, Lost, read_object
from coursewright.records.errors import Unavailable

START_SECONDS = 30.0  # for the zygote: a cold disk, a busy machine
GRACE = 1.0  # for what takes no time unless something is wrong
HOME = Sandbox.cwd
PING, PONG = b"?", b"!"
INSIDE = tuple(
    f"grader.{name}"
    for name in (
        "zygote",
        "dialogue",
        "interpreter",
        "displays",
        "candidate",
        "examiner",
        "examiner_link",
        "isolated_codec",
        "isolated_arrays",
        "isolated_columns",
        "isolated_frames",
        "isolated_handles",
        "isolated_link",
        "isolated_mirrors",
        "isolated_mutables",
        "isolated_pipe",
    )
)
FIRST_UID, UIDS = 200_000, 50_000

# A sandbox ends with the thread that started it, and the worker's jobs come in any thread.
_starter = ThreadPoolExecutor(1, thread_name_prefix="sandboxes")


class Nursery:
    """A running sandbox. `role`: see zygote.py; `warm` are modules that its forks find loaded.

    Raises Unavailable where there is no isolation, or it does not start.
    """

    def __init__(self, role: str, limits: Limits, warm: Sequence[str] = ()) -> None:
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._control.settimeout(GRACE)
        self._process: Running | None = None
        self._complaints = tempfile.TemporaryFile()  # noqa: SIM115 (closed with the sandbox)
        module = ["-sP", "-m", "coursewright.grader.zygote", str(theirs.fileno()), role, *warm]
        try:
            with theirs:
                _starter.submit(self._start, limits, module, theirs.fileno()).result()
            self._wait_until_ready()
        except (Lost, Late) as error:
            said = self._said()
            self.close()
            raise Unavailable(f"The sandbox did not start ({error}): {said}") from None
        except BaseException:
            self.close()
            raise

    def fileno(self) -> int:
        return self._control.fileno()

    def tell(self, request: Mapping[str, Any], descriptors: Sequence[int] = ()) -> None:
        """Raises Lost."""
        self._send(json.dumps(request).encode(), descriptors)

    def message(self) -> dict[str, Any]:
        """The zygote's next message, which has come. Raises Lost."""
        content = received(self._control)
        return {"pong": True} if content == PONG else read_object(content)

    def ping(self) -> None:
        """The zygote answers {"pong": true}, when it lives. Raises Lost."""
        self._send(PING)

    @property
    def ended(self) -> bool:
        return self._process is not None and self._process.poll() is not None

    def close(self) -> None:
        """Kill the sandbox with everything in it, and see it dead.

        Raises Unavailable when its keeper was gone first: what came of it is nobody's fault.
        """
        self._control.close()
        self._complaints.close()
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def _start(self, limits: Limits, module: Sequence[str], control: int) -> None:
        self._process = sandbox(limits).popen(
            [sys.executable, *module],
            pass_fds=[control],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=self._complaints,
        )

    def _wait_until_ready(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        while True:
            left = max(0.0, deadline - time.monotonic())
            if not select.select([self._control], [], [], left)[0]:
                raise Late("time")
            if "ready" in self.message():
                return

    def _send(self, content: bytes, descriptors: Sequence[int] = ()) -> None:
        try:
            if descriptors:
                socket.send_fds(self._control, [content], descriptors)
            else:
                self._control.send(content)
        except OSError as error:
            raise Lost(str(error)) from None

    def _said(self) -> str:
        """What the zygote complained of, which no student's code can write to."""
        self._complaints.seek(0)
        return self._complaints.read(2000).decode(errors="replace").strip()


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
            **({} if limits.hash_seed is None else {"PYTHONHASHSEED": limits.hash_seed}),
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
