"""Days in a row."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from coursewright.records import courses, events, streaks
from coursewright.records.errors import Invalid
from coursewright.records.streaks import Streak, counted

TODAY = date(2026, 11, 21)


@pytest.mark.parametrize(
    ("ago", "run", "today"),
    [
        ((), 0, False),
        ((0,), 1, True),
        ((1,), 1, False),
        ((2,), 0, False),
        ((0, 1, 2), 3, True),
        ((1, 2), 2, False),
        ((0, 2, 3), 1, True),
    ],
)
def test_a_streak_reaches_today_or_yesterday(ago: tuple[int, ...], run: int, today: bool) -> None:
    days = {TODAY - timedelta(days=number) for number in ago}
    assert counted(days, TODAY) == Streak(run, today)


@given(st.sets(st.integers(0, 40)))
def test_one_more_day_never_shortens_it(ago: set[int]) -> None:
    days = {TODAY - timedelta(days=number) for number in ago}
    assert counted(days | {TODAY}, TODAY).days >= counted(days, TODAY).days


def test_work_counts_and_looking_on_does_not(session: Session) -> None:
    grace, kay = courses.person(session, "grace"), courses.person(session, "kay")
    events.record(session, "code.checked", grace, "sums/adding")
    events.record(session, "learning.graded", kay, "sums/adding")
    session.flush()
    assert streaks.streak(session, "grace", "Pacific/Kiritimati") == Streak(1, True)
    assert streaks.streak(session, "kay") == Streak(0, False)


@pytest.mark.parametrize("zone", ["Mars/Olympus", "", "../etc/passwd", "a\0b"])
def test_a_zone_that_there_is_not_is_refused(session: Session, zone: str) -> None:
    with pytest.raises(Invalid, match="time zone"):
        streaks.streak(session, "grace", zone)
