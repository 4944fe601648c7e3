"""A class as rows: their order, what counts, and how long ago something was."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from coursewright.services.class_page import ago
from coursewright.services.class_rows import Row, counts, ordered

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
BARE = Row("", "", None, None, False, "", "", 0, 0, 0, "", None, None)


def minutes(number: int) -> datetime:
    return NOW - timedelta(minutes=number)


ROWS = [
    replace(BARE, person="away", stuck_since=minutes(90), last_at=minutes(60)),
    replace(BARE, person="fine", here=True, last_at=minutes(1)),
    replace(BARE, person="long", here=True, stuck_since=minutes(30), last_at=minutes(2)),
    replace(BARE, person="never"),
    replace(BARE, person="short", here=True, stuck_since=minutes(3), last_at=minutes(0)),
]


@pytest.mark.parametrize(
    ("order", "names"),
    [
        ("stuck", "long short away fine never"),
        ("seen", "short fine long away never"),
        ("name", "away fine long never short"),
    ],
)
def test_the_order_of_a_class(order: str, names: str) -> None:
    assert [row.person for row in ordered(ROWS, order)] == names.split()


def test_who_has_left_is_not_stuck() -> None:
    assert counts(ROWS) == {"students": 5, "here": 3, "stuck": 2}


@pytest.mark.parametrize(
    ("number", "words"),
    [(0, "under 1 min"), (59, "59 min"), (60, "1 h"), (2879, "47 h"), (2880, "2 days")],
)
def test_how_long_ago(number: int, words: str) -> None:
    assert ago(minutes(number), NOW) == words
    assert ago(minutes(-5), NOW) == "under 1 min"
    assert ago(None, NOW) == ""
