"""Quizzes from the bank over HTTP: set, taken in time, told when it may be, once each."""

from __future__ import annotations

import json
import re
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from typing import Any

import pytest
from banking import QUESTIONS, fill_bank, later, placed
from jsonschema import Draft202012Validator
from school import Client
from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker

from coursewright.records import courses
from coursewright.records.tables import BankAnswer, BankAttempt, BankQuiz, Event
from coursewright.services.schemas import COMPONENTS

QUIZZES = "api/v1/courses/sums/quizzes"
# What nobody may read before the time: keys, reasons, explanations.
SECRETS = ("scattering", "because", "0.333", "while", "correct", "accepted")
# A moment's parts of a second may read like an answer.
TIMES = re.compile(r"\d\d:\d\d:\d\d(\.\d+)?")
CLIENTS = 12
numbers = count(1)
Make = sessionmaker[Session]


@pytest.fixture(scope="module")
def bank(make: Make) -> dict[str, int]:
    with make.begin() as session:
        courses.enrol(session, "mia", "sums")
        for n in range(CLIENTS):
            courses.enrol(session, f"one-of-many-{n}", "sums")
        return fill_bank(session)


class Desk:
    """A quiz that no other test has seen, of all questions."""

    def __init__(self, client: Client, bank: dict[str, int], **about: Any) -> None:
        self.client, self.key = client, f"quiz-{next(numbers)}"
        picks = [{"question": number} for number in bank.values()]
        self.sent = {"title": "A quiz", "state": "open", "attempts": 2, "picks": picks, **about}
        made = client.ask("POST", "ada", QUIZZES, json={"key": self.key, **self.sent})
        assert made.status_code == 201, made.text
        fits("CourseQuizSettings", made.json())
        self.path = f"{QUIZZES}/{self.key}"

    def get(self, who: str = "grace") -> Any:
        found = self.client.get(who, self.path).json()
        fits("CourseQuiz", found)
        return found

    def begin(self, who: str = "grace", key: str = "first") -> Any:
        headers = {"Idempotency-Key": f"{self.key}-{key}"}
        return self.client.ask("POST", who, f"{self.path}/attempts", headers=headers)

    def save(self, answers: Any, who: str = "grace", attempt: int = 1) -> Any:
        path = f"{self.path}/attempts/{attempt}/answers"
        return self.client.ask("PUT", who, path, json={"answers": answers})

    def hand_in(self, answers: Any, who: str = "grace", attempt: int = 1) -> Any:
        path = f"{self.path}/attempts/{attempt}/submission"
        return self.client.ask("POST", who, path, json={"answers": answers})


def fits(name: str, data: Any) -> None:
    schema = {"$ref": f"#/components/schemas/{name}", "components": {"schemas": COMPONENTS}}
    Draft202012Validator(schema).validate(data)


def test_nothing_is_told_before_the_attempt_and_no_key_in_it(
    client: Client, bank: dict[str, int]
) -> None:
    desk = Desk(client, bank)
    assert desk.get()["running"] is None
    begun = desk.begin()
    assert begun.status_code == 201
    running = begun.json()["running"]
    assert len(running["questions"]) == 6
    told = TIMES.sub("", json.dumps(begun.json()))
    assert not [secret for secret in SECRETS if secret in told]
    page = TIMES.sub("", client.get("grace", f"courses/sums/quizzes/{desk.key}").text)
    assert not [secret for secret in ("scattering", "0.333", "while") if secret in page]


@pytest.mark.parametrize(
    ("told", "after_one", "after_two"),
    [("attempt", True, True), ("last", False, True), ("never", False, False)],
)
def test_right_answers_are_told_when_the_quiz_says_so(
    client: Client, bank: dict[str, int], told: str, after_one: bool, after_two: bool
) -> None:
    desk = Desk(client, bank, told=told)
    for attempt, known in ((1, after_one), (2, after_two)):
        running = desk.begin(key=f"key-{attempt}").json()["running"]
        receipt = desk.hand_in(placed(running), attempt=attempt).json()
        fits("CourseQuizReceipt", receipt)
        last = receipt["quiz"]["tries"][-1]
        assert (last["points"], last["results"] is not None) == (9, known)
    if after_two:
        results = {one["key"]: one for one in last["results"]}
        assert all(one["right"] for one in results.values())
        assert results[f"q{bank['short-text']}"]["solution"] == "while"
    assert desk.begin(key="key-3").status_code == 409


def test_it_is_told_to_those_who_teach_and_theirs_counts_for_nobody(
    client: Client, bank: dict[str, int]
) -> None:
    desk = Desk(client, bank, told="never")
    running = desk.begin("ada").json()["running"]
    quiz = desk.hand_in(placed(running), "ada").json()["quiz"]
    assert (quiz["left"], quiz["tries"][0]["results"] is not None) == (None, True)
    assert client.get("ada", f"{desk.path}/all-attempts").json() == {"attempts": [], "next": None}


def test_what_was_saved_is_there_again(client: Client, bank: dict[str, int]) -> None:
    desk = Desk(client, bank)
    key = f"q{bank['short-text']}"
    desk.begin()
    saved = desk.save({key: "for", f"q{bank['numeric']}": "a third"})
    fits("CourseQuizSaved", saved.json())
    assert list(saved.json()["wrong"]) == [f"q{bank['numeric']}"]
    answers = {one["key"]: one["answer"] for one in desk.get()["running"]["questions"]}
    assert answers[key] == "for"
    assert desk.save({"q1x": 1}).status_code == 400
    assert desk.save({key: "for"}, "mia").status_code == 404


def test_after_the_time_answers_are_refused_and_what_was_saved_counts(
    client: Client, bank: dict[str, int], make: Make
) -> None:
    desk = Desk(client, bank, minutes=10)
    running = desk.begin().json()["running"]
    assert 590 < running["seconds_left"] <= 600
    desk.save({f"q{bank['short-text']}": "for"})
    later(make, 11)
    late = desk.save(placed(running))
    assert (late.status_code, "time of this attempt is over" in late.json()["detail"]) == (
        403,
        True,
    )
    receipt = desk.hand_in(placed(running)).json()
    assert (receipt["repeated"], receipt["by_time"]) == (True, True)
    assert [one["points"] for one in desk.get()["tries"]] == [1]
    (line,) = client.get("ada", f"{desk.path}/all-attempts").json()["attempts"]
    assert (line["person"], line["by_time"], line["points"]) == ("grace", True, 1)
    assert "grace" in client.get("olga", f"courses/sums/quizzes/{desk.key}/attempts.csv").text


def test_a_draft_is_for_those_who_teach(client: Client, bank: dict[str, int]) -> None:
    desk = Desk(client, bank, state="draft")
    assert client.get("grace", desk.path).status_code == 404
    assert client.get("olga", desk.path).status_code == 200
    keys = [one["key"] for one in client.get("grace", QUIZZES).json()["quizzes"]]
    assert desk.key not in keys


def test_settings_are_changed_by_one_at_a_time(client: Client, bank: dict[str, int]) -> None:
    desk = Desk(client, bank)
    path = f"{desk.path}/settings"
    changed = {**desk.sent, "title": "Another", "version": 1, "minutes": 5}
    assert client.ask("PUT", "ada", path, json=changed).json()["version"] == 2
    assert client.ask("PUT", "ada", path, json={**changed, "minutes": 6}).status_code == 409
    assert client.get("olga", path).json()["minutes"] == 5
    bad = {**changed, "version": 2, "zone": "Nowhere/Else"}
    assert client.ask("PUT", "ada", path, json=bad).status_code == 400


def test_a_quiz_is_set_by_its_form(client: Client, bank: dict[str, int], make: Make) -> None:
    made = client.ask("POST", "ada", "courses/sums/quizzes", data={"title": "Über all!"})
    assert made.headers["Location"].endswith("quizzes/ber-all/settings")
    path = "courses/sums/quizzes/ber-all/settings"
    form = {
        "title": "Of the form",
        "state": "open",
        "attempts": "3",
        "minutes": "15",
        "told": "closed",
        "zone": "Europe/Vienna",
        "closes_at": "2099-07-01T12:00",
        "question": [str(bank["ordering"]), str(bank["single"])],
        "concept": ["loops", "numbers"],
        "draw-1": "2",
        "shuffled": "yes",
        "version": "1",
    }
    assert client.ask("POST", "ada", path, data=form).status_code == 303
    found = client.get("ada", f"{QUIZZES}/ber-all/settings").json()
    assert found["picks"] == [
        {"question": bank["ordering"]},
        {"question": bank["single"]},
        {"concept": "numbers", "count": 2},
    ]
    assert found["closes_at"].startswith("2099-07-01T10:00")
    bad = client.ask("POST", "ada", path, data={**form, "version": "2", "minutes": "soon"})
    assert (bad.status_code, "is not a whole number" in bad.text) == (400, True)
    with make() as session:
        names = session.scalars(select(Event.name).where(Event.name.like("audit.quiz.%"))).all()
    assert {"audit.quiz.made", "audit.quiz.changed"} <= set(names)


def test_statistics_are_told_of_what_was_handed_in(client: Client, bank: dict[str, int]) -> None:
    desk = Desk(client, bank)
    running = desk.begin("mia").json()["running"]
    desk.hand_in(placed(running), "mia")
    found = client.get("olga", "api/v1/courses/sums/questions?limit=500").json()
    fits("ItemAnalysis", found)
    assert {one["kind"] for one in found["questions"]} >= set(QUESTIONS)
    assert {one["source"] for one in found["questions"]} == {"bank"}
    sheet = client.get("olga", "courses/sums/questions.csv").text
    assert sheet.count("Which colour has the sky?") == 1
    assert client.get("olga", "api/v1/courses/sums/questions?flagged=yes").json()["questions"] == []
    assert client.get("alan", "api/v1/courses/other/questions").json()["questions"] == []


def test_of_many_attempts_with_retries_none_is_lost_and_none_is_double(
    client: Client, bank: dict[str, int], make: Make
) -> None:
    """benchmarks/rush.py is the same with a thousand attempts."""
    each = 3
    desk = Desk(client, bank, attempts=each, minutes=60)

    def take(number: int) -> list[float]:
        who, points = f"one-of-many-{number}", []
        for attempt in range(1, each + 1):
            # Every request is sent twice, as a client does that had no answer.
            begun = [desk.begin(who, f"{who}-{attempt}").json() for _ in range(2)]
            answers = placed(begun[0]["running"])
            assert begun[0]["running"] == {**begun[1]["running"], "seconds_left": pytest.approx(
                begun[0]["running"]["seconds_left"], abs=60)}  # fmt: skip
            for one in (desk.save, desk.hand_in, desk.hand_in):
                answer = one(answers, who, attempt)
                assert answer.status_code == 200, answer.text
            points.append(answer.json()["quiz"]["tries"][attempt - 1]["points"])
        return points

    client.token("warm")
    with ThreadPoolExecutor(6) as threads:
        found = list(threads.map(take, range(CLIENTS)))
    assert found == [[9.0] * each] * CLIENTS
    with make() as session:
        own = select(BankAttempt.id).join(BankQuiz).where(BankQuiz.key == desk.key)
        assert session.scalar(select(func.count()).select_from(own.subquery())) == CLIENTS * each
        answers = select(func.count()).where(BankAnswer.attempt_id.in_(own))
        assert session.scalar(answers) == CLIENTS * each * 6
        told = select(func.count()).select_from(Event).where(Event.name == "quiz.answered")
        mine = told.where(Event.detail["quiz"].astext == desk.key)
        assert session.scalar(mine) == CLIENTS * each
