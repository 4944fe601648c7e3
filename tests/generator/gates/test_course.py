"""All gates on all parts of a course, and those of the whole."""

from __future__ import annotations

from dataclasses import replace

import pytest
from exercises import REFERENCE, TESTS, code, draft
from small_course import ITEM, PRINTING, course, lesson

from coursewright.generator.assemble import exercise_cells
from coursewright.generator.gates.course import check_course, check_whole, coverage
from coursewright.records.course import Cell, Course
from coursewright.records.errors import Invalid

EXERCISE = exercise_cells(draft())


def of(found: Course) -> dict[str, list[str]]:
    """What the gates of the whole say, by gate."""
    return {one.gate: [said.message for said in one.findings] for one in check_whole(found)}


def test_every_part_is_checked_and_told_of() -> None:
    told = []
    checked = check_course(course(), done=lambda place, results: told.append((place, len(results))))
    assert list(checked.places) == [
        "limits",
        "limits/limits-quiz/below",
        "limits/limits-quiz/printing",
        "limits/keep-between",
    ]
    assert dict(told) == {place: len(results) for place, results in checked.places.items()}
    assert [result.gate for result in checked.places["limits"]] == ["L1", "L2", "L3"]
    assert [result.gate for result in checked.course] == ["G12", "Q5", "C1"]
    assert checked.findings == []
    assert checked.passed
    assert checked.seconds > 0


@pytest.mark.parametrize("jobs", [1, 2])
def test_findings_of_all_parts_come_together(jobs: int) -> None:
    wrong = replace(PRINTING, answer="False")
    broken = replace(lesson(wrong, ITEM), cells=(code("broken", "1 / 0"), *lesson(wrong).cells))
    checked = check_course(course(broken), jobs=jobs)
    assert [(one.gate, one.place) for one in checked.findings] == [
        ("L1", "limits"),
        ("Q3", "limits/limits-quiz/printing"),
    ]
    assert not checked.passed


def test_notes_do_not_block() -> None:
    item = replace(ITEM, options=tuple(replace(one, why="") for one in ITEM.options))
    checked = check_course(course(lesson(item)))
    assert {one.gate for one in checked.findings} == {"Q2"}
    assert checked.passed


def test_what_cannot_be_read_ends_the_check() -> None:
    exercise = [
        replace(cell, metadata={**cell.metadata, "coursewright": {**cell.own, "proof": 3}})
        if cell.grade_id == "keep-between"
        else cell
        for cell in EXERCISE
    ]
    with pytest.raises(Invalid, match="`proof` must be an object"):
        check_course(course(lesson(exercise=exercise)))


def test_an_exercise_that_stands_twice_is_named() -> None:
    first, second = lesson(exercise=EXERCISE), lesson(PRINTING, exercise=EXERCISE, key="again")
    assert of(course(first, second))["G12"] == [
        "It is limits/keep-between again: their solutions differ in names only."
    ]


def test_an_answer_that_passes_anothers_tests_is_tried_out() -> None:
    other = '''
def held_in(number, floor, ceiling):
    """Return it."""
    answer = sorted((floor, number, ceiling))
    return answer[1]
'''
    tests = {1: ("assert held_in(3, 1, 7) == 3", "assert held_in(8, 1, 7) == 7")}
    again = draft(
        reference=other,
        tests=tests,
        wrong={1: other.replace("[1]", "[0]")},
        second=None,
        statement="A fence stands around a meadow, and whoever comes to it must turn back there.",
        examples=[],
        promises=["The sheep stays on the meadow."],
    )
    cells = [
        replace(cell, metadata={**cell.metadata, "nbgrader": {**cell.nbgrader, "grade_id": name}})
        for cell, name in zip(exercise_cells(again), ("says", "held", "held-1"), strict=True)
    ]
    cells[2] = replace(cells[2], metadata={**cells[2].metadata, "coursewright": {"promises": [1]}})
    whole = course(lesson(exercise=EXERCISE), lesson(PRINTING, exercise=cells, key="second"))
    assert of(whole)["G12"] == [
        "It is limits/keep-between again: the answer of one passes the tests of the other."
    ]


def test_a_lesson_that_asks_for_nothing_is_noted() -> None:
    silent = replace(lesson(), cells=(Cell("a-text", "markdown", "# Words"),), objectives=())
    assert of(course(silent))["C1"] == [
        "Nothing in this lesson asks the student for anything.",
        "The lesson has no objectives.",
    ]
    assert all(one.passed for one in check_whole(course(silent)))


def test_it_is_told_what_each_lesson_holds() -> None:
    assert coverage(course(tests=TESTS, reference=REFERENCE)) == {
        "limits": {"objectives": 1, "exercises": 1, "promises": 3, "items": 2}
    }
