"""Checks over HTTP: asked for once, read while they run, refused where nothing can be read."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from typing import Any

import pytest
import samples
from drafting import BLOCKS, NOTE, an_author, settle, source
from school import Client
from sqlalchemy.orm import Session, sessionmaker

from coursewright.records import checks

Make = sessionmaker[Session]
PATH = "api/v1/courses/drafted/checks"


@pytest.fixture
def draft() -> dict[str, Any]:
    return source(samples.course("drafted"))


def test_what_the_gates_find_is_told_place_by_place(
    client: Client, make: Make, draft: dict[str, Any]
) -> None:
    mary = an_author(client)
    answer = client.ask("POST", mary, PATH, json=draft)
    assert answer.status_code == 201
    number = answer.json()["id"]
    again = client.ask("POST", mary, PATH, json=draft)
    assert (again.status_code, again.json()) == (200, {"id": number})
    told = client.get(mary, f"api/v1/checks/{number}").json()
    assert (told["state"], told["done"], told["total"], told["accepted"]) == ("waiting", 0, 0, None)
    settle(make, number, BLOCKS, NOTE)
    told = client.get(mary, f"api/v1/checks/{number}").json()
    assert (told["state"], told["done"], told["total"], told["accepted"]) == ("done", 2, 2, False)
    assert told["places"] == [
        {
            "place": "adding/add",
            "lesson": "adding",
            "exercise": "add",
            "passed": False,
            "findings": [
                {"gate": "G4", "message": "The starter passes", "blocks": True, "cell": "add-1"}
            ],
        },
        {"place": "course", "lesson": None, "exercise": None, "passed": True, "findings": []},
        {
            "place": "adding",
            "lesson": "adding",
            "exercise": None,
            "passed": True,
            "findings": [
                {
                    "gate": "C1",
                    "message": "The lesson has no objectives.",
                    "blocks": False,
                    "cell": None,
                }
            ],
        },
    ]
    # What ended is checked anew when it is asked for again.
    assert client.ask("POST", mary, PATH, json=draft).json()["id"] != number


def test_a_check_is_read_by_who_asked_and_by_the_instructors_of_the_course(
    client: Client, make: Make
) -> None:
    sums = source(samples.course("sums"), summary="Anew")
    number = client.ask("POST", "ada", "api/v1/courses/sums/checks", json=sums).json()["id"]
    readers = {"ada": 200, "root": 200, "olga": 404, "grace": 404, "alan": 404, "kay": 404}
    found = {who: client.get(who, f"api/v1/checks/{number}").status_code for who in readers}
    assert found == readers
    assert client.get("ada", "api/v1/checks/999999999").status_code == 404


def cell(draft: dict[str, Any], number: int) -> dict[str, Any]:
    return draft["notebooks"]["adding"]["cells"][number]


def lose_notebook(draft: dict[str, Any]) -> None:
    del draft["notebooks"]["adding"]


def add_notebook(draft: dict[str, Any]) -> None:
    draft["notebooks"]["more"] = draft["notebooks"]["adding"]


def age(draft: dict[str, Any]) -> None:
    draft["notebooks"]["adding"]["nbformat_minor"] = 4


def lose_id(draft: dict[str, Any]) -> None:
    del cell(draft, 0)["id"]


def twice(draft: dict[str, Any]) -> None:
    cell(draft, 4)["metadata"]["nbgrader"]["grade_id"] = "add"


def nul(draft: dict[str, Any]) -> None:
    cell(draft, 0)["source"] = "a\0b"


def half(draft: dict[str, Any]) -> None:
    draft["course"]["title"] = "\ud800"


def points(draft: dict[str, Any]) -> None:
    cell(draft, 4)["metadata"]["nbgrader"]["points"] = "many"


def promises(draft: dict[str, Any]) -> None:
    cell(draft, 3)["metadata"]["coursewright"]["promises"] = 3


def title(draft: dict[str, Any]) -> None:
    cell(draft, 3)["metadata"]["coursewright"]["title"] = {"no": "text"}


def owner(draft: dict[str, Any]) -> None:
    cell(draft, 4)["metadata"]["coursewright"]["exercise"] = ["add"]


def quiz(draft: dict[str, Any]) -> None:
    cell(draft, 7)["metadata"]["coursewright"]["quiz"] = {"questions": 3}


def empty(draft: dict[str, Any]) -> None:
    draft["course"]["modules"] = []
    draft["notebooks"] = {}


def key(draft: dict[str, Any]) -> None:
    draft["course"]["key"] = "another"


def bad_key(draft: dict[str, Any]) -> None:
    draft["course"]["modules"][0]["lessons"][0]["key"] = "../etc"


def repeated(draft: dict[str, Any]) -> None:
    draft["course"]["modules"] *= 2


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lose_notebook, "lesson 'adding' has no notebook"),
        (add_notebook, "No lesson of the course is called more"),
        (age, "lesson 'adding' has nbformat 4.4"),
        (lose_id, "'id' is a required property"),
        (twice, "grade_id 'add'"),
        (nul, "NUL bytes"),
        (half, "broken characters"),
        (points, "points"),
        (promises, "lesson 'adding'"),
        (title, "must be texts"),
        (owner, "lesson 'adding'"),
        (quiz, "the quiz is malformed"),
        (empty, "has no lessons"),
        (key, "the course 'another', not of 'drafted'"),
        (bad_key, "does not match"),
        (repeated, "lesson 'adding' stands twice"),
    ],
)
def test_what_the_gates_could_not_read_is_refused_with_its_place(
    client: Client, draft: dict[str, Any], spoil: Callable[[dict[str, Any]], None], words: str
) -> None:
    draft = copy.deepcopy(draft)
    spoil(draft)
    answer = client.ask("POST", an_author(client), PATH, content=json.dumps(draft))
    assert answer.status_code == 400, answer.text
    assert words in answer.json()["detail"]


def test_a_draft_that_is_too_large_is_refused(client: Client, draft: dict[str, Any]) -> None:
    cell(draft, 0)["source"] = "x" * (11 * 2**20)
    answer = client.ask("POST", an_author(client), PATH, json=draft)
    assert answer.status_code == 413


def test_a_failure_is_told_with_its_reason(
    client: Client, make: Make, draft: dict[str, Any]
) -> None:
    mary = an_author(client)
    number = client.ask("POST", mary, PATH, json={**draft}).json()["id"]
    with make.begin() as session:
        checks.begin(session, number)
        assert checks.record_failure(session, number, "5 workers died while they did it")
    told = client.get(mary, f"api/v1/checks/{number}").json()
    assert (told["state"], told["accepted"]) == ("failed", None)
    assert told["message"] == "5 workers died while they did it"
