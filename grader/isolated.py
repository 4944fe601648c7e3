"""Isolated mode: the student's cells in one sandbox, the tests in another, a pipe between.

The worker here sees neither values nor calls. It takes the examiner's one verdict for each test,
which comes after the test's last statement; a test without a verdict is worth nothing.
"""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

from coursewright.grader.assemble import Assembly, Step
from coursewright.grader.isolated_plan import Plan
from coursewright.grader.kernel import Kernel
from coursewright.grader.limits import Limits
from coursewright.grader.pool import leased
from coursewright.grader.shared import Notebook, Outcome
from coursewright.grader.wire import Fault, Late, Lost, Reply, clean
from coursewright.records.course import HIDDEN

GONE = "the other side is gone"
UNWRITTEN = "NotImplementedError"  # what a starter raises
UNUSUAL = (
    "An object of your own class decided what the test wanted to know."
    " The author's solution needs no such object here; ask your teacher to look at it."
)
BROKEN = "The test could not be finished with what your code gave back."

Truths = Mapping[str, Sequence[Sequence[str]]]


@dataclass
class Seen:
    """What came of a run. `truths` by grade_id: what the candidate's objects decided."""

    outcomes: dict[str, Outcome] = field(default_factory=dict)
    truths: dict[str, list[list[str]]] = field(default_factory=dict)


class Candidate(Kernel):
    """The sandbox with the student's cells."""

    role = "candidate"

    def link(self, end: socket.socket) -> None:
        """Let the interpreter answer on `end`, until it is closed. Raises Lost."""
        self._say({"link": True}, [end.fileno()])

    def survived(self) -> bool:
        """Whether a test left the sandbox alive; the interpreter is dropped if not."""
        try:
            self._check_zygote()
        except Lost:
            self.drop()
            return False
        return True


class Examiner(Kernel):
    """The sandbox with the tests."""

    role = "examiner"

    def link(self, end: socket.socket) -> None:
        """Let the tests ask on `end`. Raises Lost."""
        self._say({"link": True}, [end.fileno()])

    def examine(self, asked: dict[str, Any], seconds: float) -> dict[str, Any]:
        """The verdict of one test. Raises Late, or Lost; it is gone then."""
        self._fresh_output()
        try:
            self._say(asked)
            verdict = self._event(self._until(seconds), "verdict")
            self._check_zygote()
        except (Late, Lost):
            self.drop()
            raise
        return verdict


def run(assembly: Assembly, plan: Plan, limits: Limits, allowed: Truths | None = None) -> Seen:
    """`allowed` are the reference's truths; None is for the reference itself."""
    seen = Seen()
    began = time.monotonic()
    with (
        leased(Candidate, limits, plan.warm) as candidate,
        leased(Examiner, limits, plan.warm) as examiner,
    ):
        candidate.start()
        notebook = _Notebook(candidate, examiner, limits, plan, allowed)
        for step in assembly.steps:
            seen.outcomes[step.name] = notebook.step(step)
        seen.truths = notebook.truths
    if _could_tell(assembly, seen.outcomes):
        seen.outcomes |= _rehearse(assembly, plan, limits, began + limits.total_seconds)
    return seen


def _could_tell(assembly: Assembly, outcomes: Mapping[str, Outcome]) -> bool:
    """Whether a cell of the student's said anything after hidden tests had called his functions.

    Arguments could have been kept for it: in a file, in a pipe, in shared memory.
    """
    told = False
    for step in assembly.steps:
        told = told or _is_hidden(step)
        outcome = outcomes[step.name]
        if told and step.part != "test" and not _is_silent(outcome):
            return True
    return False


def _is_silent(outcome: Outcome) -> bool:
    """Whether there is nothing in it to be shown but that there is no answer yet."""
    fault = outcome.reply.error
    empty = fault is None or fault == Fault(UNWRITTEN, UNWRITTEN, "", fault.frames)
    quiet = not (outcome.printed or outcome.complained or outcome.errors)
    return quiet and empty and replace(outcome.reply, error=None) == Reply()


def _rehearse(
    assembly: Assembly, plan: Plan, limits: Limits, deadline: float
) -> dict[str, Outcome]:
    """What the student's cells say where no test ever ran: that may be shown."""
    said = {}
    with leased(Candidate, limits, plan.warm) as candidate:
        candidate.deadline = deadline
        candidate.start()
        notebook = Notebook(candidate, limits)
        for step in assembly.steps:
            if step.part == "test":
                notebook.leave(step)
            else:
                said[step.name] = notebook.step(step)
    return said


@lru_cache(maxsize=512)
def _transformed(source: str) -> str:
    """A test as Python: what IPython makes of its magics."""
    from IPython.core.inputtransformer2 import TransformerManager

    try:
        return str(TransformerManager().transform_cell(source))
    except SyntaxError:
        return source  # the test fails by itself


def _is_hidden(step: Step) -> bool:
    return step.part == "test" and HIDDEN.search(step.source) is not None


class _Notebook(Notebook):
    """The steps, with each test at the examiner's."""

    def __init__(
        self,
        candidate: Candidate,
        examiner: Examiner,
        limits: Limits,
        plan: Plan,
        allowed: Truths | None,
    ) -> None:
        super().__init__(candidate, limits)
        self.candidate = candidate
        self.examiner = examiner
        self.plan = plan
        self.allowed = allowed
        self.truths: dict[str, list[list[str]]] = {}
        self.told = False
        self.joined = (0, 0)

    def test(self, step: Step) -> Outcome:
        """What the test came to. Nothing in it repeats what earlier hidden tests called with."""
        outcome = self._tested(step)
        fault = outcome.reply.error
        if self.told and fault is not None:
            outcome = replace(outcome, reply=Reply(replace(fault, name=fault.kind, text="")))
        self.told = self.told or _is_hidden(step)
        return outcome

    def _tested(self, step: Step) -> Outcome:
        try:
            self._join()
            verdict = self.examiner.examine(self._question(step), self.seconds)
            outcome = self._outcome(step, verdict)
        except Late as late:
            outcome = Outcome(late.reason)
        except Lost:
            outcome = Outcome("died")
        if outcome.end != "done" or outcome.note:
            self.candidate.drop()  # it may still be busy with what was asked
        elif not self.candidate.survived():
            outcome = Outcome("died")
        return outcome

    def _join(self) -> None:
        """A pipe between the two, new when one of them is. Raises Lost, Unavailable."""
        if not self.examiner.alive:
            self.examiner.start()
        pair = self.candidate.starts, self.examiner.starts
        if pair != self.joined:
            ours, theirs = socket.socketpair()
            with ours, theirs:
                self.candidate.link(theirs)
                self.examiner.link(ours)
            self.joined = pair

    def _question(self, step: Step) -> dict[str, Any]:
        name = step.cell.grade_id or step.cell.id
        return {
            "examine": step.name,
            "source": _transformed(step.source),
            "preamble": self.plan.preambles.get(name, []),
            "own": self.plan.own,
            "shared": self.plan.shared,
            "allowed": None if self.allowed is None else self.allowed.get(name, []),
        }

    def _outcome(self, step: Step, verdict: Mapping[str, Any]) -> Outcome:
        trouble = clean(verdict.get("trouble"), 200)
        name = step.cell.grade_id or step.cell.id
        self.truths[name] = json.loads(json.dumps(verdict.get("truths")))
        if trouble == GONE:
            return Outcome("died")
        if trouble:
            said = UNUSUAL if trouble.startswith("truth") else BROKEN
            return Outcome("done", Reply(error=Fault("Refused", "BaseException", "")), note=said)
        complained = self.examiner.errors.seen > 0
        return Outcome("done", Reply.read(verdict), complained=complained)
