"""The rules of deadlines: a table of cases, clocks put forward and back, and what always holds."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coursewright.grader import deadlines
from coursewright.records.errors import Invalid
from coursewright.records.policies import Extension, Policy


def at(text: str, zone: str = "UTC") -> datetime:
    return deadlines.moment(text, zone)


DUE = at("2026-11-20T12:00")
POLICY = Policy(
    due=DUE,
    grace_minutes=10,
    penalty_per_day=20,
    penalty_cap=50,
    cut_off=at("2026-11-27T12:00"),
    attempts=3,
)
DATE = Extension(due=at("2026-11-22T12:00"))
FREE = Policy()

# policy, extensions, received, attempt → accepted, factor, days
TABLE = {
    "no policy": (None, (), "2030-01-01", 99, True, 1, 0),
    "a policy without limits": (FREE, (), "2030-01-01", 99, True, 1, 0),
    "before": (POLICY, (), "2026-11-19T12:00", 1, True, 1, 0),
    "on the dot": (POLICY, (), "2026-11-20T12:00", 1, True, 1, 0),
    "within the grace": (POLICY, (), "2026-11-20T12:10", 1, True, 1, 0),
    "a second after the grace": (POLICY, (), "2026-11-20T12:10:01", 1, True, 0.8, 1),
    "a day late to the second": (POLICY, (), "2026-11-21T12:00", 1, True, 0.8, 1),
    "the second day": (POLICY, (), "2026-11-21T12:00:01", 1, True, 0.6, 2),
    "the cap": (POLICY, (), "2026-11-24T12:00", 1, True, 0.5, 4),
    "at the cut-off": (POLICY, (), "2026-11-27T12:00", 1, True, 0.5, 7),
    "after the cut-off": (POLICY, (), "2026-11-27T12:00:01", 1, False, 0, 0),
    "the last attempt": (POLICY, (), "2026-11-19", 3, True, 1, 0),
    "one too many": (POLICY, (), "2026-11-19", 4, False, 0, 0),
    "an extension": (POLICY, (DATE,), "2026-11-22T12:10", 1, True, 1, 0),
    "late in spite of it": (POLICY, (DATE,), "2026-11-23T12:00", 1, True, 0.8, 1),
    "it moves the cut-off too": (POLICY, (DATE,), "2026-11-29T12:00", 1, True, 0.5, 7),
    "and no further": (POLICY, (DATE,), "2026-11-29T12:01", 1, False, 0, 0),
    "a cut-off of its own": (
        POLICY,
        (replace(DATE, cut_off=at("2026-12-24")),),
        "2026-12-23",
        1,
        True,
        0.5,
        31,
    ),
    "an earlier date takes nothing away": (
        POLICY,
        (Extension(due=at("2026-11-01"), cut_off=at("2026-11-02")),),
        "2026-11-20T12:00",
        1,
        True,
        1,
        0,
    ),
    "more attempts": (POLICY, (Extension(extra_attempts=2),), "2026-11-19", 5, True, 1, 0),
    "the better of two": (
        POLICY,
        (Extension(extra_attempts=1), DATE),
        "2026-11-22T12:00",
        4,
        True,
        1,
        0,
    ),
    "late without a penalty": (Policy(due=DUE), (), "2026-11-25", 1, True, 1, 5),
    "a cut-off without a due date": (
        Policy(cut_off=DUE),
        (DATE,),
        "2026-11-22T12:00",
        1,
        True,
        1,
        0,
    ),
    "years late": (replace(POLICY, cut_off=None), (), "2096-01-01", 1, True, 0.5, 3650),
}


@pytest.mark.parametrize("case", TABLE.values(), ids=TABLE)
def test_the_rules(
    case: tuple[Policy | None, tuple[Extension, ...], str, int, bool, float, int],
) -> None:
    policy, extensions, received, attempt, accepted, factor, days = case
    found = deadlines.decide(policy, extensions, at(received), attempt)
    assert (found.accepted, found.factor, found.days) == (accepted, pytest.approx(factor), days)
    assert (found.refused_for == "") == accepted
    assert found.sentence


# Europe/Vienna puts its clock forward on 2026-03-29 at 02:00 and back on 2026-10-25 at 03:00.
CLOCKS = [
    ("Europe/Vienna", "2026-03-28T23:59", "2026-03-29T23:59", 1),
    ("Europe/Vienna", "2026-03-28T23:59", "2026-03-30T00:00", 2),
    ("Europe/Vienna", "2026-03-28T02:30", "2026-03-29T03:30", 1),
    ("Europe/Vienna", "2026-10-24T23:59", "2026-10-25T23:59", 1),
    ("Europe/Vienna", "2026-10-24T23:59", "2026-10-26T00:00", 2),
    ("America/New_York", "2026-03-07T12:00", "2026-03-08T12:00", 1),
    ("America/New_York", "2026-10-31T12:00", "2026-11-01T12:00:01", 2),
    ("Asia/Kolkata", "2026-03-28T23:59", "2026-03-29T23:59", 1),
    ("Pacific/Apia", "2026-03-28T23:59", "2026-04-28T23:59", 31),
    ("UTC", "2026-03-28T23:59", "2026-03-29T23:59:01", 2),
]


@pytest.mark.parametrize(("zone", "due", "received", "days"), CLOCKS)
def test_a_day_is_a_day_by_the_clock_on_the_wall(
    zone: str, due: str, received: str, days: int
) -> None:
    assert deadlines.days_late(at(due, zone), zone, at(received, zone)) == days


MOMENTS = [
    ("2026-11-20T23:59", "UTC", "2026-11-20T23:59"),
    ("2026-11-20T23:59", "Europe/Vienna", "2026-11-20T22:59"),
    ("2026-07-20T23:59", "Europe/Vienna", "2026-07-20T21:59"),
    ("2026-11-20T23:59+05:30", "Europe/Vienna", "2026-11-20T18:29"),
    ("2026-11-20T23:59Z", "Asia/Tokyo", "2026-11-20T23:59"),
    # The hour that comes twice: the kinder reading.
    ("2026-10-25T02:30", "Europe/Vienna", "2026-10-25T01:30"),
]


@pytest.mark.parametrize(("text", "zone", "utc"), MOMENTS)
def test_times_are_read_in_their_zone_and_kept_in_utc(text: str, zone: str, utc: str) -> None:
    assert at(text, zone) == datetime.fromisoformat(utc).replace(tzinfo=UTC)


BAD_MOMENTS = [
    ("tomorrow", "UTC", "is not a time"),
    ("0001-01-01T00:00", "Asia/Tokyo", "is not a time"),
    ("2026-03-29T02:30", "Europe/Vienna", "the clock skips it"),
    ("2026-11-20T23:59", "Europe/Nowhere", "is not a time zone"),
    ("2026-11-20T23:59", "../../etc/passwd", "is not a time zone"),
    ("2026-11-20T23:59", "", "is not a time zone"),
]


@pytest.mark.parametrize(("text", "zone", "words"), BAD_MOMENTS)
def test_what_is_no_time_is_refused(text: str, zone: str, words: str) -> None:
    with pytest.raises(Invalid, match=words):
        at(text, zone)


BAD_POLICIES = [
    (Policy(due=DUE, penalty_per_day=101), "penalty per day"),
    (Policy(due=DUE, penalty_per_day=-1), "penalty per day"),
    (Policy(due=DUE, penalty_per_day=float("nan")), "penalty per day"),
    (Policy(due=DUE, penalty_cap=200), "cap of the penalty"),
    (Policy(due=DUE, grace_minutes=-5), "grace"),
    (Policy(attempts=0), "attempts"),
    (Policy(penalty_per_day=5), "need a due date"),
    (Policy(due=DUE, cut_off=DUE - timedelta(1)), "before they are due"),
    (Policy(zone="Mars"), "is not a time zone"),
]


@pytest.mark.parametrize(("policy", "words"), BAD_POLICIES)
def test_a_policy_that_makes_no_sense_is_refused(policy: Policy, words: str) -> None:
    with pytest.raises(Invalid, match=words):
        deadlines.check(policy)


def test_a_refusal_says_when_it_closed_and_what_to_do() -> None:
    policy = replace(POLICY, zone="Europe/Vienna")
    found = deadlines.decide(policy, (), at("2027-01-01"), 1).sentence
    assert found.startswith("Nothing is taken for this lesson after 27 November 2026, 13:00")
    assert "extension" in found


ZONES = ("UTC", "Europe/Vienna", "America/New_York", "Australia/Lord_Howe", "Pacific/Apia")
moments = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC))
maybe = st.one_of(st.none(), moments)
percent = st.floats(0, 100)
policies = st.builds(
    Policy,
    due=maybe,
    zone=st.sampled_from(ZONES),
    grace_minutes=st.integers(0, 3000),
    penalty_per_day=percent,
    penalty_cap=percent,
    cut_off=maybe,
    attempts=st.one_of(st.none(), st.integers(1, 5)),
)
extensions = st.builds(Extension, due=maybe, cut_off=maybe, extra_attempts=st.integers(-2, 5))
several = st.lists(extensions, max_size=3)
tries = st.integers(1, 9)


def worth(found: deadlines.Decision) -> tuple[bool, float]:
    return found.accepted, found.factor


@given(policies, several, st.tuples(moments, moments), st.tuples(tries, tries))
def test_later_is_never_better(
    policy: Policy,
    granted: list[Extension],
    received: tuple[datetime, datetime],
    attempts: tuple[int, int],
) -> None:
    (early, late), (low, high) = sorted(received), sorted(attempts)
    before = deadlines.decide(policy, granted, early, low)
    after = deadlines.decide(policy, granted, late, high)
    assert worth(after) <= worth(before)


@given(policies, several, extensions, moments, tries)
def test_an_extension_is_never_worse(
    policy: Policy, granted: list[Extension], more: Extension, received: datetime, attempt: int
) -> None:
    without = deadlines.decide(policy, granted, received, attempt)
    with_it = deadlines.decide(policy, [*granted, more], received, attempt)
    assert worth(with_it) >= worth(without)


@given(policies, several, moments, tries)
def test_a_factor_lies_between_nothing_and_all_and_follows_the_cap(
    policy: Policy, granted: list[Extension], received: datetime, attempt: int
) -> None:
    found = deadlines.decide(policy, granted, received, attempt)
    assert 0 <= found.factor <= 1
    if found.accepted:
        assert found.factor >= 1 - policy.penalty_cap / 100 - 1e-9


@given(st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31)), st.sampled_from(ZONES))
def test_a_time_on_the_wall_is_that_time_on_the_wall_or_refused(wall: datetime, zone: str) -> None:
    wall = wall.replace(microsecond=0, fold=0)
    try:
        found = at(wall.isoformat(), zone)
    except Invalid:
        # The clock skips it: there is no such moment, before or after.
        place = ZoneInfo(zone)
        back = wall.replace(tzinfo=place).astimezone(UTC).astimezone(place)
        assert back.replace(tzinfo=None) != wall
        return
    assert found.astimezone(ZoneInfo(zone)).replace(tzinfo=None, fold=0) == wall


@given(moments, moments, st.sampled_from(ZONES))
def test_a_day_late_is_as_long_as_a_day_of_the_zone(
    due: datetime, received: datetime, zone: str
) -> None:
    days = deadlines.days_late(due, zone, received)
    assert (days > 0) == (received > due)
    assert abs(days - (received - due) / timedelta(1)) <= 1 + 2 / 24 or not days
