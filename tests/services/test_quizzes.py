"""Quizzes over HTTP: asked without keys, answered once, explained as far as one may know."""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import httpx
import pytest
from jsonschema import Draft202012Validator
from quizzing import ITEMS, RIGHT, SECRETS, WRONG, placed, quiz_course
from school import Client
from sqlalchemy.orm import Session, sessionmaker

from coursewright.records import courses, deadlines
from coursewright.records.policies import Policy
from coursewright.services.schemas import COMPONENTS

numbers = count(1)
Answer = Callable[..., httpx.Response]


class Desk:
    """grace at the quiz of a course that no other test has seen; ada teaches it."""

    def __init__(self, client: Client, course: str) -> None:
        self.client, self.course = client, course
        self.path = f"api/v1/courses/{course}/lessons/limits/quizzes"

    def quiz(self, who: str = "grace", query: str = "") -> Any:
        (found,) = self.client.get(who, self.path + query).json()["quizzes"]
        return found

    def answer(self, answers: Any = RIGHT, key: str = "the-first-key", **about: Any) -> Any:
        who = about.pop("who", "grace")
        if answers in (RIGHT, WRONG):
            answers = placed(self.quiz("ada" if who == "pod" else who), answers)
        return self.send({"answers": answers, **about}, key, who)

    def send(self, body: Any, key: str | None, who: str = "grace", quiz: str = "check") -> Any:
        # A person's keys are their own over all courses.
        own = key if key is None or len(key) < 8 else f"{self.course}-{key}"
        headers = {} if own is None else {"Idempotency-Key": own}
        content = body if isinstance(body, bytes) else json.dumps(body)
        path = f"{self.path}/{quiz}/attempts"
        return self.client.ask("POST", who, path, content=content, headers=headers)


@pytest.fixture
def desk(client: Client, make: sessionmaker[Session]) -> Desk:
    key = f"quizzes-{next(numbers)}"
    with make.begin() as session:
        courses.publish(session, quiz_course(key), "First", by="ada")
        courses.enrol(session, "ada", key, "instructor")
        courses.enrol(session, "grace", key)
        courses.enrol(session, "mia", key)
    return Desk(client, key)


def fits(name: str, data: Any) -> None:
    schema = {"$ref": f"#/components/schemas/{name}", "components": {"schemas": COMPONENTS}}
    Draft202012Validator(schema).validate(data)


def test_a_quiz_is_asked_without_anything_that_gives_it_away(desk: Desk) -> None:
    quiz = desk.quiz()
    assert quiz.keys() == COMPONENTS["Quiz"]["properties"].keys()
    assert {item["key"] for item in quiz["questions"]} == RIGHT.keys()
    assert (quiz["allowed"], quiz["left"], quiz["best"], quiz["max_points"]) == (3, 3, None, 5)
    assert quiz["tries"] == quiz["results"] == []
    told = json.dumps(quiz)
    assert not [secret for secret in (*SECRETS, "correct", "0.3,") if secret in told]


def test_everybody_is_asked_in_an_order_of_their_own_that_stays(desk: Desk) -> None:
    def orders(who: str) -> Any:
        return [(item["key"], item["options"]) for item in desk.quiz(who)["questions"]]

    assert orders("grace") == orders("grace")
    assert len({json.dumps(orders(who)) for who in ("grace", "mia", "ada")}) > 1


def test_right_answers_are_told_so_with_the_explanation_and_all_reasons(desk: Desk) -> None:
    answer = desk.answer()
    assert answer.status_code == 201
    fits("QuizReceipt", answer.json())
    quiz = answer.json()["quiz"]
    assert (quiz["best"], quiz["left"]) == (5, 2)
    assert all(result["right"] for result in quiz["results"])
    found = {result["key"]: result for result in quiz["results"]}
    assert found["printing"]["solution"] == "True"
    assert found["below"]["solution"] == found["below"]["answer"]
    assert len(found["below"]["reasons"]) == 3
    assert found["several"]["explanation"] == "Compare from left to right."
    assert desk.quiz() == quiz


def test_of_a_wrong_answer_the_reason_is_told_and_not_the_key(desk: Desk) -> None:
    quiz = desk.answer(WRONG).json()["quiz"]
    found = {result["key"]: result for result in quiz["results"]}
    assert found["below"]["explanation"] == "What lies below becomes the lower limit."
    assert [reason["text"] for reason in found["below"]["reasons"]] == ["That is below the limit."]
    assert found["below"]["reasons"][0]["option"] == found["below"]["answer"]
    assert {result["solution"] for result in quiz["results"]} == {None}
    assert not [secret for secret in SECRETS[:3] if secret in json.dumps(quiz)]


def test_the_key_is_told_when_no_attempt_is_left(desk: Desk) -> None:
    for number in range(3):
        quiz = desk.answer(WRONG, f"key-number-{number}").json()["quiz"]
    assert quiz["left"] == 0
    found = {result["key"]: result["solution"] for result in quiz["results"]}
    assert found == placed(quiz, RIGHT) | {"sum": "0.3"}
    refused = desk.answer(RIGHT, "key-number-4")
    assert refused.status_code == 409
    assert "All attempts at this quiz have been used" in refused.json()["detail"]


def test_of_a_question_left_out_nothing_is_told(desk: Desk) -> None:
    quiz = desk.answer({}).json()["quiz"]
    for result in quiz["results"]:
        assert (result["answered"], result["explanation"], result["reasons"]) == (False, "", [])


def test_the_same_key_is_the_same_attempt(desk: Desk) -> None:
    first, again = desk.answer(), desk.answer()
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json() == {**first.json(), "repeated": True}
    changed = desk.answer(WRONG)
    assert changed.status_code == 409
    assert "kept as they were" in changed.json()["detail"]
    assert len(desk.quiz()["tries"]) == 1


def test_the_same_answers_sent_twice_at_once_count_once(desk: Desk) -> None:
    sent = placed(desk.quiz(), RIGHT)
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda _: desk.answer(sent).status_code, range(4)))
    assert sorted(found) == [200, 200, 200, 201]
    assert len(desk.quiz()["tries"]) == 1


def test_after_the_cut_off_answers_are_refused_and_the_quiz_says_so(
    desk: Desk, make: sessionmaker[Session]
) -> None:
    with make.begin() as session:
        policy = Policy(zone="UTC", cut_off=datetime.now(UTC) - timedelta(1))
        deadlines.set_policy(session, "ada", desk.course, "limits", policy)
    answer = desk.answer()
    assert answer.status_code == 403
    assert answer.json()["detail"] == desk.quiz()["closed"]
    assert desk.quiz("ada")["closed"] is None


def test_who_teaches_the_course_answers_as_often_as_they_like(desk: Desk) -> None:
    codes = [desk.answer(key=f"key-number-{n}", who="pod").status_code for n in range(5)]
    assert codes == [201] * 5
    assert desk.quiz("ada")["allowed"] is desk.quiz("ada")["left"] is None


def test_a_notebook_of_an_earlier_version_is_asked_and_marked_by_it(
    desk: Desk, make: sessionmaker[Session]
) -> None:
    changed = (replace(ITEMS[0], prompt="And now?"), *ITEMS[1:3])
    with make.begin() as session:
        courses.publish(session, quiz_course(desk.course, items=changed), "Second", by="ada")
    old = desk.quiz(query="?version=1")
    assert len(old["questions"]) == 4
    assert [len(desk.quiz(query=query)["questions"]) for query in ("", "?version=9")] == [3, 3]
    assert [len(desk.quiz(query=f"?version={odd}")["questions"]) for odd in ("x", "-1")] == [3, 3]
    receipt = desk.send({"answers": placed(old, RIGHT), "version": 1}, "the-first-key").json()
    assert (receipt["version"], receipt["points"]) == (1, 5)
    newest = desk.quiz()
    assert newest["best"] == 4
    assert {result["key"] for result in newest["results"]} == {"several", "sum"}


REFUSED: dict[str, tuple[Any, str | None, int, str]] = {
    "no JSON": (b"{", "the-first-key", 400, "not JSON"),
    "a list": ([], "the-first-key", 400, "does not fit"),
    "no answers": ({}, "the-first-key", 400, "'answers' is a required property"),
    "more": ({"answers": {}, "points": 5}, "the-first-key", 400, "does not fit"),
    "an object": ({"answers": {"sum": {}}}, "the-first-key", 400, "does not fit"),
    "a version in words": ({"answers": {}, "version": "1"}, "the-first-key", 400, "does not fit"),
    "no such version": ({"answers": {}, "version": 9}, "the-first-key", 409, "no version 9"),
    "a huge version": ({"answers": {}, "version": 2**70}, "the-first-key", 409, "no version"),
    "no such question": ({"answers": {"x": 1}}, "the-first-key", 400, "no question 'x'"),
    "no number": ({"answers": {"sum": "a"}}, "the-first-key", 400, "'a' is not a number"),
    "no option": ({"answers": {"below": 3}}, "the-first-key", 400, "one of its 3 options"),
    "no number at all": (b'{"answers": {"sum": NaN}}', "the-first-key", 400, "not a number"),
    "half a character": (b'{"answers": {"printing": "\\ud800"}}', "the-first-key", 400, "are none"),
    "no key": ({"answers": {}}, None, 400, "Idempotency-Key"),
    "a short key": ({"answers": {}}, "short", 400, "Idempotency-Key"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_refused_costs_no_attempt(desk: Desk, case: str) -> None:
    body, key, status, said = REFUSED[case]
    answer = desk.send(body, key)
    assert answer.status_code == status, answer.text
    assert said in answer.json()["detail"]
    assert desk.quiz()["left"] == 3


@pytest.mark.parametrize("quiz", ["other", "%2e%2e", "a%20b", "%00", "x" * 300])
def test_a_quiz_that_is_not_there_is_404(desk: Desk, quiz: str) -> None:
    answer = desk.send({"answers": {}}, "the-first-key", quiz=quiz)
    assert answer.status_code == 404, answer.text


@pytest.mark.parametrize(("who", "status"), [("kay", 404), ("alan", 404), ("stranger", 401)])
def test_strangers_get_nothing(desk: Desk, who: str, status: int) -> None:
    assert desk.client.get(who, desk.path).status_code == status
    assert desk.send({"answers": {}}, "the-first-key", who).status_code == status


def test_nobody_sees_what_others_answered(desk: Desk) -> None:
    desk.answer()
    assert desk.quiz("mia")["tries"] == desk.quiz("ada")["tries"] == []
