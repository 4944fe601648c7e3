"""More time in timed quizzes: held by the server's limit, given and taken back, written down."""

from __future__ import annotations

from datetime import datetime
from itertools import count
from typing import Any

import pytest
from banking import fill_bank, later
from school import Client
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session, sessionmaker

from coursewright.records import courses
from coursewright.records.policies import ExtraTime
from coursewright.records.tables import BankQuiz, Event

COURSE = "api/v1/courses/sums"
Make = sessionmaker[Session]
numbers = count(1)


@pytest.fixture(scope="module")
def bank(make: Make) -> dict[str, int]:
    with make.begin() as session:
        courses.enrol(session, "mia", "sums")
        return fill_bank(session)


@pytest.fixture
def path(client: Client, bank: dict[str, int]) -> str:
    """A quiz of ten minutes; nobody has more time."""
    for who in ("grace", "mia"):
        client.ask("DELETE", "ada", f"{COURSE}/members/{who}/extra-time")
    key = f"timed-{next(numbers)}"
    picks = [{"question": bank["numeric"]}]
    sent = {"key": key, "title": "Timed", "state": "open", "minutes": 10, "picks": picks}
    made = client.ask("POST", "ada", f"{COURSE}/quizzes", json={**sent, "told": "closed"} | CLOSES)
    assert made.status_code == 201, made.text
    return f"{COURSE}/quizzes/{key}"


CLOSES = {"closes_at": "2099-01-01T10:00:00+00:00"}


def give(client: Client, who: str = "grace", **sent: Any) -> Any:
    found = client.ask("PUT", "ada", f"{COURSE}/members/{who}/extra-time", json=sent)
    assert found.status_code == 200, found.text
    return found.json()


def begin(client: Client, path: str, who: str = "grace") -> Any:
    key = {"Idempotency-Key": f"extra-time-{next(numbers):04}"}
    found = client.ask("POST", who, f"{path}/attempts", headers=key)
    assert found.status_code in (200, 201), found.text
    return found.json()


def minutes(running: Any) -> float:
    times = [datetime.fromisoformat(running[name]) for name in ("started_at", "deadline")]
    return (times[1] - times[0]).total_seconds() / 60


@pytest.mark.parametrize(
    ("extra", "of", "more"),
    [
        (ExtraTime(), 10, 0),
        (ExtraTime(1.5), 10, 5),
        (ExtraTime(1.25), 10, 3),
        (ExtraTime(1.1), 10, 1),
        (ExtraTime(1, 7), 10, 7),
        (ExtraTime(2, 5), 30, 35),
    ],
)
def test_extra_time_is_a_factor_and_minutes(extra: ExtraTime, of: int, more: int) -> None:
    assert extra.beyond(of) == more


def test_the_limit_is_the_persons_own(client: Client, path: str) -> None:
    said = give(client, factor=1.5, minutes=2, reason="As agreed")
    assert (said["factor"], said["minutes"], said["reason"]) == (1.5, 2, "As agreed")
    found = begin(client, path)
    assert minutes(found["running"]) == 17
    assert (found["minutes"], found["extra_minutes"]) == (17, 7)
    assert minutes(begin(client, path, "mia")["running"]) == 10
    assert datetime.fromisoformat(found["closes_at"]).minute == 7


def test_the_server_takes_answers_as_long(client: Client, make: Make, path: str) -> None:
    give(client, factor=2)
    for who in ("grace", "mia"):
        begin(client, path, who)
    later(make, 15)
    answers = {"answers": {}}
    saved = {
        who: client.ask("PUT", who, f"{path}/attempts/1/answers", json=answers).status_code
        for who in ("grace", "mia")
    }
    assert saved == {"grace": 200, "mia": 403}


def test_an_attempt_under_way_gets_it_at_once_and_loses_it(client: Client, path: str) -> None:
    begin(client, path)
    give(client, minutes=20)
    assert minutes(client.get("grace", path).json()["running"]) == 30
    client.ask("DELETE", "ada", f"{COURSE}/members/grace/extra-time")
    assert minutes(client.get("grace", path).json()["running"]) == 10


def test_moving_the_quizs_times_keeps_it(client: Client, path: str) -> None:
    give(client, factor=1.5)
    begin(client, path)
    settings = client.get("ada", f"{path}/settings").json()
    del settings["key"]
    moved = client.ask("PUT", "ada", f"{path}/settings", json={**settings, "minutes": 20})
    assert moved.status_code == 200, moved.text
    assert minutes(client.get("grace", path).json()["running"]) == 30


def test_the_quiz_closes_as_much_later_and_answers_are_told_after_the_last(
    client: Client, make: Make, path: str
) -> None:
    give(client, minutes=30)
    for who in ("grace", "mia"):
        begin(client, path, who)
        client.ask("POST", who, f"{path}/attempts/1/submission", json={"answers": {}})
    key = path.rpartition("/")[2]
    with make.begin() as session:
        session.execute(
            update(BankQuiz)
            .where(BankQuiz.key == key)
            .values(closes_at=func.now(), attempts=2, told="closed")
        )
    assert client.get("mia", path).json()["closed"] == "This quiz has closed"
    assert client.get("mia", path).json()["tries"][0]["results"] is None
    assert client.get("grace", path).json()["closed"] is None
    client.ask("DELETE", "ada", f"{COURSE}/members/grace/extra-time")
    assert client.get("mia", path).json()["tries"][0]["results"] is not None


def test_it_is_in_the_audit_log_and_in_the_list(client: Client, make: Make, path: str) -> None:
    give(client, "mia", factor=1.25, reason="=HYPERLINK(1)")
    found = client.get("ada", f"{COURSE}/extra-time").json()["people"]
    assert [(one["person"], one["factor"], one["minutes"]) for one in found] == [("mia", 1.25, 0)]
    sheet = client.get("ada", "courses/sums/people/extra-time.csv").text
    assert "'=HYPERLINK(1)" in sheet
    with make() as session:
        event = select(Event.detail).where(Event.name == "audit.extra_time.set")
        last = session.scalars(event.order_by(Event.id.desc())).first()
    assert last == {"of": "mia", "factor": 1.25, "minutes": 0, "reason": "=HYPERLINK(1)"}


@pytest.mark.parametrize(
    ("who", "sent", "status"),
    [
        ("grace", {"factor": 0.5}, 400),
        ("grace", {"factor": 11}, 400),
        ("grace", {"minutes": -1}, 400),
        ("grace", {"minutes": 1.5}, 400),
        ("grace", {"factor": "much"}, 400),
        ("nobody-here", {"factor": 2}, 404),
    ],
)
def test_what_makes_no_sense_is_refused(
    client: Client, path: str, who: str, sent: Any, status: int
) -> None:
    refused = client.ask("PUT", "ada", f"{COURSE}/members/{who}/extra-time", json=sent)
    assert refused.status_code == status
    assert client.get("ada", f"{COURSE}/extra-time").json() == {"people": []}


def test_the_form_on_the_persons_page_gives_it(client: Client, path: str) -> None:
    page = "courses/sums/members/mia"
    sent = {"extra_time": "yes", "factor": "1.5", "minutes": "", "reason": "As agreed"}
    headers = {"Idempotency-Key": "a-form-of-extra-time"}
    done = client.ask("POST", "ada", page, data=sent, headers=headers)
    assert done.status_code == 303, done.text
    assert "1.5 times the time of a quiz" in client.get("ada", page).text
    assert "Extra time" not in client.get("olga", page).text
    wrong = client.ask("POST", "ada", page, data={**sent, "minutes": "many"})
    assert (wrong.status_code, "whole number" in wrong.text) == (400, True)
