"""The same as the feedback page, as a notebook: the student's own, a note behind each graded cell.

It is of nbformat 4.5 whatever was handed in. It keeps nbgrader's metadata, so one that is handed
in by mistake is graded as what it was made from.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from coursewright.grader.assemble import assemble
from coursewright.grader.feedback import KEPT, SIGNS, WORDS, points, reason, waiting
from coursewright.grader.result import CellResult, Result
from coursewright.grader.score import named
from coursewright.records.course import HIDDEN, Cell, Lesson

MARKUP = re.compile(r"([!-/:-@\[-`{-~])")  # CommonMark: any of these may stand behind a backslash
KERNEL = ("kernelspec", "language_info")


def render(lesson: Lesson, submission: Mapping[str, Any], result: Result) -> bytes:
    """The notebook as JSON. `lesson` is the source; nothing of its hidden tests is shown."""
    return json.dumps(to_notebook(lesson, submission, result), indent=1).encode()


def to_notebook(lesson: Lesson, submission: Mapping[str, Any], result: Result) -> dict[str, Any]:
    """Its cells as the student wrote them, with what they showed when they were graded."""
    written = assemble(lesson.to_notebook(), submission).written
    notes = _Notes(lesson, result, {cell.id for cell in written})
    cells = [notes.total(lesson)]
    for cell in written:
        cells += [_cell(cell, result), *notes.on(cell.grade_id)]
    metadata = {name: lesson.metadata[name] for name in KERNEL if name in lesson.metadata}
    return {
        "nbformat": 4,
        "nbformat_minor": 5,
        "metadata": json.loads(json.dumps(metadata)),
        "cells": [*cells, *notes.others()],
    }


class _Notes:
    """The cells that are put between the student's."""

    def __init__(self, lesson: Lesson, result: Result, taken: set[str]) -> None:
        self.result = result
        self.exercises = {exercise.key: exercise for exercise in lesson.exercises()}
        self.marks = {mark.grade_id: mark for mark in result.cells}
        self.taken = set(taken)

    def total(self, lesson: Lesson) -> dict[str, Any]:
        score = points(self.result.score, self.result.max_score)
        later = " so far; a person still has to mark some answers" if waiting(self.result) else ""
        repairs = [f"* {plain(repair)}" for repair in self.result.repairs]
        lines = [f"# Feedback: {plain(lesson.title or lesson.key)}", f"**{score}**{later}"]
        lines += ["What was put right first:", "\n".join(repairs)] if repairs else []
        return self._note("total", "\n\n".join(lines))

    def on(self, grade_id: str | None) -> Iterator[dict[str, Any]]:
        mark = self.marks.pop(grade_id or "", None)
        if mark is not None:
            yield self._note(mark.grade_id, self._said(mark))

    def others(self) -> Iterator[dict[str, Any]]:
        """The marks whose cells are not in the student's notebook."""
        for name in list(self.marks):
            yield from self.on(name)

    def _said(self, mark: CellResult) -> str:
        exercise = self.exercises.get(mark.exercise or "")
        title = plain(exercise.title if exercise else mark.grade_id)
        score = points(mark.points, mark.max_points)
        lines = [f"### {title}: {WORDS[mark.status]}, {score}"]
        sign, kept = SIGNS.get(mark.status, "✗"), KEPT.get(mark.status, "not kept yet")
        promises = named(exercise, mark.promises)
        lines += ["\n".join(f"* {sign} {promise} ({kept})" for promise in promises)]
        lines += [plain(line) for line in reason(mark, promises).splitlines()]
        return "\n\n".join(line for line in lines if line)

    def _note(self, about: str, source: str) -> dict[str, Any]:
        number = len(self.taken)
        while (identity := f"feedback-{number}") in self.taken:
            number += 1
        self.taken.add(identity)
        return {
            "id": identity,
            "cell_type": "markdown",
            "metadata": {"coursewright": {"feedback": about}, "editable": False},
            "source": source,
        }


def plain(text: str) -> str:
    """Text that Markdown shows as it is."""
    return MARKUP.sub(r"\\\1", text.strip())


def _cell(cell: Cell, result: Result) -> dict[str, Any]:
    """Of its metadata only ours and nbgrader's: the rest is the student's, and may be anything."""
    metadata = {name: cell.metadata[name] for name in ("nbgrader",) if name in cell.metadata}
    found: dict[str, Any] = {
        "id": cell.id,
        "cell_type": cell.kind,
        "metadata": json.loads(json.dumps(metadata)),
        "source": HIDDEN.sub("", cell.source).encode("utf-8", "replace").decode(),
    }
    if cell.kind == "code":
        found |= {"execution_count": None, "outputs": result.outputs.get(cell.id, [])}
    return found
