"""What the gates see of an exercise."""

from __future__ import annotations

from typing import Any

import pytest
from exercises import REFERENCE, SHOWN, code, of_cells, subject

from coursewright.generator.gates.subject import Proof, subjects
from coursewright.generator.gates.subject import subject as one_of
from coursewright.generator.library import load
from coursewright.records.course import Cell
from coursewright.records.errors import Invalid, NotFound
from coursewright.records.release import student_view

COURSE = load("python-foundations")


def names(cells: tuple[Cell, ...]) -> list[str]:
    return [cell.id for cell in cells]


def test_what_proves_an_exercise_is_read_from_its_cell() -> None:
    one = subject()
    assert one.place == "limits/keep-between"
    assert set(one.proof.wrong) == {1, 2, 3}
    assert one.proof.second is not None
    assert one.reference.strip() == REFERENCE.strip()
    assert "raise NotImplementedError()" in one.starter
    assert one.statement.startswith("### Between two limits")


def test_a_trial_needs_the_exercise_alone() -> None:
    one = subject(code("far", "limit = 3"))
    assert names(one.cells) == ["keep-between-code", *(f"keep-between-test-{n}" for n in (1, 2, 3))]


def test_cells_before_come_along_when_a_name_of_theirs_is_used() -> None:
    reference = REFERENCE.replace("value < low", "value < min(low, limit)")
    one = subject(code("far", "limit = 3"), reference=reference)
    assert names(one.cells)[:3] == [SHOWN.id, "far", "keep-between-code"]


def test_every_exercise_knows_the_lessons_before_it() -> None:
    found = list(subjects(COURSE, libraries=["numpy"]))
    lessons = [lesson.key for lesson in COURSE.lessons()]
    assert len(found) == sum(len(list(lesson.exercises())) for lesson in COURSE.lessons())
    for one in found:
        place = lessons.index(one.lesson.key)
        assert [lesson.key for lesson in one.before] == lessons[:place]
        assert one.libraries == ("numpy",)


def test_one_exercise_is_found_by_its_place() -> None:
    assert one_of(COURSE, "text", "mask").exercise.key == "mask"
    with pytest.raises(NotFound, match="text/nothing"):
        one_of(COURSE, "text", "nothing")


def test_students_never_get_what_proves_an_exercise() -> None:
    student = student_view(COURSE)
    assert all(one.proof.wrong for one in subjects(COURSE) if one.exercise.key == "mask")
    assert all(one.proof == Proof() for one in subjects(student))


@pytest.mark.parametrize(
    ("proof", "said"),
    [
        ("nothing", "must be an object"),
        ({"wrong": ["x"]}, "proof.wrong` must be an object"),
        ({"wrong": {"one": "x"}}, "numbers of promises"),
        ({"wrong": {"1": None}}, "proof.wrong` must hold texts"),
        ({"imports": "math"}, "proof.imports` must hold texts"),
        ({"second": 3}, "proof.second` must be a text"),
        ({"inputs": ["x"]}, "proof.inputs` must be a text"),
    ],
)
def test_a_proof_that_cannot_be_read_is_named(proof: Any, said: str) -> None:
    flags = {"nbgrader": {"grade_id": "a", "solution": True, "schema_version": 3}}
    cell = Cell("a", "code", "def f():\n    pass", {**flags, "coursewright": {"proof": proof}})
    with pytest.raises(Invalid, match=f"limits/a: `?.*{said}"):
        of_cells(cell)
