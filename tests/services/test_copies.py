"""Copies of work over HTTP: sent once, told to nobody else, brought back as they were."""

from __future__ import annotations

import hashlib
import json
from typing import Any
from urllib.parse import quote

import httpx
import pytest
import samples
from jsonschema import Draft202012Validator
from school import Client

COURSE = "api/v1/courses/sums/copies"
LESSON = "api/v1/courses/sums/lessons/adding/copies"
PLACE = "courses/sums/adding ü.ipynb"


def work(word: str) -> tuple[bytes, str]:
    content = samples.content(word=word)
    return content, hashlib.sha256(content).hexdigest()


def put(client: Client, word: str, who: str = "grace", **about: Any) -> httpx.Response:
    content, sha = work(word)
    headers = about.pop("headers", {"Notebook-Path": quote(PLACE)})
    sent = {"content": content, "headers": headers, **about}
    return client.ask("PUT", who, f"{LESSON}/{sha}", **sent)


def asked(client: Client, word: str, who: str = "grace") -> Any:
    body = {"sha256": work(word)[1], "path": PLACE}
    return client.ask("POST", who, LESSON, json=body).json()["copy"]


def test_a_copy_is_kept_listed_and_brought_back(client: Client) -> None:
    kept = put(client, "back").json()
    assert (kept["path"], kept["lesson"], kept["sha256"]) == (PLACE, "adding", work("back")[1])
    assert client.get("grace", LESSON).json()["copies"][0] == kept
    assert kept in client.get("grace", COURSE).json()["copies"]
    found = client.get("grace", f"{LESSON}/{kept['sha256']}")
    assert found.content == work("back")[0]
    assert found.headers["Content-Type"] == "application/x-ipynb+json"


def test_the_service_is_asked_before_the_bytes_are_sent(client: Client) -> None:
    assert asked(client, "asked") is None
    put(client, "asked")
    put(client, "asked later")
    assert asked(client, "asked")["path"] == PLACE
    newest = client.get("grace", LESSON).json()["copies"][0]
    assert newest["sha256"] == work("asked")[1]


def test_nobody_else_gets_at_a_copy_by_its_hash(client: Client) -> None:
    put(client, "own")
    for who in ("ada", "olga", "root", "pod"):
        assert client.get(who, f"{LESSON}/{work('own')[1]}").status_code == 404
    assert asked(client, "own", "ada") is None


BAD = {
    "no notebook": ({"content": b"no"}, "did not arrive"),
    "without a path": ({"headers": {}}, "Notebook-Path"),
    "with a path too long": ({"headers": {"Notebook-Path": "a" * 1001}}, "1000 characters"),
    "with NUL in the path": ({"headers": {"Notebook-Path": "a%00"}}, "Notebook-Path"),
}


@pytest.mark.parametrize("case", BAD)
def test_what_cannot_be_kept_is_refused_with_a_reason(client: Client, case: str) -> None:
    about, reason = BAD[case]
    answer = put(client, "bad", **about)
    assert (answer.status_code, reason in answer.json()["detail"]) == (400, True)
    assert asked(client, "bad") is None


def test_only_a_notebook_is_kept(client: Client) -> None:
    content = json.dumps(["no notebook"]).encode()
    sha = hashlib.sha256(content).hexdigest()
    sent = {"content": content, "headers": {"Notebook-Path": "a.ipynb"}}
    answer = client.ask("PUT", "grace", f"{LESSON}/{sha}", **sent)
    assert answer.status_code == 400


def test_the_answers_have_the_shapes_that_the_document_tells(client: Client) -> None:
    document = client.get(None, "api/v1/openapi.json").json()
    kept = put(client, "shape").json()
    for name, answer in (("Copy", kept), ("CopyFound", {"copy": asked(client, "shape")})):
        schema = {
            "$ref": f"#/components/schemas/{name}",
            "components": document["components"],
        }
        Draft202012Validator(schema).validate(answer)
