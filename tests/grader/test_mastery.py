"""The rules of mastery: a table of cases, and what holds for all of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coursewright.grader import mastery
from coursewright.grader.mastery import WEIGHTS, WINDOW, Parts

TABLE = {
    "nothing": (Parts(), None),
    "everything": (Parts(100, 100, 100, 100), 100),
    "nothing right": (Parts(0, 0, 0, 0), 0),
    "the formula": (Parts(80, 60, 50, 20), 62),
    "each alone: exercise": (Parts(exercise=37), 37),
    "each alone: quiz": (Parts(quiz=37), 37),
    "each alone: quality": (Parts(quality=37), 37),
    "each alone: consistency": (Parts(consistency=37), 37),
    "no quiz": (Parts(100, None, 100, 0), 600 / 7),
    "exercise and consistency": (Parts(50, None, None, 100), 60),
    "out of bounds": (Parts(120, -5), 400 / 7),
}


@pytest.mark.parametrize(("parts", "expected"), TABLE.values(), ids=TABLE)
def test_the_score(parts: Parts, expected: float | None) -> None:
    assert mastery.score(parts) == (None if expected is None else pytest.approx(expected))


LEVELS = [
    (0, "Beginner", "red"),
    (40, "Beginner", "red"),
    (40.5, "Beginner", "red"),
    (40.999999, "Beginner", "red"),
    (41, "Learning", "yellow"),
    (70, "Learning", "yellow"),
    (70.9, "Learning", "yellow"),
    (71, "Proficient", "green"),
    (90.99, "Proficient", "green"),
    (91, "Mastered", "blue"),
    (100, "Mastered", "blue"),
]


@pytest.mark.parametrize(("value", "name", "colour"), LEVELS)
def test_a_score_between_two_bands_belongs_to_the_lower(
    value: float, name: str, colour: str
) -> None:
    found = mastery.level(value)
    assert (found.name, found.colour) == (name, colour)


SHARES = {
    "nothing tried": ([], None),
    "worth nothing": ([(0, 0)], None),
    "half": ([(1, 2)], 50),
    "weighed by points": ([(3, 3), (0, 1)], 75),
    "extra credit does not spread": ([(4, 2), (0, 2)], 50),
    "below zero": ([(-1, 2)], 0),
}


@pytest.mark.parametrize(("earned", "expected"), SHARES.values(), ids=SHARES)
def test_the_share_of_the_points(earned: list[tuple[float, float]], expected: float | None) -> None:
    assert mastery.share(earned) == expected


@pytest.mark.parametrize(
    ("findings", "expected"),
    [([], None), ([0], 100), ([1], 90), ([0, 3], 85), ([10], 0), ([99], 0)],
)
def test_the_quality_of_code(findings: list[int], expected: float | None) -> None:
    assert mastery.quality(findings) == expected


TODAY = date(2026, 11, 20)
DAYS = {
    "never": ([], None),
    "today": ([0], 20),
    "today and yesterday": ([0, 1], 20),
    "today and the day before yesterday": ([0, 2], 40),
    "the first day of the window": ([13], 20),
    "the day before the window": ([14], 0),
    "every third day": ([0, 3, 6, 9, 12], 100),
    "every day": (list(range(14)), 100),
    "every second day": ([0, 2, 4, 6, 8, 10, 12], 100),
    "one long weekend": ([5, 6, 7, 8], 40),
    "tomorrow counts for nothing": ([-1], 0),
    "the same day twice": ([3, 3], 20),
}


@pytest.mark.parametrize(("ago", "expected"), DAYS.values(), ids=DAYS)
def test_spaced_days(ago: list[int], expected: float | None) -> None:
    assert mastery.consistency([TODAY - timedelta(n) for n in ago], TODAY) == expected


part = st.one_of(st.none(), st.floats(0, 100))
parts = st.builds(Parts, part, part, part, part)


@given(parts)
def test_a_score_lies_between_its_lowest_and_its_highest_part(given: Parts) -> None:
    present = given.present().values()
    found = mastery.score(given)
    assert (found is None) == (not present)
    if found is not None:
        assert min(present) - 1e-6 <= found <= max(present) + 1e-6
        assert 0 <= found <= 100
        assert mastery.level(found) in mastery.LEVELS


@given(parts, st.sampled_from(sorted(WEIGHTS)), st.floats(0, 100))
def test_more_of_one_part_is_never_worse(given: Parts, name: str, more: float) -> None:
    before = getattr(given, name)
    if before is None:
        return
    better = mastery.score(replace(given, **{name: max(before, more)}))
    was = mastery.score(given)
    assert better is not None
    assert was is not None
    assert better >= was


@given(parts)
def test_weights_are_stretched_over_the_parts_that_are_there(given: Parts) -> None:
    present = given.present()
    if present:
        whole = sum(WEIGHTS[name] for name in present)
        expected = sum(WEIGHTS[name] * value / whole for name, value in present.items())
        assert mastery.score(given) == pytest.approx(expected, abs=1e-5)


@given(parts, st.sampled_from(sorted(WEIGHTS)))
def test_a_part_that_equals_the_score_of_the_others_changes_nothing(
    given: Parts, name: str
) -> None:
    without = replace(given, **{name: None})
    others = mastery.score(without)
    if others is not None:
        found = mastery.score(replace(without, **{name: others}))
        assert found == pytest.approx(others, abs=1e-5)


@given(st.floats(0, 100), st.floats(0, 100))
def test_a_higher_score_is_never_in_a_lower_band(one: float, other: float) -> None:
    low, high = sorted((one, other))
    bands = mastery.LEVELS
    assert bands.index(mastery.level(low)) <= bands.index(mastery.level(high))


ago = st.lists(st.integers(-3, 30))


@given(ago, st.integers(0, WINDOW - 1))
def test_another_day_of_work_is_never_worse(ago: list[int], more: int) -> None:
    days = [TODAY - timedelta(n) for n in ago]
    before = mastery.consistency(days, TODAY) or 0
    after = mastery.consistency([*days, TODAY - timedelta(more)], TODAY)
    assert after is not None
    assert before <= after <= 100
