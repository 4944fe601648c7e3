"""A class over HTTP: what pods tell, the live list, papers to mark, grades held back."""

from __future__ import annotations

from typing import Any

import pytest
import samples
from school import Client, graded, publish
from sqlalchemy.orm import Session, sessionmaker

from coursewright.records import courses, submissions

COURSE = "api/v1/courses/class"
ADDING = f"{COURSE}/lessons/adding"


@pytest.fixture(scope="module")
def course(make: sessionmaker[Session]) -> None:
    with make.begin() as session:
        publish(session, samples.course("class"))
        courses.enrol(session, "ada", "class", "instructor")
        courses.enrol(session, "olga", "class", "assistant")
        courses.enrol(session, "grace", "class")


@pytest.fixture
def handed(course: None, make: sessionmaker[Session], request: pytest.FixtureRequest) -> int:
    """A graded submission of grace's."""
    key = f"key-of-{abs(hash(request.node.name))}"
    with make.begin() as session:
        number = submissions.receive(session, "grace", "class", "adding", samples.content(), key).id
    graded(make, number)
    return number


def tell(client: Client, who: str = "grace", **about: Any) -> Any:
    sent = {"name": "learning.here", "lesson": "adding", "exercise": None, "detail": {}} | about
    return client.ask("POST", who, f"{COURSE}/activity", json=sent)


def hold(client: Client, held: bool) -> Any:
    answer = client.ask("PUT", "ada", f"{ADDING}/release", json={"held": held})
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_what_a_pod_tells_stands_in_the_list_of_those_who_teach(
    client: Client, course: None
) -> None:
    assert tell(client).json() == {"kept": True}
    tell(client, name="code.checked", exercise="add", detail={"passed": 1, "of": 3})
    found = client.get("olga", f"{COURSE}/class").json()
    (grace,) = found["students"]
    told = (grace["here"], grace["exercise"], grace["checks"], grace["passed"], grace["total"])
    assert told == (True, "add", 1, 1, 3)
    assert (found["role"], found["totals"]["here"], found["totals"]["stuck"]) == ("assistant", 1, 1)
    (lesson,) = found["lessons"]
    assert lesson["exercises"] == [{"key": "add", "title": "Add two numbers"}]


BAD = [
    {"name": "learning.graded"},
    {"name": "audit.viewed"},
    {"detail": {"text": "a long story"}},
    {"detail": {str(n): n for n in range(9)}},
    {"lesson": "x" * 300},
    {"more": 1},
]


@pytest.mark.parametrize("about", BAD, ids=str)
def test_a_pod_tells_nothing_else(client: Client, course: None, about: dict[str, Any]) -> None:
    assert tell(client, **about).status_code == 400


def test_a_class_can_be_asked_for_by_lesson_and_by_group(
    client: Client, course: None, make: sessionmaker[Session]
) -> None:
    with make.begin() as session:
        courses.enrol(session, "late", "class")
    path = f"{COURSE}/members/late/group"
    assert client.ask("PUT", "ada", path, json={"group": "evening"}).status_code == 200
    tell(client)
    by_group = client.get("ada", f"{COURSE}/class?group=evening").json()
    assert [one["person"] for one in by_group["students"]] == ["late"]
    assert (by_group["groups"], by_group["totals"]["students"]) == (["evening"], 1)
    by_lesson = client.get("ada", f"{COURSE}/class?lesson=adding").json()
    assert [one["person"] for one in by_lesson["students"]] == ["grace"]


def test_the_queue_and_a_paper_without_names(client: Client, handed: int) -> None:
    (one,) = client.get("olga", f"{COURSE}/ungraded").json()["waiting"]
    assert (one["submission"], one["person"], one["cells"]) == (handed, "grace", 2)
    veiled = client.get("olga", f"{COURSE}/ungraded?anonymous=true").text
    assert "grace" not in veiled
    path = f"{COURSE}/submissions/{handed}/paper"
    assert client.get("olga", path).json()["person"] == "grace"
    assert "grace" not in client.get("olga", f"{path}?anonymous=true").text
    assert client.get("olga", f"{COURSE}/ungraded?after={handed}").json()["waiting"] == []
    assert client.get("olga", f"{COURSE}/ungraded?after=x").status_code == 400


def test_a_marked_paper_leaves_the_queue(client: Client, handed: int) -> None:
    for cell in ("why", "draw"):
        path = f"{COURSE}/submissions/{handed}/marks/{cell}"
        headers = {"If-Match": "0"}
        assert client.ask("PUT", "olga", path, json={}, headers=headers).status_code == 200
    assert client.get("olga", f"{COURSE}/ungraded").json()["waiting"] == []


def test_a_notebook_comes_as_it_was_handed_in(client: Client, handed: int) -> None:
    answer = client.get("olga", f"{COURSE}/submissions/{handed}/notebook")
    assert answer.headers["Content-Type"] == "application/x-ipynb+json"
    sources = [cell["source"] for cell in answer.json()["cells"]]
    assert "blue is the answer" in sources


@pytest.fixture
def held(client: Client, handed: int) -> Any:
    """A graded submission whose lesson is held back for the test."""
    assert hold(client, True)["held"]
    yield handed
    hold(client, False)


# Wherever a student could see a score or its feedback, and what shows that it is there.
SCORES = {
    f"{ADDING}/submissions": '"points": 2',
    "api/v1/submissions/{number}": '"points": 2',
    COURSE: '"score": 2',
    f"{COURSE}/mastery": "functions",
    "api/v1/standing": '"course": "class"',
    "api/v1/submissions/{number}/feedback": "Well done",
    "submissions/{number}/feedback": "Well done",
    "courses/class/lessons/adding/feedback": "Well done",
    "api/v1/submissions/{number}/feedback.ipynb": "Feedback: Adding",
    "submissions/{number}/feedback.ipynb": "Feedback: Adding",
}


@pytest.fixture
def reckoned(client: Client, held: int) -> int:
    """… whose mastery has been reckoned too, as after a release."""
    hold(client, False)
    hold(client, True)
    return held


@pytest.mark.parametrize("path", SCORES)
def test_a_held_grade_is_nowhere_until_it_is_released(
    client: Client, reckoned: int, path: str
) -> None:
    address, sign = path.format(number=reckoned), SCORES[path]
    before = client.get("grace", address)
    assert sign not in before.text
    assert '"graded"' not in before.text
    if "feedback" in path:
        assert before.status_code == 404
        assert "release the grades" in before.text
    hold(client, False)
    assert sign in client.get("grace", address).text


def test_a_held_attempt_says_so_and_nothing_more(client: Client, held: int) -> None:
    attempt = client.get("grace", f"api/v1/submissions/{held}").json()
    told = {
        name: attempt[name] for name in ("state", "points", "max_points", "raw_points", "cells")
    }
    empty = dict.fromkeys(("points", "max_points", "raw_points"))
    assert told == {"state": "held", **empty, "cells": []}
    lesson = client.get("grace", COURSE).json()["modules"][0]["lessons"][0]
    assert (lesson["state"], lesson["score"], lesson["max_score"]) == ("held", None, None)
    page = client.get("grace", "").text
    assert "graded, not released yet" in page


def test_a_receipt_does_not_tell_either(client: Client, course: None, make: Any) -> None:
    path, headers = f"{ADDING}/submissions", {"Idempotency-Key": "twice-the-same"}
    first = client.ask("POST", "grace", path, content=samples.content(), headers=headers).json()
    graded(make, first["id"])
    hold(client, True)
    again = client.ask("POST", "grace", path, content=samples.content(), headers=headers).json()
    hold(client, False)
    assert (again["repeated"], again["state"]) == (True, "held")


def test_those_who_teach_see_held_grades(client: Client, held: int) -> None:
    assert client.get("olga", f"api/v1/submissions/{held}").json()["points"] == 2
    assert client.get("olga", f"api/v1/submissions/{held}/feedback").status_code == 200
    rows = client.get("olga", f"{COURSE}/gradebook").json()["rows"]
    assert [row["points"] for row in rows if row["submission_id"] == held] == [2]
    told = client.get("olga", f"{ADDING}/release").json()
    assert (told["held"], told["graded"]) == (True, 1)
    assert client.ask("PUT", "olga", f"{ADDING}/release", json={"held": False}).status_code == 403
