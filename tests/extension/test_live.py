"""Pages hear what happens over one connection, and are told when there is none."""

from __future__ import annotations

import ast
import asyncio
import inspect
import json
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from fake_live import event
from fake_service import TOKEN, FakeService, answer, lost, problem, redirect, slow
from tornado.httpclient import HTTPClientError
from tornado.websocket import WebSocketClientConnection

from coursewright.extension import live

PATIENCE = 20
Open = Callable[..., Awaitable["Page"]]
Ask = Callable[..., Awaitable[tuple[int, Any]]]


class Page:
    """An open page's end of the socket."""

    def __init__(self, socket: WebSocketClientConnection) -> None:
        self.socket = socket

    async def next(self, *names: str) -> dict[str, Any]:
        """The next message with one of `names` in it; any message when none is given."""
        while True:
            text = await asyncio.wait_for(self.socket.read_message(), PATIENCE)
            assert text is not None
            found: dict[str, Any] = json.loads(text)
            if not names or any(name in found for name in names):
                return found

    async def until_connected(self, wanted: bool = True) -> None:
        while (await self.next("connected"))["connected"] is not wanted:
            pass

    async def send(self, **message: Any) -> None:
        await self.socket.write_message(json.dumps(message))

    async def close(self) -> None:
        self.socket.close()
        while await self.socket.read_message() is not None:
            pass


@pytest.fixture
def page(jp_ws_fetch: Any, jp_serverapp: Any) -> Open:
    """Opens a page. The feed tries again quickly, so that a test need not wait."""
    point = jp_serverapp.extension_manager.extension_points["coursewright"]
    point.app.pod.live.pause = 0.05

    async def open_page() -> Page:
        return Page(await jp_ws_fetch("coursewright", "live"))

    return open_page


async def gone(service: FakeService) -> None:
    while service.lines:
        await asyncio.sleep(0.01)


async def test_two_pages_share_one_connection_with_the_token_in_the_header(
    page: Open, service: FakeService
) -> None:
    one, other = await page(), await page()
    await one.until_connected()
    await other.until_connected()
    (line,) = service.lines
    assert line.request.headers["Authorization"] == f"token {TOKEN}"
    assert TOKEN not in line.request.uri
    line.say(event())
    assert await one.next("id") == await other.next("id") == event()
    await one.close()
    line.say(event(43))
    assert (await other.next("id"))["id"] == 43
    await other.close()
    await gone(service)


async def test_the_connection_is_made_again_and_asks_for_what_was_missed(
    page: Open, service: FakeService
) -> None:
    one = await page()
    await one.until_connected()
    await one.send(watch="python-foundations")
    await one.next("watching")
    service.lines[0].say(event(50))
    await one.next("id")
    service.lines[0].close()
    await one.until_connected(False)
    await one.until_connected()
    await one.next("watching")
    assert service.lines[-1].request.uri.endswith("/api/v1/live?after=50")
    assert service.asked[-1] == {"watch": "python-foundations", "after": 50}
    await one.close()
    await gone(service)


async def test_a_course_is_watched_as_long_as_a_page_watches_it(
    page: Open, service: FakeService
) -> None:
    one, other = await page(), await page()
    await one.until_connected()
    for each in (one, other):
        await each.send(watch="python-foundations")
        await each.next("watching")
    await one.send(unwatch="python-foundations")
    await one.send(watch="data-with-pandas")
    await one.next("watching")
    assert {"unwatch": "python-foundations"} not in service.asked
    await other.close()
    await one.send(watch="data-with-pandas")
    await one.next("watching")
    while {"unwatch": "python-foundations"} not in service.asked:
        await asyncio.sleep(0.01)
    await one.close()
    await gone(service)


@pytest.mark.parametrize(
    "failure",
    [
        lost,
        slow,
        redirect,
        problem(401, "Who are you?"),
        problem(503, "The database is away."),
        answer(200, "<h1>nginx</h1>"),
    ],
)
async def test_a_page_stays_and_is_told_while_the_service_fails(
    page: Open, service: FakeService, failure: Any
) -> None:
    service.failures.append(failure)
    one = await page()
    assert await one.next() == {"connected": False}
    await one.until_connected()
    assert len(service.seen) >= 2
    await one.close()
    await gone(service)


async def test_a_service_that_is_down_leaves_the_page_its_socket(
    page: Open, service: FakeService
) -> None:
    await service.stop()
    one = await page()
    assert await one.next() == {"connected": False}
    await one.send(watch="python-foundations")
    await one.close()


async def test_a_service_that_never_greets_counts_as_none(page: Open, service: FakeService) -> None:
    service.greets = False
    one = await page()
    while not service.lines:
        await asyncio.sleep(0.01)
    assert await one.next() == {"connected": False}
    service.lines[0].say(event())
    assert (await one.next())["id"] == 42
    await one.close()
    await gone(service)


NONSENSE = (
    "no json",
    "[]",
    "7",
    "null",
    "[" * 100_000,
    '{"connected": "yes"}',
    json.dumps({"unknown": 1}),
    json.dumps(event(name=3)),
    json.dumps(event(detail="x")),
    json.dumps({"refused": 1, "detail": "x"}),
)


async def test_nonsense_from_the_service_is_dropped(page: Open, service: FakeService) -> None:
    one = await page()
    await one.until_connected()
    for text in NONSENSE:
        service.lines[0].write_message(text)
    service.lines[0].say({**event(), "secret": "not told"})
    assert await one.next() == event()
    service.lines[0].say({"reset": True})
    assert await one.next() == {"reset": True}
    service.lines[0].write_message("x" * 300_000)
    await one.until_connected(False)
    await one.until_connected()
    await one.close()
    await gone(service)


@pytest.mark.parametrize("sent", ["no json", "[]", "{}", '{"watch": "a", "after": 1}'])
async def test_nonsense_from_a_page_ends_it(page: Open, service: FakeService, sent: str) -> None:
    one = await page()
    await one.until_connected()
    await one.socket.write_message(sent)
    while await asyncio.wait_for(one.socket.read_message(), PATIENCE) is not None:
        pass
    assert one.socket.close_code == 1003
    one.socket.close()
    await gone(service)


@pytest.mark.parametrize("course", ["..", "a/b", "A", "", 3, None])
async def test_a_key_that_is_none_is_not_watched(
    page: Open, service: FakeService, course: Any
) -> None:
    one = await page()
    await one.until_connected()
    await one.send(watch=course)
    await one.send(watch="python-foundations")
    await one.next("watching")
    assert service.asked == [{"watch": "python-foundations"}]
    await one.close()
    await gone(service)


async def test_nobody_else_gets_in(jp_ws_fetch: Any, service: FakeService) -> None:
    with pytest.raises(HTTPClientError) as refusal:
        await jp_ws_fetch("coursewright", "live", headers={"Authorization": "token of-nobody"})
    assert refusal.value.code == 403
    assert not service.seen


async def test_the_authorizer_is_asked(
    jp_ws_fetch: Any, jp_serverapp: Any, service: FakeService
) -> None:
    asked: list[tuple[str, str]] = []

    class Noting(type(jp_serverapp.authorizer)):  # type: ignore[misc]
        def is_authorized(self, handler: Any, user: Any, action: str, resource: str) -> bool:
            asked.append((action, resource))
            return False

    jp_serverapp.web_app.settings["authorizer"] = Noting(parent=jp_serverapp)
    with pytest.raises(HTTPClientError) as refusal:
        await jp_ws_fetch("coursewright", "live")
    assert refusal.value.code == 403
    assert asked == [("read", "coursewright")]


def test_the_socket_carries_its_own_guards() -> None:
    tree = ast.parse(inspect.getsource(live))
    guards = [
        [ast.unparse(guard) for guard in item.decorator_list]
        for item in ast.walk(tree)
        if isinstance(item, ast.AsyncFunctionDef) and item.name == "get"
    ]
    assert guards == [["ws_authenticated", "authorized"]]


async def test_an_open_page_does_not_keep_an_idle_server_alive(
    page: Open, service: FakeService, jp_serverapp: Any
) -> None:
    before = jp_serverapp.web_app.last_activity()
    one = await page()
    await one.until_connected()
    service.lines[0].say(event())
    await one.next("id")
    assert jp_serverapp.web_app.last_activity() == before
    await one.close()
    await gone(service)


async def test_what_was_handed_in_comes_back(ask: Ask, service: FakeService) -> None:
    service.sent.append(b'{"cells": [], "metadata": {}}')
    assert await ask("GET", "submissions/1/notebook") == (200, {"cells": [], "metadata": {}})
    code, said = await ask("GET", "submissions/2/notebook")
    assert (code, said) == (404, {"message": "There is no such submission"})
