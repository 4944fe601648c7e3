"""G1: what cannot be read, or is a mistake to ruff, goes no further."""

from __future__ import annotations

from typing import Any

import pytest
from exercises import INPUTS, REFERENCE, SECOND, TESTS, WRONG, subject, with_answer
from hypothesis import given
from hypothesis import strategies as st

from coursewright.generator.gates import parsing
from coursewright.records.errors import Unavailable

HEAD = "def keep_between(value, low, high):\n"
UNUSED = REFERENCE.replace("    if", "    middle = 3\n    if", 1)
# Parts of the exercise, and what is said of them.
REFUSED: dict[str, tuple[dict[str, Any], list[str]]] = {
    "a visible test": (
        {"tests": {**TESTS, 1: ("assert keep_between(5, 1, 9) ==", TESTS[1][1])}},
        ["test keep-between-1 cannot be parsed: line 1: invalid syntax"],
    ),
    "a hidden test": (
        {"tests": {**TESTS, 2: (TESTS[2][0], "for value in:\n    pass")}},
        ["test keep-between-2 cannot be parsed: line 3: invalid syntax"],
    ),
    "a wrong answer": (
        {"wrong": {**WRONG, 3: "def"}},
        ["the wrong answer for promise 3 cannot be parsed: line 1: invalid syntax"],
    ),
    "inputs": (
        {"inputs": "def inputs(random)"},
        ["the generator of inputs cannot be parsed: line 1: expected ':'"],
    ),
    "the second answer": (
        {"second": HEAD},
        [
            "the second answer cannot be parsed: line 1: expected an indented block after"
            " function definition on line 1"
        ],
    ),
    "an assert that is always true": (
        {"tests": {**TESTS, 1: ("assert (keep_between(5, 1, 9) == 6, 'no')", TESTS[1][1])}},
        ["test keep-between-1, line 1: Assert test is a non-empty tuple, which is always `True`"],
    ),
    "a mistake in the last lines of a test": (
        {"tests": {**TESTS, 3: (TESTS[3][0], "assert keep_between(99, 3, 7) is 7  # noqa")}},
        ["test keep-between-3, line 3: Use `==` to compare constant literals"],
    ),
    "return outside of a function": (
        {"tests": {**TESTS, 1: (TESTS[1][0], "return 5")}},
        ["test keep-between-1, line 3: `return` statement outside of a function"],
    ),
    "a name that the reference does not use": (
        {"reference": UNUSED},
        ["the reference, line 3: Local variable `middle` is assigned to but never used"],
    ),
}
LET_BY: dict[str, dict[str, Any]] = {
    "names that other cells give": {"tests": {**TESTS, 1: ("assert near(5) == 5", "")}},
    "an import that a test needs": {"reference": f"import math\n\n\n{REFERENCE}"},
    "a star": {"tests": {**TESTS, 1: ("from math import *\nassert floor(2.5) == 2", "")}},
    "a line of magic": {"tests": {**TESTS, 1: ("%time 1\n!ls\nassert True", "")}},
    "a name twice": {"tests": {**TESTS, 1: ("def one():\n    pass", "def one():\n    pass")}},
    "await": {"tests": {**TESTS, 1: ("import asyncio\nawait asyncio.sleep(0)", "")}},
    "untidy answers that prove": {
        "wrong": {**WRONG, 1: UNUSED},
        "second": SECOND.replace("    return", "    unused = 1\n    return"),
        "inputs": INPUTS.replace("    for", "    unused = 1\n    for", 1),
    },
}
UNREADABLE = {
    "NUL": "x = '\0'",
    "an unpaired surrogate": "x = '\ud800'",
    "deep brackets": "(" * 5000 + ")" * 5000,
    "many minus": "-" * 18_000 + "1",
    "no end of a text": "x = '''",
}


@pytest.mark.parametrize("kind", REFUSED)
def test_what_is_wrong_is_named_with_its_place(kind: str) -> None:
    parts, said = REFUSED[kind]
    result = parsing.check(subject(**parts))
    assert not result.passed
    assert len(result.findings) == len(said)
    for finding, text in zip(result.findings, said, strict=True):
        assert finding.message.startswith(text)


@pytest.mark.parametrize("kind", LET_BY)
def test_what_may_stand_in_a_cell_is_let_by(kind: str) -> None:
    assert parsing.check(subject(**LET_BY[kind])).findings == ()


@pytest.mark.parametrize("kind", UNREADABLE)
def test_what_python_cannot_read_is_a_finding(kind: str) -> None:
    result = parsing.check(with_answer(subject(), UNREADABLE[kind]))
    assert any("the reference cannot be parsed" in one.message for one in result.findings)


@given(st.text())
def test_any_text_can_be_or_it_is_said_why_not(text: str) -> None:
    said = parsing.unparsable(text)
    assert isinstance(said, str)
    assert said or isinstance(parsing.faults({"it": text}), list)


def test_without_ruff_no_exercise_is_let_by(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parsing, "program", lambda: None)
    with pytest.raises(Unavailable, match="pip install ruff"):
        parsing.check(subject())
