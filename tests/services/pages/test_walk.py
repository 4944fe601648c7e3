"""A walk through every page of the table of routes, as everybody who may open it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import whole_school
from axe_playwright_python.sync_playwright import Axe
from fake_hub_people import PeopleHub
from playwright.sync_api import Browser, Page
from school import Client, Running
from sqlalchemy.orm import Session, sessionmaker
from walking import ADDRESSES, FILE, FOR, PAGES, PHONE, WHO, Seated, address, who_may

from coursewright.services.routes import Route

pytestmark = pytest.mark.browser

PICTURES = Path(__file__).parents[3] / "test-output" / "walk"
TEXTS = (
    "Adding numbers",
    "Taking away, slowly and with care",
    "Lists: what they hold",
    "Functions and what they return when nobody asks",
    "Файлы и папки",
    "Ångström's classes",
    "What happens to a-very-long-name_that_has_no_place_to_break_anywhere_at_all",
    "Loops & repetition",
)
# What makes a page wider than its window.
TOO_WIDE = """document.documentElement.scrollWidth <= innerWidth ? [] : ["wider", ...document
  .querySelectorAll("body *")].filter(one => one === "wider" ||
    Math.max(one.getBoundingClientRect().right, one.offsetLeft + one.scrollWidth) > innerWidth)
  .map(one => (one.outerHTML ?? one).slice(0, 120))
"""
# What stands in a frame where nothing runs, not even what looks at it.
STILL = re.compile("feedback$")


CASES = [(who, route) for route in PAGES for who in who_may(route)]
REFUSED = [(who, route) for route in PAGES for who in WHO if who not in who_may(route)]
Seat = Callable[[str], Seated]


@pytest.fixture(scope="module")
def hub() -> Iterator[PeopleHub]:
    hub = PeopleHub()
    whole_school.fill_hub(hub, TEXTS)
    hub.start()
    yield hub
    hub.stop()


@pytest.fixture(scope="module")
def found(client: Client, make: sessionmaker[Session]) -> dict[str, str]:
    with make.begin() as session:
        return whole_school.fill(session, TEXTS)


@pytest.fixture(scope="module")
def seat(
    browser: Browser, hub: PeopleHub, running: Running, found: dict[str, str]
) -> Iterator[Seat]:
    seated: dict[str, Seated] = {}

    def sit(who: str) -> Seated:
        if who not in seated:
            seated[who] = Seated(browser, running, who, hub)
        return seated[who]

    yield sit
    for one in seated.values():
        one.context.close()


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case[0]} {case[1].path}")
def test_a_page_can_be_used_by_everybody_who_may_open_it(
    seat: Seat, found: dict[str, str], case: tuple[str, Route]
) -> None:
    who, route = case
    here, path = seat(who), address(route, found)
    first = here.context.request.get(f"{here.running.url}{path}")
    assert first.status == 200
    if not first.headers["content-type"].startswith("text/html"):
        assert re.fullmatch(FILE, first.headers["content-disposition"])
        assert first.headers["x-content-type-options"] == "nosniff"
        return
    answer = here.open(path)
    assert (answer.status, here.page.url.partition("#")[0]) == (200, f"{here.running.url}{path}")
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    # Before anything else is put into the page, such as what looks at it.
    assert here.said == []
    page = here.page
    if STILL.search(path):
        page = here.context.new_page()
        page.set_content(first.text())
    look_closely(page, f"{who}-{route.path}")
    if page is here.page and "main" in keyboard_marks(page):
        use_the_keyboard(page)
    if page is not here.page:
        page.close()
    assert here.failed == []
    hosts = {urlsplit(url).hostname for url in here.asked if not url.startswith("data:")}
    assert hosts == {"127.0.0.1"}


def look_closely(page: Page, name: str) -> None:
    assert page.title()
    assert page.locator("html[lang]").count() == 1
    assert page.get_by_role("heading", level=1).count() == 1
    assert page.get_by_role("main").count() == 1
    assert faults(page) == []
    picture(page, f"{name}-light")
    page.emulate_media(color_scheme="dark")
    if page.locator("[data-bs-theme]").count():
        page.reload()  # the Hub's frame asks for it once
    assert faults(page, {"runOnly": ["color-contrast"]}) == []
    picture(page, f"{name}-dark")
    page.emulate_media(color_scheme="light")
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    picture(page, f"{name}-phone")
    assert page.evaluate(TOO_WIDE) == []


def faults(page: Page, options: dict[str, Any] | None = None) -> list[Any]:
    findings = Axe().run(page, options=options).response["violations"]
    return [
        (found["impact"], found["id"], [node["html"] for node in found["nodes"]][:3])
        for found in findings
    ]


def picture(page: Page, name: str) -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=PICTURES / f"{name.replace('/', '_')}.png")


def keyboard_marks(page: Page) -> list[str]:
    return page.locator(".skip").evaluate_all("all => all.map(one => one.hash.slice(1))")


def use_the_keyboard(page: Page) -> None:
    """The first key leads past the navigation, the next one to what the page is about."""
    page.evaluate("document.activeElement.blur(); scrollTo(0, 0)")
    page.keyboard.press("Tab")
    assert page.locator(".skip:focus").count() == 1
    assert seen(page)
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    if page.locator("#main").locator("a, button, input, select, textarea, summary").count():
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.closest('main') !== null")
        assert seen(page)


def seen(page: Page) -> bool:
    """Whether one sees where the focus is."""
    return bool(
        page.evaluate(
            "(() => { const one = document.activeElement, style = getComputedStyle(one),"
            " box = one.getBoundingClientRect();"
            " return style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 1"
            " && box.right > 0 && box.width > 0 && box.top < innerHeight })()"
        )
    )


@pytest.mark.parametrize("case", REFUSED, ids=lambda case: f"{case[0]} {case[1].path}")
def test_a_page_is_closed_to_everybody_else(
    seat: Seat, found: dict[str, str], case: tuple[str, Route]
) -> None:
    who, route = case
    here = seat(who)
    answer = here.context.request.get(f"{here.running.url}{address(route, found)}")
    assert answer.status in (403, 404)


def test_no_page_is_left_out(found: dict[str, str]) -> None:
    """A page with a part that the school does not have fails here, and one that nobody opens."""
    assert {route.path for _, route in CASES} == {route.path for route in PAGES}
    assert not {part for route in PAGES for part in PARTS.findall(address(route, found))}
    assert set(FOR) | set(ADDRESSES) <= {route.path for route in PAGES}


PARTS = re.compile(r"\{\w+\}")
