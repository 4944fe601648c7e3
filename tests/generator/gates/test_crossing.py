"""Answers of other exercises, on the tests of this one."""

from __future__ import annotations

import pytest
from exercises import REFERENCE, SECOND, code, subject

from coursewright.generator.gates.crossing import passing

HEAD = "def keep_between(value, low, high):\n"
FAILING = {
    "a wrong one": f"{HEAD}    return low\n",
    "of another shape": "def keep_between(values):\n    return max(values)\n",
    "one that is no function": "keep_between = 3\n",
    "no Python": "def keep_between(:",
    "one that raises": f"{HEAD}    raise SystemExit\n",
    "one without an end": f"{HEAD}    while True:\n        pass\n",
}


def test_all_answers_are_told_apart_in_one_go() -> None:
    answers = [*FAILING.values(), REFERENCE, SECOND]
    assert passing(subject(), answers) == [*(False for _ in FAILING), True, True]


@pytest.mark.parametrize("end", ["import os; os._exit(0)", "[0] * 10**10"])
def test_an_answer_that_ends_python_passes_nothing_and_spoils_no_other(end: str) -> None:
    ending = f"{HEAD}    {end}\n"
    assert passing(subject(), [ending, REFERENCE, ending]) == [False, True, False]


def test_the_cells_that_the_tests_need_are_there() -> None:
    reference = REFERENCE.replace("value < low", "value < min(low, limit)")
    one = subject(code("far", "limit = 3"), reference=reference)
    assert passing(one, [reference, reference.replace("limit", "bound")]) == [True, False]


def test_without_answers_nothing_is_tried() -> None:
    assert passing(subject(), []) == []
