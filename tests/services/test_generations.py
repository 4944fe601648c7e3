"""Requests for courses over HTTP: what is wrong with one, whose they are, stop and go on."""

from __future__ import annotations

import json
from itertools import count
from typing import Any

import httpx
import pytest
from drafting import an_author
from school import Client
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from coursewright.records import generations
from coursewright.records.generations import Piece
from coursewright.records.tables import Event
from coursewright.services import generations as service

Make = sessionmaker[Session]
PATH = "api/v1/generations"
SMALL = {"topic": "Lists and loops", "modules": 4, "lessons": 1, "exercises": 1}
MODEL = {"COURSEWRIGHT_LLM_BASE_URL": "http://127.0.0.1:9/v1", "COURSEWRIGHT_LLM_MODEL": "tiny"}
numbers = count(1)


@pytest.fixture
def author(client: Client) -> str:
    """Nobody has asked for anything under this name."""
    return an_author(client, f"author-{next(numbers)}")


@pytest.fixture
def settings(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """The service's environment, as far as it is about models."""
    found: dict[str, str] = {}
    monkeypatch.setattr(service, "SETTINGS", found)
    return found


def ask(client: Client, who: str, key: str = "first-request", **sent: Any) -> httpx.Response:
    body = {"request": SMALL, "provider": "bank", **sent}
    headers = {"Idempotency-Key": key}
    return client.ask("POST", who, PATH, content=json.dumps(body), headers=headers)


def test_the_options_say_what_is_ready_and_why_not(
    client: Client, author: str, settings: dict[str, str]
) -> None:
    told = client.get(author, f"{PATH}/options").json()
    bank, model = told["providers"]
    assert bank == {"name": "bank", "ready": True, "why": ""}
    assert (model["name"], model["ready"]) == ("openai", False)
    assert "No model is set" in model["why"]
    assert "Lists and loops" in told["topics"]
    assert told["defaults"]["modules"] == 4
    settings["COURSEWRIGHT_LLM_MODEL"] = "tiny"
    model = client.get(author, f"{PATH}/options").json()["providers"][1]
    assert "COURSEWRIGHT_LLM_BASE_URL is not" in model["why"]
    settings.update(MODEL)
    model = client.get(author, f"{PATH}/options").json()["providers"][1]
    assert model == {"name": "openai", "ready": True, "why": ""}


@pytest.mark.parametrize(
    ("who", "status"), [("kay", 403), ("grace", 403), ("olga", 403), ("ada", 200), ("pod", 403)]
)
def test_who_writes_no_courses_has_no_options(client: Client, who: str, status: int) -> None:
    assert client.get(who, f"{PATH}/options").status_code == status


@pytest.mark.parametrize(
    ("change", "fields"),
    [
        ({}, {}),
        ({"topic": ""}, {"topic": "at least 1 character"}),
        ({"modules": 0, "hours": -1}, {"modules": "greater than or equal", "hours": "greater"}),
        ({"objectives": ["", ""]}, {"objectives.0": "at least", "objectives.1": "at least"}),
        ({"colour": "red"}, {"colour": "not permitted"}),
        ({"topic": "Baking bread"}, {"topic": "knows nothing of 'baking', 'bread'"}),
        ({"topic": "Recursion", "modules": 1}, {"modules": "has room for 1"}),
        ({"topic": "Python", "modules": 30}, {"modules": "Ask for fewer"}),
        ({"exercises": 12}, {"exercises": "`exercises`"}),
        ({"language": "de"}, {"language": "written in English"}),
        ({"sources": ["notes.md"]}, {"sources": "your own material"}),
    ],
)
def test_each_problem_stands_at_its_field(
    client: Client, author: str, change: dict[str, Any], fields: dict[str, str]
) -> None:
    sent = {"request": {**SMALL, **change}, "provider": "bank"}
    answer = client.ask("POST", author, f"{PATH}/problems", json=sent)
    assert answer.status_code == 200, answer.text
    found = {one["field"]: one["message"] for one in answer.json()["problems"]}
    assert found.keys() == fields.keys()
    assert all(words in found[field] for field, words in fields.items()), found
    assert "--provider" not in answer.text


@pytest.mark.parametrize(
    ("provider", "words"), [("openai", "No model is set"), ("magic", "no provider 'magic'")]
)
def test_a_provider_that_cannot_serve_is_a_problem(
    client: Client, author: str, settings: dict[str, str], provider: str, words: str
) -> None:
    sent = {"request": {"topic": "Baking bread"}, "provider": provider}
    (found,) = client.ask("POST", author, f"{PATH}/problems", json=sent).json()["problems"]
    assert found["field"] == "provider"
    assert words in found["message"]


def test_a_request_is_kept_once_however_often_it_is_sent(client: Client, author: str) -> None:
    first = ask(client, author, limits={"tokens": 1000, "money": None, "seconds": 60})
    assert first.status_code == 201, first.text
    number = first.json()["id"]
    assert ask(client, author).json() == {"id": number}
    assert ask(client, author, key="second-request").json() != {"id": number}
    other = {**SMALL, "modules": 5}
    assert ask(client, author, request=other).status_code == 409
    told = client.get(author, PATH).json()["generations"]
    assert [(one["topic"], one["state"]) for one in told] == [("Lists and loops", "waiting")] * 2
    assert client.get(author, f"{PATH}/{number}").json()["limits"] == {
        "tokens": 1000,
        "money": None,
        "seconds": 60,
    }


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"request": {"topic": "Baking"}}, "topic: The bank knows nothing"),
        ({"request": {}}, "topic: Field required"),
        ({"sources": {"notes.md": "Rye"}}, "sources: The bank cannot work"),
        ({"sources": {"notes.md": 3}}, "does not fit"),
        ({"seed": -1}, "does not fit"),
        ({"limits": {"tokens": 0}}, "does not fit"),
        ({"limits": {"money": -1}}, "does not fit"),
        ({"key": "short"}, "Idempotency-Key"),
        ({"request": {"topic": "\ud800"}}, "topic"),
        ({"request": {**SMALL, "objectives": ["a\ud800"]}}, "objectives.0"),
    ],
)
def test_what_cannot_be_made_is_not_asked_for(
    client: Client, author: str, sent: dict[str, Any], words: str
) -> None:
    answer = ask(client, author, **sent)
    assert answer.status_code == 400, answer.text
    assert words in answer.json()["detail"]
    assert client.get(author, PATH).json()["generations"] == []


def test_own_material_goes_to_a_model_with_its_names(
    client: Client, author: str, settings: dict[str, str], make: Make
) -> None:
    settings.update(MODEL)
    request = {"topic": "Bread", "sources": ["forgotten.md"]}
    number = ask(
        client, author, request=request, provider="openai", sources={"notes.md": "Rye\0\ud800"}
    ).json()["id"]
    with make.begin() as session:
        order = generations.begin(session, number)
    assert order is not None
    assert (order.sources, order.request["sources"]) == ({"notes.md": "Rye?"}, ["notes.md"])
    too_much = ask(
        client, author, key="another-key", sources={"a": "x" * 60_001}, provider="openai"
    )
    assert "60001 characters" in too_much.json()["detail"]


def test_a_person_has_five_under_way_at_most(client: Client, author: str) -> None:
    found = [ask(client, author, key=f"request-{number}").status_code for number in range(6)]
    assert found == [201] * 5 + [409]


def test_how_far_it_is_is_told_to_its_requester(client: Client, author: str, make: Make) -> None:
    number = ask(client, author).json()["id"]
    with make.begin() as session:
        generations.begin(session, number)
        generations.tell(session, number, Piece("exercise", "a/b", "repairing", "G4"))
    told = client.get(author, f"{PATH}/{number}").json()
    assert (told["state"], told["calls"], told["cost"]) == ("running", 0, None)
    assert told["pieces"] == [
        {"kind": "exercise", "place": "a/b", "state": "repairing", "detail": "G4", "total": 0}
    ]
    assert client.get("ada", f"{PATH}/{number}").status_code == 404
    assert client.ask("POST", "ada", f"{PATH}/{number}/cancel").status_code == 404


def test_an_administrator_s_look_is_written_down(client: Client, author: str, make: Make) -> None:
    number = ask(client, author).json()["id"]
    assert client.get("root", f"{PATH}/{number}").status_code == 200
    assert number in [one["id"] for one in client.get("root", PATH).json()["generations"]]
    with make() as session:
        query = select(Event).where(Event.object == f"generation {number}")
        names = [one.name for one in session.scalars(query.order_by(Event.id))]
    assert names == ["course.generation.requested", "audit.generation.opened"]


def test_it_is_stopped_and_gone_on_with(client: Client, author: str) -> None:
    number = ask(client, author, limits={"tokens": 5}).json()["id"]
    path = f"{PATH}/{number}"
    assert client.ask("POST", author, f"{path}/resume").status_code == 409
    assert client.ask("POST", author, f"{path}/cancel").json()["state"] == "cancelled"
    assert client.ask("POST", author, f"{path}/cancel").status_code == 409
    more = {"limits": {"tokens": 50}}
    told = client.ask("POST", author, f"{path}/resume", json=more).json()
    assert (told["state"], told["limits"]["tokens"]) == ("waiting", 50)
