"""G12: the same exercise twice is found, under whatever names."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from exercises import REFERENCE, SECOND, TESTS, subject
from hypothesis import given
from hypothesis import strategies as st

from coursewright.generator.gates.duplicates import check, normalised, renamed, resemblance
from coursewright.generator.gates.subject import Subject

OTHER_WORDS = (
    "At a fair there are rides for the small and rides for the tall. Somebody asks how old a person"
    " must be for all of them, and you shall work that out from a list of ages. Give back a number."
)
OTHER = '''
def oldest(ages, youngest, most):
    """Return the highest age."""
    best = 0
    for age in ages:
        best = max(best, age)
    return best
'''
OTHER_TESTS = {1: ("assert oldest([3, 9], 0, 1) == 9", "assert oldest([], 0, 1) == 0")}
UNLIKE: dict[str, Any] = {
    "reference": OTHER,
    "statement": OTHER_WORDS,
    "tests": OTHER_TESTS,
    "promises": ["The highest age is given back."],
}
# The second of a pair; the first one is as tests/exercises.py has it.
PAIRS: dict[str, tuple[dict[str, Any], str]] = {
    "nothing in common": (UNLIKE, ""),
    "the code": (
        {**UNLIKE, "reference": REFERENCE.replace("value", "n").replace("keep_between", "oldest")},
        "their solutions differ in names only",
    ),
    "the words": (
        {"reference": OTHER, "tests": dict.fromkeys(TESTS, OTHER_TESTS[1])},
        "their statements share most of their words",
    ),
    "the tests": (
        {**UNLIKE, "reference": SECOND, "tests": TESTS, "promises": ["One.", "Two.", "Three."]},
        "they have one signature and one set of test calls",
    ),
}


def none_passes(subject: Subject, answers: Sequence[str]) -> list[bool]:
    return [False for _ in answers]


def all_pass(subject: Subject, answers: Sequence[str]) -> list[bool]:
    return [True for _ in answers]


def pair(parts: dict[str, Any]) -> list[Subject]:
    second = subject(**parts)
    return [subject(), replace(second, lesson=replace(second.lesson, key="second"))]


@pytest.mark.parametrize("kind", PAIRS)
def test_two_exercises_are_one_by_what_they_have_in_common(kind: str) -> None:
    parts, said = PAIRS[kind]
    result = check(pair(parts), none_passes)
    assert [(one.place, one.message, one.evidence) for one in result.findings] == (
        [
            (
                "second/keep-between",
                f"It is limits/keep-between again: {said}.",
                {"same": "limits/keep-between"},
            )
        ]
        if said
        else []
    )


def test_two_exercises_are_one_where_an_answer_passes_the_tests_of_both() -> None:
    result = check(pair(UNLIKE), all_pass)
    (finding,) = result.findings
    assert "the answer of one passes the tests of the other" in finding.message
    assert result.figures == {"pairs": 1, "tried": 1}


def test_answers_are_tried_only_where_they_could_be_called() -> None:
    fewer = OTHER.replace(", youngest, most", "")
    assert check(pair({**UNLIKE, "reference": fewer}), all_pass).figures["tried"] == 0
    two = f"{OTHER}\n\n{OTHER.replace('oldest', 'eldest')}"
    assert check(pair({**UNLIKE, "reference": two}), all_pass).figures["tried"] == 0


def test_each_exercise_gets_all_answers_at_once_under_its_own_name() -> None:
    asked: dict[str, list[str]] = {}

    def noted(one: Subject, answers: Sequence[str]) -> list[bool]:
        asked[one.place] = list(answers)
        return [False for _ in answers]

    first, second = pair(UNLIKE)
    check([first, second], noted)
    assert asked == {
        first.place: [f"{OTHER.strip()}\n\nkeep_between = oldest\n"],
        second.place: [renamed(first, second)],
    }


names = st.from_regex(r"[a-z]{2,8}", fullmatch=True).filter(
    lambda name: name.isidentifier() and name not in dir(__builtins__)
)


@given(st.lists(names.map(lambda name: f"{name}_"), min_size=4, max_size=4, unique=True))
def test_the_shape_of_code_does_not_depend_on_its_names(fresh: list[str]) -> None:
    table = dict(zip(("keep_between", "value", "low", "high"), fresh, strict=True))

    class Renamed(ast.NodeTransformer):
        def visit(self, node: ast.AST) -> ast.AST:
            for field in ("id", "arg", "name"):
                known = getattr(node, field, None)
                if known in table:
                    setattr(node, field, table[known])
            return self.generic_visit(node)

    other = ast.unparse(Renamed().visit(ast.parse(REFERENCE)))
    assert normalised(other) == normalised(REFERENCE)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("def f(a):\n    'Text.'\n    return a", "def g(b):\n    return b", True),
        ("def f(a: int) -> int:\n    return a", "def g(b):\n    return b", True),
        ("def f(a):\n    return a + 1", "def f(a):\n    return a + 2", False),
        ("def f(a):\n    return len(a)", "def f(a):\n    return sum(a)", False),
        ("def f(a, b):\n    return a", "def f(a, b):\n    return b", False),
        ("def f(:", "def f(:", True),
    ],
)
def test_the_shape_of_code_is_what_it_does(one: str, other: str, same: bool) -> None:
    assert (normalised(one) == normalised(other)) is same


@given(st.text(), st.text())
def test_texts_resemble_each_other_by_a_share(one: str, other: str) -> None:
    assert 0 <= resemblance(one, other) == resemblance(other, one) <= 1
    assert resemblance(one, one) in (0, 1)
