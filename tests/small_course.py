"""A small course that passes every gate, and the same with other parts."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from exercises import SHOWN, code, draft

from coursewright.generator.assemble import KERNEL, exercise_cells
from coursewright.records.course import Cell, Course, Lesson, Module, Option, Question, Quiz

ITEM = Question(
    key="below",
    kind="single",
    prompt="The lower limit is 1. What becomes of -4?",
    options=(
        Option("-4", False, "That is below the limit."),
        Option("1", True, "It is the limit that is nearest."),
        Option("9", False, "That is the other limit."),
    ),
    explanation="What lies below becomes the lower limit.",
)
PRINTING = Question(
    key="printing",
    kind="code-output",
    prompt="What does this print?",
    code="print(2 < 3)",
    answer="True",
    explanation="2 is below 3.",
)


def lesson(*items: Question, exercise: Iterable[Cell] = (), key: str = "limits") -> Lesson:
    """With a text, an example and a quiz of these items."""
    quiz = Quiz(f"{key}-quiz", "Check yourself", items or (ITEM, PRINTING))
    cells = (
        Cell("a-text", "markdown", "# Limits\n\nNumbers can be compared."),
        SHOWN,
        code("another", "print(2 < 3)"),
        *exercise,
        Cell("a-quiz", "markdown", "### Check", {"coursewright": {"quiz": quiz.to_json()}}),
    )
    return Lesson(key, "Limits", cells, minutes=10, objectives=("compare",), metadata=KERNEL)


def course(*lessons: Lesson, **parts: Any) -> Course:
    """One module. Without lessons, one with the exercise of exercises.py; `parts` are its own."""
    given = lessons or (lesson(exercise=exercise_cells(draft(**parts))),)
    return Course("small", "A small course", (Module("only", "Only", given),))
