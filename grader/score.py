"""From what happened to points and sentences.

Points are nbgrader's (`determine_grade` in its utils.py, 0.9.6): an error or anything on standard
error is 0, a number as last expression is partial credit, all else full marks. nbgrader refuses
the whole submission when that number is above the maximum; here it counts as the maximum.

Sentences tell the student which promise is not kept, in the author's words, and what their own code
did. Of a hidden test they tell nothing: no source, no value, no text of an exception, which could
carry the arguments that the test called with.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from coursewright.grader.assemble import Assembly, Step, untouched
from coursewright.grader.limits import Limits
from coursewright.grader.outputs import Output, limited, outputs, shorten, text
from coursewright.grader.result import CellResult, Status
from coursewright.grader.shared import Outcome
from coursewright.grader.wire import Fault
from coursewright.records.course import HIDDEN, Cell, Exercise, Lesson, Test

UNANSWERED = "There is no answer here yet."
QUOTED = 300  # characters of a line or an exception's text that are shown


@dataclass(frozen=True)
class Marker:
    """Marks the cells of one submission."""

    assembly: Assembly
    outcomes: Mapping[str, Outcome]
    limits: Limits

    def cells(self) -> tuple[CellResult, ...]:
        """One result for every cell of the source that is worth points, in its order."""
        lesson = Lesson("lesson", "", self.assembly.source)
        owners = {
            test.grade_id: (exercise, test)
            for exercise in lesson.exercises()
            for test in exercise.tests
        }
        found = []
        for cell in self.assembly.source:
            if cell.role == "tests" and cell.kind == "code":
                exercise, test = owners.get(cell.grade_id or "", (None, None))
                found.append(self._test(cell, exercise, test))
            elif cell.role in ("tests", "written", "task"):
                found.append(self._manual(cell))
        return tuple(found)

    @cached_property
    def outputs(self) -> dict[str, list[Output]]:
        """What the student's and the given cells showed, by cell id."""
        ran = [step for step in self.assembly.steps if step.part != "test"]
        found = {step.cell.id: self.outcomes.get(step.name) for step in ran}
        return limited({name: outputs(one) for name, one in found.items() if one is not None})

    def _manual(self, cell: Cell) -> CellResult:
        answer = self.assembly.answer(cell.grade_id or "")
        if cell.role == "written" and (answer is None or untouched(cell, answer)):
            status: Status = "failed"
            message = UNANSWERED
        else:
            status, message = "manual", "A person reads and marks this answer."
        return CellResult(cell.grade_id or cell.id, None, 0.0, cell.points, status, message)

    def _test(self, cell: Cell, exercise: Exercise | None, test: Test | None) -> CellResult:
        grade_id = cell.grade_id or cell.id
        step = self.assembly.step(grade_id)
        outcome = self.outcomes.get(step.name) if step else None
        answer = self.assembly.step(exercise.key) if exercise else None
        status, points = judge(outcome, cell.points)
        reasons: list[str] = []
        if step and outcome and status != "passed":
            why = self._reasons(step, outcome, answer)
            # Before there is an answer, its promises are no news.
            kept = (
                "" if why == UNANSWERED else not_yet(named(exercise, test.promises if test else ()))
            )
            reasons = [kept, why]
        return CellResult(
            grade_id=grade_id,
            exercise=exercise.key if exercise else None,
            points=points,
            max_points=cell.points,
            status=status,
            message=" ".join(dict.fromkeys(reason for reason in reasons if reason)),
            promises=test.promises if test else (),
            output=text(self.outputs.get(answer.cell.id, ())) if answer else "",
        )

    def _reasons(self, step: Step, outcome: Outcome, answer: Step | None) -> str:
        own = self._own_cell(answer)
        if own or outcome.end != "done":
            return own or self._ended(outcome.end, "The test")
        if outcome.note:
            return outcome.note
        if outcome.reply.error is not None:
            return self._raised(step, outcome.reply.error, answer)
        if outcome.complained:
            return "Something was written to standard error, which counts as a failure."
        return ""

    def _ended(self, end: str, what: str) -> str:
        return {
            "time": f"{what} took more than {self.limits.cell_seconds:g} seconds and was stopped.",
            "output": f"{what} printed so much that it was stopped.",
            "died": f"The kernel ended while this ran: {what.lower()}.",
            "never": f"The notebook had used up its {self.limits.total_seconds:g} seconds.",
        }[end]

    def _own_cell(self, answer: Step | None) -> str:
        """What went wrong when the exercise's own cell ran, before any test."""
        outcome = self.outcomes.get(answer.name) if answer else None
        if answer is None or outcome is None:
            return ""
        if outcome.end != "done":
            return self._ended(outcome.end, "Your cell")
        fault = outcome.reply.error
        if fault is None:
            return ""
        if fault.kind == "NotImplementedError":
            return UNANSWERED
        text = f": {shorten(fault.text, QUOTED)}" if fault.text else ""
        return f"Your cell raised {fault.name}{text}{self._place(fault, answer)}."

    def _raised(self, step: Step, fault: Fault, answer: Step | None) -> str:
        hidden = _is_hidden(step, fault)
        last = fault.frames[-1][0] if fault.frames else ""
        students = {other.name for other in self.assembly.steps if other.part == "student"}
        if last in students:
            if fault.kind == "NotImplementedError":
                return UNANSWERED
            text = "" if hidden or not fault.text else f": {shorten(fault.text, QUOTED)}"
            what = f"{fault.kind if hidden else fault.name}{text}"
            return f"Your code raised {what}{self._place(fault, answer)}."
        if hidden:
            return "A hidden test failed."
        return _visible(step, fault)

    def _place(self, fault: Fault, answer: Step | None) -> str:
        """ " (line 3 of …)" for the innermost of the student's own lines."""
        steps = {step.name: step for step in self.assembly.steps if step.part == "student"}
        for name, number in reversed(fault.frames):
            if name in steps:
                step = steps[name]
                where = "your answer" if step is answer else f"your {name.replace(':', ' ')}"
                return f" (line {step.line(number)} of {where})"
        return ""


def named(exercise: Exercise | None, numbers: Iterable[int]) -> list[str]:
    """The promises of these numbers, in the author's words."""
    made = exercise.promises if exercise else ()
    return [
        made[number - 1]
        for number in numbers
        if isinstance(number, int) and 0 < number <= len(made)
    ]


def not_yet(promises: Sequence[str]) -> str:
    return f"Not yet: {'; '.join(name.rstrip('.') for name in promises)}." if promises else ""


def judge(outcome: Outcome | None, most: float) -> tuple[Status, float]:
    """The status of a test, and its points."""
    if outcome is None or outcome.end in ("died", "output"):
        return "error", 0.0
    if outcome.end in ("time", "never"):
        return "timeout", 0.0
    if outcome.reply.error is not None or outcome.complained:
        return "failed", 0.0
    points = credit(outcome.reply.result, most)
    if points >= most:
        return "passed", most
    return ("partial", points) if points > 0 else ("failed", 0.0)


def credit(result: str | None, most: float) -> float:
    """The points for a cell whose last expression shows `result` (nbgrader: get_partial_grade)."""
    try:
        points = float(result) if result else most
    except ValueError:
        return most
    return min(points, most) if points >= 0 else most


def _is_hidden(step: Step, fault: Fault) -> bool:
    """Whether any line of the test that took part is hidden; nothing of it is shown then."""
    lines = {step.line(number) for name, number in fault.frames if name == step.name}
    if not lines:
        return True
    for region in HIDDEN.finditer(step.source):
        first = step.source.count("\n", 0, region.start()) + 1
        last = step.source.count("\n", 0, region.end()) + 1
        if any(first <= line <= last for line in lines):
            return True
    return False


def _visible(step: Step, fault: Fault) -> str:
    number = step.line(next(line for name, line in reversed(fault.frames) if name == step.name))
    lines = step.source.splitlines()
    line = lines[number - 1].strip() if 0 < number <= len(lines) else ""
    said = f": {shorten(fault.text, QUOTED)}" if fault.text else ""
    what = "failed" if fault.kind == "AssertionError" else f"raised {fault.name}"
    return f"The test {what}{said} (its line {number}: {shorten(line, QUOTED)})."
