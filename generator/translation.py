"""A course in another language: its prose is translated, its code stays as it was proven.

What is prose: Markdown cells, titles, summary, objectives, promises, hints, quizzes. Code stays,
with the docstrings, comments and strings in it: the tests were proven on it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from coursewright.records.course import Cell, Course, Lesson

Change = Callable[[str], str]
FENCE = re.compile(r"```.*?```", re.DOTALL)
INLINE = re.compile(r"`[^`\n]+`")
OWN_TEXTS = ("title",)
OWN_LISTS = ("promises", "hints")
QUESTION_TEXTS = ("prompt", "explanation")


def texts(course: Course) -> list[str]:
    """All prose of the course, each text once, in order."""
    found: dict[str, None] = {}

    def note(text: str) -> str:
        if text.strip():
            found[text] = None
        return text

    translated(course, note)
    return list(found)


def put(course: Course, language: str, known: Mapping[str, str]) -> Course:
    """The course with these texts in the place of those."""
    changed = translated(course, lambda text: known.get(text, text))
    return replace(changed, language=language)


def translated(course: Course, change: Change) -> Course:
    """`change` is called with every text, in order."""
    modules = tuple(
        replace(
            module,
            title=change(module.title),
            lessons=tuple(_lesson(lesson, change) for lesson in module.lessons),
        )
        for module in course.modules
    )
    return replace(
        course,
        title=change(course.title),
        summary=change(course.summary),
        objectives=tuple(map(change, course.objectives)),
        prerequisites=tuple(map(change, course.prerequisites)),
        modules=modules,
    )


def differs_in_code(text: str, other: str) -> str:
    """The piece of code that a translation has lost or changed, or nothing."""
    for pattern in (FENCE, INLINE):
        lost = Counter(pattern.findall(text)) - Counter(pattern.findall(other))
        if lost:
            return str(next(iter(lost)))
    return ""


def _lesson(lesson: Lesson, change: Change) -> Lesson:
    return replace(
        lesson,
        title=change(lesson.title),
        objectives=tuple(map(change, lesson.objectives)),
        cells=tuple(_cell(cell, change) for cell in lesson.cells),
    )


def _cell(cell: Cell, change: Change) -> Cell:
    if "quiz" in cell.own:
        own = {**cell.own, "quiz": _quiz(cell.own["quiz"], change)}
    else:
        own = _changed(cell.own, OWN_TEXTS, OWN_LISTS, change)
    metadata = {**cell.metadata, "coursewright": own} if cell.own else cell.metadata
    if cell.kind != "markdown":
        return replace(cell, metadata=metadata)
    return replace(cell, source=change(cell.source), metadata=metadata)


def _quiz(quiz: Mapping[str, Any], change: Change) -> dict[str, Any]:
    questions = [
        {
            **_changed(one, QUESTION_TEXTS, (), change),
            "options": [
                _changed(option, ("text", "why"), (), change) for option in one.get("options", ())
            ],
        }
        for one in quiz["questions"]
    ]
    return {**quiz, "title": change(quiz["title"]), "questions": questions}


def _changed(
    data: Mapping[str, Any], single: Sequence[str], several: Sequence[str], change: Change
) -> dict[str, Any]:
    found = dict(data)
    found |= {name: change(data[name]) for name in single if isinstance(data.get(name), str)}
    for name in several:
        # Of a test cell these are numbers.
        items = data.get(name, ())
        if items and all(isinstance(one, str) for one in items):
            found[name] = [change(one) for one in items]
    return found
