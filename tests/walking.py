"""The pages of the table of routes: whose each is, where it is, and a browser to open it in."""

from __future__ import annotations

from fake_hub_people import PeopleHub
from hub_static import serve
from playwright.sync_api import Browser, Response
from school import Running

from coursewright.services.answers import PageHandler
from coursewright.services.guards import guard_of
from coursewright.services.routes import Route
from coursewright.services.scopes import ADMIN
from coursewright.services.web import ROUTES

WHO = {"student": "grace", "assistant": "olga", "instructor": "ada", "admin": "root"}
OF_COURSE = tuple(WHO)[:3]
PHONE, DESK = {"width": 390, "height": 844}, {"width": 1280, "height": 900}
# Whom a page is for where its guard alone does not say it.
FOR: dict[str, tuple[str, ...]] = {
    "calendars/{secret}.ics": ("anonymous", *WHO),
    "calendars/{secret}/{course}.ics": ("anonymous", *WHO),
    "certificates/{code}": ("anonymous", *WHO),
    "courses/new": ("instructor", "admin"),
    "courses/{course}/lessons/{lesson}/feedback": ("student",),
    "courses/{course}/submissions/{submission}/ask": ("student",),
    "courses/{course}/calendar.ics": ("student",),
    "courses/{course}/certificate": ("student",),
    "courses/{course}/progress": OF_COURSE,
    "courses/{course}/progress.csv": OF_COURSE,
    "courses/{course}/quizzes/{quiz}": OF_COURSE,
}
# How a file is sent.
FILE = r'(attachment|inline); filename="[\w-][\w.-]*"'
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


class Seated:
    """A browser where somebody is signed in, and what it said and asked for."""

    def __init__(self, browser: Browser, running: Running, who: str, hub: PeopleHub) -> None:
        self.running, self.who, self.hub = running, who, hub
        self.context = browser.new_context(viewport=DESK)  # type: ignore[arg-type]
        self.context.route("**/hub/static/**", serve)
        self.context.route("**/hub/logo", serve)
        self.page = self.context.new_page()
        self.said: list[str] = []
        self.failed: list[str] = []
        self.asked: list[str] = []
        self.page.on("console", lambda message: self.said.append(message.text))
        self.page.on("pageerror", lambda error: self.failed.append(str(error)))
        self.page.on("request", lambda request: self.asked.append(request.url))
        if who in WHO:
            hub.signed_in = WHO[who]
            self.page.goto(running.url)

    def open(self, path: str) -> Response:
        self.page.set_viewport_size(DESK)  # type: ignore[arg-type]
        self.page.emulate_media(color_scheme="light")
        self.said.clear()
        self.failed.clear()
        self.asked.clear()
        answer = self.page.goto(f"{self.running.url}{path}")
        assert answer
        return answer


def address(route: Route, found: dict[str, str]) -> str:
    """Raises KeyError for a part that nobody has said anything about: then a page is left out."""
    return ADDRESSES.get(route.path, route.path).format(**found)
