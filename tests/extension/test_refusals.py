"""Each way in which the panel is refused: by the service, by what was sent, by the files."""

from __future__ import annotations

import asyncio
import json
from asyncio import AbstractEventLoop
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from fake_service import FakeService, answer, notebook, problem, redirect, slow

Ask = Callable[..., Awaitable[tuple[int, Any]]]
Route = tuple[str, str]

COURSE = "courses/python-foundations"
LESSON = f"{COURSE}/lessons/names"
KEY = "0b8f1c2e-1111-4222-8333-444455556666"
EVERY_ROUTE = (
    ("GET", "courses"),
    ("GET", COURSE),
    ("PUT", f"{COURSE}/enrolment"),
    ("POST", f"{LESSON}/open"),
    ("GET", f"{LESSON}/submissions"),
    ("POST", f"{LESSON}/submissions"),
    ("GET", "submissions/1/feedback"),
    ("GET", "submissions/1/notebook"),
    ("GET", f"{LESSON}/copies"),
    ("GET", f"{LESSON}/copies/{0:064}"),
    ("POST", f"{COURSE}/restore"),
    ("GET", "standing"),
    ("POST", "enrolments"),
    ("GET", f"{COURSE}/mastery"),
    ("PUT", "submissions/1/read"),
)


@pytest.mark.parametrize("route", EVERY_ROUTE)
@pytest.mark.parametrize(
    "case",
    [
        (problem(404, "No such course."), 404, "No such course."),
        (problem(409, "Sent before with other content."), 409, "Sent before"),
        (problem(401, "Who are you?"), 403, "Sign out, sign in"),
        (problem(413, "More than 10 MB."), 413, "More than 10 MB."),
        (answer(404, "<h1>nginx</h1>"), 502, "something unexpected"),
        (problem(500, "secret detail"), 502, "something unexpected"),
        (answer(200, "[]", "application/json"), 502, "something unexpected"),
        (answer(200, "{}", "application/json"), 502, "something unexpected"),
        (answer(200, "[" * 200_000, "application/json"), 502, "something unexpected"),
        (redirect, 502, "something unexpected"),
        (slow, 504, "did not answer in time"),
    ],
    ids=lambda case: str(case[1:]),
)
async def test_what_the_service_does_wrong_is_said_in_a_sentence(
    ask: Ask,
    service: FakeService,
    lesson_file: Path,
    route: Route,
    case: tuple[Any, int, str],
) -> None:
    (method, path), (failure, status, said) = route, case
    if path.endswith("submissions") and method == "POST":
        lesson_file.parent.mkdir(parents=True)
        lesson_file.write_text(json.dumps(notebook()))
    service.failures.append(failure)
    code, data = await ask(method, path, {"key": KEY, "code": "ABCD2345"})
    if path.endswith("submissions") and method == "POST" and status >= 500:
        # Nobody decided: the submit is kept, and sent until somebody does.
        assert (code, data["queued"]) == (202, True)
        return
    assert code == status
    assert said in data["message"]


@pytest.mark.parametrize("route", EVERY_ROUTE)
async def test_a_service_that_is_down_is_503(ask: Ask, service: FakeService, route: Route) -> None:
    method, path = route
    if path.endswith("submissions") and method == "POST":
        await ask("POST", f"{LESSON}/open")
    await service.stop()
    code, data = await ask(method, path, {"key": KEY, "code": "ABCD2345"})
    if path.endswith("submissions") and method == "POST":
        assert (code, data["queued"]) == (202, True)
        return
    assert code == 503
    assert "cannot be reached" in data["message"]


def test_bytes_that_are_not_http_are_502_or_503(
    jp_asyncio_loop: AbstractEventLoop, ask: Ask, jp_serverapp: Any
) -> None:
    async def gibber(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"\x00\xff no protocol that anyone knows\r\n\r\n")
        await writer.drain()
        writer.close()

    async def run() -> tuple[int, Any]:
        server = await asyncio.start_server(gibber, "127.0.0.1")
        port = server.sockets[0].getsockname()[1]
        point = jp_serverapp.extension_manager.extension_points["coursewright"]
        point.app.pod.service.url = f"http://127.0.0.1:{port}"
        async with server:
            return await ask("GET", "courses")

    code, data = jp_asyncio_loop.run_until_complete(run())
    assert code in {502, 503}
    assert "course service" in data["message"]


@pytest.mark.parametrize(
    "course",
    ["..", "%2e%2e", "%2e%2e%2fx", "a%2fb", "A", "a%20b", "-", "a%00b", "a%0d%0ab", "%C3%A9"],
)
@pytest.mark.parametrize("route", [route for route in EVERY_ROUTE if COURSE in route[1]])
async def test_a_key_that_is_none_goes_nowhere(
    ask: Ask, service: FakeService, jp_root_dir: Path, route: Route, course: str
) -> None:
    code, _ = await ask(route[0], route[1].replace("python-foundations", course), {"key": KEY})
    assert code == 404
    assert not service.seen
    assert not list(jp_root_dir.iterdir())


@pytest.mark.parametrize(
    "case",
    [
        ({}, 400, "`key`"),
        ({"key": "short"}, 400, "`key`"),
        ({"key": "x" * 201}, 400, "`key`"),
        ({"key": "abcdefgh\r\nX-Evil: 1"}, 400, "`key`"),
        ({"key": 12345678}, 400, "`key`"),
        ([], 400, "JSON object"),
        ({"key": KEY, "path": 3}, 400, "`path`"),
        ({"key": KEY, "path": "../../etc/passwd"}, 400, "not a notebook"),
        ({"key": KEY, "path": "../other/names.ipynb"}, 404, "no such notebook"),
        ({"key": KEY, "path": "/etc/names.ipynb"}, 404, "no such notebook"),
        ({"key": KEY, "path": "a\0.ipynb"}, 404, "no such notebook"),
        ({"key": KEY, "path": "gone.ipynb"}, 404, "not among your files"),
        ({"key": KEY, "path": "folder.ipynb"}, 409, "over a file"),
        ({"key": KEY, "path": "link.ipynb"}, 409, "link"),
        ({"key": KEY, "path": "linked/names.ipynb"}, 409, "link"),
        ({"key": KEY, "path": "large.ipynb"}, 413, "larger than"),
        ({"key": KEY, "path": "other.ipynb"}, 409, "another lesson"),
    ],
)
async def test_a_submit_that_cannot_be_is_refused(
    ask: Ask, service: FakeService, jp_root_dir: Path, case: tuple[Any, int, str]
) -> None:
    body, status, said = case
    (jp_root_dir / "folder.ipynb").mkdir()
    (jp_root_dir / "link.ipynb").symlink_to("/etc/passwd")
    (jp_root_dir / "linked").symlink_to("/etc")
    (jp_root_dir / "large.ipynb").write_bytes(b" " * 5001)
    other = notebook(coursewright={"course": "python-foundations", "lesson": "lists"})
    (jp_root_dir / "other.ipynb").write_text(json.dumps(other))
    code, data = await ask("POST", f"{LESSON}/submissions", body)
    assert code == status
    assert said in data["message"]
    assert not service.seen


async def test_a_body_that_is_not_json_is_refused(jp_fetch: Any, service: FakeService) -> None:
    path = ("coursewright", "api", *f"{LESSON}/submissions".split("/"))
    response = await jp_fetch(*path, method="POST", body="{", raise_error=False)
    assert response.code == 400
    assert not service.seen
