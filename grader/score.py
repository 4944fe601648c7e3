"""From what happened to points and sentences.

Points are nbgrader's (`determine_grade` in its utils.py, 0.9.6): an error or anything on standard
error is 0, a number as last expression is partial credit, all else full marks. nbgrader refuses
the whole submission when that number is above the maximum; here it counts as the maximum.

Sentences tell the student which promise is not kept, in the author's words, and what their own code
did. Of a hidden test they tell nothing: no source, no value, no text of an exception, which could
carry the arguments that the test called with.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from coursewright.grader.assemble import Assembly, Step, untouched
from coursewright.grader.limits import Limits
from coursewright.grader.result import CellResult, Status
from coursewright.grader.shared import Outcome
from coursewright.grader.wire import Fault
from coursewright.records.course import HIDDEN, Cell, Exercise, Lesson, Test

OUTPUT = 10_000  # characters of a cell's output that are kept
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

    def printed(self) -> dict[str, str]:
        return {
            step.cell.id: shorten(self.outcomes[step.name].printed, OUTPUT)
            for step in self.assembly.steps
            if step.part != "test" and step.name in self.outcomes
        }

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
            reasons = [why if why == UNANSWERED else self._promises(exercise, test), why]
        ran = self.outcomes.get(answer.name) if answer else None
        return CellResult(
            grade_id=grade_id,
            exercise=exercise.key if exercise else None,
            points=points,
            max_points=cell.points,
            status=status,
            message=" ".join(dict.fromkeys(reason for reason in reasons if reason)),
            promises=test.promises if test else (),
            output=shorten(ran.printed, OUTPUT) if ran else "",
        )

    def _promises(self, exercise: Exercise | None, test: Test | None) -> str:
        if exercise is None or test is None:
            return ""
        named = [
            exercise.promises[number - 1]
            for number in test.promises
            if isinstance(number, int) and 0 < number <= len(exercise.promises)
        ]
        return f"Not yet: {'; '.join(name.rstrip('.') for name in named)}." if named else ""

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
            "died": f"Python ended while this ran: {what.lower()}.",
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
        text = shorten(fault.text, QUOTED)
        return f"Your cell raised {fault.name}: {text}{self._place(fault, answer)}."

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


def shorten(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[:most]}…"


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
