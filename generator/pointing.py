"""Which cell a finding is about, so that an author is led to it."""

from __future__ import annotations

import re

from coursewright.generator.gates.gate import Finding
from coursewright.records.course import Cell, Course, Exercise, Lesson

STATEMENT = "G11"  # the gate that reads the prose above the solution


def cell_of(course: Course, finding: Finding) -> str | None:
    """The id of the cell to look at; None where the finding is of no single one."""
    key, _, rest = finding.place.partition("/")
    lesson = course.lesson(key)
    if lesson is None:
        return None
    named = finding.evidence.get("cell") or finding.evidence.get("test")
    if isinstance(named, str) and (found := _named(lesson, named)):
        return found
    for exercise in lesson.exercises():
        if exercise.key == rest:
            return _in_exercise(lesson, exercise, finding)
    for cell in lesson.cells:
        if cell.role == "quiz" and cell.own["quiz"].get("key") == rest.partition("/")[0]:
            return cell.id
    return None


def _in_exercise(lesson: Lesson, exercise: Exercise, finding: Finding) -> str | None:
    """The test that is named or belongs to the promise, the statement, or else the solution."""
    words = set(re.findall(r"[\w-]+", finding.message))
    promise = finding.evidence.get("promise")
    for test in exercise.tests:
        if test.grade_id in words or promise in test.promises:
            return _named(lesson, test.grade_id)
    if finding.gate == STATEMENT and (above := _above(lesson, exercise.key)):
        return above
    return _named(lesson, exercise.key)


def _above(lesson: Lesson, key: str) -> str | None:
    """The text right above the solution cell."""
    before: Cell | None = None
    for cell in lesson.cells:
        if cell.grade_id == key:
            return before.id if before is not None and before.kind == "markdown" else None
        before = cell
    return None


def _named(lesson: Lesson, name: str) -> str | None:
    """The id of the cell that has this grade_id, or this id."""
    for cell in lesson.cells:
        if cell.grade_id == name:
            return cell.id
    return next((cell.id for cell in lesson.cells if cell.id == name), None)
