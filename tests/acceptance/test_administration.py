"""An administrator at a real Hub: its navigation leads to our pages, which act at the Hub."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from browsing import Visitor, chromium
from playwright.sync_api import Browser, expect
from running import Up

pytestmark = pytest.mark.browser
PICTURES = Path(__file__).parents[2] / "test-output" / "pages"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


def test_an_administrator_runs_the_site_from_the_hubs_control_panel(
    platform: Up, browser: Browser
) -> None:
    admin = Visitor(browser, platform.url, "admin")
    admin.set_first_password(platform.link)
    admin.sign_in()
    page = admin.page
    page.get_by_role("link", name="Coursewright", exact=True).click()
    expect(page.get_by_role("heading", name="Overview")).to_be_visible()
    for part in ("Database", "Workers", "Hub", "Proxy"):
        expect(page.get_by_role("row", name=re.compile(f"^{part} well"))).to_be_visible()
    admin.picture(PICTURES / "real-hub-overview.png")

    someone = Visitor(browser, platform.url, "grace")
    someone.sign_up()
    someone.sign_in()
    expect(someone.page.get_by_role("link", name="Coursewright", exact=True)).to_have_count(0)
    someone.open_lab()

    page.get_by_role("link", name="Servers").click()
    row = page.get_by_role("row", name="grace")
    expect(row).to_contain_text("MB")
    admin.picture(PICTURES / "real-hub-servers.png")
    row.get_by_role("link", name="grace").click()
    page.get_by_label("Author").check()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status")).to_contain_text("grace is now an author")
    page.get_by_label("Reason").fill("Left the school")
    page.get_by_role("button", name="Deactivate grace").click()
    expect(page.get_by_role("status")).to_contain_text("grace is deactivated")
    admin.picture(PICTURES / "real-hub-person.png")
    page.get_by_role("link", name="Servers").click()
    expect(page.get_by_text("No server runs.")).to_be_visible()

    again = Visitor(browser, platform.url, "grace")
    again.sign_in()
    expect(again.page.get_by_text("Your account is deactivated")).to_be_visible()
    page.goto(f"{platform.url}services/coursewright/admin/people/grace")
    page.get_by_role("button", name="Let grace sign in again").click()
    again.sign_in()
    expect(again.page.get_by_role("link", name="Home")).to_be_visible()


def test_settings_hold_at_the_hub_without_a_restart(platform: Up, browser: Browser) -> None:
    admin = Visitor(browser, platform.url, "admin")
    admin.sign_in("services/coursewright/admin/settings")
    page = admin.page
    page.get_by_label("Who may make an account").select_option("approval")
    page.get_by_label("Message on every page").fill("Stops <b>soon</b>")
    page.get_by_role("button", name="Put into force").click()
    expect(page.get_by_text("The settings are in force")).to_be_visible()

    stranger = Visitor(browser, platform.url, "kay")
    stranger.page.goto(f"{platform.url}hub/signup")
    stranger.page.get_by_label("Name").fill("kay")
    for label in ("Password", "The same password again"):
        stranger.page.get_by_label(label, exact=True).fill("a long and quiet password")
    stranger.page.get_by_role("button", name="Make the account").click()
    expect(stranger.page.get_by_role("alert")).to_contain_text("let you in first")

    def told() -> bool:
        page.goto(f"{platform.url}hub/home")
        return page.get_by_text("Stops <b>soon</b>").count() == 1

    assert any(told() or page.wait_for_timeout(500) for _ in range(40))
    admin.picture(PICTURES / "real-hub-message.png")

    page.goto(f"{platform.url}services/coursewright/admin/people")
    page.get_by_label("Names, one a line").fill("invited")
    page.get_by_role("button", name="Make the accounts").click()
    expect(page.get_by_role("status")).to_contain_text("Made: invited.")
    admin.picture(PICTURES / "real-hub-people.png")
