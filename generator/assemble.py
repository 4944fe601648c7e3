"""From drafts to source notebooks in nbgrader's format, the one form that every later step reads.

What proves an exercise travels in its solution cell, under ``metadata.coursewright.proof``, which
no student's view has: ``wrong`` (violations by number of the promise), ``inputs``, ``imports``,
``required``, ``forbidden``, ``second``. So the gates need nothing but the notebooks.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from coursewright.generator.drafts import (
    Block,
    ExerciseDraft,
    LessonDraft,
    LessonPlan,
    QuestionDraft,
    QuizDraft,
    QuizPlan,
)
from coursewright.generator.starter import mark_solution
from coursewright.records.course import Cell, Lesson, Option, Question, Quiz

POINTS = 1.0  # for each promise
KERNEL = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}


def lesson_notebook(
    plan: LessonPlan,
    draft: LessonDraft,
    exercises: Sequence[ExerciseDraft],
    quiz: QuizDraft | None,
) -> Lesson:
    """The whole lesson. Raises Invalid where a reference has no starter."""
    cells = [*block_cells(plan.key, draft.blocks)]
    for exercise in exercises:
        cells += exercise_cells(exercise)
    if quiz is not None and plan.quiz is not None:
        cells.append(quiz_cell(plan.quiz, quiz))
    return Lesson(
        key=plan.key,
        title=plan.title,
        cells=tuple(cells),
        minutes=plan.minutes,
        objectives=tuple(plan.objectives),
        metadata=KERNEL,
    )


def block_cells(lesson: str, blocks: Sequence[Block]) -> Iterator[Cell]:
    for number, block in enumerate(blocks, 1):
        kind = "markdown" if block.kind == "text" else "code"
        yield Cell(f"{lesson[:50]}-{number}", kind, block.source.strip("\n"))  # type: ignore[arg-type]


def exercise_cells(draft: ExerciseDraft) -> list[Cell]:
    """Statement, solution cell, and one test cell for each promise."""
    key = draft.spec.key
    statement = Cell(
        f"{key[:50]}-says",
        "markdown",
        _statement(draft),
        _flags(f"{key}-says", locked=True),
    )
    solution = Cell(
        f"{key[:50]}-code",
        "code",
        mark_solution(draft.reference.source),
        _flags(key, solution=True) | {"coursewright": _own(draft)},
    )
    return [statement, solution, *_test_cells(draft)]


def _statement(draft: ExerciseDraft) -> str:
    spec = draft.spec
    parts = [f"### {spec.title}", spec.statement.strip()]
    if spec.examples:
        lines = [f">>> {example.call}\n{example.result}" for example in spec.examples]
        parts.append("```python\n" + "\n".join(lines) + "\n```")
    promises = [f"{number}. {promise}" for number, promise in enumerate(spec.promises, 1)]
    return "\n\n".join([*parts, "\n".join(promises)])


def _own(draft: ExerciseDraft) -> dict[str, Any]:
    spec = draft.spec
    return {
        "title": spec.title,
        "promises": list(spec.promises),
        "concepts": list(spec.concepts),
        "hints": list(draft.hints.hints),
        "difficulty": draft.difficulty,
        "proof": {
            "wrong": {str(one.promise): one.source for one in draft.wrong.violations},
            "inputs": draft.tests.inputs,
            "imports": list(spec.imports),
            "required": list(spec.required),
            "forbidden": list(spec.forbidden),
            "second": draft.second.source if draft.second else None,
        },
    }


def _test_cells(draft: ExerciseDraft) -> Iterator[Cell]:
    key = draft.spec.key
    for number in range(1, len(draft.spec.promises) + 1):
        tests = [test for test in draft.tests.tests if test.promise == number]
        if not tests:
            continue
        visible = [test.source.strip("\n") for test in tests if test.visible]
        hidden = [test.source.strip("\n") for test in tests if not test.visible]
        source = "\n".join(visible)
        if hidden:
            inner = "\n".join(hidden)
            source += f"\n### BEGIN HIDDEN TESTS\n{inner}\n### END HIDDEN TESTS"
        metadata = _flags(f"{key}-{number}", grade=True, locked=True, points=POINTS)
        own: Mapping[str, Any] = {"exercise": key, "promises": [number]}
        yield Cell(
            f"{key[:50]}-test-{number}",
            "code",
            source.strip("\n"),
            {**metadata, "coursewright": own},
        )


def quiz_cell(plan: QuizPlan, draft: QuizDraft) -> Cell:
    quiz = Quiz(plan.key, plan.title, tuple(map(question, draft.questions)))
    return Cell(
        f"{plan.key[:50]}-quiz",
        "markdown",
        f"### {plan.title}\n\nAnswer these questions in the Courses panel.",
        {"coursewright": {"quiz": quiz.to_json()}},
    )


def question(draft: QuestionDraft) -> Question:
    """The item as the course document has it."""
    answer: float | str | None = draft.answer
    if draft.kind == "numeric" and draft.answer is not None:
        answer = float(draft.answer)
    return Question(
        key=draft.key,
        kind=draft.kind,
        prompt=draft.prompt,
        options=tuple(Option(one.text, one.correct, one.why) for one in draft.options),
        answer=answer,
        code=draft.code,
        explanation=draft.explanation,
        concepts=tuple(draft.concepts),
    )


def _flags(grade_id: str, **flags: Any) -> dict[str, Any]:
    """nbgrader's metadata, schema version 3."""
    given = {"solution": False, "grade": False, "locked": False, "task": False}
    name = re.sub(r"[^A-Za-z0-9_-]", "-", grade_id)
    return {"nbgrader": {"grade_id": name, "schema_version": 3, **given, **flags}}
