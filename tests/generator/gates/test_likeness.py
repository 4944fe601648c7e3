"""Answers that do the same are told from those that the tests missed."""

from __future__ import annotations

from typing import Any

import pytest
from exercises import REFERENCE, TESTS, subject

from coursewright.generator.comparison import same
from coursewright.generator.gates.likeness import Likeness, likenesses
from coursewright.generator.mutation import Mutant, mutants

HEAD = "def keep_between(value, low, high):\n"
RIGHT = HEAD + "    return sorted([low, value, high])[1]\n"
# An answer that does what the reference does, and one that does not, on the inputs of the proof.
EQUAL = {
    "another way": RIGHT,
    "other words of an error": RIGHT + "    raise ValueError('never')\n",
    "the boundary that makes no difference": REFERENCE.replace("value < low", "value <= low"),
}
OTHER = {
    "a wrong value": (HEAD + "    return low\n", "not"),
    "another type": (RIGHT.replace("return ", "return 1.0 * "), "not"),
    "an exception": (HEAD + "    return value[0]\n", "TypeError"),
    "something printed": (RIGHT.replace("    return", "    print(low)\n    return"), "printed"),
    "no end": (HEAD + "    while True:\n        pass\n", "no end"),
    "no Python left": ("import os\n\n\n" + HEAD + "    os._exit(0)\n", "ends Python"),
    "nothing defined": ("keep_between = 3\n", "not"),
}
VALUES: list[tuple[Any, Any, bool]] = [
    (1, 1, True),
    (1, True, False),
    (1, 1.0, False),
    (float("nan"), float("nan"), True),
    ([1, (2, {"a": 3})], [1, (2, {"a": 3})], True),
    ([1, 2], [1], False),
    ({"a": 1, "b": 2}, {"b": 2, "a": 1}, False),
    ({1, 2}, {2, 1}, True),
    (ValueError("a"), ValueError("b"), True),
    (ValueError("a"), TypeError("a"), False),
]


def mutant(source: str, within: str = "keep_between") -> Mutant:
    return Mutant("by hand", 1, within, source, REFERENCE)


REFUSED = [mutant(HEAD + f"    return {what}\n") for what in ("low", "high", "value", "None")]


def likeness(source: str, **parts: Any) -> Likeness:
    (found,) = likenesses(subject(**parts), [mutant(source)], REFUSED)
    return found


@pytest.mark.parametrize("kind", EQUAL)
def test_an_answer_that_does_the_same_is_equal(kind: str) -> None:
    found = likeness(EQUAL[kind])
    assert (found.difference, found.equal) == ("", True)
    assert found.tried >= 300


def test_without_inputs_what_is_near_the_calls_of_the_tests_is_tried() -> None:
    same_way = likeness(EQUAL["other words of an error"], reference=RIGHT, inputs=None)
    assert (same_way.difference, same_way.equal) == ("", True)
    # The other way differs where the lower limit lies above the upper one.
    other_way = likeness(REFERENCE, reference=RIGHT, inputs=None)
    assert other_way.difference.startswith("keep_between(")
    assert not other_way.equal


@pytest.mark.parametrize("kind", OTHER)
def test_an_answer_that_does_something_else_is_told_with_the_call(kind: str) -> None:
    source, said = OTHER[kind]
    found = likeness(source)
    assert said in found.difference
    assert not found.equal


def test_inputs_that_find_nothing_out_are_not_believed() -> None:
    always_low = "def inputs(random):\n    for _ in range(300):\n        yield 1, 1, 1"
    tests = {number: ("keep_between(1, 1, 1)", "") for number in TESTS}
    found = likeness(HEAD + "    return low\n", inputs=always_low, tests=tests)
    assert found.tried >= 300
    assert (found.difference, found.equal) == ("", False)


@pytest.mark.parametrize(
    "inputs", [None, "def inputs(random):\n    raise ValueError", "not Python", "inputs = 3"]
)
def test_without_inputs_and_calls_nothing_is_equal(inputs: str | None) -> None:
    tests = {number: ("assert True", "") for number in TESTS}
    assert likeness(RIGHT, inputs=inputs, tests=tests) == Likeness()


def test_a_class_is_not_judged_by_its_calls() -> None:
    (found,) = likenesses(subject(), [mutant(RIGHT, within="Box")], REFUSED)
    assert found == Likeness()


def test_arguments_that_were_changed_are_a_difference() -> None:
    reference = HEAD.replace("value, low, high", "values") + "    return sorted(values)\n"
    changing = reference.replace("    return", "    values.sort()\n    return")
    tests = {1: ("assert keep_between([3, 1, 2]) == [1, 2, 3]", "")}
    refused = [mutant(reference.replace("sorted", "list"))]
    one = subject(reference=reference, tests=tests, promises=["It is sorted."], inputs=None)
    (found,) = likenesses(one, [mutant(changing)], refused)
    assert "keep_between" in found.difference


@pytest.mark.parametrize(("left", "right", "expected"), VALUES)
def test_values_are_the_same_to_whoever_gets_them(left: Any, right: Any, expected: bool) -> None:
    assert same(left, right) is expected
    assert same(right, left) is expected


def test_the_mutator_knows_which_function_a_mutant_is_in() -> None:
    assert {one.within for one in mutants(REFERENCE)} == {"keep_between"}
