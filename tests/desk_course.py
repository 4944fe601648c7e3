"""The course of the tests at the desk: an exercise, every kind of question, a second lesson."""

from __future__ import annotations

from dataclasses import replace

from exercises import draft
from homework import DOUBLE, DOUBLE_TEST, exercise, flags, notebook, text
from small_course import ITEM, PRINTING, lesson

from coursewright.generator.assemble import KERNEL, exercise_cells
from coursewright.records.course import Cell, Course, Lesson, Module, Option, Question

SEVERAL = Question(
    key="several",
    kind="multiple",
    prompt="Which of these are **true**?",
    options=(
        Option("`2 < 3`", True, "2 is below 3."),
        Option("`3 < 2`", False, "3 is above 2."),
        Option("`3 <= 3`", True, "Equal is enough."),
    ),
    explanation="Compare from left to right.",
)
SUM = Question(
    key="sum",
    kind="numeric",
    prompt="What is 0.1 + 0.2, roughly?",
    answer=0.3,
    tolerance=0.01,
    explanation="Three tenths.",
)


def written() -> Lesson:
    """The lesson `words`: an exercise, and an answer that a person marks."""
    essay = flags("why", grade=True, solution=True, points=3)
    book = notebook(
        text("title", "# In words\n\nSay why."),
        *exercise("double", DOUBLE, DOUBLE_TEST, promises=("double(x) is twice x.",)),
        text("essay", "Because.", essay),
    )
    return Lesson.from_notebook({**book, "metadata": KERNEL}, key="words", title="In words")


def desk_course(key: str = "desk", title: str = "At the desk", *others: Lesson) -> Course:
    """The lessons `limits`, with an exercise and a quiz, and `more`, with text alone."""
    first = lesson(ITEM, SEVERAL, SUM, PRINTING, exercise=exercise_cells(draft()))
    text = Cell("more-text", "markdown", "# More\n\nNothing to hand in here.")
    second = replace(first, key="more", title="More", cells=(text,), objectives=())
    return Course(
        key,
        title,
        (Module("only", "Only", (first, second, *others)),),
        summary="Limits, and how to keep them.",
    )
