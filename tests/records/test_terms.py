"""A course copied to a new term."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import samples
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from coursewright.records import (
    authoring,
    certificates,
    courses,
    deadlines,
    facts,
    grading,
    members,
    terms,
    weights,
)
from coursewright.records.authoring import Rights
from coursewright.records.certificates import Rule
from coursewright.records.errors import Conflict, Denied, Invalid
from coursewright.records.facts import Facts
from coursewright.records.grading import Item
from coursewright.records.policies import Extension, Policy
from coursewright.records.schemes import Category, Scheme
from coursewright.records.terms import Term

VIENNA = ZoneInfo("Europe/Vienna")
ADA = Rights("ada")
POLICY = Policy(
    # The clocks are put back on the 25th of October 2026.
    due=datetime(2026, 10, 12, 23, 59, tzinfo=VIENNA),
    zone="Europe/Vienna",
    grace_minutes=15,
    penalty_per_day=10,
    cut_off=datetime(2026, 10, 20, 12, 0, tzinfo=VIENNA),
    attempts=3,
)
NEW = Term("sums-2027", "Sums 2027", "Spring 2027", date(2027, 3, 1), date(2027, 6, 30))


@pytest.fixture
def course(session: Session) -> str:
    courses.publish(session, samples.course(), "First", "ada")
    courses.enrol(session, "ada", "sums", "instructor")
    courses.enrol(session, "olga", "sums", "assistant")
    courses.enrol(session, "grace", "sums")
    said = Facts("Mathematics", term="Autumn", starts=date(2026, 9, 28), hours=20)
    facts.say(session, "ada", "sums", said)
    deadlines.set_policy(session, "ada", "sums", "adding", POLICY)
    deadlines.grant(session, "ada", "sums", "adding", Extension(extra_attempts=1), person="grace")
    grading.add_item(session, "ada", "sums", "adding", Item(0, "draw", "axes", 1))
    return "sums"


def test_the_copy_has_lessons_rules_and_rubrics_and_nobody_but_who_copied_it(
    session: Session, course: str
) -> None:
    scheme = Scheme((Category("Homework", 2.0, 0),), {("adding", ""): "Homework"})
    weights.set_scheme(session, "ada", course, scheme)
    certificates.set_rule(session, "ada", course, Rule(60, 80, 12.5))
    key = terms.copy(session, ADA, course, NEW)
    assert weights.scheme(session, key) == scheme
    assert certificates.rule(session, key) == Rule(60, 80, 12.5)
    number, source = authoring.source(session, key)
    assert (number, source) == (1, replace(samples.course(), key=key, title="Sums 2027"))
    assert [(one.name, one.role) for one in members.members(session, key)] == [
        ("ada", "instructor")
    ]
    said = facts.of(session, key)
    assert (said.category, said.hours, said.term, said.starts) == (
        "Mathematics", 20, "Spring 2027", date(2027, 3, 1),
    )  # fmt: skip
    assert said.visibility == "hidden"
    rules = deadlines.rules(session, key)
    assert rules.granted == ()
    days = timedelta((date(2027, 3, 1) - date(2026, 9, 28)).days)
    held = rules.policies["adding"]
    assert held == replace(
        POLICY,
        due=(datetime(2026, 10, 12, 23, 59) + days).replace(tzinfo=VIENNA),
        cut_off=(datetime(2026, 10, 20, 12, 0) + days).replace(tzinfo=VIENNA),
    )
    items = grading.rubric(session, key, "adding")
    assert [(one.grade_id, one.label, one.points) for one in items] == [("draw", "axes", 1)]
    assert deadlines.rules(session, course).policies["adding"] == POLICY


def test_without_dates_the_rules_come_alone(session: Session, course: str) -> None:
    key = terms.copy(session, ADA, course, replace(NEW, dates=False, starts=None, ends=None))
    held = deadlines.rules(session, key).policies["adding"]
    assert (held.due, held.cut_off, held.attempts, held.penalty_per_day) == (None, None, 3, 10)


def test_dates_need_both_starts(session: Session, course: str) -> None:
    with pytest.raises(Invalid, match="when the new term starts"):
        terms.copy(session, ADA, course, replace(NEW, starts=None))
    facts.say(session, "ada", course, Facts())
    with pytest.raises(Invalid, match="when the term that you copy began"):
        terms.copy(session, ADA, course, NEW)
    assert not courses.exists(session, NEW.key)
    key = terms.copy(session, ADA, course, replace(NEW, began=date(2027, 2, 28)))
    due = deadlines.rules(session, key).policies["adding"].due
    assert due == datetime(2026, 10, 13, 23, 59, tzinfo=VIENNA)


def test_a_copy_needs_a_key_of_its_own_and_somebody_who_may_write_courses(
    session: Session, course: str
) -> None:
    with pytest.raises(Conflict, match="already"):
        terms.copy(session, ADA, course, replace(NEW, key="sums"))
    with pytest.raises(Invalid, match="key"):
        terms.copy(session, ADA, course, replace(NEW, key="Sums 27"))
    with pytest.raises(Denied):
        terms.copy(session, Rights("grace"), course, NEW)


@given(
    st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1)),
    st.sampled_from(["UTC", "Europe/Vienna", "America/New_York", "Asia/Kolkata", "Pacific/Apia"]),
    st.integers(-2000, 2000),
)
def test_a_shifted_moment_shows_the_same_time_on_the_wall(
    naive: datetime, zone: str, days: int
) -> None:
    moment = naive.replace(tzinfo=UTC)
    place = ZoneInfo(zone)
    there = terms.moved(moment, zone, days)
    assert there is not None
    wanted = moment.astimezone(place).replace(tzinfo=None) + timedelta(days)
    shown = there.astimezone(place).replace(tzinfo=None)
    # Where clocks go forward a time of the day may be left out; then it is as much later.
    assert shown == wanted or wanted < shown <= wanted + timedelta(days=1)
    if shown == wanted and zone == "UTC":
        assert there - moment == timedelta(days)
