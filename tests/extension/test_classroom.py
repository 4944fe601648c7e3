"""What the Class panel and the student's own server ask of the course service, and refusals."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from fake_service import FakeService, answer, lost, notebook, problem, redirect, slow
from tornado.web import RequestHandler

Ask = Callable[..., Awaitable[tuple[int, Any]]]

COURSE = "courses/python-foundations"
LESSON = f"{COURSE}/lessons/names"
HERE = {"name": "learning.here", "lesson": "names", "exercise": None, "detail": {}}
# Every route with a body that it takes.
ROUTES: list[tuple[str, str, Any]] = [
    ("POST", f"{COURSE}/activity", HERE),
    ("GET", f"{COURSE}/class", None),
    ("GET", f"{COURSE}/ungraded", None),
    ("GET", f"{COURSE}/submissions/7/paper", None),
    ("GET", f"{COURSE}/submissions/7/notebook", None),
    ("PUT", f"{COURSE}/submissions/7/marks/why", {"seen": 0}),
    ("POST", f"{LESSON}/rubric", {"grade_id": "why", "label": "Right", "points": 1}),
    ("GET", f"{LESSON}/release", None),
    ("PUT", f"{LESSON}/release", {"held": True}),
]
FAILURES = [
    (problem(403, "This is for the people who teach the course."), 403, "people who teach"),
    (problem(404, "No such course."), 404, "No such course."),
    (problem(409, "Somebody else has marked this."), 409, "Somebody else"),
    (problem(401, "Who are you?"), 403, "Sign out, sign in"),
    (answer(404, "<h1>nginx</h1>"), 502, "something unexpected"),
    (problem(500, "secret detail"), 502, "something unexpected"),
    (answer(200, "[]", "application/json"), 502, "something unexpected"),
    (answer(200, "{}", "application/json"), 502, "something unexpected"),
    (answer(200, "<p>", "text/html"), 502, "something unexpected"),
    (redirect, 502, "something unexpected"),
    (slow, 504, "did not answer in time"),
    (lost, 503, "cannot be reached"),
]


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: " ".join(route[:2]))
@pytest.mark.parametrize("case", FAILURES, ids=lambda case: str(case[1:]))
async def test_what_the_service_does_wrong_is_said_in_a_sentence(
    ask: Ask, service: FakeService, route: tuple[str, str, Any], case: tuple[Any, int, str]
) -> None:
    failure, status, said = case
    service.failures.append(failure)
    code, data = await ask(*route)
    assert code == status
    assert said in data["message"]


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: " ".join(route[:2]))
async def test_a_service_that_is_down_is_503(
    ask: Ask, service: FakeService, route: tuple[str, str, Any]
) -> None:
    await service.stop()
    code, data = await ask(*route)
    assert code == 503
    assert "cannot be reached" in data["message"]


@pytest.mark.parametrize("course", ["..", "%2e%2e%2fx", "a%2fb", "A", "a%00b"])
@pytest.mark.parametrize("route", ROUTES, ids=lambda route: " ".join(route[:2]))
async def test_a_key_that_is_none_goes_nowhere(
    ask: Ask, service: FakeService, route: tuple[str, str, Any], course: str
) -> None:
    method, path, body = route
    code, _ = await ask(method, path.replace("python-foundations", course), body)
    assert code == 404
    assert not service.seen


async def test_what_a_student_does_is_passed_on_with_what_belongs_to_it_alone(
    ask: Ask, service: FakeService
) -> None:
    code, data = await ask("POST", f"{COURSE}/activity", {**HERE, "person": "somebody else"})
    assert (code, data) == (200, {"kept": True})
    assert json.loads(service.sent[0]) == HERE


async def test_the_list_and_the_queue_are_asked_for_by_what_was_chosen(ask: Ask) -> None:
    code, data = await ask("GET", f"{COURSE}/class?lesson=names&group=late%20ones&secret=1")
    assert (code, data["students"][0]["person"]) == (200, "grace")
    assert data["query"] == "lesson=names&group=late%20ones"
    _, data = await ask("GET", f"{COURSE}/ungraded?after=7&anonymous=true&no_track_activity=1")
    assert data["query"] == "after=7&anonymous=true"


async def test_a_notebook_comes_in_pieces_and_can_run_nothing(jp_fetch: Any) -> None:
    path = f"coursewright/api/{COURSE}/submissions/7/notebook"
    response = await jp_fetch(*path.split("/"))
    assert json.loads(response.body) == notebook()
    assert response.headers["Content-Type"] == "application/json"
    assert "sandbox" in response.headers["Content-Security-Policy"]


async def test_a_notebook_that_breaks_off_is_never_taken_for_whole(
    ask: Ask, service: FakeService
) -> None:
    async def half(handler: RequestHandler) -> None:
        handler.set_header("Content-Type", "application/x-ipynb+json")
        handler.write('{"cells": [')
        await handler.flush()
        await lost(handler)

    service.failures.append(half)
    code = None
    # Whether a piece of it has come through already is chance: then the answer is no JSON.
    with contextlib.suppress(json.JSONDecodeError):
        code, _ = await ask("GET", f"{COURSE}/submissions/7/notebook")
    assert code in {None, 503}


async def test_a_mark_goes_out_with_the_version_that_was_seen(ask: Ask) -> None:
    body = {"seen": 3, "items": [1], "comment": "Good"}
    code, data = await ask("PUT", f"{COURSE}/submissions/7/marks/why%20so%2F1", body)
    assert (code, data["seen"], data["items"], data["comment"]) == (200, "3", [1], "Good")


async def test_a_rubric_item_is_made(ask: Ask) -> None:
    code, data = await ask("POST", f"{LESSON}/rubric", {"label": "Right"})
    assert (code, data["id"], data["label"]) == (201, 7, "Right")


async def test_grades_are_held_and_released(ask: Ask) -> None:
    assert (await ask("GET", f"{LESSON}/release"))[1]["held"] is False
    assert (await ask("PUT", f"{LESSON}/release", {"held": True}))[1]["held"] is True


BAD: list[tuple[str, str, Any, str]] = [
    ("PUT", f"{COURSE}/submissions/7/marks/why", {}, "`seen`"),
    ("PUT", f"{COURSE}/submissions/7/marks/why", {"seen": "1"}, "`seen`"),
    ("PUT", f"{COURSE}/submissions/7/marks/why", {"seen": -1}, "`seen`"),
    ("PUT", f"{COURSE}/submissions/7/marks/why", [], "JSON object"),
    ("PUT", f"{LESSON}/release", {"held": "yes"}, "`held`"),
    ("POST", f"{COURSE}/activity", [], "JSON object"),
]


@pytest.mark.parametrize("case", BAD)
async def test_what_cannot_be_is_refused_here(
    ask: Ask, service: FakeService, case: tuple[str, str, Any, str]
) -> None:
    method, path, body, said = case
    code, data = await ask(method, path, body)
    assert code == 400
    assert said in data["message"]
    assert not service.seen
