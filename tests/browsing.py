"""A real Chromium for the tests, and a person who sits in front of it."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Locator, Page, TimeoutError, expect, sync_playwright

PASSWORD = "a long and quiet password"
# Without the network flags Chromium asks its maker's hosts for updates at every start.
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
WAIT = 60_000  # milliseconds

expect.set_options(timeout=WAIT)


@contextlib.contextmanager
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
        yield browser
        browser.close()


def wait_for_focus(place: Locator) -> None:
    """Until the focus is there; whether the window itself has the machine's does not matter."""
    expect(place.and_(place.page.locator(":focus"))).to_have_count(1)


class Visitor:
    """Somebody with a browser of their own, on one site."""

    def __init__(self, browser: Browser, site: str, name: str, **look: Any) -> None:
        self.site, self.name = site, name
        context = browser.new_context(**{"viewport": {"width": 1280, "height": 800}, **look})
        context.set_default_timeout(WAIT)
        self.page: Page = context.new_page()

    def set_first_password(self, link: str) -> None:
        """Use the one-time link that the first start prints."""
        self.page.goto(link)
        self.page.get_by_label("Password", exact=True).fill(PASSWORD)
        self.page.get_by_label("The same password again").fill(PASSWORD)
        self.page.get_by_role("button", name="Set the password").click()
        self.page.wait_for_url("**/hub/login*")

    def sign_up(self) -> None:
        self.page.goto(f"{self.site}hub/signup")
        self.page.get_by_label("Name").fill(self.name)
        self.page.get_by_label("Password", exact=True).fill(PASSWORD)
        self.page.get_by_label("The same password again").fill(PASSWORD)
        self.page.get_by_role("button", name="Make the account").click()
        expect(self.page.get_by_role("alert")).to_contain_text("successful")

    def sign_in(self, then: str = "") -> None:
        """Sign in on the way to the page `then`, the Hub's home when it is empty."""
        self.page.goto(f"{self.site}{then or 'hub/home'}")
        self.page.get_by_label("Username:").fill(self.name)
        self.page.get_by_label("Password:").fill(PASSWORD)
        self.page.get_by_role("button", name="Sign in").click()

    def open_lab(self) -> Locator:
        """Start the own server and wait for JupyterLab; gives the Courses panel."""
        self.page.goto(f"{self.site}hub/spawn")
        panel = self.page.get_by_role("region", name="Courses", exact=True)
        expect(panel).to_be_visible()
        # What starts last is the main area; it takes the focus from whatever was being typed into.
        expect(self.page.locator("#jupyterlab-splash")).to_have_count(0)
        expect(self.page.locator("#jp-main-dock-panel .lm-TabBar-tab").first).to_be_visible()
        return panel

    def reopen(self, path: str) -> None:
        """Load JupyterLab again with this notebook, whatever it remembers of its tabs."""
        self.page.goto(f"{self.site}user/{self.name}/lab/tree/{path}")
        expect(self.page.locator(".jp-NotebookPanel .jp-Cell").first).to_be_visible()

    def stop_server(self) -> None:
        """What is left running would slow down whoever comes next."""
        context = self.page.context
        at_hub = [one for one in context.cookies(f"{self.site}hub/") if one["name"] == "_xsrf"]
        answer = context.request.delete(
            f"{self.site}hub/api/users/{self.name}/server",
            headers={"X-XSRFToken": at_hub[0]["value"], "Referer": f"{self.site}hub/home"},
        )
        assert answer.status in (202, 204, 400), answer.text()  # 400: it is not running

    def answer(self, cell_text: str, code: str) -> None:
        """Replace the first code cell that holds `cell_text`, and run it."""
        cell = self.page.locator(".jp-CodeCell", has_text=cell_text).first
        cell.scroll_into_view_if_needed()
        cell.locator(".cm-content").click()
        self.page.keyboard.press("ControlOrMeta+A")
        self.page.keyboard.insert_text(code.rstrip("\n"))
        self.page.keyboard.press("Shift+Enter")

    def run_command(self, label: str) -> None:
        """Out of JupyterLab's command palette."""
        palette = self.page.locator("#modal-command-palette")
        for patience in (WAIT / 4, WAIT / 4, WAIT):
            self.page.keyboard.press("ControlOrMeta+Shift+C")
            with contextlib.suppress(TimeoutError):
                palette.locator("input").fill(label, timeout=patience)
                # What is typed is searched for a moment later; Enter would take what was there.
                item = palette.locator(".lm-CommandPalette-item", has_text=label)
                item.first.click(timeout=patience)
                return
            # It closes when something that JupyterLab still starts takes the focus: once more.
        raise AssertionError(f"the palette does not offer {label!r}")

    def use_theme(self, theme: str) -> None:
        """JupyterLab's own, light or dark, by its menu."""
        if theme == "dark":
            self.page.get_by_role("menuitem", name="Settings", exact=True).click()
            # Lumino gives entries with a submenu no role of their own.
            entries = self.page.locator(".lm-Menu-itemLabel")
            entries.get_by_text("Theme", exact=True).click()
            entries.get_by_text("JupyterLab Dark", exact=True).click()
            expect(self.page.locator("body[data-jp-theme-light=false]")).to_be_attached()
        expect(self.page.locator("#jupyterlab-splash")).to_have_count(0)

    def submit_anyway(self) -> None:
        """Answer the question that comes before a submit when an exercise is untouched."""
        dialog = self.page.get_by_role("dialog")
        dialog.get_by_role("button", name=re.compile("submit$", re.IGNORECASE)).click()

    def picture(self, file: Path) -> None:
        file.parent.mkdir(parents=True, exist_ok=True)
        # What slides in stands where it is going to.
        self.page.screenshot(path=file, animations="disabled")
