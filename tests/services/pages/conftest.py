"""A browser in front of the service's pages, in three looks: light, dark, on a phone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from browsing import chromium
from fake_hub import Hub
from playwright.sync_api import Browser, Page
from school import Running

PICTURES = Path(__file__).parents[3] / "test-output" / "pages"
LOOKS: dict[str, dict[str, Any]] = {
    "light": {"color_scheme": "light", "viewport": {"width": 1280, "height": 900}},
    "dark": {"color_scheme": "dark", "viewport": {"width": 1280, "height": 900}},
    "phone": {"color_scheme": "light", "viewport": {"width": 390, "height": 844}},
}
Visit = Callable[..., Page]
Look = Callable[[Page, str], None]


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture(params=LOOKS)
def manner(request: pytest.FixtureRequest) -> str:
    """Light, dark or phone; a test that asks for it runs in all three."""
    return request.param


@pytest.fixture
def visit(browser: Browser, hub: Hub, running: Running) -> Iterator[Visit]:
    """`visit("ada", "courses/sums/gradebook")`: the page, as that person sees it."""
    contexts = []

    def visit(who: str, path: str, manner: str = "light", **more: Any) -> Page:
        hub.signed_in = who
        context = browser.new_context(**{**LOOKS[manner], **more})
        contexts.append(context)
        page = context.new_page()
        page.goto(f"{running.url}{path}")
        return page

    yield visit
    for context in contexts:
        context.close()


@pytest.fixture
def look() -> Look:
    """Refuses what axe finds and what is wider than the window; takes a picture."""

    def look(page: Page, name: str) -> None:
        findings = Axe().run(page).response["violations"]
        told = [
            (found["impact"], found["id"], [node["html"] for node in found["nodes"]])
            for found in findings
        ]
        assert told == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        PICTURES.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=PICTURES / f"{name}.png", full_page=True)

    return look
