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
from hub_static import serve
from playwright.sync_api import Browser, Page, Response
from school import Client, Running
from sqlalchemy.orm import Session, sessionmaker

from coursewright.services.answers import PageHandler
from coursewright.services.guards import guard_of
from coursewright.services.routes import Route
from coursewright.services.scopes import ADMIN
from coursewright.services.web import ROUTES

pytestmark = pytest.mark.browser

PICTURES = Path(__file__).parents[3] / "test-output" / "walk"
WHO = {"student": "grace", "assistant": "olga", "instructor": "ada", "admin": "root"}
OF_COURSE = tuple(WHO)[:3]
PHONE, DESK = {"width": 390, "height": 844}, {"width": 1280, "height": 900}
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
# Whom a page is for where its guard alone does not say it.
FOR: dict[str, tuple[str, ...]] = {
    "certificates/{code}": ("anonymous", *WHO),
    "courses/new": ("instructor", "admin"),
    "courses/{course}/lessons/{lesson}/feedback": ("student",),
    "courses/{course}/submissions/{submission}/ask": ("student",),
    "courses/{course}/certificate": ("student",),
    "courses/{course}/progress": OF_COURSE,
    "courses/{course}/progress.csv": OF_COURSE,
    "courses/{course}/quizzes/{quiz}": OF_COURSE,
}
# Where no person ever is: the Hub sends the browser there, and on from there.
ON_THE_WAY = ("oauth_callback",)
PAGES = [
    route
    for route in ROUTES
    if issubclass(route.handler, PageHandler)
    and "get" in route.verbs
    and route.path not in ON_THE_WAY
]
# A request can be asked once, so another attempt; a table is one of many.
ADDRESSES = {
    "courses/{course}/submissions/{submission}/ask": (
        "courses/{course}/submissions/{unasked}/ask?cell=add-1"
    ),
    "admin/sheets/{table}": "admin/sheets/queues",
}
# What stands in a frame where nothing runs, not even what looks at it.
STILL = re.compile("feedback$")


def who_may(route: Route) -> tuple[str, ...]:
    if route.path in FOR:
        return FOR[route.path]
    guard = guard_of(route.handler.get)
    assert guard
    assert guard.scope, f"Say in FOR who opens {route.path}"
    if guard.scope == ADMIN:
        return ("admin",)
    if guard.role is None:
        return tuple(WHO)
    return tuple(WHO)[1 if guard.role == "assistant" else 2 :]


CASES = [(who, route) for route in PAGES for who in who_may(route)]
REFUSED = [(who, route) for route in PAGES for who in WHO if who not in who_may(route)]
Seat = Callable[[str], "Seated"]


class Seated:
    """A browser where somebody is signed in, and what it said and asked for."""

    def __init__(self, browser: Browser, running: Running, who: str, hub: PeopleHub) -> None:
        self.running, self.who, self.hub = running, who, hub
        self.context = browser.new_context(viewport=DESK)  # type: ignore[arg-type]
        self.context.route("**/hub/static/**", serve)
        self.context.route("**/hub/logo", serve)
        self.page = self.context.new_page()
        self.said: list[str] = []
        self.asked: list[str] = []
        self.page.on("console", lambda message: self.said.append(message.text))
        self.page.on("pageerror", lambda error: self.said.append(str(error)))
        self.page.on("request", lambda request: self.asked.append(request.url))
        if who in WHO:
            hub.signed_in = WHO[who]
            self.page.goto(running.url)

    def open(self, path: str) -> Response:
        self.page.set_viewport_size(DESK)  # type: ignore[arg-type]
        self.page.emulate_media(color_scheme="light")
        self.said.clear()
        self.asked.clear()
        answer = self.page.goto(f"{self.running.url}{path}")
        assert answer
        return answer


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


def address(route: Route, found: dict[str, str]) -> str:
    """Raises KeyError for a part that nobody has said anything about: then a page is left out."""
    return ADDRESSES.get(route.path, route.path).format(**found)


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case[0]} {case[1].path}")
def test_a_page_can_be_used_by_everybody_who_may_open_it(
    seat: Seat, found: dict[str, str], case: tuple[str, Route]
) -> None:
    who, route = case
    here, path = seat(who), address(route, found)
    first = here.context.request.get(f"{here.running.url}{path}")
    assert first.status == 200
    if "attachment" in first.headers.get("content-disposition", ""):
        kept = first.headers["content-disposition"]
        name = re.fullmatch('attachment; filename="([\\w.-]+)"', kept)
        assert name
        assert first.headers["x-content-type-options"] == "nosniff"
        return
    answer = here.open(path)
    assert (answer.status, here.page.url.partition("#")[0]) == (200, f"{here.running.url}{path}")
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    page = here.page
    if STILL.search(path):
        page = here.context.new_page()
        page.set_content(first.text())
    look_closely(page, f"{who}-{route.path}")
    if page is here.page and "main" in keyboard_marks(page):
        use_the_keyboard(page)
    if page is not here.page:
        page.close()
    assert here.said == []
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
    assert faults(page, {"runOnly": ["color-contrast"]}) == []
    picture(page, f"{name}-dark")
    page.emulate_media(color_scheme="light")
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    picture(page, f"{name}-phone")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


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
