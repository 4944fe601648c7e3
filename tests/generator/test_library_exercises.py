"""The exercises of the shipped courses, through the grader that students meet.

The author's answer gets full marks; an untouched starter fails every promise; answers that took
no understanding never get half of the marks.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

import pytest
from authoring import cheats, examples

from coursewright.generator.library import load, shipped
from coursewright.grader.grade import grade
from coursewright.grader.result import Result
from coursewright.records.course import Course, Exercise, Lesson
from coursewright.records.release import student_view

COURSES = {key: load(key) for key in shipped()}
LESSONS = [
    pytest.param(key, lesson, id=lesson.key)
    for key, course in COURSES.items()
    for lesson in course.lessons()
]
KINDS = tuple(
    cheats(next(e for lesson in next(iter(COURSES.values())).lessons() for e in lesson.exercises()))
)
every_lesson = pytest.mark.parametrize(("course", "lesson"), LESSONS)


@cache
def released(course: str) -> Course:
    return student_view(COURSES[course])


def graded(course: str, lesson: Lesson, answers: Mapping[str, str]) -> Result:
    """The marks for the student's notebook of this lesson with these answers filled in."""
    handed_out = released(course).lesson(lesson.key)
    assert handed_out
    notebook = handed_out.to_notebook()
    for cell in notebook["cells"]:
        key = cell["metadata"].get("nbgrader", {}).get("grade_id")
        cell["source"] = answers.get(key, cell["source"])
    return grade(lesson.to_notebook(), notebook)


def lost(exercise: Exercise, result: Result) -> dict[str, str]:
    """The tests of this exercise that did not give all their points, with what was said."""
    mine = {test.grade_id for test in exercise.tests}
    cells = [cell for cell in result.cells if cell.grade_id in mine]
    assert len(cells) == len(mine)
    return {cell.grade_id: cell.message for cell in cells if cell.points < cell.max_points}


@every_lesson
def test_every_promise_has_a_test_with_a_visible_and_a_hidden_part(
    course: str, lesson: Lesson
) -> None:
    for exercise in lesson.exercises():
        tested = {number for test in exercise.tests for number in test.promises}
        assert tested == set(range(1, len(exercise.promises) + 1)), exercise.key
        assert list(examples(exercise)), exercise.key
        for test in exercise.tests:
            assert test.points > 0
            assert "assert " in test.visible
            assert "assert " in test.hidden


@every_lesson
def test_the_answer_of_the_author_gets_full_marks(course: str, lesson: Lesson) -> None:
    answers = {exercise.key: exercise.solution for exercise in lesson.exercises()}
    result = graded(course, lesson, answers)
    assert {e.key: lost(e, result) for e in lesson.exercises() if lost(e, result)} == {}
    assert result.score == result.max_score == sum(e.points for e in lesson.exercises())
    assert result.repairs == ()


@every_lesson
def test_the_starter_fails_a_test_of_every_promise(course: str, lesson: Lesson) -> None:
    result = graded(course, lesson, {})
    assert result.score == 0
    for exercise in lesson.exercises():
        failed = lost(exercise, result)
        for number, _ in enumerate(exercise.promises, 1):
            tests = [test.grade_id for test in exercise.tests if number in test.promises]
            assert any(name in failed for name in tests), (exercise.key, number)


@pytest.mark.parametrize("kind", KINDS)
@every_lesson
def test_an_answer_without_understanding_does_not_get_half_of_the_marks(
    course: str, lesson: Lesson, kind: str
) -> None:
    answers: dict[str, Any] = {e.key: cheats(e)[kind] for e in lesson.exercises()}
    result = graded(course, lesson, answers)
    for exercise in lesson.exercises():
        failed = lost(exercise, result)
        kept = sum(test.points for test in exercise.tests if test.grade_id not in failed)
        assert kept < exercise.points / 2, exercise.key
