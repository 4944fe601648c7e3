"""Statements keep the rules of xAPI 1.0.3, whatever happened."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
import xapi_rules
from hypothesis import given
from hypothesis import strategies as st

from coursewright.records import xapi
from coursewright.records.errors import Invalid
from coursewright.records.xapi import KINDS, Happened, Site

SITE = Site.of("https://learn.example.org/courses-of-ours")
HIDDEN = replace(SITE, key=b"known to the worker only")
AT = datetime(2026, 11, 21, 9, 30, tzinfo=timezone(timedelta(hours=1)))
GRADED = Happened(
    7,
    "learning.graded",
    AT,
    "grace",
    "sums/adding",
    "Sums",
    {"submission": 3, "points": 2.0, "max_points": 8.0},
)

numbers = st.floats(allow_nan=True, allow_infinity=True) | st.integers(-(10**6), 10**6)
details = st.dictionaries(
    st.sampled_from(
        [
            "points",
            "max_points",
            "passed",
            "of",
            "quiz",
            "exercise",
            "tier",
            "submission",
            "attempt",
            "concepts",
        ]
    ),
    numbers | st.text(max_size=8) | st.none(),
)


happenings = st.builds(
    Happened,
    id=st.integers(1, 10**9),
    name=st.sampled_from(sorted(KINDS)),
    at=st.just(AT),
    person=st.text(min_size=1, max_size=40),
    object=st.text(st.characters(exclude_characters="/"), max_size=12).map("sums/adding/{}".format),
    course_title=st.text(max_size=40),
    detail=details,
    points=st.none() | st.tuples(numbers, numbers),
    seconds=st.none() | st.floats(-10, 10**6),
)


@given(one=happenings, site=st.sampled_from([SITE, HIDDEN]))
def test_what_is_made_keeps_the_rules(one: Happened, site: Site) -> None:
    try:
        made = xapi.statement(site, one)
    except Invalid:
        return
    xapi_rules.is_statement(made)


def test_a_graded_lesson_says_who_what_where_and_how_well() -> None:
    made = xapi.statement(SITE, GRADED)
    assert made["actor"]["account"] == {"homePage": SITE.iri, "name": "grace"}
    assert made["verb"]["id"] == "http://adlnet.gov/expapi/verbs/scored"
    assert made["object"]["id"] == f"{SITE.iri}courses/sums/lessons/adding"
    assert made["timestamp"] == "2026-11-21T08:30:00.000+00:00"
    score = {"scaled": 0.25, "raw": 2.0, "min": 0, "max": 8.0}
    assert made["result"] == {"score": score, "success": False}
    (course,) = made["context"]["contextActivities"]["grouping"]
    assert (course["id"], course["definition"]["name"]) == (
        f"{SITE.iri}courses/sums",
        {"und": "Sums"},
    )
    assert made["context"]["extensions"][SITE.extension("event")] == "learning.graded"


SCORES = {
    (4, 8): {"scaled": 0.5, "raw": 4, "min": 0, "max": 8},
    (9, 8): {"scaled": 1.0, "raw": 9, "min": 0},
    (-1, 8): {"scaled": -0.125, "raw": -1, "max": 8},
    (0, 0): {"raw": 0},
    (3, 0): {"raw": 3},
}


@pytest.mark.parametrize("points", SCORES)
def test_a_score_stays_within_its_bounds(points: tuple[float, float]) -> None:
    assert xapi.score(*points) == SCORES[points]
    xapi_rules.is_score(xapi.score(*points))


def test_the_same_event_is_the_same_statement() -> None:
    assert xapi.statement(SITE, GRADED) == xapi.statement(SITE, GRADED)
    other = replace(GRADED, id=8)
    assert xapi.statement(SITE, other)["id"] != xapi.statement(SITE, GRADED)["id"]
    elsewhere = Site.of("https://other.example.org/")
    assert xapi.statement(elsewhere, GRADED)["id"] != xapi.statement(SITE, GRADED)["id"]


def test_pseudonyms_tell_no_name_and_stay_the_same() -> None:
    made = xapi.statement(HIDDEN, GRADED)
    assert "grace" not in str(made)
    assert made["actor"] == HIDDEN.actor("grace") != HIDDEN.actor("alan")
    # Who knows the names but not the key cannot find somebody by trying.
    number = made["context"]["registration"]
    assert number != xapi.statement(SITE, GRADED)["context"]["registration"]
    other = replace(HIDDEN, key=b"another key")
    assert other.actor("grace") != made["actor"]


def test_an_exercise_stands_in_its_lesson() -> None:
    detail = {"exercise": "add / it", "passed": 2, "of": 2}
    one = replace(GRADED, name="code.checked", detail=detail)
    made = xapi.statement(SITE, one)
    assert made["object"]["id"].endswith("/lessons/adding#exercise-add%20%2F%20it")
    assert made["context"]["contextActivities"]["parent"][0]["id"].endswith("/lessons/adding")
    assert made["result"]["success"] is True


@pytest.mark.parametrize("name", ["audit.viewed", "learning.grading_failed", "course.published"])
def test_what_is_nobodys_learning_is_no_statement(name: str) -> None:
    with pytest.raises(Invalid, match="not told to others"):
        xapi.statement(SITE, replace(GRADED, name=name))


@pytest.mark.parametrize("iri", ["", "learn.example.org", "ftp://a/", "https://", "https://a/?b=c"])
def test_a_site_has_an_address(iri: str) -> None:
    with pytest.raises(Invalid, match="COURSEWRIGHT_XAPI_SITE"):
        Site.of(iri)


def test_times_are_told_with_their_zone() -> None:
    for at in (AT, AT.astimezone(UTC)):
        xapi_rules.is_timestamp(xapi.statement(SITE, replace(GRADED, at=at))["timestamp"])


BROKEN = {
    "an id that is none": {"id": "7"},
    "a time without zone": {"timestamp": "2026-11-21T09:30:00"},
    "a score beyond its most": {"result": {"score": {"raw": 9, "max": 8}}},
    "a duration that is none": {"result": {"duration": "2 hours"}},
    "null": {"result": None},
    "what the specification does not know": {"stored_by": "us"},
}


@pytest.mark.parametrize("case", BROKEN)
def test_the_rules_of_the_tests_refuse(case: str) -> None:
    with pytest.raises((AssertionError, ValueError)):
        xapi_rules.is_statement({**xapi.statement(SITE, GRADED), **BROKEN[case]})
