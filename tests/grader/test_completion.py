"""When a course is completed: a table of cases."""

from __future__ import annotations

import pytest

from coursewright.grader.completion import completion
from coursewright.grader.weighing import Piece
from coursewright.records.certificates import Rule

DONE = (Piece("graded", 6, 10), Piece("excused", 0, 5))
BY_GRADE = Rule(60, None, None)
BY_MASTERY = Rule(None, 80, None)

CASES = [
    ("all is done", BY_GRADE, DONE, 60.0, {}, True, ""),
    ("below the mark", BY_GRADE, DONE, 59.9, {}, False, "below the pass mark of 60 %"),
    ("one is open", BY_GRADE, (*DONE, Piece("open", 0, 1)), 90.0, {}, False, "One item is not"),
    ("two are out", BY_GRADE, (*DONE, *[Piece("missing", 0, 1)] * 2), 90.0, {}, False, "2 items"),
    ("one waits", BY_GRADE, (*DONE, Piece("waiting", 0, 1)), 90.0, {}, False, "One item waits"),
    ("one is held", BY_GRADE, (*DONE, Piece("held", 0, 1)), 90.0, {}, False, "One item waits"),
    ("in part", BY_GRADE, (Piece("graded", 6, 6, 4),), 100.0, {}, False, "One item waits"),
    ("a lesson without points", BY_GRADE, (*DONE, Piece("open", 0, 0)), 80.0, {}, True, ""),
    ("nothing counts", BY_GRADE, (), None, {}, False, "Nothing in this course"),
    ("a mark of 0", Rule(0, None, None), DONE, 0.0, {}, True, ""),
    ("by mastery", BY_MASTERY, (), None, {"a": 80, "b": 99}, True, ""),
    ("one is weak", BY_MASTERY, DONE, 100.0, {"a": 79.9, "b": 99}, False, "one concept is below"),
    ("one is new", BY_MASTERY, DONE, 100.0, {"b": 99}, False, "one concept is below 80 %"),
    ("either is enough", Rule(60, 80, None), (), None, {"a": 80, "b": 80}, True, ""),
    ("no rule", Rule(), DONE, 100.0, {"a": 100, "b": 100}, False, ""),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case[0])
def test_a_course_is_completed_by_its_rule(case) -> None:  # type: ignore[no-untyped-def]
    _, rule, pieces, percent, mastery, done, words = case
    found = completion(rule, pieces, percent, mastery, ("a", "b"))
    assert found.done == done
    assert words in " ".join(found.missing)
    assert not (found.done and found.missing)


def test_a_course_without_concepts_is_not_completed_by_them() -> None:
    assert not completion(BY_MASTERY, DONE, 100.0, {}, ()).done
