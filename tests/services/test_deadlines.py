"""Due dates over HTTP: set, moved, extended; what is refused, and what a score then counts."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import samples
from school import Client, graded, publish
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from coursewright.records import courses
from coursewright.records.tables import Event
from coursewright.services.progress import left

LESSON = "api/v1/courses/dated/lessons/adding"
NOW = datetime.now(UTC)


def ago(**time: float) -> str:
    return (NOW - timedelta(**time)).isoformat()


@pytest.fixture(scope="module")
def dated(make: sessionmaker[Session]) -> None:
    with make.begin() as session:
        publish(session, samples.course("dated"))
        courses.enrol(session, "ada", "dated", "instructor")
        for name in ("lea", "max", "zoe", "tim"):
            courses.enrol(session, name, "dated")


@pytest.fixture
def free(client: Client, dated: None) -> Client:
    """The course without any dates."""
    client.ask("DELETE", "ada", f"{LESSON}/deadline")
    return client


def put(client: Client, path: str, **sent: Any) -> Any:
    answer = client.ask("PUT", "ada", path, json=sent)
    assert answer.status_code == 200, answer.text
    return answer.json()


def hand_in(client: Client, who: str, key: str) -> Any:
    headers = {"Idempotency-Key": f"key of {who} {key}".replace(" ", "-")}
    return client.ask(
        "POST", who, f"{LESSON}/submissions", content=samples.content(), headers=headers
    )


def standing(client: Client, who: str) -> Any:
    return client.get(who, "api/v1/courses/dated").json()["modules"][0]["lessons"][0]


def test_a_deadline_is_kept_in_utc_and_told_to_the_students(free: Client) -> None:
    told = put(free, f"{LESSON}/deadline", due="2099-11-20T23:59", zone="Europe/Vienna", attempts=2)
    (kept,) = told["deadlines"]
    assert kept["due"] == "2099-11-20T22:59:00+00:00"
    assert (kept["zone"], kept["penalty_cap"], kept["attempts"]) == ("Europe/Vienna", 100, 2)
    found = standing(free, "zoe")
    assert (found["due"], found["allowed"], found["late"]) == (kept["due"], 2, None)
    page = free.get("zoe", "").text
    assert "20 November 2099, 23:59 (Europe/Vienna)</time>" in page
    assert "days left" in page


def test_after_the_cut_off_nothing_is_taken_and_nothing_is_stored(free: Client) -> None:
    put(free, f"{LESSON}/deadline", due=ago(days=2), cut_off=ago(days=1))
    refused = hand_in(free, "max", "too late")
    assert refused.status_code == 403
    assert "Nothing is taken for this lesson after" in refused.json()["detail"]
    assert standing(free, "max")["attempts"] == 0
    put(free, f"{LESSON}/extensions/people/max", due=ago(hours=-1), reason="ill")
    assert hand_in(free, "max", "too late").status_code == 201


def test_a_receipt_is_given_again_after_the_cut_off(free: Client) -> None:
    first = hand_in(free, "tim", "in time")
    put(free, f"{LESSON}/deadline", due=ago(days=2), cut_off=ago(days=1))
    again = hand_in(free, "tim", "in time")
    assert (again.status_code, again.json()["id"]) == (200, first.json()["id"])


def test_an_attempt_too_many_is_a_conflict_until_more_are_granted(free: Client) -> None:
    put(free, f"{LESSON}/deadline", attempts=1)
    assert hand_in(free, "lea", "one").status_code == 201
    refused = hand_in(free, "lea", "two")
    assert refused.status_code == 409
    assert "The one attempt has been used" in refused.json()["detail"]
    put(free, f"{LESSON}/extensions/people/lea", extra_attempts=1)
    assert hand_in(free, "lea", "two").status_code == 201
    assert hand_in(free, "lea", "three").status_code == 409


def test_those_who_teach_may_try_a_lesson_at_any_time(free: Client) -> None:
    put(free, f"{LESSON}/deadline", cut_off=ago(days=1), attempts=1)
    assert [hand_in(free, "ada", f"try {n}").status_code for n in (1, 2)] == [201, 201]


def test_what_a_score_counts_follows_the_dates_as_they_are_moved(
    free: Client, make: sessionmaker[Session]
) -> None:
    graded(make, hand_in(free, "zoe", "late").json()["id"])
    policy = {"penalty_per_day": 25}
    told = []
    for due in (ago(hours=30), ago(hours=1), ago(hours=-1)):
        put(free, f"{LESSON}/deadline", due=due, **policy)
        found = standing(free, "zoe")
        rows = free.get("ada", "api/v1/courses/dated/gradebook").json()["rows"]
        (row,) = [row for row in rows if row["person"] == "zoe"]
        assert row["points"] == found["score"]
        told.append((found["score"], row["raw_points"], row["days_late"]))
    assert told == [(1, 2, 2), (1.5, 2, 1), (2, 2, 0)]
    put(free, f"{LESSON}/deadline", due=ago(hours=30), **policy)
    late = standing(free, "zoe")["late"]
    assert late == {
        "days": 2,
        "penalty": 50,
        "raw_score": 2,
        "sentence": "2 days late, 50 % less",
    }
    assert "2 days late" in free.get("zoe", "").text
    page = free.get("ada", "courses/dated/gradebook").text
    assert "2 days late" in page


def test_a_group_is_granted_more_time_together(free: Client, make: sessionmaker[Session]) -> None:
    put(free, f"{LESSON}/deadline", due=ago(hours=30), penalty_per_day=25)
    before = standing(free, "zoe")["score"]
    put(free, "api/v1/courses/dated/members/zoe/group", group="evening class")
    told = put(free, f"{LESSON}/extensions/groups/evening%20class", due=ago(hours=-1))
    assert told["groups"] == {"zoe": "evening class"}
    assert "evening class" in [one["group"] for one in told["extensions"]]
    after = standing(free, "zoe")
    assert (before, after["score"], after["late"]) == (1, 2, None)
    free.ask("DELETE", "ada", f"{LESSON}/extensions/groups/evening%20class")
    assert standing(free, "zoe")["score"] == 1
    put(free, "api/v1/courses/dated/members/zoe/group", group=None)


BAD = [
    ({"due": "tomorrow"}, "is not a time"),
    ({"due": "2026-03-29T02:30", "zone": "Europe/Vienna"}, "the clock skips it"),
    ({"zone": "Mars"}, "is not a time zone"),
    ({"penalty_per_day": 101, "due": "2026-11-20"}, "does not fit"),
    ({"penalty_per_day": 5}, "need a due date"),
    ({"due": "2026-11-20", "cut_off": "2026-11-19"}, "before they are due"),
    ({"points": 1}, "does not fit"),
]


@pytest.mark.parametrize(("sent", "words"), BAD)
def test_a_deadline_that_makes_no_sense_is_refused(
    free: Client, sent: dict[str, Any], words: str
) -> None:
    answer = free.ask("PUT", "ada", f"{LESSON}/deadline", json=sent)
    assert answer.status_code == 400
    assert words in answer.json()["detail"]


NOWHERE = [
    "api/v1/courses/dated/lessons/none/deadline",
    f"{LESSON}/extensions/people/nobody",
]


@pytest.mark.parametrize("path", NOWHERE)
def test_dates_are_for_lessons_and_people_that_are_there(free: Client, path: str) -> None:
    assert free.ask("PUT", "ada", path, json={}).status_code == 404


def test_every_change_is_in_the_audit_log(free: Client, make: sessionmaker[Session]) -> None:
    put(free, f"{LESSON}/deadline", attempts=7)
    with make() as session:
        query = select(Event).where(Event.name == "audit.deadline.set").order_by(Event.id.desc())
        event = session.scalars(query.limit(1)).one()
        assert (event.object, event.detail["attempts"]) == ("dated/adding", 7)


LEFT = [
    (timedelta(days=2, hours=3), "2 days left"),
    (timedelta(hours=1, minutes=3), "1 hour left"),
    (timedelta(minutes=5), "5 minutes left"),
    (timedelta(seconds=5), "less than a minute left"),
    (timedelta(seconds=-1), "past"),
]


@pytest.mark.parametrize(("time", "words"), LEFT)
def test_the_time_left_in_words(time: timedelta, words: str) -> None:
    assert left(NOW + time, NOW) == words
