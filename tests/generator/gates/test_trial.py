"""Answers tried through the grader."""

from __future__ import annotations

from dataclasses import replace

import pytest
from exercises import REFERENCE, WRONG, subject

from coursewright.generator.gates.trial import Trial

HEAD = "def keep_between(value, low, high):\n"
LOOP = HEAD + "    while value < low:\n        pass\n    return min(value, high)\n"


@pytest.mark.parametrize("promise", WRONG)
def test_a_verdict_names_the_promises_that_are_broken(promise: int) -> None:
    verdict = Trial(subject()).of(WRONG[promise])
    assert verdict.broken == {promise}
    assert not verdict.passed
    assert verdict.share == pytest.approx(2 / 3)
    assert [name for name, status in verdict.to_json().items() if status != "passed"] == [
        f"keep-between-{promise}"
    ]


def test_an_answer_that_hangs_fails_and_the_next_one_is_judged_as_ever() -> None:
    trial = Trial(subject())
    assert trial.of(LOOP).late
    assert 2 in trial.of(LOOP).broken
    assert trial.of(REFERENCE).passed


def test_the_same_answer_is_tried_once_unless_it_is_asked_for_again() -> None:
    trial = Trial(subject())
    assert trial.of(REFERENCE) is trial.of(REFERENCE)
    assert trial.again(REFERENCE) is not trial.again(REFERENCE)


@pytest.mark.parametrize(
    ("took", "cell", "whole"),
    [(0.0, 1.0, 1.5), (0.1, 1.0, 1.5), (0.3, 1.0, 5.5), (9.0, 20.0, 20.5)],
)
def test_other_answers_have_ten_times_the_time_of_the_reference(
    took: float, cell: float, whole: float
) -> None:
    trial = Trial(subject())
    trial.reference = replace(trial.reference, seconds=took)  # for three tests
    assert (trial.limits.cell_seconds, trial.limits.total_seconds) == (cell, whole)


def test_a_fault_is_told_with_its_line_of_the_hidden_test() -> None:
    assert Trial(subject()).faults(WRONG[2]) == {
        "keep-between-2": "keep-between-2, line 1: assert keep_between(-4, 1, 9) == 1\n"
        "AssertionError"
    }


def test_hashes_are_those_of_the_seed() -> None:
    trial = Trial(subject())
    answer = REFERENCE + "\nprint(hash('a'))\n"
    said = [trial.again(answer, hash_seed=seed).cells[0].output for seed in ("0", "1", "0")]
    assert said[0] == said[2] != said[1]
