"""What happens, as it happens: heard by whom it concerns, and by nobody else."""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from itertools import count
from typing import Any

import pytest
from fake_hub import PERSON, Hub
from school import Client, Running, graded
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session, sessionmaker
from tornado.httpclient import HTTPClientError, HTTPRequest
from tornado.websocket import WebSocketClientConnection, websocket_connect

from coursewright.records import courses, events
from coursewright.services.live import SIGNED_OUT

PATIENCE = 30
HANDSHAKE = (
    "GET /services/coursewright/api/v1/live HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\n"
    "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
    "Sec-WebSocket-Key: x3JJHMbDL1EzLkh9GBhXDw==\r\nAuthorization: token {token}\r\n\r\n"
)
numbers = count(1)


class Line:
    """A WebSocket to the service; `next` gives the next message that is no control message."""

    def __init__(self, socket: WebSocketClientConnection) -> None:
        self.socket = socket
        self.over = False

    async def any(self) -> dict[str, Any]:
        text = await asyncio.wait_for(self.socket.read_message(), PATIENCE)
        assert text is not None, f"closed: {self.socket.close_code} {self.socket.close_reason}"
        found: dict[str, Any] = json.loads(text)
        return found

    async def next(self, *names: str) -> dict[str, Any]:
        """The next message with one of `names` in it; an event when none is given."""
        while True:
            found = await self.any()
            if any(name in found for name in names or ("id",)):
                return found

    async def closed(self) -> int | None:
        while not self.over:
            message = await asyncio.wait_for(self.socket.read_message(), PATIENCE)
            self.over = message is None
        return self.socket.close_code

    async def watch(self, course: str, **more: Any) -> dict[str, Any]:
        await self.socket.write_message(json.dumps({"watch": course, **more}))
        return await self.next("watching", "refused")


@asynccontextmanager
async def line(client: Client, who: str, query: str = "", **headers: str) -> AsyncIterator[Line]:
    url = f"{client.url.replace('http', 'ws', 1)}api/v1/live{query}"
    headers = {"Authorization": f"token {client.token(who)}", **headers}
    connection = await websocket_connect(HTTPRequest(url, headers=headers))
    found = Line(connection)
    try:
        yield found
    finally:
        connection.close()
        await found.closed()


@asynccontextmanager
async def ready(client: Client, who: str, query: str = "") -> AsyncIterator[Line]:
    async with line(client, who, query) as found:
        assert (await found.next("connected"))["connected"]
        yield found


def tell(
    make: sessionmaker[Session], who: str, name: str, about: str = "sums/adding", **detail: Any
) -> int:
    """Write an event; gives what it can be known by."""
    mark = next(numbers)
    with make.begin() as session:
        someone = courses.person(session, who)
        events.record(session, name, someone, about, detail={"submission": mark, **detail})
    return mark


def newest(make: sessionmaker[Session]) -> int:
    with make.begin() as session:
        return int(session.scalar(text("SELECT max(id) FROM events")) or 0)


def test_a_score_is_heard_by_its_student_and_by_nobody_else(
    client: Client, make: sessionmaker[Session]
) -> None:
    async def scene() -> None:
        async with ready(client, "grace") as grace, ready(client, "kay") as kay:
            receipt = client.submit(key="heard-at-once").json()
            graded(make, receipt["id"])
            submitted, score = await grace.next(), await grace.next()
            assert (submitted["name"], score["name"]) == ("learning.submitted", "learning.graded")
            assert score["detail"] == {"submission": receipt["id"]}
            assert (score["course"], score["lesson"], score["person"]) == ("sums", "adding", None)
            mark = tell(make, "kay", "learning.graded")
            assert (await kay.next())["detail"]["submission"] == mark

    asyncio.run(scene())


def test_points_and_errors_do_not_travel_to_the_student(
    client: Client, make: sessionmaker[Session]
) -> None:
    async def scene() -> None:
        async with ready(client, "grace") as grace:
            mark = tell(make, "grace", "learning.graded", points=1, max_points=2, error="secret")
            assert (await grace.next())["detail"] == {"submission": mark}

    asyncio.run(scene())


@pytest.mark.parametrize("name", ["audit.viewed", "learning.here", "code.checked", "course.other"])
def test_what_is_no_news_to_oneself_is_not_told(
    client: Client, make: sessionmaker[Session], name: str
) -> None:
    async def scene() -> None:
        async with ready(client, "grace") as grace:
            tell(make, "grace", name)
            mark = tell(make, "grace", "exercise.released")
            assert (await grace.next())["detail"]["submission"] == mark

    asyncio.run(scene())


@pytest.mark.parametrize(
    ("who", "course", "allowed"),
    [
        ("ada", "sums", True),
        ("olga", "sums", True),
        ("root", "sums", True),
        ("grace", "sums", False),
        ("pod", "sums", False),
        ("alan", "sums", False),
        ("ada", "none", False),
    ],
)
def test_a_course_is_watched_by_those_who_teach_it(
    client: Client, make: sessionmaker[Session], who: str, course: str, allowed: bool
) -> None:
    async def scene() -> None:
        async with ready(client, who) as teacher:
            answer = await teacher.watch(course)
            assert answer.get("watching" if allowed else "refused") == course
            tell(make, "grace", "audit.viewed")
            mark = tell(make, "grace", "learning.graded", points=2, max_points=6)
            name = {"alan": "alan", "pod": "ada"}.get(who, who)
            own = tell(make, name, "learning.graded")
            found = await teacher.next()
            if allowed:
                assert found["person"] == "grace"
                assert found["detail"] == {"submission": mark, "points": 2, "max_points": 6}
            elif who == "grace":
                assert found["person"] is None
            else:
                assert found["detail"]["submission"] == own

    asyncio.run(scene())


def test_one_who_ceases_to_watch_hears_no_more(client: Client, make: sessionmaker[Session]) -> None:
    async def scene() -> None:
        async with ready(client, "ada") as ada:
            await ada.watch("sums")
            await ada.socket.write_message('{"unwatch": "sums"}')
            await ada.watch("none")  # answered after it
            tell(make, "grace", "learning.here")
            mark = tell(make, "ada", "learning.graded")
            assert (await ada.next())["detail"]["submission"] == mark

    asyncio.run(scene())


def test_what_was_missed_is_told_first(client: Client, make: sessionmaker[Session]) -> None:
    async def scene() -> None:
        after = newest(make)
        first, second = (tell(make, "grace", "learning.graded") for _ in range(2))
        tell(make, "grace", "learning.here", exercise="add")
        async with line(client, "grace", f"?after={after}") as grace:
            said = [await grace.any() for _ in range(2)]
            assert [one["detail"]["submission"] for one in said] == [first, second]
        async with ready(client, "ada") as ada:
            assert "watching" in await ada.watch("sums")
            tell(make, "grace", "learning.opened")
            while (await ada.next())["name"] != "learning.opened":
                pass  # the news of before may still have been on their way
            await ada.socket.write_message(json.dumps({"watch": "sums", "after": after}))
            names = [(await ada.next())["name"] for _ in range(4)]
            assert names[:3] == ["learning.graded", "learning.graded", "learning.here"]

    asyncio.run(scene())


def test_too_much_that_was_missed_is_not_told_one_by_one(
    client: Client, engine: Engine, make: sessionmaker[Session]
) -> None:
    after = newest(make)
    flood(engine, 600)

    async def scene() -> None:
        async with line(client, "hopper", f"?after={after}") as hopper:
            assert await hopper.any() == {"reset": True}

    asyncio.run(scene())


def flood(engine: Engine, size: int, word: str = "") -> None:
    """Many events about hopper."""
    with sessionmaker(engine).begin() as session:
        someone = courses.person(session, "hopper")
        session.flush()
        session.execute(
            text(
                "INSERT INTO events (name, person_id, object, detail) SELECT 'learning.graded', "
                ":who, 'sums/adding', jsonb_build_object('submission', CAST(:word AS text)) "
                "FROM generate_series(1, :size)"
            ),
            {"who": someone.id, "word": word, "size": size},
        )


def test_a_lost_connection_to_the_database_is_made_again_and_nothing_is_missed(
    client: Client, engine: Engine, make: sessionmaker[Session]
) -> None:
    async def scene() -> None:
        async with ready(client, "grace") as grace:
            with engine.begin() as connection:
                cut = connection.execute(
                    text(
                        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE "
                        "application_name = 'coursewright live' AND datname = current_database()"
                    )
                )
                assert cut.all()
            mark = tell(make, "grace", "learning.graded")
            assert await grace.any() == {"connected": False}
            heard = [await grace.any(), await grace.any()]
            assert [one["detail"]["submission"] for one in heard if "id" in one] == [mark]
            assert [one["connected"] for one in heard if "connected" in one] == [True]

    asyncio.run(scene())


def test_a_slow_reader_is_cut_off_and_holds_up_nobody(
    client: Client, running: Running, engine: Engine
) -> None:
    size, word = 3000, "x" * 5000

    async def scene(slow: socket.socket) -> None:
        async with ready(client, "hopper") as hopper:
            with ThreadPoolExecutor(1) as aside:
                flooding = aside.submit(flood, engine, size, word)
                for _ in range(size):
                    assert (await hopper.next())["detail"]["submission"] == word
                flooding.result()
        received = 0
        while more := slow.recv(2**20):
            received += len(more)
        assert received < size * len(word)

    with socket.socket() as slow:
        slow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        slow.settimeout(PATIENCE)
        slow.connect(("127.0.0.1", running.port))
        slow.sendall(HANDSHAKE.format(token=client.token("hopper")).encode())
        while b'"last"' not in (came := slow.recv(4096)):
            assert came
        asyncio.run(scene(slow))


@pytest.mark.parametrize(
    ("who", "headers", "status"),
    [("stranger", {}, 401), ("grace", {"Origin": "https://evil.example"}, 403)],
)
def test_who_is_not_let_in(client: Client, who: str, headers: dict[str, str], status: int) -> None:
    async def scene() -> None:
        if who == "stranger":
            client.tokens["stranger"] = "that-nobody-has"
        with pytest.raises(HTTPClientError) as refusal:
            async with line(client, who, **headers):
                pass
        assert refusal.value.code == status

    asyncio.run(scene())


def test_a_cookie_does_not_open_it(client: Client) -> None:
    async def scene() -> None:
        with pytest.raises(HTTPClientError) as refusal:
            async with line(client, "grace", Authorization="", Cookie="service-coursewright=1"):
                pass
        assert refusal.value.code == 401

    asyncio.run(scene())


@pytest.mark.parametrize("sent", ["[]", "no json", "[" * 4000])
def test_nonsense_ends_the_conversation(client: Client, sent: str) -> None:
    async def scene() -> None:
        async with ready(client, "grace") as grace:
            await grace.socket.write_message(sent)
            assert await grace.closed() == 1003

    asyncio.run(scene())


def test_a_message_that_is_too_large_ends_it_too(client: Client) -> None:
    async def scene() -> None:
        async with ready(client, "grace") as grace:
            await grace.socket.write_message("x" * 10_000)
            assert await grace.closed() in {1009, None}

    asyncio.run(scene())


@pytest.fixture
def forgetful(hub: Hub, engine: Engine) -> Iterator[Client]:
    """A service that asks the Hub again after a second."""
    running = Running(hub, engine, hub_cache=1)
    client = Client(running.url, hub)
    yield client
    client.http.close()
    running.stop()


def test_a_token_that_was_revoked_is_cut_off(forgetful: Client, hub: Hub) -> None:
    async def scene() -> None:
        forgetful.tokens["grace"] = hub.token("grace", PERSON)
        async with ready(forgetful, "grace") as grace:
            del hub.models[forgetful.tokens["grace"]]
            assert await grace.closed() == SIGNED_OUT

    asyncio.run(scene())


def test_one_who_ceases_to_teach_ceases_to_hear(
    forgetful: Client, make: sessionmaker[Session]
) -> None:
    async def scene() -> None:
        with make.begin() as session:
            courses.enrol(session, "leaver", "sums", "assistant")
        async with ready(forgetful, "leaver") as leaver:
            assert "watching" in await leaver.watch("sums")
            forgetful.ask("DELETE", "root", "api/v1/courses/sums/members/leaver")
            assert (await leaver.next("refused"))["refused"] == "sums"

    asyncio.run(scene())


def test_the_service_stops_with_people_connected(hub: Hub, engine: Engine) -> None:
    running = Running(hub, engine)
    client = Client(running.url, hub)

    async def scene() -> None:
        async with ready(client, "grace") as grace:
            stopping = asyncio.get_running_loop().run_in_executor(None, running.stop)
            assert await grace.closed() == 1001
            await stopping

    asyncio.run(scene())
    client.http.close()
