"""The catalogue, joining, the outline, and a lesson as a student gets it."""

from __future__ import annotations

import samples
from school import Client


def test_the_catalogue_shows_ones_role(client: Client) -> None:
    found = client.get("grace", "api/v1/courses").json()["courses"]
    roles = {course["key"]: course["role"] for course in found}
    assert (roles["sums"], roles["other"]) == ("student", None)
    assert found[0]["lessons"] == 1


def test_joining_twice_is_joining_once(client: Client) -> None:
    path = "api/v1/courses/open/enrolment"
    for _ in range(2):
        answer = client.ask("PUT", "joiner", path)
        assert (answer.status_code, answer.json()) == (
            200,
            {"course": "open", "role": "student", "place": None, "waiting": 0},
        )


def test_joining_does_not_lower_a_role(client: Client) -> None:
    answer = client.ask("PUT", "alan", "api/v1/courses/other/enrolment")
    assert answer.json()["role"] == "instructor"


def test_the_outline_tells_ones_standing(client: Client, marked: int) -> None:
    mine = client.get("ada", "api/v1/courses/sums").json()["modules"][0]["lessons"][0]
    assert mine["points"] == 6
    assert mine["state"] in ("new", "submitted")
    assert mine["score"] is None


def test_a_lesson_says_where_it_comes_from(client: Client) -> None:
    lesson = client.get("grace", "api/v1/courses/sums/lessons/adding").json()
    about = {"course": "sums", "lesson": "adding", "version": 1}
    assert lesson["notebook"]["metadata"]["coursewright"] == about
    assert lesson["version"] == 1


def test_a_lesson_holds_no_answers(client: Client) -> None:
    for who in ("grace", "ada"):
        sent = client.get(who, "api/v1/courses/sums/lessons/adding").text
        assert not [secret for secret in samples.SECRETS if secret in sent]


def test_a_lesson_that_was_opened_can_be_handed_in(client: Client) -> None:
    lesson = client.get("grace", "api/v1/courses/sums/lessons/adding").json()
    path = "api/v1/courses/sums/lessons/adding/submissions"
    headers = {"Idempotency-Key": "as-it-was-opened"}
    answer = client.ask("POST", "grace", path, json=lesson["notebook"], headers=headers)
    assert answer.status_code == 201


def test_a_lesson_that_is_not_there_is_not_found(client: Client) -> None:
    assert client.get("grace", "api/v1/courses/sums/lessons/flying").status_code == 404
