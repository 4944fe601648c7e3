"""Whole gradings, in a real sandbox."""

from __future__ import annotations

from typing import Any

import pytest
from homework import (
    code,
    exercise,
    flags,
    lesson,
    notebook,
    single,
    submission,
    text,
)

from coursewright.grader.grade import grade
from coursewright.grader.limits import Limits
from coursewright.grader.result import CellResult, Result
from coursewright.records.errors import Invalid

QUICK = Limits(cell_seconds=1.0, total_seconds=20.0)


def cells(result: Result) -> dict[str, CellResult]:
    return {cell.grade_id: cell for cell in result.cells}


def points(result: Result) -> list[float]:
    return [cell.points for cell in result.cells]


def test_the_authors_own_solutions_get_full_marks_but_for_what_a_person_reads() -> None:
    result = grade(lesson(), lesson())
    assert (result.score, result.max_score, result.mode) == (4, 7, "isolated")
    assert [cell.status for cell in result.cells] == ["passed", "passed", "manual"]
    assert result.repairs == ()
    assert cells(result)["double-1"].message == ""


ANSWERS = {
    "wrong": ("def double(x):\n    return x + 1", "failed", 0),
    "right for the visible test only": ("def double(x):\n    return 4", "failed", 0),
    "empty": ("", "failed", 0),
    "raises when called": ("def double(x):\n    return 1 / 0", "failed", 0),
    "raises at once": ("raise RuntimeError('no')", "failed", 0),
    "no Python": ("def double(x) return", "failed", 0),
    "another way": ("double = (2).__mul__", "passed", 2),
    "with a magic": ("%time double = lambda x: x + x", "passed", 2),
    "after an await": (
        "import asyncio\nawait asyncio.sleep(0)\ndef double(x):\n    return 2 * x",
        "passed",
        2,
    ),
    "with a shell line": ("!true\ndef double(x):\n    return 2 * x", "passed", 2),
    "after a caught error": (
        "try:\n    input()\nexcept EOFError:\n    def double(x):\n        return 2 * x",
        "passed",
        2,
    ),
    "by the locked cell's name": ("def double(x):\n    return FACTOR * x", "passed", 2),
    "with text behind sys.exit": ("double = lambda x: 2 * x\nimport sys; sys.exit()", "passed", 2),
}


@pytest.mark.parametrize("name", ANSWERS)
def test_an_answer_gets_its_points(name: str) -> None:
    answer, status, worth = ANSWERS[name]
    result = grade(lesson(), submission(double=answer))
    assert (cells(result)["double-1"].status, cells(result)["double-1"].points) == (status, worth)
    assert cells(result)["mean-1"].status == "passed"


CREDIT = {
    "1": ("partial", 1),
    "0.5 + 0.25": ("partial", 0.75),
    "0": ("failed", 0),
    "2": ("passed", 2),
    "5": ("passed", 2),
    "-1": ("passed", 2),
    "float('nan')": ("passed", 2),
    "'words'": ("passed", 2),
    "1;": ("passed", 2),
    "print(1)": ("passed", 2),
    "import sys\nprint('careful', file=sys.stderr)": ("failed", 0),
    "import sys\nsys.exit(0)": ("failed", 0),
    "import os\nos._exit(0)": ("error", 0),
    "import os\nos.kill(os.getppid(), 9)": ("error", 0),
    "while True: pass": ("timeout", 0),
    "while True:\n    try:\n        while True: pass\n    except BaseException: pass": (
        "timeout",
        0,
    ),
    "": ("passed", 2),
}


@pytest.mark.parametrize("test", CREDIT)
def test_a_test_cell_is_worth_what_nbgrader_would_give(test: str) -> None:
    source = single(test)
    (mark,) = grade(source, source, QUICK).cells
    assert (mark.status, mark.points) == CREDIT[test]


def test_a_test_cannot_spoil_the_next_one() -> None:
    source = notebook(
        *exercise("a", "value = 1", "value = 2"),
        *exercise("b", "other = value", "assert value == 1 and other == 1"),
    )
    assert points(grade(source, source)) == [2, 2]


def test_later_cells_see_what_a_test_imported_and_defined() -> None:
    source = notebook(
        *exercise("a", "x = 1", "import math\nLIST = [1, -2]\ndef same(a, b):\n    assert a == b"),
        *exercise("b", "y = math.floor(1.5)", "same(y, 1)\nsame(LIST, [1, -2])"),
    )
    assert points(grade(source, source)) == [2, 2]


def test_a_cell_that_hangs_costs_only_itself() -> None:
    result = grade(lesson(), submission(double="while True:\n    pass"), QUICK)
    mark = cells(result)["double-1"]
    assert (mark.status, mark.points) == ("failed", 0)
    assert mark.message.endswith("Your cell took more than 1 seconds and was stopped.")
    assert cells(result)["mean-1"].status == "passed"
    assert result.seconds < 6


def test_a_cell_that_will_not_be_interrupted_is_ended_and_the_others_are_run_again() -> None:
    stubborn = "while True:\n    try:\n        while True: pass\n    except BaseException: pass"
    source = notebook(
        *exercise("a", "x = 1", "assert x == 1"),
        *exercise("b", "y = 1", "assert y == 1"),
        *exercise("c", "z = 1", "assert x == 1 and z == 1"),
    )
    handed_in = notebook(*[dict(cell) for cell in source["cells"]])
    handed_in["cells"][2]["source"] = stubborn
    assert points(grade(source, handed_in, QUICK)) == [2, 0, 2]


def test_a_cell_that_ends_python_costs_only_itself() -> None:
    result = grade(lesson(), submission(double="import os\nos._exit(0)"))
    assert [cell.status for cell in result.cells] == ["failed", "passed", "manual"]
    assert "The kernel ended" in cells(result)["double-1"].message


def test_a_cell_that_kills_all_that_it_can_reach_costs_only_itself() -> None:
    killer = "import os\nos.kill(os.getppid(), 9)\nos.kill(-1, 9)"
    result = grade(lesson(), submission(double=killer), QUICK)
    assert [cell.points for cell in result.cells] == [0, 2, 0]


def test_the_whole_run_has_a_limit_of_its_own() -> None:
    slow = [exercise(f"e{n}", "import time\ntime.sleep(0.9)", "pass") for n in range(5)]
    source = notebook(*[cell for pair in slow for cell in pair])
    result = grade(source, source, Limits(cell_seconds=1, total_seconds=2))
    assert result.seconds < 4
    assert [cell.status for cell in result.cells][-1] == "timeout"


def test_tampered_locked_cells_do_not_count() -> None:
    handed_in = submission(
        setup="FACTOR = 3", double="double = lambda x: FACTOR * x", double_1="pass"
    )
    handed_in["cells"][3]["metadata"]["nbgrader"]["points"] = 100
    assert cells(grade(lesson(), handed_in))["double-1"].points == 2
    assert grade(lesson(), submission(double="", double_1="pass")).score == 2


def test_deleted_cells_are_put_back_and_said() -> None:
    handed_in = lesson()
    handed_in["cells"] = handed_in["cells"][4:]
    result = grade(lesson(), handed_in)
    assert points(result) == [0, 2, 0]
    assert len(result.repairs) == 3
    assert "'double-1' was missing" in result.repairs[-1]


def test_a_students_additional_cells_run_in_their_place() -> None:
    handed_in = submission(double="double = helper")
    handed_in["cells"].insert(2, code("mine", "def helper(x):\n    return x * 2\nprint('made')"))
    result = grade(lesson(), handed_in)
    assert cells(result)["double-1"].points == 2
    said = {"output_type": "stream", "name": "stdout", "text": "made\n"}
    assert result.outputs["mine"] == [said]


def test_the_source_is_graded_by_the_authors_tests_whatever_the_submission_says() -> None:
    stranger = notebook(text("a", "hello"), code("b", "1 / 0", flags("unknown", grade=True)))
    assert grade(lesson(), stranger).score == 0


@pytest.mark.parametrize("answer", ["", "YOUR ANSWER HERE", "  \n"])
def test_a_question_left_unanswered_needs_no_person(answer: str) -> None:
    mark = cells(grade(lesson(), submission(why=answer)))["why"]
    assert (mark.status, mark.points) == ("failed", 0)


def test_a_promise_that_is_not_kept_is_named_in_the_authors_words() -> None:
    mark = cells(grade(lesson(), submission(double="def double(x): return 3")))["double-1"]
    assert mark.message == (
        "Not yet: double(x) is twice x; large numbers work. "
        "The test failed (its line 1: assert double(2) == 4)."
    )
    assert mark.promises == (1, 2)


LEAKS = {
    "the assertion": "def double(x):\n    return 4",
    "the argument, in a text": (
        "def double(x):\n    if x > 9: raise ValueError(f'{x}')\n    return 4"
    ),
    "the argument, in a name": (
        "def double(x):\n    if x > 9: raise type(f'E{x}', (KeyError,), {})()\n    return 4"
    ),
    "the argument, printed": "def double(x):\n    print('seen', x)\n    return 4",
    "the argument, warned of": (
        "import warnings\ndef double(x):\n    warnings.warn(str(x))\n    return 4"
    ),
}


@pytest.mark.parametrize("name", LEAKS)
def test_feedback_on_a_hidden_test_tells_nothing_of_it(name: str) -> None:
    result = grade(lesson(), submission(double=LEAKS[name]))
    mark = cells(result)["double-1"]
    assert mark.points == 0
    for secret in ("1234567", "2469134", "secret words"):
        assert secret not in str(result)


def test_an_error_in_ones_own_code_is_told_with_its_line() -> None:
    mark = cells(grade(lesson(), submission(double="\n\ndef double(x):\n    return y")))["double-1"]
    assert mark.message.endswith(
        "Your code raised NameError: name 'y' is not defined (line 4 of your answer)."
    )


def test_what_a_student_printed_is_kept_up_to_a_limit() -> None:
    result = grade(lesson(), submission(double="print('x' * 50_000)\ndouble = lambda x: 2 * x"))
    mark = cells(result)["double-1"]
    assert mark.points == 2
    assert len(mark.output) == 10_001


def test_nothing_that_a_database_cannot_hold_comes_out() -> None:
    nasty = r"print('a\0b\ud800')" + "\nraise ValueError('\\0 \\ud800')"
    result = grade(lesson(), submission(double=nasty))
    said = str(result)
    assert "\0" not in said
    said.encode()


BROKEN: dict[str, Any] = {
    "no cells": {"nbformat": 4},
    "cells that are no list": {"cells": 3},
}


@pytest.mark.parametrize("name", BROKEN)
def test_what_is_no_notebook_is_refused(name: str) -> None:
    with pytest.raises(Invalid):
        grade(lesson(), BROKEN[name])


def test_odd_metadata_is_passed_over() -> None:
    handed_in = lesson()
    handed_in["cells"].append({"cell_type": "code", "source": ["1"], "metadata": {"nbgrader": []}})
    odd = {"nbgrader": {"grade_id": ["x"]}, "coursewright": 3}
    handed_in["cells"].append({"cell_type": "code", "source": "", "metadata": odd})
    assert grade(lesson(), handed_in).score == 4
