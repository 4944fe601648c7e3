"""A snippet of Python, run at once in a sandbox of its own: the profile `quick`.

It has five seconds, 50 MB, the standard library and an empty temporary folder; no network, no
package, no file of ours or of a student. When it has ended, so has everything that it started.

50 MB is what its processes, its files and the interpreter itself take together where control
groups can be made (`Host.memory`); in any case each process may write to 50 MB and no more.
"""

from __future__ import annotations

import os
import secrets
import selectors
import subprocess
import tempfile
import time
from dataclasses import dataclass
from typing import Literal

from coursewright.grader.binds import interpreter, standard_library_binds
from coursewright.grader.limits import QUICK, Limits
from coursewright.grader.sandbox import Rlimits, Running, Sandbox
from coursewright.grader.wire import Printed

Stopped = Literal["time", "memory", "output"] | None

FILE = "/snippet.py"
CHUNK = 1 << 16
# Address space is more than memory: each thread's stack and heap are only set aside in it.
ADDRESS_SPACE = 16
FIRST_UID, UIDS = 250_000, 50_000  # apart from those of submissions and of students' servers


@dataclass(frozen=True)
class SnippetResult:
    """`status` is the exit status, 128 + n after signal n; None when it was `stopped`.

    Stopped for `memory` is also what ended in a MemoryError, and then it has a status.
    """

    stdout: str
    stderr: str
    status: int | None
    stopped: Stopped
    seconds: float


def run_snippet(source: str, stdin: str = "", limits: Limits = QUICK) -> SnippetResult:
    """Run it with `stdin` as its input. Raises Unavailable where it cannot be isolated."""
    began = time.monotonic()
    stopped: Stopped = None
    output, errors = Printed(limits.output), Printed(limits.output)
    with tempfile.TemporaryFile() as given:
        given.write(stdin.encode(errors="replace"))
        given.seek(0)
        process = sandbox(source, limits).popen(
            [interpreter(), "-I", "-S", "-B", "-X", "utf8", FILE],
            stdin=given,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
    with process:
        try:
            stopped = _listen(process, output, errors, began + limits.total_seconds)
        finally:
            process.kill()
    seconds = time.monotonic() - began
    if process.ooms or errors.text.rstrip().rpartition("\n")[2] == "MemoryError":
        stopped = "memory"
    killed = stopped in ("time", "output") or process.ooms > 0
    status = None if killed else process.returncode
    return SnippetResult(output.text, errors.text, status, stopped, seconds)


def sandbox(source: str, limits: Limits = QUICK) -> Sandbox:
    """Where a snippet runs: the interpreter, the libraries that it is linked to, and nothing."""
    return Sandbox(
        system=standard_library_binds(),
        environment={"HOME": "/tmp", "LANG": "C.UTF-8"},  # noqa: S108 (private, in memory)
        files={FILE: source.encode(errors="replace").decode()},
        limits=Rlimits(
            cpu_seconds=int(limits.total_seconds) + 1,
            memory=ADDRESS_SPACE * limits.memory,
            data=limits.memory,
            tree=limits.memory,
            processes=limits.processes,
            open_files=limits.open_files,
            file_size=limits.file_size,
        ),
        uid=FIRST_UID + secrets.randbelow(UIDS),
        tmp_size=limits.disk,
        shm_size=limits.disk,
    )


def _listen(process: Running, output: Printed, errors: Printed, deadline: float) -> Stopped:
    """Take what it prints until it ends or has to be stopped, and say which."""
    assert process.stdout is not None
    assert process.stderr is not None
    with selectors.DefaultSelector() as selector:
        selector.register(process.stdout, selectors.EVENT_READ, output)
        selector.register(process.stderr, selectors.EVENT_READ, errors)
        while selector.get_map():
            ready = selector.select(max(0.0, deadline - time.monotonic()))
            if not ready or time.monotonic() > deadline:
                return "time"
            for key, _ in ready:
                chunk = os.read(key.fd, CHUNK)
                key.data.take(chunk)
                if not chunk:
                    selector.unregister(key.fd)
            if output.flooded or errors.flooded:
                return "output"
    try:
        process.wait(max(0.0, deadline - time.monotonic()))
    except subprocess.TimeoutExpired:
        return "time"
    return None
