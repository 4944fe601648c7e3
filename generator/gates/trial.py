"""Answers tried out: through the grader that students meet, in its sandbox, test by test.

Nothing here runs an answer in another way than `grade` does, so that what a gate saw is what a
student will see. Tests run each by itself; an answer's verdict tells which promises it breaks.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from coursewright.generator.gates.subject import Subject
from coursewright.grader import shared
from coursewright.grader.assemble import Assembly, assemble
from coursewright.grader.grade import grade
from coursewright.grader.limits import Limits
from coursewright.grader.result import CellResult, Mode
from coursewright.grader.wire import Fault

SPARE = 0.5  # seconds beside the cells' own
# What a wrong answer may use: it loops and eats memory more often than a student's does.
BRIEF = Limits(cell_seconds=1.0, total_seconds=1.0 + SPARE, memory=512 << 20, processes=32)
# What an answer that ought to pass gets: on a busy machine everything takes long.
PATIENT = replace(BRIEF, cell_seconds=3.0, total_seconds=4.0)
LESSON = replace(BRIEF, cell_seconds=10.0, total_seconds=30.0)
FACTOR = 10  # times the reference's time, after which an answer is taken to hang
STEPS = (1.0, 2.0, 5.0, 10.0, 20.0)  # few different limits: a warm sandbox serves one


@dataclass(frozen=True)
class Verdict:
    """What became of an answer. `cells` are the exercise's tests, in their order."""

    cells: tuple[CellResult, ...]
    mode: Mode
    seconds: float

    @property
    def failed(self) -> tuple[CellResult, ...]:
        return tuple(cell for cell in self.cells if cell.status != "passed")

    @property
    def passed(self) -> bool:
        return bool(self.cells) and not self.failed

    @property
    def broken(self) -> frozenset[int]:
        """The promises of which a test failed."""
        return frozenset(number for cell in self.failed for number in cell.promises)

    @property
    def late(self) -> bool:
        return any(cell.status == "timeout" for cell in self.cells)

    @property
    def share(self) -> float:
        """Of the points, 0 to 1."""
        most = sum(cell.max_points for cell in self.cells)
        return sum(cell.points for cell in self.cells) / most if most else 0.0

    def to_json(self) -> dict[str, str]:
        """Each test's status."""
        return {cell.grade_id: cell.status for cell in self.cells}


class Trial:
    """Tries answers of one exercise; the same answer once. Not for two threads at once."""

    def __init__(self, subject: Subject) -> None:
        self.subject = subject
        self.source = subject.notebook()
        self._known: dict[str, Verdict] = {}

    @cached_property
    def reference(self) -> Verdict:
        """Raises Invalid where the notebook cannot be graded, and Unavailable."""
        return self.again(self.subject.reference)

    @cached_property
    def limits(self) -> Limits:
        """For other answers: by the time that the reference took."""
        whole = FACTOR * self.reference.seconds
        one = whole / max(1, len(self.subject.tests))
        return replace(BRIEF, cell_seconds=_step(one), total_seconds=_step(whole) + SPARE)

    def of(self, answer: str) -> Verdict:
        """The verdict on this text of the solution cell."""
        if answer not in self._known:
            verdict = self._graded(answer, self.source, self.limits)
            if verdict.mode != self.reference.mode:  # in so little time the mode was not settled
                self.limits = PATIENT
                verdict = self._graded(answer, self.source, self.limits)
            self._known[answer] = verdict
        return self._known[answer]

    def again(
        self,
        answer: str,
        source: Mapping[str, Any] | None = None,
        hash_seed: str | None = None,
    ) -> Verdict:
        """A run with patience, and never from memory."""
        given = self.source if source is None else source
        return self._graded(answer, given, replace(PATIENT, hash_seed=hash_seed))

    def faults(self, answer: str) -> dict[str, str]:
        """For an answer that ought to pass: by grade_id, at which line of which test it did not.

        Told to teachers and makers only: it quotes hidden tests.
        """
        submission = self.subject.answered(answer, self.source)
        assembly = assemble(self.source, submission)
        outcomes = shared.run(assembly, BRIEF)
        found = {}
        for step in assembly.steps:
            fault = outcomes[step.name].reply.error
            if fault is not None:
                found[step.cell.grade_id or step.cell.id] = told(assembly, fault)
        return found

    def _graded(self, answer: str, source: Mapping[str, Any], limits: Limits) -> Verdict:
        result = grade(source, self.subject.answered(answer, source), limits)
        mine = {test.grade_id for test in self.subject.exercise.tests}
        cells = tuple(cell for cell in result.cells if cell.grade_id in mine)
        return Verdict(cells, result.mode, result.seconds)


def _step(seconds: float) -> float:
    return next((step for step in STEPS if step >= seconds), STEPS[-1])


def told(assembly: Assembly, fault: Fault) -> str:
    """The exception, and the lines on its way, as a teacher wants to read them."""
    steps = {step.name: step for step in assembly.steps}
    lines = []
    for name, number in fault.frames:
        if name in steps:
            step = steps[name]
            text = step.source.splitlines()
            line = step.line(number)
            shown = text[line - 1].strip() if 0 < line <= len(text) else ""
            lines.append(f"{step.cell.grade_id or step.cell.id}, line {line}: {shown}")
    said = f": {fault.text}" if fault.text else ""
    return "\n".join([*lines, f"{fault.name}{said}"])
