"""The pages in a real browser: usable by everybody, light and dark, on a phone too."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
import samples
from axe_playwright_python.sync_playwright import Axe
from fake_hub import Hub
from playwright.sync_api import Browser, Page
from school import Client, Running, graded, result
from sqlalchemy.orm import Session, sessionmaker

from coursewright.grader.feedback import render

pytestmark = pytest.mark.browser

LOOKS: dict[str, dict[str, Any]] = {
    "light": {"color_scheme": "light", "viewport": {"width": 1280, "height": 900}},
    "dark": {"color_scheme": "dark", "viewport": {"width": 1280, "height": 900}},
    "phone": {"color_scheme": "light", "viewport": {"width": 390, "height": 844}},
}
PNG = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJg"
    "gg=="
)
PAGES = (
    "",
    "courses/sums/gradebook",
    "courses/sums/people",
    "courses/sums/deadlines",
    "courses/sums/lessons/adding/deadline",
    "courses/sums/regrades",
    "courses/sums/regrades/{regrade}",
    "courses/sums/submissions/{marked}/marks",
    "nowhere",
)


@pytest.fixture(params=LOOKS)
def page(browser: Browser, hub: Hub, request: pytest.FixtureRequest, marked: int) -> Iterator[Page]:
    hub.signed_in = "ada"
    context = browser.new_context(**LOOKS[request.param])
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("path", PAGES)
def test_a_page_can_be_used_by_everybody(
    page: Page, running: Running, client: Client, marked: int, path: str
) -> None:
    regrade = client.ask("POST", "ada", "api/v1/courses/sums/regrades").json()["id"]
    path = path.format(regrade=regrade, marked=marked)
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.goto(f"{running.url}{path}")
    findings = Axe().run(page).response["violations"]
    assert [f"{found['impact']}: {found['id']}" for found in findings] == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert [line for line in said if "404" not in line] == []


def test_the_feedback_can_be_read_by_everybody_and_taken_home(
    page: Page, running: Running, hub: Hub, client: Client, make: sessionmaker[Session]
) -> None:
    number = client.submit("grace", key=f"to-take-home-{id(page)}").json()["id"]
    shown = {"output_type": "display_data", "data": {"image/png": PNG}, "metadata": {}}
    found = replace(result(), outputs={"add": [shown]})
    graded(make, number, render(samples.lesson(), samples.notebook(), found))
    # Where it is served nothing can run, not even what looks at it.
    page.set_content(client.get("grace", f"submissions/{number}/feedback").text)
    findings = Axe().run(page).response["violations"]
    assert [f"{found['impact']}: {found['id']}" for found in findings] == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.get_by_role("img").evaluate("picture => picture.naturalWidth") == 1
    page.goto(f"{running.url}submissions/{number}/feedback")
    page.get_by_role("link", name="Add two numbers").click()
    assert page.url.endswith("#mark-1")
    with page.expect_download() as taken:
        page.get_by_role("link", name="Download as a notebook").click()
    book = json.loads(taken.value.path().read_text())
    assert "Feedback: Adding" in book["cells"][0]["source"]


def test_a_course_is_joined_by_keyboard(
    browser: Browser, running: Running, hub: Hub, client: Client
) -> None:
    hub.signed_in = "typist"
    page = browser.new_page()
    page.goto(running.url)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the content"
    page.get_by_role("button", name="Join Sums").focus()
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Sums").wait_for()
    page.close()
    courses = client.get("typist", "api/v1/courses").json()["courses"]
    assert [course["role"] for course in courses if course["key"] == "sums"] == ["student"]
