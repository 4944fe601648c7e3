"""The shipped courses: they load, they are written by the rules, and what they show is true.

That their exercises hold is in test_library_exercises.py.
"""

from __future__ import annotations

import contextlib
import io
import itertools
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient
from nbgrader import preprocessors
from nbgrader.nbgraderformat import read as nbgrader_read

from coursewright.generator.gates.constructs import constructs
from coursewright.generator.library import load, shipped
from coursewright.records.course import MARKERS, Course, Lesson, Question
from coursewright.records.errors import NotFound
from coursewright.records.notebooks import read_course, write_course
from coursewright.records.release import student_view

COURSES = {key: load(key) for key in shipped()}
LESSONS = [
    pytest.param(course, lesson, id=lesson.key)
    for course in COURSES.values()
    for lesson in course.lessons()
]
QUESTIONS = [
    pytest.param(question, id=question.key)
    for course in COURSES.values()
    for lesson in course.lessons()
    for quiz in lesson.quizzes()
    for question in quiz.questions
]
SLUG = re.compile(r"[a-z]+(-[a-z]+)*\Z")
every_course = pytest.mark.parametrize("course", COURSES.values(), ids=list(COURSES))
every_lesson = pytest.mark.parametrize(("course", "lesson"), LESSONS)
every_question = pytest.mark.parametrize("question", QUESTIONS)


def test_python_foundations_ships_under_its_key() -> None:
    assert "python-foundations" in shipped()
    assert all(course.key == key for key, course in COURSES.items())


def test_a_course_that_does_not_ship_is_named_with_those_that_do() -> None:
    with pytest.raises(NotFound, match=r"'rust'.*python-foundations"):
        load("rust")


@every_course
def test_a_course_is_large_enough(course: Course) -> None:
    lessons = list(course.lessons())
    quizzes = [quiz for lesson in lessons for quiz in lesson.quizzes()]
    assert len(lessons) >= 6
    assert sum(len(list(lesson.exercises())) for lesson in lessons) >= 20
    assert len(quizzes) >= 2
    assert sum(len(quiz.questions) for quiz in quizzes) >= 12
    assert {item.kind for quiz in quizzes for item in quiz.questions} >= {"single", "multiple"}


@every_course
def test_a_course_comes_back_whole_after_writing_and_reading(
    course: Course, tmp_path: Path
) -> None:
    write_course(course, tmp_path)
    assert read_course(tmp_path) == course


@every_course
def test_keys_of_exercises_quizzes_and_questions_stand_once_in_a_course(course: Course) -> None:
    lessons = list(course.lessons())
    quizzes = [quiz for lesson in lessons for quiz in lesson.quizzes()]
    exercises = [exercise.key for lesson in lessons for exercise in lesson.exercises()]
    questions = [question.key for quiz in quizzes for question in quiz.questions]
    for keys in (exercises, [quiz.key for quiz in quizzes], questions):
        assert len(keys) == len(set(keys))


@every_course
def test_files_are_kept_as_jupyter_saves_them(course: Course) -> None:
    folder = shipped()[course.key]
    for lesson in course.lessons():
        path = folder / f"{lesson.key}.ipynb"
        text = path.read_text()
        assert text == nbformat.writes(nbformat.from_dict(json.loads(text))).rstrip("\n") + "\n"
    about = folder / "course.json"
    facts = json.loads(about.read_text())
    assert about.read_text() == json.dumps(facts, indent=1, ensure_ascii=False) + "\n"
    assert {path.stem for path in folder.glob("*.ipynb")} == {x.key for x in course.lessons()}


@every_lesson
def test_a_lesson_starts_with_title_minutes_and_objectives(course: Course, lesson: Lesson) -> None:
    start = lesson.cells[0].source
    assert start.startswith(f"# {lesson.title}\n")
    assert f"about {lesson.minutes} minutes" in start
    assert lesson.objectives
    assert all(f"- {objective}" in start for objective in lesson.objectives)
    assert lesson.metadata["kernelspec"]["name"] == "python3"


@every_lesson
def test_headings_go_down_one_level_at_a_time(course: Course, lesson: Lesson) -> None:
    levels = [
        len(line.split()[0])
        for cell in lesson.cells
        if cell.kind == "markdown"
        for line in re.sub(r"```.*?```", "", cell.source, flags=re.DOTALL).splitlines()
        if line.startswith("#")
    ]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(deeper - level <= 1 for level, deeper in itertools.pairwise(levels))


@every_lesson
def test_a_prompt_states_each_promise_and_cells_are_named_after_the_exercise(
    course: Course, lesson: Lesson
) -> None:
    cells = {cell.id: cell for cell in lesson.cells}
    ids = [cell.id for cell in lesson.cells]
    for exercise in lesson.exercises():
        prompt = cells[f"{exercise.key}-prompt"].source
        assert ids.index(f"{exercise.key}-prompt") == ids.index(exercise.key) - 1
        assert f": {exercise.title}\n" in prompt
        assert 2 <= len(exercise.promises) <= 5
        for number, promise in enumerate(exercise.promises, 1):
            assert f"\n{number}. {promise}" in prompt
        assert len(exercise.hints) == 3
        assert exercise.concepts
        assert all(SLUG.match(concept) for concept in exercise.concepts)
        assert '"""' in exercise.source.split("### BEGIN SOLUTION")[0]
        assert [test.grade_id for test in exercise.tests] == [
            f"{exercise.key}-{number}" for number, _ in enumerate(exercise.tests, 1)
        ]


@every_course
def test_nothing_is_used_before_an_example_has_shown_it(course: Course) -> None:
    taught: set[str] = set()
    early: dict[str, set[str]] = {}
    for lesson in course.lessons():
        exercises = {exercise.key: exercise for exercise in lesson.exercises()}
        for cell in lesson.cells:
            if cell.role == "example":
                taught |= constructs(cell.source)
            elif cell.grade_id in exercises:
                exercise = exercises[cell.grade_id]
                needed = "\n".join([exercise.solution, *(test.visible for test in exercise.tests)])
                early[exercise.key] = constructs(needed) - taught
        for question in (item for quiz in lesson.quizzes() for item in quiz.questions):
            early[question.key] = constructs(question.code) - taught
    assert {key: names for key, names in early.items() if names} == {}


@every_course
def test_the_outputs_of_examples_are_those_of_a_fresh_run(course: Course) -> None:
    """One kernel for all; before each lesson it forgets every name."""
    cells: list[Any] = []
    expected: list[list[dict[str, Any]]] = []
    for lesson in course.lessons():
        cells.append(nbformat.v4.new_code_cell("%reset -f"))
        expected.append([])
        for cell in lesson.cells:
            if cell.role == "example":
                cells.append(nbformat.v4.new_code_cell(cell.source))
                expected.append([_shown(output) for output in cell.outputs])
            elif cell.kind == "code":
                assert not cell.outputs, cell.id
    notebook = nbformat.v4.new_notebook(cells=cells)
    NotebookClient(notebook, kernel_name="python3", timeout=30, coalesce_streams=True).execute()
    for cell, outputs in zip(notebook.cells, expected, strict=True):
        assert [_shown(output) for output in cell.outputs] == outputs, cell.source
    assert any(expected)


def _shown(output: Any) -> dict[str, Any]:
    """What a reader sees of an output, however its lines are kept."""
    (shown,) = (
        nbformat.v4.rwbase.rejoin_lines(
            nbformat.from_dict(
                {"cells": [{"cell_type": "code", "source": "", "outputs": [output]}]}
            )
        )
        .cells[0]
        .outputs
    )
    return {name: shown[name] for name in ("output_type", "name", "text", "data") if name in shown}


@every_question
def test_a_question_explains_its_answer(question: Question) -> None:
    assert question.prompt
    assert question.explanation
    assert question.points > 0
    assert question.concepts
    texts = [option.text.strip() for option in question.options]
    assert len(texts) == len(set(texts))
    assert all(option.why for option in question.options)


@every_question
def test_a_question_has_the_keys_that_its_kind_needs(question: Question) -> None:
    keys = sum(option.correct is True for option in question.options)
    if question.kind in ("single", "multiple"):
        assert len(question.options) >= 3
        assert question.answer is None
        assert keys == 1 if question.kind == "single" else 1 <= keys < len(question.options)
    elif question.kind == "numeric":
        assert isinstance(question.answer, int | float)
        assert not question.options
    else:
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            exec(question.code, {})
        assert question.answer == printed.getvalue().rstrip("\n") != ""


@every_question
def test_a_key_cannot_be_guessed_from_its_length(question: Question) -> None:
    right = [len(option.text) for option in question.options if option.correct]
    wrong = [len(option.text) for option in question.options if not option.correct]
    if question.kind == "single":
        assert right[0] <= 1.3 * max(wrong)


@every_course
def test_the_right_option_is_not_always_in_the_same_place(course: Course) -> None:
    places = [
        [option.correct for option in question.options].index(True)
        for question in _questions(course)
        if question.kind == "single"
    ]
    assert max(places.count(place) for place in places) <= len(places) / 2


def _questions(course: Course) -> Iterator[Question]:
    for lesson in course.lessons():
        for quiz in lesson.quizzes():
            yield from quiz.questions


@every_lesson
def test_a_quiz_can_be_read_in_any_notebook_program(course: Course, lesson: Lesson) -> None:
    for cell in lesson.cells:
        if cell.role != "quiz":
            continue
        for question in (item for quiz in lesson.quizzes() for item in quiz.questions):
            for text in (question.prompt, question.code, *(x.text for x in question.options)):
                assert text in cell.source


@every_lesson
def test_nbgrader_reads_and_checks_every_notebook(course: Course, lesson: Lesson) -> None:
    path = shipped()[course.key] / f"{lesson.key}.ipynb"
    notebook = nbgrader_read(path, as_version=4)
    for step in ("LockCells", "CheckCellMetadata", "ClearSolutions", "ClearHiddenTests"):
        notebook, _ = getattr(preprocessors, step)().preprocess(notebook, {})
    nbformat.validate(notebook)


@every_course
def test_students_see_no_line_of_a_solution_and_no_hidden_test(course: Course) -> None:
    student = student_view(course)
    for lesson in course.lessons():
        released = student.lesson(lesson.key)
        assert released
        cells = {cell.id: cell for cell in released.cells}
        document = json.dumps(released.to_notebook(), ensure_ascii=False)
        assert not MARKERS.search(document)
        for exercise in lesson.exercises():
            starter = cells[exercise.key].source
            assert "raise NotImplementedError()" in starter
            answer = exercise.source.split("### BEGIN SOLUTION\n")[1].split("### END SOLUTION")[0]
            assert not {line.strip() for line in answer.splitlines()} & set(
                line.strip() for line in starter.splitlines()
            ) - {""}
            assert all(hint not in document for hint in exercise.hints)
            for test in exercise.tests:
                assert test.hidden
                assert cells[test.grade_id].source.strip() == test.visible.strip()
        for question in (item for quiz in released.quizzes() for item in quiz.questions):
            assert question.answer is None
            assert all(option.correct is None for option in question.options)
