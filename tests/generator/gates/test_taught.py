"""Nothing is needed that no example before has shown."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from exercises import REFERENCE, SHOWN, TESTS, code, draft, of_cells, subject

from coursewright.generator.assemble import exercise_cells
from coursewright.generator.gates import taught
from coursewright.generator.gates.subject import Subject
from coursewright.records.course import Cell, Lesson

COMPREHENSION = REFERENCE.replace("return value", "return [one for one in [value]][0]")
ITS_PARTS = ["List", "ListComp", "Subscript", "comprehension"]
CLASS = '''
class Limits:
    """Two limits."""

    def __init__(self, low):
        """Keep the limit."""
        self.low = low

    def lowest(self):
        """Return the lower one."""
        return self.low
'''


def early(one: Subject) -> list[str]:
    result = taught.check(one)
    assert [finding.evidence["construct"] for finding in result.findings] == result.figures["early"]
    return list(result.figures["early"])


TABLE: dict[str, tuple[dict[str, Any], list[str]]] = {
    "what was shown": ({}, []),
    "the reference": ({"reference": COMPREHENSION}, [one for one in ITS_PARTS if one != "List"]),
    "a visible test": (
        {"tests": {**TESTS, 1: ("assert keep_between(*(5, 1, 9)) == 5", TESTS[1][1])}},
        ["Starred"],
    ),
    "a hidden test may be of anything": (
        {"tests": {**TESTS, 1: (TESTS[1][0], "assert all(keep_between(n, 1, 9) for n in {2, 3})")}},
        [],
    ),
}  # fmt: skip


@pytest.mark.parametrize("kind", TABLE)
def test_what_an_exercise_needs_was_shown(kind: str) -> None:
    parts, expected = TABLE[kind]
    assert early(subject(**parts)) == expected


def test_an_example_of_this_lesson_shows_it_if_it_stands_before() -> None:
    shown = code("shown-too", "print([n for n in [1]][0])")
    cells = exercise_cells(draft(reference=COMPREHENSION))
    assert early(of_cells(SHOWN, shown, *cells)) == []
    assert "ListComp" in early(of_cells(SHOWN, *cells, shown))


def test_an_example_of_an_earlier_lesson_shows_it() -> None:
    one = subject(reference=COMPREHENSION)
    before = Lesson("before", "Before", (code("shown-there", "[n for n in [1]][0]"),))
    assert early(replace(one, before=(before,))) == []


def test_what_only_an_answer_has_shown_is_not_taught() -> None:
    one = subject(reference=COMPREHENSION)
    flags = {"nbgrader": {"grade_id": "a", "solution": True, "schema_version": 3}}
    before = Lesson("before", "Before", (Cell("a", "code", "[n for n in [1]][0]", flags),))
    assert "ListComp" in early(replace(one, before=(before,)))


@pytest.mark.parametrize(
    ("level", "prerequisites", "measured"),
    [
        ("beginner", (), True),
        ("beginner", ("Python",), True),
        ("intermediate", (), True),
        ("intermediate", ("Python",), False),
        ("advanced", (), False),
    ],
)
def test_who_knows_the_language_already_is_not_asked(
    level: str, prerequisites: tuple[str, ...], measured: bool
) -> None:
    one = subject(reference=REFERENCE.replace("return value\n", "return (yield)\n"))
    result = taught.check(replace(one, level=level, prerequisites=prerequisites))
    assert result.passed is not measured
    assert result.figures.get("measured", True) is measured


def test_an_intermediate_knows_loops_and_lists() -> None:
    one = subject(reference=COMPREHENSION)
    assert early(replace(one, level="intermediate")) == []


def test_what_the_exercise_asks_to_be_written_is_no_construct() -> None:
    shown = code("a-class", 'class A:\n    """A."""\n\n    def b(self):\n        self.c = 1')
    tests = {1: ("assert Limits(3).lowest() == 3\nassert Limits(2).low == 2", "")}
    assert early(subject(shown, reference=CLASS, tests=tests)) == []
