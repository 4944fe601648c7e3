"""Numbers as pages show them."""

from __future__ import annotations

import pytest

from coursewright.services import figures

NUMBERS = [(3.0, "3"), (2.5, "2.5"), (1 / 3, "0.33")]


@pytest.mark.parametrize(("value", "shown"), NUMBERS)
def test_a_number_has_no_useless_zeros(value: float, shown: str) -> None:
    assert figures.number(value) == shown


def test_scores_percentages_and_plurals() -> None:
    assert figures.score(2.5, 5) == '<span class="score">2.5<span class="of"> of 5</span></span>'
    assert figures.percent(66.666) == "66.7 %"
    assert [figures.plural(count, "lesson") for count in (0, 1, 2)] == [
        "0 lessons",
        "1 lesson",
        "2 lessons",
    ]
