"""From drafts to source notebooks in nbgrader's format, with no proof in a student's view."""

from __future__ import annotations

import json
from random import Random

import instances
import pytest
from instances import QUIZZES, TOPICS

from coursewright.generator.assemble import exercise_cells, lesson_notebook, question, quiz_cell
from coursewright.generator.drafts import QuizDraft, QuizPlan
from coursewright.records.course import Course, Lesson, Module
from coursewright.records.release import student_view

TOPIC = TOPICS[0]
DRAFT = TOPIC.families[0].make(Random(0))
QUIZ = QuizDraft(questions=[one.make(Random(0)) for one in TOPIC.quizzes[:3]])


@pytest.fixture(scope="module")
def lesson() -> Lesson:
    plan = instances.planned(TOPIC).model_copy(
        update={"quiz": QuizPlan(key="q", title="Q", questions=3, concepts=["c"])}
    )
    return lesson_notebook(plan, TOPIC.lesson(Random(0)), [DRAFT], QUIZ)


def test_an_exercise_is_a_statement_an_answer_and_a_test_for_each_promise() -> None:
    statement, answer, *tests = exercise_cells(DRAFT)
    assert (statement.role, answer.role) == ("locked", "solution")
    assert {one.role for one in tests} == {"tests"}
    promises = range(1, len(DRAFT.spec.promises) + 1)
    assert [one.own["promises"] for one in tests] == [[number] for number in promises]
    assert all(one.nbgrader["schema_version"] == 3 for one in (statement, answer, *tests))
    for promise in DRAFT.spec.promises:
        assert promise in statement.source


def test_what_was_made_is_read_back_from_the_notebook(lesson: Lesson) -> None:
    (exercise,) = lesson.exercises()
    assert exercise.title == DRAFT.spec.title
    assert exercise.promises == tuple(DRAFT.spec.promises)
    assert exercise.hints == tuple(DRAFT.hints.hints)
    assert exercise.points == len(DRAFT.spec.promises)
    assert exercise.solution.strip() == DRAFT.reference.source.strip()
    (quiz,) = lesson.quizzes()
    assert [one.key for one in quiz.questions] == [one.key for one in QUIZ.questions]


def test_a_student_gets_neither_answer_nor_hidden_tests_nor_proof(lesson: Lesson) -> None:
    released = student_view(Course("c", "C", (Module("m", "M", (lesson,)),)))
    text = json.dumps(released.to_json())
    secrets = [one.source for one in DRAFT.wrong.violations]
    secrets += [one.source for one in DRAFT.tests.tests if not one.visible]
    secrets += [*DRAFT.hints.hints, *(one.why for item in QUIZ.questions for one in item.options)]
    assert "proof" not in text
    assert not [secret for secret in secrets if json.dumps(secret)[1:-1] in text]


def test_cell_ids_fit_the_format_though_keys_are_long() -> None:
    key = "-".join(["long"] * 12)
    spec = DRAFT.spec.model_copy(update={"key": key})
    cells = exercise_cells(DRAFT.model_copy(update={"spec": spec}))
    assert all(len(cell.id) <= 64 for cell in cells)
    assert len({cell.id for cell in cells}) == len(cells)


@pytest.mark.parametrize(("topic", "family"), QUIZZES)
def test_every_quiz_item_goes_into_the_document_and_back(topic: object, family: object) -> None:
    draft = family.make(Random(0))  # type: ignore[attr-defined]
    plan = QuizPlan(key="q", title="Q", questions=1, concepts=["c"])
    cell = quiz_cell(plan, QuizDraft(questions=[draft]))
    (quiz,) = Lesson("l", "L", (cell,)).quizzes()
    assert quiz.questions == (question(draft),)
