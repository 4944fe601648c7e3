"""A course with one part of it in another's place; every other cell stays as it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from coursewright.records.course import Cell, Course, Exercise, Lesson

PROSE = ("text", "example")


def with_lesson(course: Course, lesson: Lesson) -> Course:
    """The lesson of this key is this one."""
    modules = tuple(
        replace(
            module,
            lessons=tuple(lesson if one.key == lesson.key else one for one in module.lessons),
        )
        for module in course.modules
    )
    return replace(course, modules=modules)


def with_exercise(lesson: Lesson, exercise: Exercise, cells: Sequence[Cell]) -> Lesson:
    """These cells stand where the exercise's statement, answer and tests stood."""
    old = own_cells(lesson, exercise)
    kept: list[Cell] = []
    for cell in lesson.cells:
        if cell is old[0]:
            kept += cells
        if not any(cell is one for one in old):
            kept.append(cell)
    return replace(lesson, cells=tuple(kept))


def with_text(lesson: Lesson, cells: Sequence[Cell]) -> Lesson:
    """These cells stand for the lesson's own text and examples, before its exercises."""
    stating = [
        cell
        for exercise in lesson.exercises()
        for cell in own_cells(lesson, exercise)
        if cell.role in PROSE
    ]
    rest = [
        cell
        for cell in lesson.cells
        if cell.role not in PROSE or any(cell is one for one in stating)
    ]
    return replace(lesson, cells=(*cells, *rest))


def own_cells(lesson: Lesson, exercise: Exercise) -> list[Cell]:
    """The cells of an exercise, in order: its statement, its answer, its tests."""
    mine = {exercise.key, *(test.grade_id for test in exercise.tests)}
    found = [cell for cell in lesson.cells if cell.grade_id in mine]
    answer = next(cell for cell in found if cell.grade_id == exercise.key)
    return [*_statement(lesson, answer), *found]


def _statement(lesson: Lesson, answer: Cell) -> list[Cell]:
    """The text above the answer up to its heading; without a heading, one cell."""
    texts: list[Cell] = []
    at = next(number for number, cell in enumerate(lesson.cells) if cell is answer)
    for cell in reversed(lesson.cells[:at]):
        if cell.kind != "markdown" or cell.role not in ("text", "locked"):
            break
        texts.insert(0, cell)
        if cell.source.lstrip().startswith("#"):
            return texts
    return texts[-1:]
