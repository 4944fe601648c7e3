"""Quizzes through the student's server: passed on, answered once, refused in sentences."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from fake_service import TOKEN, FakeService, answer, lost, problem, redirect, slow

Ask = Callable[..., Awaitable[tuple[int, Any]]]

LESSON = "courses/python-foundations/lessons/names"
QUIZZES = f"{LESSON}/quizzes"
ATTEMPTS = f"{QUIZZES}/sums/attempts"
KEY = "0b8f1c2e-1111-4222-8333-444455556666"
SENT = {"key": KEY, "answers": {"sum": "2"}, "version": 1}
EVERY_ROUTE = (("GET", QUIZZES), ("POST", ATTEMPTS))


async def test_the_quizzes_of_the_notebook_s_version_are_passed_on(
    ask: Ask, service: FakeService
) -> None:
    status, data = await ask("GET", f"{QUIZZES}?version=7")
    assert (status, data["version"]) == (200, 7)
    assert data["quizzes"][0]["questions"][0]["key"] == "sum"
    assert service.seen[0][2]["Authorization"] == f"token {TOKEN}"


@pytest.mark.parametrize("version", ["", "x", "-1", "1%26a=b", "%0d%0a"])
async def test_a_version_that_is_none_is_not_passed_on(ask: Ask, version: str) -> None:
    status, data = await ask("GET", f"{QUIZZES}?version={version}")
    assert (status, data["version"]) == (200, 1)


async def test_answers_are_passed_on_with_their_key(ask: Ask, service: FakeService) -> None:
    status, data = await ask("POST", ATTEMPTS, SENT)
    assert (status, data["attempt"], data["repeated"]) == (201, 1, False)
    assert service.answers == {KEY: ("sums", {"answers": {"sum": "2"}, "version": 1})}


async def test_the_same_key_again_is_the_same_attempt(ask: Ask, service: FakeService) -> None:
    await ask("POST", ATTEMPTS, SENT)
    status, data = await ask("POST", ATTEMPTS, SENT)
    assert (status, data["attempt"], data["repeated"]) == (200, 1, True)
    assert len(service.answers) == 1


@pytest.mark.parametrize("failure", [lost, problem(503, "The database is away.")])
async def test_answers_are_sent_again_with_the_same_key(
    ask: Ask, service: FakeService, failure: Any
) -> None:
    service.failures += [failure, failure]
    status, _ = await ask("POST", ATTEMPTS, SENT)
    assert status == 201
    assert [headers["Idempotency-Key"] for _, _, headers in service.seen] == [KEY] * 3
    assert len(service.answers) == 1


async def test_a_service_that_stays_away_is_told_after_three_tries(
    ask: Ask, service: FakeService
) -> None:
    service.failures += [lost, lost, lost]
    status, data = await ask("POST", ATTEMPTS, SENT)
    assert status == 503
    assert "cannot be reached" in data["message"]
    assert len(service.seen) == 3


async def test_a_key_of_a_quiz_is_one_part_of_the_address(ask: Ask, service: FakeService) -> None:
    await ask("POST", f"{QUIZZES}/a%2Fb%20%C3%A9%3Fc/attempts", SENT)
    assert service.seen[0][1].endswith("/quizzes/a%2Fb%20%C3%A9%3Fc/attempts")


@pytest.mark.parametrize("route", EVERY_ROUTE)
@pytest.mark.parametrize(
    "case",
    [
        (problem(404, "No such lesson."), 404, "No such lesson."),
        (problem(409, "No attempt is left."), 409, "No attempt is left."),
        (problem(403, "Nothing is taken."), 403, "Nothing is taken."),
        (problem(401, "Who are you?"), 403, "Sign out, sign in"),
        (problem(500, "secret detail"), 502, "something unexpected"),
        (answer(404, "<h1>nginx</h1>"), 502, "something unexpected"),
        (answer(200, "[]", "application/json"), 502, "something unexpected"),
        (answer(200, "{}", "application/json"), 502, "something unexpected"),
        (answer(200, '{"quiz": 1, "quizzes": 1}', "application/json"), 502, "unexpected"),
        (redirect, 502, "something unexpected"),
        (slow, 504, "did not answer in time"),
    ],
    ids=lambda case: str(case[1:]),
)
async def test_what_the_service_does_wrong_is_said_in_a_sentence(
    ask: Ask, service: FakeService, route: tuple[str, str], case: tuple[Any, int, str]
) -> None:
    failure, status, said = case
    service.failures.append(failure)
    code, data = await ask(*route, SENT)
    assert code == status
    assert said in data["message"]
    assert not service.answers


@pytest.mark.parametrize("route", EVERY_ROUTE)
async def test_a_service_that_is_down_is_503(
    ask: Ask, service: FakeService, route: tuple[str, str]
) -> None:
    await service.stop()
    code, data = await ask(*route, SENT)
    assert code == 503
    assert "cannot be reached" in data["message"]


@pytest.mark.parametrize(
    "case",
    [
        ({}, "`key`"),
        ({**SENT, "key": "short"}, "`key`"),
        ({**SENT, "key": "abcdefgh\r\nX-Evil: 1"}, "`key`"),
        ({**SENT, "key": 12345678}, "`key`"),
        ({"key": KEY}, "`answers`"),
        ({**SENT, "answers": []}, "`answers`"),
        ({**SENT, "version": "1"}, "`version`"),
        ({**SENT, "version": True}, "`version`"),
        ([], "JSON object"),
    ],
    ids=str,
)
async def test_what_cannot_be_sent_is_refused(
    ask: Ask, service: FakeService, case: tuple[Any, str]
) -> None:
    body, said = case
    code, data = await ask("POST", ATTEMPTS, body)
    assert code == 400
    assert said in data["message"]
    assert not service.seen


@pytest.mark.parametrize("course", ["..", "%2e%2e%2fx", "a%2fb", "A", "a%00b", "%C3%A9"])
@pytest.mark.parametrize("route", EVERY_ROUTE)
async def test_a_course_that_is_none_goes_nowhere(
    ask: Ask, service: FakeService, route: tuple[str, str], course: str
) -> None:
    code, _ = await ask(route[0], route[1].replace("python-foundations", course), SENT)
    assert code == 404
    assert not service.seen


async def test_answering_leaves_the_student_s_files_alone(ask: Ask, jp_root_dir: Path) -> None:
    (jp_root_dir / "names.ipynb").write_text(json.dumps({"cells": []}))
    await ask("POST", ATTEMPTS, SENT)
    assert [path.name for path in jp_root_dir.iterdir()] == ["names.ipynb"]
