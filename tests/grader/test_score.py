"""The rules for points, without running anything."""

from __future__ import annotations

import pytest
from homework import DOUBLE_TEST, lesson

from coursewright.grader.assemble import assemble
from coursewright.grader.limits import Limits
from coursewright.grader.score import UNANSWERED, Marker, credit, judge
from coursewright.grader.shared import Outcome
from coursewright.grader.wire import Fault, Reply

RESULTS = [
    (None, 5.0),
    ("", 5.0),
    ("3", 3.0),
    ("3.5", 3.5),
    ("0", 0.0),
    ("7", 5.0),
    ("inf", 5.0),
    ("nan", 5.0),
    ("-2", 5.0),
    ("True", 5.0),
    ("np.float64(2.0)", 5.0),
    ("[1, 2]", 5.0),
]


@pytest.mark.parametrize(("result", "points"), RESULTS)
def test_a_last_number_is_partial_credit(result: str | None, points: float) -> None:
    assert credit(result, 5.0) == points


FAULT = Fault("AssertionError", "AssertionError", "")
ENDS = [
    (None, "error", 0.0),
    (Outcome("died"), "error", 0.0),
    (Outcome("output"), "error", 0.0),
    (Outcome("time"), "timeout", 0.0),
    (Outcome("never"), "timeout", 0.0),
    (Outcome("done", Reply(FAULT)), "failed", 0.0),
    (Outcome("done", Reply(FAULT, "2")), "failed", 0.0),
    (Outcome("done", complained=True), "failed", 0.0),
    (Outcome("done"), "passed", 2.0),
    (Outcome("done", Reply(None, "1")), "partial", 1.0),
]


@pytest.mark.parametrize(("outcome", "status", "points"), ENDS)
def test_what_became_of_a_test_decides_its_status(
    outcome: Outcome | None, status: str, points: float
) -> None:
    assert judge(outcome, 2.0) == (status, points)


def fault(kind: str, *frames: tuple[str, int], text: str = "the text") -> Fault:
    return Fault(kind, kind, text, frames)


TEST, ANSWER = "cell:4", "cell:3"
SENTENCES = [
    (fault("AssertionError", (TEST, 1)), "The test failed: the text (its line 1: assert"),
    (fault("TypeError", (TEST, 1)), "The test raised TypeError: the text (its line 1: assert"),
    (fault("AssertionError", (TEST, 3)), "A hidden test failed."),
    (fault("AssertionError", (TEST, 3), (TEST, 1)), "A hidden test failed."),
    (fault("AssertionError"), "A hidden test failed."),
    (fault("KeyError", (TEST, 1), (ANSWER, 2)), "Your code raised KeyError: the text (line 2 of"),
    (
        fault("KeyError", (TEST, 3), (ANSWER, 2)),
        "Your code raised KeyError (line 2 of your answer)",
    ),
    (fault("KeyError", (TEST, 1), (ANSWER, 2), (TEST, 1)), "The test raised KeyError: the text"),
    (fault("NotImplementedError", (TEST, 3), (ANSWER, 2)), "There is no answer here yet."),
    (fault("AssertionError", (TEST, 999)), "The test failed: the text (its line 999: )."),
]


@pytest.mark.parametrize(("error", "sentence"), SENTENCES)
def test_the_reason_says_no_more_than_the_student_may_know(error: Fault, sentence: str) -> None:
    assembly = assemble(lesson(), lesson())
    outcomes = {step.name: Outcome("done") for step in assembly.steps}
    outcomes[TEST] = Outcome("done", Reply(error))
    mark = Marker(assembly, outcomes, Limits()).cells()[0]
    assert sentence in mark.message
    promises = "Not yet: double(x) is twice x; large numbers work. "
    assert mark.message.startswith(promises) == (sentence != UNANSWERED)


def test_the_lines_of_the_lesson_are_where_the_table_above_thinks() -> None:
    assert DOUBLE_TEST.splitlines()[2].startswith("assert double(1234567)")
