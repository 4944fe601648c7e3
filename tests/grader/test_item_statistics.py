"""What answers say about a question."""

from __future__ import annotations

import statistics
from typing import Any

import pytest
from banking import QUESTIONS
from hypothesis import given as drawn
from hypothesis import strategies as st

from coursewright.grader.bank_questions import question
from coursewright.grader.item_statistics import (
    FLAGS,
    Given,
    correlation,
    groups,
    statistics_of,
)

SINGLE = question(QUESTIONS["single"])


def students(*rows: tuple[int, Any, float, tuple[float, float]]) -> list[Given]:
    """(how many, answer, share, rest from … to …)."""
    return [
        Given(answer, share, low + (high - low) * n / max(1, number - 1))
        for number, answer, share, (low, high) in rows
        for n in range(number)
    ]


GOOD = students((14, 0, 1.0, (0.5, 1.0)), (8, 1, 0.0, (0.0, 0.6)), (4, 2, 0.0, (0.1, 0.4)))
FOUND = {
    "good": (GOOD, ()),
    "too easy": (
        students((98, 0, 1.0, (0.2, 1.0)), (1, 1, 0.0, (0.0, 0.1)), (1, 2, 0.0, (0.0, 0.1))),
        ("too-easy", "unused-option"),
    ),
    "as by guessing": (
        students((7, 0, 1.0, (0.6, 1.0)), (7, 1, 0.0, (0.1, 0.5)), (7, 2, 0.0, (0.1, 0.5))),
        ("too-hard",),
    ),
    "the better do worse": (
        students((10, 0, 1.0, (0.0, 0.5)), (9, 1, 0.0, (0.5, 1.0)), (6, 2, 0.0, (0.0, 1.0))),
        ("negative", "key-doubt"),
    ),
    "it parts nobody": (
        students((10, 0, 1.0, (0.0, 1.0)), (7, 1, 0.0, (0.0, 0.98)), (6, 2, 0.0, (0.0, 0.95))),
        ("weak",),
    ),
    "an option that nobody takes": (
        students((14, 0, 1.0, (0.5, 1.0)), (9, 1, 0.0, (0.0, 0.6))),
        ("unused-option",),
    ),
    "too few to say": (students((10, 1, 0.0, (0.5, 1.0)), (5, 0, 1.0, (0.0, 0.2))), ()),
    "nobody": ([], ()),
}


@pytest.mark.parametrize("case", FOUND)
def test_what_is_to_be_looked_at_is_flagged(case: str) -> None:
    answers, flags = FOUND[case]
    found = statistics_of(SINGLE, answers)
    assert found.flags == flags
    assert set(flags) <= FLAGS.keys()


def test_options_are_counted_in_all_and_in_both_groups() -> None:
    found = statistics_of(SINGLE, GOOD)
    assert [(one.text, one.count) for one in found.choices] == [
        ("blue", 14),
        ("green", 8),
        ("red", 4),
    ]
    assert [one.upper for one in found.choices] == [8, 0, 0]
    assert sum(one.lower for one in found.choices) == 8
    assert found.difficulty == pytest.approx(14 / 26, abs=1e-4)
    assert found.discrimination is not None
    assert found.discrimination > 0.5


def test_of_a_multiple_choice_every_option_is_counted() -> None:
    item = question(QUESTIONS["multiple"])
    answers = students((5, [0, 2], 1.0, (0, 1)), (3, [1], 0.0, (0, 1)), (2, None, 0.0, (0, 1)))
    found = statistics_of(item, answers)
    assert [one.count for one in found.choices] == [5, 3, 5]
    assert found.left_out == 2


WRITTEN = {
    "short-text": (["For", "for ", "while", "", "FOR."], [("for", 3), ("while", 1)]),
    "numeric": (["0,5", "0.5", "1 000", None, "3e2"], [("0.5", 2), ("1000", 1), ("300", 1)]),
    "code-output": (["2\n", "2", "3"], [("2", 2), ("3", 1)]),
    "ordering": (
        [[1, 0, 2, 3], [1, 0, 2, 3], []],
        [("noon → morning → evening → night", 2)],
    ),
}


@pytest.mark.parametrize("kind", WRITTEN)
def test_of_what_is_written_the_same_counts_as_one(kind: str) -> None:
    answers, texts = WRITTEN[kind]
    found = statistics_of(question(QUESTIONS[kind]), [Given(one, 0.0, 0.5) for one in answers])
    assert [(one.text, one.count) for one in found.choices] == texts


@drawn(st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1)), min_size=3, max_size=30))
def test_the_correlation_is_that_of_the_textbook_and_never_fails(
    pairs: list[tuple[float, float]],
) -> None:
    found = correlation(pairs)
    if found is not None:
        assert -1 <= found <= 1
        xs, ys = zip(*pairs, strict=True)
        assert found == pytest.approx(statistics.correlation(xs, ys), abs=1e-6)


@drawn(st.lists(st.floats(0, 1), max_size=50))
def test_the_groups_are_27_percent_each_and_apart(rests: list[float]) -> None:
    upper, lower = groups([Given(0, 1.0, rest) for rest in rests])
    assert len(upper) == len(lower)
    assert not {id(one) for one in upper} & {id(one) for one in lower} or len(rests) == 1
    if upper:
        assert min(one.rest or 0 for one in upper) >= max(one.rest or 0 for one in lower)


def test_the_time_is_the_median_of_what_was_measured() -> None:
    answers = [Given(0, 1.0, 1.0, seconds) for seconds in (10.0, 30.0, 1000.0, None)]
    assert statistics_of(SINGLE, answers).seconds == 30
