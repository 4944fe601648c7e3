"""One small exercise that is good, and the same with other parts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from coursewright.generator.assemble import KERNEL, exercise_cells
from coursewright.generator.drafts import (
    Example,
    ExerciseDraft,
    Hints,
    Reference,
    Spec,
    TestDraft,
    Tests,
    Violation,
    Wrong,
)
from coursewright.generator.gates.subject import Subject, proof
from coursewright.records.course import Cell, Lesson

REFERENCE = '''
def keep_between(value, low, high):
    """Return the value, moved between the two limits."""
    if value < low:
        return low
    if value > high:
        return high
    return value
'''
SECOND = '''
def keep_between(value, low, high):
    """Return the value, moved between the two limits."""
    return sorted([low, value, high])[1]
'''
PROMISES = (
    "A value between the limits stays as it is: `keep_between(5, 1, 9)` is 5.",
    "A value below them becomes the lower limit: `keep_between(-4, 1, 9)` is 1.",
    "A value above them becomes the upper limit: `keep_between(12, 1, 9)` is 9.",
)
# By promise: what students see, and what they do not.
TESTS = {
    1: (
        "assert keep_between(5, 1, 9) == 5",
        "for value in [1, 2, 8, 9]:\n    assert keep_between(value, 1, 9) == value",
    ),
    2: (
        "assert keep_between(-4, 1, 9) == 1",
        "assert [keep_between(n, 3, 7) for n in (-9, 0, 2)] == [3, 3, 3]",
    ),
    3: (
        "assert keep_between(12, 1, 9) == 9",
        "assert [keep_between(n, 3, 7) for n in (8, 10, 99)] == [7, 7, 7]",
    ),
}
WRONG = {
    1: REFERENCE.replace("return value", "return value if value % 2 else low"),
    2: REFERENCE.replace("if value < low:\n        return low\n    ", ""),
    3: REFERENCE.replace("return high", "return value"),
}
INPUTS = """
def inputs(random):
    for _ in range(300):
        low = random.randint(-9, 9)
        yield random.randint(-20, 20), low, low + random.randint(0, 9)
"""
STATEMENT = (
    "A thermostat keeps the temperature of a room between two limits. Write a function that takes"
    " a value and the two limits, the lower one first. It gives back the value itself where it lies"
    " between the limits. Otherwise it gives back the limit that is nearest to the value."
)


# Shows what the reference needs.
SHOWN = Cell("shown", "code", "for n in [1, 2]:\n    if n < 2:\n        print(n > 1)")


def draft(
    *,
    reference: str = REFERENCE,
    tests: Mapping[int, tuple[str, str]] = TESTS,
    wrong: Mapping[int, str] = WRONG,
    second: str | None = SECOND,
    inputs: str | None = INPUTS,
    examples: Sequence[tuple[str, str]] = (("keep_between(5, 1, 9)", "5"),),
    promises: Sequence[str] = PROMISES,
    statement: str = STATEMENT,
    concepts: Sequence[str] = ("conditions",),
    imports: Sequence[str] = (),
    required: Sequence[str] = (),
    forbidden: Sequence[str] = (),
) -> ExerciseDraft:
    return ExerciseDraft(
        spec=Spec(
            key="keep-between",
            title="Between two limits",
            statement=statement,
            signatures=["def keep_between(value, low, high)"],
            promises=list(promises),
            examples=[Example(call=call, result=result) for call, result in examples],
            concepts=list(concepts),
            imports=list(imports),
            required=list(required),
            forbidden=list(forbidden),
        ),
        reference=Reference(source=reference.strip("\n")),
        tests=Tests(
            tests=[
                TestDraft(promise=number, visible=shown, source=source)
                for number, sources in tests.items()
                for shown, source in zip((True, False), sources, strict=True)
                if source
            ],
            inputs=inputs,
        ),
        wrong=Wrong(
            violations=[Violation(promise=at, source=source) for at, source in wrong.items()]
        ),
        hints=Hints(hints=["Which of the three values is in the middle?"]),
        difficulty="easy",
        second=None if second is None else Reference(source=second),
    )


def subject(*before: Cell, **parts: Any) -> Subject:
    """The exercise in a lesson of its own, behind these cells; `parts` are those of `draft`."""
    return of_cells(SHOWN, *before, *exercise_cells(draft(**parts)))


def of_cells(*cells: Cell) -> Subject:
    lesson = Lesson("limits", "Limits", cells, metadata=KERNEL)
    exercise = next(lesson.exercises())
    return Subject(lesson, exercise, proof(lesson, exercise.key))


def with_answer(whole: Subject, source: str) -> Subject:
    """The same, with this text in the solution cell: also one that no maker could hand over."""
    cells = [
        replace(cell, source=source) if cell == whole.cell else cell for cell in whole.lesson.cells
    ]
    return of_cells(*cells)


def code(name: str, source: str, **metadata: Any) -> Cell:
    """A cell of an example."""
    return Cell(name, "code", source, metadata)
