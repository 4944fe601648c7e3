"""The student's view: what nbgrader accepts, without anything that gives answers away."""

from __future__ import annotations

import json
import logging
from typing import Any

import nbformat
import pytest
from nbgrader.nbgraderformat import MetadataValidator
from samples import QUIZ, SECRETS, cells, code, course, lesson, nbgrader, text

from coursewright.records.course import Course, Lesson
from coursewright.records.errors import Invalid
from coursewright.records.release import check, student_view


def released(*changed: dict[str, Any], **notebook_keys: Any) -> Lesson:
    book = lesson("adding", **({"cells": list(changed)} if changed else {}), **notebook_keys)
    return next(student_view(course("sums", book)).lessons())


def everything(view: Lesson | Course) -> str:
    return json.dumps(view.to_notebook() if isinstance(view, Lesson) else view.to_json())


def test_the_view_holds_no_answer() -> None:
    view = everything(student_view(course()))
    assert [secret for secret in SECRETS if secret in view] == []
    assert "BEGIN" not in view


def test_the_view_holds_what_students_need() -> None:
    view = released()
    book = view.to_notebook()
    assert [cell["id"] for cell in book["cells"]] == [cell["id"] for cell in cells()]
    assert "raise NotImplementedError()" in book["cells"][3]["source"]
    assert book["cells"][4]["source"] == "assert add(1, 2) == 3"
    assert next(view.exercises()).promises == ("add(1, 2) is 3", "negative numbers work")
    (quiz,) = view.quizzes()
    assert [option.text for option in quiz.questions[0].options] == ["blue", "green"]
    assert {option.correct for option in quiz.questions[0].options} == {None}
    assert (view.title, view.minutes, view.objectives) == ("Adding", 5, ("Add",))


def test_nbgrader_accepts_the_released_notebook() -> None:
    book = nbformat.from_dict(released().to_notebook())
    nbformat.validate(book)
    MetadataValidator().validate_nb(book)
    graded = [cell for cell in book.cells if "nbgrader" in cell.metadata]
    assert all("checksum" in cell.metadata.nbgrader for cell in graded[:3])


def test_tests_cannot_be_edited_or_deleted_in_the_student_s_notebook() -> None:
    tests = released().cells[4].metadata
    assert (tests["deletable"], tests["editable"]) == (False, False)


def test_outputs_and_what_widgets_showed_stay_behind() -> None:
    metadata = {"widgets": {"state": "because"}, "coursewright": {"receipt": "because"}}
    view = released(metadata=metadata)
    assert view.metadata == {}
    assert all(not cell.outputs and cell.execution_count is None for cell in view.cells)


def test_a_picture_in_an_answer_is_an_answer() -> None:
    picture = {"image/png": "because"}
    answer = text(
        "why", "![](attachment:a.png)", nbgrader("w", grade=True, solution=True, points=1)
    )
    shown = text("intro", "![](attachment:a.png)")
    view = released({**answer, "attachments": {"a.png": picture}}, {**shown, "attachments": {}})
    assert "because" not in everything(view)


def test_hints_and_unknown_facts_of_ours_stay_behind() -> None:
    metadata = {**nbgrader("x", solution=True), "coursewright": {"hints": ["a"], "later": "b"}}
    (cell,) = released(code("x", "1", metadata)).cells
    assert cell.own == {}


def solution(source: str = "1", **own: Any) -> dict[str, Any]:
    return code("s", source, {**nbgrader("s", solution=True), "coursewright": own})


def graded(source: str = "assert 1", grade_id: str = "t", **own: Any) -> dict[str, Any]:
    flags = nbgrader(grade_id, grade=True, locked=True, points=1)
    return code(grade_id, source, {**flags, "coursewright": own})


OPEN = "### BEGIN SOLUTION\n1"
REFUSED = {
    "a repeated grade_id": (
        [graded(), {**graded(), "id": "u"}],
        "cells 1, 2 share the grade_id 't'",
    ),
    "a repeated id": ([text("a", ""), text("a", "")], "cells 1, 2 share the cell id 'a'"),
    "a strange id": ([text("a b", "")], "cell 1: its id 'a b'"),
    "no grade_id": ([code("a", "", nbgrader("", solution=True))], "cell 1: a graded or locked"),
    "an untested promise": ([solution(promises=["a", "b"]), graded(promises=[1])], "has promise 2"),
    "an unmade promise": ([solution(promises=["a"]), graded(promises=[1, 2])], "no promise 2"),
    "an open solution": ([text("a", ""), solution(OPEN)], "cell 2: no end solution statement"),
    "open tests": ([solution(), graded("### BEGIN HIDDEN TESTS")], "cell 2: No end hidden tests"),
    "a solution in the open": ([text("a", ""), code("b", OPEN)], "cell 2"),
    "tests in the open": (
        [code("b", "### BEGIN HIDDEN TESTS\n### END HIDDEN TESTS")],
        "cell 1: Hidden test region detected in a non-grade cell",
    ),
    "a scheme in the open": (
        [text("b", "### BEGIN MARK SCHEME\n### END MARK SCHEME")],
        "cell 1: Mark scheme region",
    ),
    "no points": (
        [code("a", "", nbgrader("a", grade=True, locked=True))],
        "cell 1: nbgrader cell 'a' does not have points",
    ),
    "an old schema": (
        [code("a", "", {"nbgrader": {"grade_id": "a", "solution": True, "schema_version": 1}})],
        "cell 1: Outdated schema version",
    ),
    "a damaged quiz": (
        [text("q", "", {"coursewright": {"quiz": {**QUIZ, "questions": [{"kind": "x"}]}}})],
        "cell 1: the quiz is malformed",
    ),
    "a quiz of another shape": (
        [text("q", "", {"coursewright": {"quiz": 3}})],
        "cell 1: the quiz is malformed",
    ),
    "NUL bytes": ([text("a", "\0")], "NUL"),
    "half a character": ([text("a", "\ud800")], "broken characters"),
    "no notebook": ([{**code("a", ""), "outputs": [{"x": 1}]}], "not a notebook"),
}


@pytest.mark.parametrize(("changed", "said"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_released_is_refused_with_lesson_and_cell(
    changed: list[dict[str, Any]], said: str
) -> None:
    with pytest.raises(Invalid) as refusal:
        released(*changed)
    assert said in str(refusal.value)
    assert "lesson 'adding'" in str(refusal.value)


def test_every_problem_is_told_at_once() -> None:
    broken = lesson("adding", cells=[text("a", "\0"), text("a b", "")])
    with pytest.raises(Invalid) as refusal:
        check(course("sums", broken, lesson("more", cells=[text("c d", "")])))
    assert len(str(refusal.value).splitlines()) == 3


def test_a_refusal_logs_no_solution(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG), pytest.raises(Invalid):
        released(solution(f"{OPEN}\nsecret"))
    assert "secret" not in caplog.text


STARTERS = [("bash", "# YOUR CODE HERE"), ("R", "fail()"), ("rust", "// YOUR CODE HERE")]


@pytest.mark.parametrize(("language", "starter"), STARTERS)
def test_a_lesson_may_be_in_any_language(language: str, starter: str) -> None:
    spec = {"name": "its", "display_name": "Its", "language": language}
    assert starter in released(metadata={"kernelspec": spec}).cells[3].source
