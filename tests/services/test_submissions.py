"""Handing in over HTTP: once, whatever happens on the way."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import nbformat
import pytest
import samples
from school import Client, graded, publish, result
from sqlalchemy.orm import Session, sessionmaker

from coursewright.grader.feedback import render
from coursewright.records import courses, deadlines, submissions
from coursewright.records.policies import Policy

PATH = "api/v1/courses/sums/lessons/adding/submissions"


def test_a_submission_gives_a_receipt_and_stands_in_the_list(client: Client) -> None:
    answer = client.submit(key="gives-a-receipt")
    assert answer.status_code == 201
    receipt = answer.json()
    assert receipt["sha256"] == hashlib.sha256(samples.content()).hexdigest()
    assert receipt["repeated"] is False
    newest = client.get("grace", PATH).json()["submissions"][0]
    assert (newest["id"], newest["state"], newest["points"]) == (receipt["id"], "received", None)
    assert newest == client.get("grace", f"api/v1/submissions/{receipt['id']}").json()


def test_the_same_key_gives_the_same_receipt(client: Client) -> None:
    first = client.submit(key="sent-twice")
    second = client.submit(key="sent-twice")
    assert (first.status_code, second.status_code) == (201, 200)
    assert second.json() == {**first.json(), "repeated": True}


def test_the_same_key_with_another_notebook_is_a_conflict(client: Client) -> None:
    client.submit(key="sent-with-another")
    answer = client.submit(key="sent-with-another", content=samples.content(metadata={"x": 1}))
    assert answer.status_code == 409


def test_two_at_once_with_one_key_are_one_submission(client: Client) -> None:
    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(lambda _: client.submit(key="at-the-same-time"), range(8)))
    assert sorted(answer.status_code for answer in answers) == [200] * 7 + [201]
    assert len({answer.json()["id"] for answer in answers}) == 1


def test_two_at_once_with_two_keys_are_two_attempts(client: Client) -> None:
    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(lambda n: client.submit(key=f"by-itself-{n}"), range(8)))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json()["attempt"] for answer in answers}) == 8


def damaged(change: Callable[[dict[str, Any]], Any]) -> bytes:
    notebook = samples.notebook()
    change(notebook)
    return json.dumps(notebook).encode()


BAD = {
    "not JSON": (b"PK\x03\x04 a zip", "cannot be read as JSON"),
    "empty": (b"", "cannot be read as JSON"),
    "JSON, but no notebook": (b'{"a": 1}', "not a notebook"),
    "nested too deeply": (b"[" * 100_000, "cannot be read as JSON"),
    "format 1": (damaged(lambda book: book.update(nbformat=1)), "old format"),
    "no cells": (damaged(lambda book: book.update(cells=[])), "no cells"),
    "format 5": (damaged(lambda book: book.update(nbformat=5)), "newer than 4"),
    "NUL bytes": (damaged(lambda book: book["cells"][0].update(source="a\0b")), "NUL"),
    "of another course": (
        damaged(lambda book: book["metadata"].update(coursewright={"course": "other"})),
        "of the course 'other'",
    ),
}


@pytest.mark.parametrize("case", BAD)
def test_what_is_no_notebook_is_refused_with_a_reason(client: Client, case: str) -> None:
    content, reason = BAD[case]
    before = client.get("grace", PATH).json()
    answer = client.submit(content=content, key="something-bad")
    assert answer.status_code == 400
    assert reason in answer.json()["detail"]
    assert client.get("grace", PATH).json() == before


REPAIRED = {
    "an id twice": damaged(lambda book: book["cells"][1].update(id="intro")),
    "no id": damaged(lambda book: book["cells"][1].pop("id")),
    "format 3": damaged(lambda book: book.update(nbformat=3)),
    "a retyped cell": damaged(lambda book: book["cells"][3].update(cell_type="raw")),
    "lost metadata": damaged(lambda book: book["cells"][3].update(metadata=None)),
}


@pytest.mark.parametrize("case", REPAIRED)
def test_what_can_be_repaired_is_taken_in(client: Client, case: str) -> None:
    answer = client.submit(content=REPAIRED[case], key=f"repaired-{case.replace(' ', '-')}")
    assert answer.status_code == 201


@pytest.mark.parametrize("key", ["", "short", "x" * 201, "with space", "käse-käse"])
def test_a_key_that_is_none_is_refused(client: Client, key: str) -> None:
    headers = {"Idempotency-Key": key.encode()}
    answer = client.ask("POST", "grace", PATH, content=samples.content(), headers=headers)
    assert answer.status_code == 400
    assert "Idempotency-Key" in answer.json()["detail"]


def test_a_lesson_that_is_not_there_takes_nothing(client: Client) -> None:
    path = "api/v1/courses/sums/lessons/flying/submissions"
    headers = {"Idempotency-Key": "to-nowhere-at-all"}
    answer = client.ask("POST", "grace", path, content=samples.content(), headers=headers)
    assert answer.status_code == 404


def test_what_counts_stands_beside_what_the_grader_gave(
    client: Client, make: sessionmaker[Session]
) -> None:
    with make.begin() as session:
        publish(session, samples.course("dated"))
        courses.enrol(session, "mary", "dated")
        number = submissions.receive(
            session, "mary", "dated", "adding", samples.content(), "a late key"
        ).id
    graded(make, number, render(samples.lesson(), samples.notebook(), result()))
    path = f"api/v1/submissions/{number}"
    on_time = client.get("mary", path).json()
    assert (on_time["points"], on_time["raw_points"], on_time["late"]) == (2, 2, None)
    assert "count." not in client.get("mary", f"{path}/feedback").text
    policy = Policy(due=datetime.now(UTC) - timedelta(hours=1), penalty_per_day=25)
    with make.begin() as session:
        deadlines.set_policy(session, "ada", "dated", "adding", policy)
    late = client.get("mary", path).json()
    assert (late["points"], late["raw_points"], late["late"]["days"]) == (1.5, 2, 1)
    listed = client.get("mary", "api/v1/courses/dated/lessons/adding/submissions").json()
    assert listed["submissions"] == [late]
    said = "1 day late, 25 % less: 1.5 of 6 points count."
    assert said in client.get("mary", f"{path}/feedback").text
    assert said in client.get("mary", "courses/dated/lessons/adding/feedback").text


def test_feedback_can_be_had_as_a_notebook(client: Client, make: sessionmaker[Session]) -> None:
    number = client.submit("olga", key="to-be-a-notebook").json()["id"]
    path = f"submissions/{number}/feedback"
    assert client.get("olga", f"{path}.ipynb").status_code == 404
    shown = {"add": [{"output_type": "stream", "name": "stdout", "text": "as graded"}]}
    page = render(samples.lesson(), samples.notebook(), result())
    graded(make, number, page, outputs=shown)
    answer = client.get("olga", f"{path}.ipynb")
    assert answer.headers["Content-Type"] == "application/x-ipynb+json"
    assert "adding-" in answer.headers["Content-Disposition"]
    assert answer.text == client.get("olga", f"api/v1/{path}.ipynb").text
    book = nbformat.reads(answer.text, as_version=4)
    nbformat.validate(book)
    written = {cell.id: cell for cell in book.cells}
    assert written["add"].outputs[0].text == "as graded"
    assert "Add two numbers: Passed" in "".join(cell.source for cell in book.cells)
    link = f'href="/services/coursewright/{path}.ipynb" download'
    assert link in client.get("olga", path).text


def test_feedback_comes_with_the_score(client: Client, make: sessionmaker[Session]) -> None:
    number = client.submit("olga", key="to-be-graded").json()["id"]
    path = f"api/v1/submissions/{number}"
    assert client.get("olga", f"{path}/feedback").status_code == 404
    graded(make, number, b"<!doctype html><p>Well done</p>")
    answer = client.get("olga", f"{path}/feedback")
    assert "Well done" in answer.text
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    attempt = client.get("olga", path).json()
    assert (attempt["state"], attempt["points"], attempt["mode"]) == ("graded", 2, "isolated")
    assert [cell["title"] for cell in attempt["cells"]] == ["Add two numbers", "why", "draw"]


def test_what_was_handed_in_can_be_had_again(client: Client) -> None:
    content = samples.content()
    number = client.submit(content=content, key="had-again").json()["id"]
    answer = client.get("grace", f"api/v1/submissions/{number}/notebook")
    assert answer.content == content
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="adding-')
    assert client.get("olga", f"api/v1/submissions/{number}/notebook").content == content
