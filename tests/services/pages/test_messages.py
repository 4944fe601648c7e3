"""Messages from page to page: chosen, written, told at once, read; harmless whatever they say."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from classmates import fill_class
from fake_hub import Hub
from listening import sign_in
from playwright.sync_api import Page, expect
from school import Client, Running
from sqlalchemy import text as sql
from sqlalchemy import update
from sqlalchemy.orm import Session, sessionmaker

from coursewright.records.tables import Message

pytestmark = pytest.mark.browser

PATH = "courses/school/messages"
API = f"api/v1/{PATH}"
EVIL = (
    "<script>alert(1)</script> <img src=x onerror=alert(1)> "
    "[a link](javascript:alert(1)) ![a picture](https://evil.example/spy.png)\n\n"
    "# A heading\n\n<style>body{display:none}</style> {{ 7*7 }}"
)
Visit = Callable[..., Page]
Look = Callable[[Page, str], None]


@pytest.fixture(scope="module")
def names(make: sessionmaker[Session]) -> list[str]:
    with make.begin() as session:
        return fill_class(session)


@pytest.fixture(autouse=True)
def _an_hour_ago(make: sessionmaker[Session]) -> None:
    """What other tests have sent does not count."""
    with make.begin() as session:
        session.execute(update(Message).values(created_at=sql("now() - interval '2 hours'")))


def test_a_message_goes_from_the_class_to_its_students(
    names: list[str], visit: Visit, look: Look, manner: str
) -> None:
    page = visit("ada", "courses/school/class", manner)
    for name in names[:3]:
        page.locator(f'tr[data-person="{name}"]').get_by_role("checkbox").check()
    page.get_by_role("button", name="Write to those chosen").click()
    page.get_by_role("heading", name="Write to 3 students whom you have chosen").wait_for()
    words = f"Look at **lesson 2** again ({manner}).\n\n- `range(3)` has *three* numbers"
    page.get_by_label("Message", exact=True).fill(words)
    look(page, f"message-new-{manner}")
    page.get_by_role("button", name="Send").click()
    page.get_by_text("read by 0 of 3").first.wait_for()
    look(page, f"messages-{manner}")
    student = visit(names[0], "", manner)
    message = student.get_by_role("article").first
    assert message.locator("strong").nth(1).inner_text() == "lesson 2"
    look(student, f"message-read-{manner}")
    message.get_by_role("button", name="I have read this").click()
    expect(student.get_by_role("heading", name="New messages")).to_have_count(0)
    student = visit(names[0], "messages", manner)
    look(student, f"inbox-{manner}")
    page.reload()
    page.get_by_text("read by 1 of 3").first.wait_for()


def test_what_is_refused_is_not_lost(names: list[str], visit: Visit) -> None:
    page = visit("ada", f"{PATH}?to={names[0]}")
    page.get_by_label("Message", exact=True).fill("Kept")
    page.locator("textarea").evaluate("place => { place.maxLength = 99999; }")
    page.get_by_label("Message", exact=True).fill("Kept " * 1000)
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("alert")).to_contain_text("at most 4000 characters")
    assert page.get_by_label("Message", exact=True).input_value().startswith("Kept Kept")


def test_what_it_says_is_never_code(names: list[str], client: Client, visit: Visit) -> None:
    sent = {"to": names[4:5], "text": EVIL}
    assert client.ask("POST", "ada", API, json=sent).status_code == 201
    asked: list[str] = []
    page = visit(names[4], "")
    page.on("dialog", lambda dialog: asked.append(dialog.message))
    page.on("request", lambda request: asked.append(request.url) if "evil" in request.url else None)
    page.reload()
    message = page.get_by_role("article").first
    assert message.locator("script, style, img, a[href^='javascript']").count() == 0
    assert message.get_by_role("heading").count() == 1
    assert "{{ 7*7 }}" in message.inner_text()
    assert asked == []


def test_it_is_told_at_once(names: list[str], hub: Hub, running: Running, client: Client) -> None:
    signed = sign_in(hub, running.url, names[5])

    async def scene() -> None:
        async with signed.line() as line:
            await line.next("connected")
            sent = {"to": names[5:7], "text": "Now"}
            number = client.ask("POST", "olga", API, json=sent).json()["id"]
            heard = await line.next("id")
            assert (heard["name"], heard["detail"]) == ("course.message", {"message": number})

    # Beside a browser, which has a loop of its own in this thread.
    with ThreadPoolExecutor(1) as aside:
        aside.submit(asyncio.run, scene()).result()


def test_the_messages_over_the_api(names: list[str], client: Client) -> None:
    sent = {"to": names[8:10], "text": "Over the API"}
    number = client.ask("POST", "ada", API, json=sent).json()["id"]
    (mine,) = client.get(names[8], "api/v1/messages?unread=true").json()["messages"]
    assert (mine["id"], mine["course"], mine["read_at"]) == (number, "school", None)
    address = f"api/v1/messages/{number}/read"
    assert client.ask("PUT", names[8], address).status_code == 200
    assert client.ask("PUT", names[11], address).status_code == 404
    assert client.get(names[8], "api/v1/messages?unread=true").json() == {"messages": []}
    assert client.get("ada", API).json()["messages"][0]["read"] == 1


WRONG = {
    "somebody of another course": {"to": ["alan"], "text": "Hello"},
    "nobody": {"to": [], "text": "Hello"},
    "nothing": {"to": ["school-001"], "text": ""},
    "too much": {"to": ["school-001"], "text": "x" * 4001},
}


@pytest.mark.parametrize("case", WRONG)
def test_what_is_not_sent(names: list[str], client: Client, case: str) -> None:
    assert client.ask("POST", "ada", API, json=WRONG[case]).status_code == 400


def test_too_many_must_wait(names: list[str], client: Client) -> None:
    sent = {"to": names[:1], "text": "Again"}
    answers = [client.ask("POST", "olga", API, json=sent) for _ in range(21)]
    assert [answer.status_code for answer in answers] == [201] * 20 + [429]
    assert 0 < int(answers[-1].headers["Retry-After"]) <= 3600


@pytest.mark.parametrize(
    ("query", "status"),
    [("whom=stuck", 200), ("lesson=files", 200), ("lesson=none", 404), ("whom=x", 400),
     ("before=x", 400), ("to=alan", 200)],
)  # fmt: skip
def test_a_choice_in_the_address(names: list[str], client: Client, query: str, status: int) -> None:
    answer = client.get("ada", f"{PATH}?{query}")
    assert answer.status_code == status
    if query == "to=alan":
        assert "There is nobody to write to" in answer.text
