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
from typing import Any

from coursewright.grader.assemble import Assembly, Step
from coursewright.grader.isolated_plan import Plan
from coursewright.grader.kernel import GRACE, Kernel
from coursewright.grader.limits import Limits
from coursewright.grader.pool import leased
from coursewright.grader.shared import Notebook, Outcome
from coursewright.grader.wire import Fault, Late, Lost, Reply, clean
from coursewright.records.course import HIDDEN

GONE = "the other side is gone"
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

    def lend(self, end: socket.socket) -> None:
        """Let a fork of the interpreter answer on `end`. Raises Lost, Late."""
        self._fresh_output()
        for last in (False, True):
            self._say({"lend": "test"}, [end.fileno()])
            if self._event(self._until(GRACE * 5), "lent", "unforkable")["event"] == "lent":
                return
            if last:
                raise Lost("no other process fits")
            self._sweep()

    def take_back(self) -> None:
        """The test is over: see the fork dead, and whatever it started."""
        try:
            self._event(min(time.monotonic() + GRACE / 4, self.deadline), "ended")
        except Late:
            self._end_test()
        except Lost:
            self.drop()


class Examiner(Kernel):
    """The sandbox with the tests."""

    role = "examiner"

    def examine(
        self, asked: Mapping[str, Any], end: socket.socket, seconds: float
    ) -> dict[str, Any]:
        """The verdict of one test. Raises Late, or Lost; it is gone then."""
        self._fresh_output()
        try:
            self._say(asked, [end.fileno()])
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
    with leased(Candidate, limits) as candidate, leased(Examiner, limits) as examiner:
        candidate.start()
        notebook = _Notebook(candidate, examiner, limits, plan, allowed)
        for step in assembly.steps:
            seen.outcomes[step.name] = notebook.step(step)
        seen.truths = notebook.truths
    if _could_tell(assembly, seen.outcomes):
        seen.outcomes |= _rehearse(assembly, limits, began + limits.total_seconds)
    return seen


def _could_tell(assembly: Assembly, outcomes: Mapping[str, Outcome]) -> bool:
    """Whether a cell of the student's said anything after hidden tests had called his functions.

    Arguments could have been kept for it: in a file, in a pipe, in shared memory.
    """
    told = False
    for step in assembly.steps:
        told = told or _is_hidden(step)
        outcome = outcomes[step.name]
        if told and step.part != "test" and (outcome.printed or outcome.reply != Reply()):
            return True
    return False


def _rehearse(assembly: Assembly, limits: Limits, deadline: float) -> dict[str, Outcome]:
    """What the student's cells say where no test ever ran: that may be shown."""
    said = {}
    with leased(Candidate, limits) as candidate:
        candidate.deadline = deadline
        candidate.start()
        notebook = Notebook(candidate, limits)
        for step in assembly.steps:
            if step.part == "test":
                notebook.leave(step)
            else:
                said[step.name] = notebook.step(step)
    return said


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

    def test(self, step: Step) -> Outcome:
        """What the test came to. Nothing in it repeats what earlier hidden tests called with."""
        outcome = self._tested(step)
        fault = outcome.reply.error
        if self.told and fault is not None:
            outcome = replace(outcome, reply=Reply(replace(fault, name=fault.kind, text="")))
        self.told = self.told or _is_hidden(step)
        return outcome

    def _tested(self, step: Step) -> Outcome:
        if not self.examiner.alive:
            self.examiner.start()
        ours, theirs = socket.socketpair()
        with ours, theirs:
            try:
                self.candidate.lend(theirs)
            except (Late, Lost):
                self.candidate.drop()
                return Outcome("died")
            theirs.close()
            try:
                asked = self._question(step)
                verdict = self.examiner.examine(asked, ours, self.seconds)
            except Late as late:
                return Outcome(late.reason)
            except Lost:
                return Outcome("died")
            finally:
                ours.close()
                self.candidate.take_back()
        return self._outcome(step, verdict)

    def _question(self, step: Step) -> dict[str, Any]:
        name = step.cell.grade_id or step.cell.id
        return {
            "examine": step.name,
            "source": step.source,
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
