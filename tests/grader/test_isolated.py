"""One candidate and one examiner for a whole notebook: what stays between tests, and what not."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from homework import exercise, notebook, single

from coursewright.grader import pool
from coursewright.grader.grade import grade
from coursewright.grader.isolated import Candidate
from coursewright.grader.limits import DEFAULT, Limits
from coursewright.grader.result import Result

QUICK = Limits(cell_seconds=1.5, total_seconds=20.0)
ONE = "def one(): return 1"


def book(*pairs: tuple[str, str]) -> dict[str, Any]:
    """Exercises `e0`, `e1` …, each a solution and its test."""
    cells = [exercise(f"e{number}", *pair) for number, pair in enumerate(pairs)]
    return notebook(*[cell for pair in cells for cell in pair])


def points(result: Result) -> list[float]:
    return [cell.points for cell in result.cells]


BETWEEN = {
    # What one test does, and what the next one finds.
    "what it made the student's functions do": (
        ("n = 0\ndef step():\n    global n\n    n += 1\n    return n", "assert step() == 1"),
        ("def again(): return step()", "assert again() == 2"),
    ),
    "its own names are gone": (
        (ONE, "mine = 5\nassert one() == 1"),
        ("def two(): return 2", "try:\n    mine\nexcept NameError:\n    assert two() == 2"),
    ),
    "a patch that it left is gone": (
        (
            "import random\ndef roll(): return random.randint(1, 6)",
            "from unittest.mock import patch\npatch('random.randint', return_value=99).start()\n"
            "assert roll() == 99",
        ),
        ("def again(): return roll()", "assert 1 <= again() <= 6"),
    ),
    "the streams are the cells' again": (
        ("def say(): print('said')", "say()"),
        ("import sys\nfd = sys.stdout.fileno()\ndef name(): return fd", "assert name() == 1"),
    ),
    "a process that a function forked does not answer": (
        (
            "import os\ndef split():\n    if os.fork() == 0: return 'child'\n"
            "    os.wait()\n    return 'parent'",
            "assert split() == 'parent'\nassert split() == 'parent'",
        ),
        (ONE, "assert one() == 1"),
    ),
}


@pytest.mark.parametrize("name", BETWEEN)
def test_the_next_test_finds_what_it_should(name: str) -> None:
    source = book(*BETWEEN[name])
    result = grade(source, source, QUICK)
    assert result.mode == "isolated"
    assert points(result) == [2, 2], [cell.message for cell in result.cells]


ENDS = {
    "a hang": "def bad():\n    while True: pass",
    "an exit": "import os\ndef bad(): os._exit(0)",
    "the death of all": "import os\ndef bad(): os.kill(-1, 9)",
    "a value that is none": "import os\ndef bad(): os.write(3, b'x' * 99); os._exit(0)",
}


@pytest.mark.parametrize("name", ENDS)
def test_after_a_test_that_ended_badly_the_cells_before_are_run_again(name: str) -> None:
    tests = ["assert kept() == 7", "assert bad() == 1", "assert kept() + last() == 8"]
    answers = ["def kept(): return 7", "def bad(): return 1", "def last(): return 1"]
    source = book(*zip(answers, tests, strict=True))
    handed_in = book(*zip([answers[0], ENDS[name], answers[2]], tests, strict=True))
    for _ in range(2):  # the same each time
        result = grade(source, handed_in, QUICK)
        assert result.mode == "isolated"
        assert points(result) == [2, 0, 2], [cell.message for cell in result.cells]


def test_a_fresh_interpreter_shows_nothing_of_what_it_was_warmed_up_with() -> None:
    look = (
        "names = sorted(n for n in list(globals()) if not n.startswith('_'))\n"
        "import sys, linecache\n"
        "print(names, len(In), Out, get_ipython().execution_count)\n"
        "print(_, [n for n in linecache.cache if n.startswith('cell:')])\n"
        "print(hasattr(sys, 'last_value'), get_ipython().last_execution_result)\n"
        "answer = 42"
    )
    found = grade(single("assert answer == 42"), single("assert answer == 42", look))
    assert found.cells[0].output.splitlines() == [
        "['In', 'Out', 'exit', 'get_ipython', 'open', 'quit'] 2 {} 2",
        " ['cell:1']",
        "False None",
    ]


def test_chance_differs_from_submission_to_submission_though_numpy_is_loaded_before() -> None:
    roll = "import numpy as np\nprint(np.random.randint(2**31), np.random.default_rng().random())"
    handed_in = single("assert answer == 42", f"{roll}\nanswer = 42")
    seen = {grade(handed_in, handed_in).cells[0].output for _ in range(3)}
    assert len(seen) == 3


def test_a_warm_sandbox_is_found_again_from_any_thread() -> None:
    pool.close()
    found: list[Candidate] = []

    def use() -> None:
        with pool.leased(Candidate, DEFAULT) as candidate:
            candidate.start()
            found.append(candidate)

    for _ in range(3):
        thread = threading.Thread(target=use)
        thread.start()
        thread.join()
    assert len(found) == 3
    assert len(set(map(id, found))) == 1
