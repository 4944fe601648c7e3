"""Pages hear too: by cookie and their own `_xsrf`, and a class as rows that changed."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from itertools import count

import pytest
from fake_hub import Hub
from listening import Line, Signed, sign_in
from school import Client, Running
from sqlalchemy import Engine
from sqlalchemy.orm import Session, sessionmaker
from tornado.httpclient import HTTPClientError

from coursewright.records import activity, courses, events, jobs, live, members
from coursewright.records.activity import Told

numbers = count(1)
PEOPLE = "courses/sums/people"


@pytest.fixture
def ada(hub: Hub, running: Running) -> Signed:
    return sign_in(hub, running.url, "ada", PEOPLE)


def at_work(
    make: sessionmaker[Session], who: str, course: str = "sums", passed: int | None = None
) -> None:
    """What a pod tells: somebody has checked an exercise, or is only there."""
    told = Told("learning.opened", "adding", "add")
    if passed is not None:
        told = Told("code.checked", "adding", "add", {"passed": passed, "of": 3})
    with make.begin() as session:
        activity.keep(session, who, course, told)


def newest(make: sessionmaker[Session]) -> int:
    with make.begin() as session:
        return live.newest(session)


def test_a_page_hears_what_concerns_its_person(ada: Signed, make: sessionmaker[Session]) -> None:
    async def scene() -> None:
        async with ada.line() as page:
            await page.next("connected")
            with make.begin() as session:
                someone = courses.person(session, "ada")
                events.record(session, "learning.graded", someone, "sums/adding")
            assert (await page.next("id"))["name"] == "learning.graded"

    asyncio.run(scene())


WRONG = {
    "another origin": {"Origin": "https://evil.example"},
    "another port": {"Origin": "http://127.0.0.1:1"},
    "no origin": {"Origin": ""},
}


@pytest.mark.parametrize("case", WRONG)
def test_a_page_from_elsewhere_is_not_let_in(ada: Signed, case: str) -> None:
    async def scene() -> None:
        with pytest.raises(HTTPClientError) as refusal:
            async with ada.line(**WRONG[case]):
                pass
        assert refusal.value.code in {401, 403}

    asyncio.run(scene())


@pytest.mark.parametrize("xsrf", ["", "guessed", "somebody else's"])
def test_a_cookie_without_the_pages_own_token_opens_nothing(
    ada: Signed, hub: Hub, running: Running, xsrf: str
) -> None:
    if xsrf == "somebody else's":
        xsrf = sign_in(hub, running.url, "grace").xsrf

    async def scene() -> None:
        with pytest.raises(HTTPClientError) as refusal:
            async with Signed(ada.url, ada.cookies, xsrf).line():
                pass
        assert refusal.value.code == 401

    asyncio.run(scene())


@pytest.mark.parametrize(
    ("who", "topic", "allowed"),
    [
        ("ada", "sums", True),
        ("olga", "class:sums", True),
        ("ada", "class:other", False),
        ("grace", "class:sums", False),
        ("kay", "class:sums", False),
        ("ada", "admin:jobs", False),
        ("ada", "admin:nothing", False),
        ("ada", "other:sums", False),
        ("ada", "class:no-such-course", False),
    ],
)
def test_who_may_watch_what(
    hub: Hub, running: Running, who: str, topic: str, allowed: bool
) -> None:
    signed = sign_in(hub, running.url, who)

    async def scene() -> None:
        async with signed.line() as page:
            assert ("watching" in await page.watch(topic)) == allowed

    asyncio.run(scene())


@pytest.mark.parametrize("topic", ["admin:jobs", "class:sums", "class:no-such-course", "a:b"])
def test_administrators_watch_everything_that_there_is(client: Client, topic: str) -> None:
    token = {"Authorization": f"token {client.token('root')}", "Cookie": "", "Origin": ""}

    async def scene() -> None:
        async with Signed(client.url, "", "").line(**token) as page:
            answer = await page.watch(topic)
            assert ("watching" in answer) == (topic in {"admin:jobs", "class:sums"})

    asyncio.run(scene())


def test_administrators_hear_that_their_pages_have_something_new(
    client: Client, make: sessionmaker[Session]
) -> None:
    token = {"Authorization": f"token {client.token('root')}", "Cookie": "", "Origin": ""}

    async def scene() -> None:
        async with Signed(client.url, "", "").line(**token) as page:
            for topic in ("admin:servers", "admin:jobs"):
                await page.send(watch=topic)
                while (await page.next("changed"))["changed"] != topic:
                    pass
            with make.begin() as session:
                jobs.enqueue(session, "generate", generation_id=0)
            while (await page.next("changed"))["changed"] != "admin:jobs":
                pass

    asyncio.run(scene())


def test_a_class_is_told_as_the_rows_that_changed(ada: Signed, make: sessionmaker[Session]) -> None:
    async def scene() -> None:
        async with ada.line() as page:
            await page.send(watch="class:sums", after=newest(make))
            assert (await page.next("rows"))["rows"] == []
            await page.next("watching")
            at_work(make, "grace", passed=1)
            heard = await page.next("rows")
            (row,) = heard["rows"]
            assert (row["person"], row["here"], row["checks"]) == ("grace", True, 1)
            assert (row["exercise"], row["result"]) == ("Add two numbers", "1 of 3 tests passed")
            assert row["stuck_since"] is not None
            assert heard["class"] == "sums"
            assert heard["whole"] is False

    asyncio.run(scene())


def test_after_a_gap_the_rows_that_changed_meanwhile_are_told(
    ada: Signed, make: sessionmaker[Session]
) -> None:
    before = newest(make)
    at_work(make, "grace", passed=2)

    async def scene() -> None:
        async with ada.line() as page:
            await page.send(watch="class:sums", after=before)
            missed = await page.next("rows")
            assert [row["person"] for row in missed["rows"]] == ["grace"]
            assert missed["id"] >= before
            assert not missed["whole"]
            await page.send(watch="class:sums")
            # The same row may be told as a change, too, when it happened just now.
            while not (whole := await page.next("rows"))["whole"]:
                pass
            assert "grace" in [row["person"] for row in whole["rows"]]

    asyncio.run(scene())


def test_who_leaves_a_class_leaves_its_page(ada: Signed, make: sessionmaker[Session]) -> None:
    with make.begin() as session:
        courses.enrol(session, "leaving", "sums")

    async def scene() -> None:
        async with ada.line() as page:
            await page.watch("class:sums")
            with make.begin() as session:
                members.set_role(session, "ada", "leaving", "sums", None)
            while "leaving" not in (heard := await page.next("rows"))["gone"]:
                assert heard

    asyncio.run(scene())


def test_a_right_that_is_taken_ends_the_watching_at_once(
    hub: Hub, running: Running, make: sessionmaker[Session]
) -> None:
    name = f"assistant-{next(numbers)}"
    with make.begin() as session:
        courses.enrol(session, name, "sums", "assistant")
    signed = sign_in(hub, running.url, name)

    async def scene() -> None:
        async with signed.line() as page:
            assert "watching" in await page.watch("class:sums")
            with make.begin() as session:
                members.set_role(session, "ada", name, "sums", "student")
            assert (await page.next("refused"))["refused"] == "class:sums"

    asyncio.run(scene())


def test_who_watches_a_class_is_written_down(
    hub: Hub, running: Running, make: sessionmaker[Session]
) -> None:
    name = f"assistant-{next(numbers)}"
    with make.begin() as session:
        courses.enrol(session, name, "sums", "assistant")
    signed = sign_in(hub, running.url, name)

    async def scene() -> None:
        async with signed.line() as page:
            await page.watch("class:sums")

    asyncio.run(scene())
    with make.begin() as session:
        someone = courses.person(session, name)
        seen = session.query(events.Event).filter_by(person_id=someone.id, name="audit.viewed")
        assert [one.detail["what"] for one in seen] == ["class"]


@pytest.fixture(scope="module")
def crowded(hub: Hub, engine: Engine) -> Iterator[Client]:
    running = Running(hub, engine)
    client = Client(running.url, hub)
    yield client
    client.http.close()
    running.stop()


def test_an_event_reaches_all_who_watch_and_nobody_else(
    crowded: Client, make: sessionmaker[Session]
) -> None:
    """benchmarks/live.py has 500 of them."""
    watching, others = 40, 40

    async def scene() -> None:
        ada = {"Authorization": f"token {crowded.token('ada')}", "Cookie": "", "Origin": ""}
        kay = {**ada, "Authorization": f"token {crowded.token('kay')}"}
        signed = Signed(crowded.url, "", "")
        async with asyncio.timeout(60):
            doors = [signed.line(**(ada if place < watching else kay)) for place in range(80)]
            lines: list[Line] = await asyncio.gather(*(door.__aenter__() for door in doors))
            await asyncio.gather(*(line.next("connected") for line in lines))
            answers = await asyncio.gather(*(line.watch("sums") for line in lines))
            assert ["watching" in one for one in answers] == [True] * watching + [False] * others
            mark = next(numbers)
            with make.begin() as session:
                someone = courses.person(session, "grace")
                detail = {"submission": mark}
                events.record(session, "learning.graded", someone, "sums/adding", detail=detail)
                kays = courses.person(session, "kay")
                events.record(session, "learning.graded", kays, "elsewhere", detail=detail)
            heard = await asyncio.gather(*(line.next("id") for line in lines))
            told = [json.dumps([one["course"], one["person"]]) for one in heard]
            assert told == ['["sums", "grace"]'] * watching + ['["elsewhere", null]'] * others
            for door in doors:
                await door.__aexit__(None, None, None)

    asyncio.run(scene())
