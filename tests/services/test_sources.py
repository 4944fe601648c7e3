"""Source notebooks over HTTP: of versions, of generated courses, and as students will get them."""

from __future__ import annotations

import json
from typing import Any

import pytest
import samples
from drafting import an_author, source
from school import Client
from sqlalchemy.orm import Session, sessionmaker

from coursewright.records import generations
from coursewright.records.generations import Order
from coursewright.records.notebooks import put_together

Make = sessionmaker[Session]


def test_instructors_get_a_version_with_its_solutions(client: Client) -> None:
    answer = client.get("ada", "api/v1/courses/sums/source").json()
    assert answer["version"] >= 1
    first = client.get("ada", "api/v1/courses/sums/source?version=1").json()
    assert put_together(first["course"], first["notebooks"]) == samples.course()
    assert "return a + b" in json.dumps(first)


@pytest.mark.parametrize(
    ("version", "status"), [("9999", 404), ("x", 400), ("-1", 400), ("1" * 30, 400), ("²", 400)]
)
def test_a_version_that_is_none_is_refused(client: Client, version: str, status: int) -> None:
    answer = client.get("ada", f"api/v1/courses/sums/source?version={version}")
    assert answer.status_code == status


def test_a_draft_that_was_made_on_a_page_is_listed_and_opened(client: Client) -> None:
    form = {"title": "Rye bread", "key": "rye-bread", "level": "beginner"}
    made = client.ask("POST", "ada", "courses/new", data=form)
    assert made.status_code == 303, made.text
    (card,) = client.get("ada", "api/v1/drafts").json()["drafts"]
    assert (card["key"], card["title"], card["changed_by"]) == ("rye-bread", "Rye bread", "ada")
    assert client.get("grace", "api/v1/drafts").json() == {"drafts": []}
    for query in ("", "?draft=yes"):
        found = client.get("ada", f"api/v1/courses/rye-bread/source{query}").json()
        assert found["version"] is None
        assert list(found["notebooks"]) == ["welcome"]
    assert client.get("ada", "api/v1/courses/rye-bread/source?version=1").status_code == 404
    assert client.get("ada", "api/v1/courses/sums/source?draft=yes").status_code == 404
    assert client.get("ada", "api/v1/courses/sums/source?draft=no").status_code == 400


def test_a_generated_course_is_its_requesters(client: Client, make: Make) -> None:
    mary = an_author(client)
    with make.begin() as session:
        number = generations.request(session, Order({"topic": "Sums"}, "bank"), mary)
    path = f"api/v1/generations/{number}/source"
    assert client.get(mary, path).status_code == 404
    with make.begin() as session:
        generations.begin(session, number)
        generations.finish(
            session, number, {"course": "sums"}, samples.course(), {"adding/add": {}}
        )
    assert client.get(mary, path).json() == source()
    assert client.get("ada", path).status_code == 404
    told = client.get(mary, f"api/v1/generations/{number}/receipts").json()
    assert told == {"receipts": {"adding/add": {}}}


def test_a_preview_is_what_students_will_get(client: Client) -> None:
    sent = {"lesson": "adding", "notebook": samples.notebook()}
    answer = client.ask("POST", "ada", "api/v1/courses/sums/preview", json=sent)
    assert answer.status_code == 200, answer.text
    text = answer.text
    assert not [secret for secret in samples.SECRETS if secret in text]
    released = client.get("ada", "api/v1/courses/sums/lessons/adding").json()["notebook"]
    assert answer.json()["notebook"]["cells"] == released["cells"]


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"lesson": "adding"}, "required"),
        ({"lesson": "../x", "notebook": samples.notebook()}, "does not match"),
        ({"lesson": "adding", "notebook": samples.notebook([])}, ""),
        ({"lesson": "adding", "notebook": {}}, "required"),
    ],
)
def test_a_notebook_that_cannot_be_shown_is_refused(
    client: Client, sent: dict[str, Any], words: str
) -> None:
    answer = client.ask("POST", "ada", "api/v1/courses/sums/preview", json=sent)
    assert answer.status_code == (400 if words else 200), answer.text
    assert words in answer.text
