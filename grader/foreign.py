"""Grading in other languages: a real Jupyter kernel, in the sandbox, for all cells and tests.

nbgrader's way, which is the shared mode: the tests run in the student's kernel, in order, and what
one leaves is there for the next cell. A hostile answer can read the tests that run against it and
forge their verdicts; it reaches no other submission. Hidden tests are shown to nobody even so:
what a student's cells say after one ran is taken from a second run, without hidden tests.
"""

from __future__ import annotations

import json
import select
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Self

from coursewright.grader.assemble import Assembly, Step
from coursewright.grader.binds import python_binds
from coursewright.grader.kernelspecs import Found, Wanted, find
from coursewright.grader.limits import Limits
from coursewright.grader.nursery import sandbox
from coursewright.grader.sandbox import Running, Sandbox
from coursewright.grader.shared import Notebook, Outcome
from coursewright.grader.wire import Late, Lost, Printed, Reply, clean, read_object
from coursewright.records.errors import Unavailable

STARTING = 65.0  # seconds: the driver's own patience, and the driver
GRACE = 4.0  # seconds that the driver has to interrupt a cell and to see whether the kernel lives
CHUNK = 1 << 16
SHOWN = 2 << 20  # bytes of an event beside what was printed
HIDDEN = ("BEGIN HIDDEN TESTS", "END HIDDEN TESTS")
FAILED = "A hidden test failed."


class Kernel:
    """A sandbox with a Jupyter kernel and its driver. It offers what shared.py asks of a kernel."""

    def __init__(self, kernel: Wanted, limits: Limits) -> None:
        self.kernel, self.limits = kernel, limits
        self.output, self.errors = Printed(limits.output), Printed(limits.output)
        self.deadline = time.monotonic() + limits.total_seconds
        self._process: Running | None = None
        self._socket: socket.socket | None = None
        self._buffer = b""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    @property
    def alive(self) -> bool:
        return self._socket is not None

    @property
    def expired(self) -> bool:
        return time.monotonic() >= self.deadline

    def start(self) -> None:
        """A fresh kernel in a fresh sandbox; its start costs the submission no time.

        Raises Unavailable.
        """
        self.close()
        began = time.monotonic()
        place = confined(self.limits)
        found = find(self.kernel, place.environment["PATH"])
        with tempfile.TemporaryFile() as complaints:
            self._open(replace(place, binds=(*place.binds, *found.binds)), found, complaints)
            try:
                self._event(began + STARTING, "ready")
            except (Late, Lost) as error:
                self.close()
                complaints.seek(0)
                said = complaints.read(2000).decode(errors="replace").strip()
                raise Unavailable(
                    f"The kernel {found.name!r} did not start ({error}): {said}"
                ) from None
        self.deadline += time.monotonic() - began

    def run(self, name: str, source: str, seconds: float) -> Reply:
        """Run a cell. Raises Late when it had to be stopped, Lost when the kernel is gone."""
        self.output, self.errors = Printed(self.limits.output), Printed(self.limits.output)
        seconds = max(0.1, min(seconds, self.deadline - time.monotonic()))
        try:
            self._say({"run": source, "seconds": seconds})
            event = self._event(time.monotonic() + seconds + GRACE, "done")
            self.output.take(clean(event.get("printed"), self.limits.output).encode())
            self.errors.take(clean(event.get("errors"), self.limits.output).encode())
            reply = Reply.read(event)
        except (Late, Lost):
            self.close()
            raise
        if event.get("alive") is not True:
            self.close()
        match event.get("end"):
            case "done":
                return reply
            case "time" | "output" as reason:
                raise Late(reason)
        raise Lost("the kernel ended")

    test = run

    def close(self) -> None:
        """End the sandbox with all that is in it. Raises Unavailable as Nursery.close does."""
        if self._socket is not None:
            self._socket.close()
        process, self._process = self._process, None
        self._socket = None
        self._buffer = b""
        if process is not None:
            process.kill()
            process.wait()

    def _open(self, place: Sandbox, found: Found, complaints: Any) -> None:
        self._socket, theirs = socket.socketpair()
        driver = [sys.executable, "-I", "-m", "coursewright.grader.foreign_driver"]
        about = [str(theirs.fileno()), found.folder, str(self.limits.output)]
        with theirs:
            self._process = place.popen(
                [*driver, *about],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=complaints,
            )

    def _say(self, request: Mapping[str, Any]) -> None:
        if self._socket is None:
            raise Lost("no kernel")
        self._socket.settimeout(GRACE)
        try:
            self._socket.sendall(json.dumps(request).encode() + b"\n")
        except OSError as error:
            raise Lost(str(error)) from None

    def _event(self, deadline: float, wanted: str) -> dict[str, Any]:
        """The driver's next event, which must be this one."""
        while b"\n" not in self._buffer:
            left = deadline - time.monotonic()
            if self._socket is None or len(self._buffer) > 8 * self.limits.output + SHOWN:
                raise Lost("an event without an end")
            if left <= 0 or not select.select([self._socket], [], [], left)[0]:
                raise Late("time")
            try:
                chunk = self._socket.recv(CHUNK)
            except OSError as error:
                raise Lost(str(error)) from None
            if not chunk:
                raise Lost("closed")
            self._buffer += chunk
        line, _, self._buffer = self._buffer.partition(b"\n")
        event = read_object(line)
        if event.get("event") != wanted:
            raise Lost("another event")
        return event


class _Notebook(Notebook):
    """The steps in one kernel: a test is a cell like the others."""

    def test(self, step: Step) -> Outcome:
        return self._remember(step.name, step.source)

    def leave(self, step: Step) -> None:
        """Nothing: it is all there."""


def run(assembly: Assembly, kernel: Wanted, limits: Limits) -> Mapping[str, Outcome]:
    """Outcomes by step name. Raises Unavailable where there is no sandbox, or no such kernel."""
    outcomes = _outcomes(assembly.steps, kernel, limits)
    first = next((n for n, step in enumerate(assembly.steps) if is_hidden(step)), None)
    if first is None:
        return {**outcomes, **_notes(assembly.steps, outcomes, len(assembly.steps))}
    later = [step for step in assembly.steps[first:] if step.part != "test"]
    if any(outcomes[step.name] != Outcome("done") for step in later):
        steps = tuple(
            replace(step, cell=replace(step.cell, source=visible(step.source)))
            if is_hidden(step)
            else step
            for step in assembly.steps
        )
        public = _outcomes(steps, kernel, limits)
        outcomes |= {step.name: public[step.name] for step in later}
    return {**outcomes, **_notes(assembly.steps, outcomes, first)}


def confined(limits: Limits) -> Sandbox:
    """Where a kernel and its driver run. Its network is a loopback of its own, and no other."""
    place = sandbox(limits)
    inside = ("grader.foreign_driver",)
    environment = {
        **place.environment,
        "JUPYTER_RUNTIME_DIR": f"{place.cwd}/.runtime",
        "MALLOC_ARENA_MAX": "2",  # each thread's own arena would take of the address space
    }
    return replace(place, binds=python_binds(rooms=(), modules=inside), environment=environment)


def is_hidden(step: Step) -> bool:
    return step.part == "test" and HIDDEN[0] in step.source


def visible(source: str) -> str:
    """The source without its hidden tests; like nbgrader's, in a comment of whatever language."""
    kept, hidden = [], False
    for line in source.splitlines():
        hidden = hidden or HIDDEN[0] in line
        kept += [] if hidden else [line]
        hidden = hidden and HIDDEN[1] not in line
    return "\n".join(kept)


def _outcomes(steps: tuple[Step, ...], kernel: Wanted, limits: Limits) -> dict[str, Outcome]:
    with Kernel(kernel, limits) as running:
        running.start()
        notebook = _Notebook(running, limits)
        return {step.name: notebook.step(step) for step in steps}


def _notes(
    steps: tuple[Step, ...], outcomes: Mapping[str, Outcome], first: int
) -> dict[str, Outcome]:
    """The tests that failed, with what the student may know; from the `first` hidden one: nothing.

    No kernel says reliably in which line a test failed, so a cell is hidden as a whole.
    """
    noted = {}
    for number, step in enumerate(steps):
        outcome = outcomes[step.name]
        error = outcome.reply.error
        if step.part == "test" and outcome.end == "done" and error is not None:
            said = f"The test failed: {error.text}" if error.text else "The test failed."
            note = FAILED if is_hidden(step) else "The test failed." if number >= first else said
            noted[step.name] = replace(outcome, note=note)
    return noted
