"""Writes with an Idempotency-Key: carried out once, whatever becomes of the connection."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest
from school import Client
from sqlalchemy import Connection, Engine, text

RUBRIC = "api/v1/courses/sums/lessons/adding/rubric"
CODES = "api/v1/courses/sums/codes"
AXES = {"grade_id": "draw", "label": "axes", "points": 1}


def send(client: Client, key: str, who: str = "ada", path: str = RUBRIC, **sent: Any) -> Any:
    about = {"json": AXES, **sent}
    return client.ask("POST", who, path, headers={"Idempotency-Key": key}, **about)


def count(engine: Engine, query: str) -> int:
    with engine.connect() as connection:
        return int(connection.execute(text(query)).scalar_one())


def items(engine: Engine) -> int:
    return count(engine, "SELECT count(*) FROM rubric_items")


def test_the_same_key_gives_the_same_answer_and_nothing_is_done_twice(
    client: Client, engine: Engine
) -> None:
    before = items(engine)
    first, *others = [send(client, "sent-three-times") for _ in range(3)]
    assert first.status_code == 201
    assert "Idempotent-Replayed" not in first.headers
    for other in others:
        assert (other.status_code, other.content) == (201, first.content)
        assert other.headers["Content-Type"] == first.headers["Content-Type"]
        assert other.headers["Idempotent-Replayed"] == "true"
    assert items(engine) == before + 1


def test_without_a_key_every_request_counts(client: Client, engine: Engine) -> None:
    before = items(engine)
    for _ in range(2):
        client.ask("POST", "ada", RUBRIC, json=AXES)
    assert items(engine) == before + 2


ELSEWHERE = {
    "another person": {"who": "olga"},
    "another address": {"path": CODES, "json": {}},
}


@pytest.mark.parametrize("case", ELSEWHERE)
def test_a_key_counts_for_one_person_and_one_address(client: Client, case: str) -> None:
    assert send(client, f"shared: {case}".replace(" ", "-")).status_code == 201
    answer = send(client, f"shared: {case}".replace(" ", "-"), **ELSEWHERE[case])
    assert answer.status_code == 201
    assert "Idempotent-Replayed" not in answer.headers


def test_another_verb_at_the_same_address_is_another_request(client: Client) -> None:
    path = "api/v1/courses/sums/members/hopper"
    headers = {"Idempotency-Key": "one-key-for-two-verbs"}
    assert client.ask("PUT", "ada", path, json={"role": "student"}, headers=headers).is_success
    assert client.ask("DELETE", "ada", path, headers=headers).json() == {}
    assert client.ask("DELETE", "ada", path).status_code == 404


@pytest.mark.parametrize(
    "other",
    [{"json": {**AXES, "points": 2}}, {"path": f"{RUBRIC}?dry=yes"}],
    ids=["body", "query"],
)
def test_the_same_key_with_another_request_is_refused(
    client: Client, engine: Engine, other: dict[str, Any]
) -> None:
    send(client, "another-request")
    before = items(engine)
    answer = send(client, "another-request", **other)
    assert (answer.status_code, items(engine)) == (409, before)
    assert "send a new key" in answer.json()["detail"]


@pytest.mark.parametrize("key", ["short", "with a blank", "x" * 201, ""])
def test_a_key_that_is_none_is_refused(client: Client, key: str) -> None:
    answer = send(client, key)
    assert answer.status_code == 400
    assert "8 to 200 visible ASCII characters" in answer.json()["detail"]


def test_what_was_refused_may_be_sent_again_with_its_key(client: Client) -> None:
    path = "api/v1/courses/sums/members/grace/group"
    headers = {"Idempotency-Key": "refused-at-first"}
    put = {"json": {"group": "/"}, "headers": headers}
    assert client.ask("PUT", "ada", path, **put).status_code == 400
    put["json"] = {"group": "early"}
    assert client.ask("PUT", "ada", path, **put).json() == {"group": "early"}


def test_a_refusal_that_left_something_behind_is_told_again(client: Client, engine: Engine) -> None:
    tries = "SELECT coalesce(sum(tries), 0) FROM wrong_codes"
    code = {"path": "api/v1/enrolments", "json": {"code": "ZZZZZZZZ"}, "who": "kay"}
    before = count(engine, tries)
    first, second = (send(client, "a-wrong-code", **code) for _ in range(2))
    assert (first.status_code, second.status_code) == (404, 404)
    assert second.headers["Content-Type"] == "application/problem+json"
    assert second.json() == first.json()
    assert count(engine, tries) == before + 1


def seen(client: Client, path: str, cell: str) -> int:
    """The version of a cell's mark."""
    cells = client.get("ada", path).json()["cells"]
    return {one["grade_id"]: int(one["version"]) for one in cells}[cell]


def test_a_mark_that_came_too_late_is_kept_once(client: Client, marked: int) -> None:
    path = f"api/v1/courses/sums/submissions/{marked}/marks"
    match = {"If-Match": f'"{seen(client, path, "draw")}"'}
    assert client.ask("PUT", "ada", f"{path}/draw", json={}, headers=match).is_success
    late = {**match, "Idempotency-Key": "too-late-a-mark"}
    for _ in range(2):
        answer = client.ask("PUT", "olga", f"{path}/draw", json={"comment": "x"}, headers=late)
        assert answer.status_code == 409
        assert "yours is kept" in answer.json()["detail"]
    cells = client.get("ada", path).json()["cells"]
    (history,) = [cell["history"] for cell in cells if cell["grade_id"] == "draw"]
    assert [said["marked_by"] for said in history].count("olga") == 1


def test_a_header_that_matters_is_a_part_of_the_request(client: Client, marked: int) -> None:
    path = f"api/v1/courses/sums/submissions/{marked}/marks"
    version = seen(client, path, "why")
    key = {"Idempotency-Key": "two-versions"}
    first, second = (
        client.ask("PUT", "ada", f"{path}/why", json={}, headers={**key, "If-Match": f'"{number}"'})
        for number in (version, version + 1)
    )
    assert (first.status_code, second.status_code) == (200, 409)
    assert "send a new key" in second.json()["detail"]


def test_after_a_day_the_key_is_as_good_as_new(client: Client, engine: Engine) -> None:
    first = send(client, "kept-for-a-day").json()
    with engine.begin() as connection:
        age(connection, "23 hours 59 minutes")
    assert send(client, "kept-for-a-day").json() == first
    with engine.begin() as connection:
        age(connection, "1 minute")
    assert send(client, "kept-for-a-day").json()["id"] > first["id"]
    old = "SELECT count(*) FROM answered_requests WHERE answered_at < now() - interval '24 hours'"
    assert count(engine, old) == 0


def age(connection: Connection, by: str) -> None:
    older = "UPDATE answered_requests SET answered_at = answered_at - CAST(:by AS interval)"
    connection.execute(text(older), {"by": by})


def test_of_twins_that_come_at_once_one_is_carried_out(client: Client, engine: Engine) -> None:
    """The first is held in the middle of its transaction, by a lock, until the other is told."""
    before = items(engine)
    with ThreadPoolExecutor(1) as threads, engine.connect() as connection:
        connection.execute(text("LOCK TABLE rubric_items IN SHARE MODE"))
        first = threads.submit(send, client, "twins-at-once")
        blocked = "SELECT 1 FROM pg_locks WHERE NOT granted AND relation = 'rubric_items'::regclass"
        while not connection.execute(text(blocked)).first():
            pass
        second: httpx.Response = send(client, "twins-at-once")
        assert (second.status_code, second.headers["Retry-After"]) == (409, "1")
        assert "being carried out" in second.json()["detail"]
        connection.rollback()
        assert first.result().status_code == 201
    again = send(client, "twins-at-once")
    assert again.content == first.result().content
    assert items(engine) == before + 1


def test_many_at_once_do_not_wait_for_each_other_for_ever(client: Client, engine: Engine) -> None:
    """More keys at once than there are connections, each with a twin, and readers between."""
    before = items(engine)
    keys = [f"crowded-{number // 2}" for number in range(60)]
    with ThreadPoolExecutor(30) as threads:
        reading = [threads.submit(client.get, "grace", "api/v1/courses") for _ in range(30)]
        answers = list(threads.map(lambda key: send(client, key), keys))
    assert {answer.status_code for answer in answers} <= {201, 409}
    assert all(answer.result().status_code == 200 for answer in reading)
    assert items(engine) == before + 30


def test_a_commit_that_fails_leaves_neither_change_nor_answer(
    client: Client, engine: Engine
) -> None:
    before = items(engine)
    cut = (
        "SELECT pg_terminate_backend(pid) FROM pg_locks"
        " WHERE NOT granted AND relation = 'answered_requests'::regclass"
    )
    with ThreadPoolExecutor(1) as threads, engine.connect() as connection:
        connection.execute(text("LOCK TABLE answered_requests IN SHARE MODE"))
        first = threads.submit(send, client, "cut-off-at-the-end")
        while not connection.execute(text(cut)).first():
            pass
        answer = first.result()
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert items(engine) == before
    assert send(client, "cut-off-at-the-end").status_code == 201
    assert items(engine) == before + 1
