"""Shared mode: student's cells and tests in one interpreter, each test in a fork of it.

For tests that need the student's own process (magics, `inspect`, patching). A hostile submission
can read the tests that run against it and forge their verdicts; it reaches no other submission.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol

from coursewright.grader.assemble import Assembly, Step
from coursewright.grader.kernel import Kernel
from coursewright.grader.limits import Limits
from coursewright.grader.pool import leased
from coursewright.grader.wire import Late, Lost, Printed, Reply

End = Literal["done", "time", "output", "died", "never"]


@dataclass(frozen=True)
class Outcome:
    """What became of one step. `end`: `time` and `output` are limits, `never` that it did not run.

    `printed` went to standard output, with the places of what was shown (see displays.py), and
    `errors` to standard error; `complained` says that something did. `note` is why the worker
    itself did not let a test pass, in words for the student.
    """

    end: End
    reply: Reply = field(default_factory=Reply)
    printed: str = ""
    complained: bool = False
    note: str = ""
    errors: str = ""


def run(assembly: Assembly, limits: Limits, warm: Sequence[str] = ()) -> Mapping[str, Outcome]:
    """Outcomes by step name. Raises Unavailable where no sandbox is to be had."""
    outcomes = {}
    with leased(Kernel, limits, warm) as kernel:
        kernel.start()
        notebook = Notebook(kernel, limits)
        for step in assembly.steps:
            outcomes[step.name] = notebook.step(step)
    return outcomes


class Interpreter(Protocol):
    """What runs cells: kernel.py's, or another language's (foreign.py)."""

    @property
    def alive(self) -> bool: ...
    @property
    def expired(self) -> bool: ...
    @property
    def output(self) -> Printed: ...
    @property
    def errors(self) -> Printed: ...
    def start(self) -> None: ...
    def run(self, name: str, source: str, seconds: float) -> Reply: ...
    def test(self, name: str, source: str, seconds: float) -> Reply: ...


class Notebook:
    """Goes through the steps. `past` is what an interpreter has to run to come to where we are."""

    def __init__(self, kernel: Interpreter, limits: Limits) -> None:
        self.kernel = kernel
        self.seconds = limits.cell_seconds
        self.past: list[tuple[str, str]] = []

    def step(self, step: Step) -> Outcome:
        if not self.kernel.alive:
            self._catch_up()
        if self.kernel.expired:
            return Outcome("never")
        if step.part != "test":
            return self._remember(step.name, step.source)
        outcome = self.test(step)
        self.leave(step)
        return outcome

    def leave(self, step: Step) -> None:
        """What a test leaves to later cells."""
        if step.carried and self.kernel.alive:
            self._remember(f"left by {step.name}", step.carried)

    def test(self, step: Step) -> Outcome:
        return self._attempt(step.name, step.source, test=True)

    def _remember(self, name: str, source: str) -> Outcome:
        outcome = self._attempt(name, source)
        if outcome.end == "done":
            self.past.append((name, source))
        return outcome

    def _attempt(self, name: str, source: str, test: bool = False) -> Outcome:
        ask = self.kernel.test if test else self.kernel.run
        end: End = "done"
        reply = Reply()
        try:
            reply = ask(name, source, self.seconds)
        except Late as late:
            end = late.reason
        except Lost:
            end = "died"
        output, errors = self.kernel.output, self.kernel.errors
        complained = errors.seen > 0
        return Outcome(end, reply, output.text, complained=complained, errors=errors.text)

    def _catch_up(self) -> None:
        """A new interpreter, with the cells that ended well run again; those that hang now, not."""
        while not self.kernel.alive and not self.kernel.expired:
            self.kernel.start()
            for name, source in list(self.past):
                if self._attempt(name, source).end != "done":
                    self.past.remove((name, source))
                if not self.kernel.alive:
                    break
