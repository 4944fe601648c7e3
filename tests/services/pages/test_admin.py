"""The administrators' pages in a real browser, inside the Hub's own frame."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from datetime import time
from pathlib import Path
from typing import Any

import pytest
from fake_hub_people import PeopleHub
from hub_static import serve
from playwright.sync_api import Page, expect
from school import Client, Running
from sqlalchemy.orm import Session, sessionmaker

from coursewright.records import (
    courses,
    generations,
    jobs,
    meetings,
    people,
    settings,
    spending,
    submissions,
)
from coursewright.records.generations import Order
from coursewright.records.meetings import Meeting

pytestmark = pytest.mark.browser

PAGES = (
    "admin",
    "admin/people",
    "admin/people/grace",
    "admin/people/left",
    "admin/bulk",
    "admin/servers",
    "admin/jobs",
    "admin/courses",
    "admin/spending",
    "admin/storage",
    "admin/settings",
    "admin/capacity",
    "admin/audit",
)
Enter = Callable[..., Page]
Look = Callable[[Page, str], None]


@pytest.fixture(scope="module")
def hub() -> Iterator[PeopleHub]:
    hub = PeopleHub()
    for name in ("ada", "alan", "kay", "olga", "root"):
        hub.add(name, admin=name == "root")
    hub.add("grace", os.getpid())
    hub.add("a-name-that-somebody-chose-to-be-rather-long-and-without-a-space", os.getppid())
    for number in range(70):
        hub.add(f"student-{number:03}")
    hub.start()
    yield hub
    hub.stop()


@pytest.fixture(scope="module", autouse=True)
def busy_school(client: Client, make: sessionmaker[Session]) -> None:
    """Something on every page."""
    numbers = [client.submit("grace", key=f"of-the-pages-{n}").json()["id"] for n in range(3)]
    with make.begin() as session:
        for number in numbers[:2]:
            submissions.record_failure(session, number, "There is no isolation on this machine")
        people.deactivate(session, "root", "left", "Left the school in October", "pages-request")
        for by, key, cost in (("ada", "sums", 12.5), ("alan", "other", None)):
            made = generations.request(session, Order({"topic": "Sums", "key": key}, "openai"), by)
            generations.add_call(session, made, "{}", prompt=120_000, completion=30_000, cost=cost)
        spending.set_budget(session, "root", "site", "", money=10, tokens=None)
        spending.set_budget(session, "root", "person", "", money=None, tokens=1_000_000)
        settings.change(session, "root", {"models": ("small", "large"), "body_mb": 20})
        settings.change(session, "root", {"node_price": 0.42, "seats_per_node": 10})
        for number in range(40):
            courses.enrol(session, f"evening-{number}", "sums")
        hours = (Meeting(day, time(hour), 90) for day in range(7) for hour in (8, 13, 20))
        meetings.say(session, "ada", "sums", hours)


@pytest.fixture
def enter(visit: Callable[..., Page], running: Running) -> Enter:
    """`enter("admin/people")`: the page as root sees it, with what the Hub itself serves."""

    def enter(path: str, manner: str = "light", **more: Any) -> Page:
        page = visit("root", "healthz", manner, **more)
        page.context.route("**/hub/static/**", serve)
        page.context.route("**/hub/logo", serve)
        page.goto(f"{running.url}{path}")
        return page

    return enter


@pytest.mark.parametrize("path", PAGES)
def test_a_page_can_be_used_by_everybody(enter: Enter, look: Look, manner: str, path: str) -> None:
    page = enter(path, manner)
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    # Before anything else is put into the page, such as what looks at it.
    assert said == []
    look(page, f"{path.replace('/', '-')}-{manner}")


def test_the_page_of_jobs_shows_by_itself_what_is_new(
    enter: Enter, make: sessionmaker[Session]
) -> None:
    page = enter("admin/jobs")
    expect(page.locator("#live")).to_have_text("Live")
    row = page.locator("tr", has=page.get_by_role("rowheader", name="generate"))
    waiting = row.locator("[data-label=Waiting]")
    before = int(waiting.inner_text())
    with make.begin() as session:
        jobs.enqueue(session, "generate", generation_id=0)
    expect(waiting).to_have_text(str(before + 1), timeout=30_000)


def test_the_hubs_navigation_leads_here(enter: Enter) -> None:
    page = enter("admin")
    here = page.get_by_role("link", name="Coursewright", exact=True)
    expect(here).to_have_attribute("href", "/services/coursewright/admin")
    page.get_by_role("button", name="Toggle dark mode").click()
    assert page.evaluate("document.documentElement.dataset.bsTheme") == "dark"


def test_all_servers_are_chosen_by_one_box_and_stopped_after_a_question(
    enter: Enter, look: Look, hub: PeopleHub, manner: str
) -> None:
    hub.add("grace", os.getpid())
    hub.add("olga", os.getpid())
    page = enter("admin/servers", manner)
    if manner == "phone":
        for box in page.get_by_role("checkbox", name="Choose the server").all():
            box.check()
    else:
        page.get_by_role("checkbox", name="Choose all").check()
    page.get_by_role("button", name="Stop the chosen").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("servers?")
    look(page, f"admin-stop-{manner}")
    page.get_by_role("button", name="Stop them").click()
    expect(page.get_by_role("status")).to_contain_text("told to stop")
    expect(page.get_by_text("No server runs.")).to_be_visible()


def test_a_list_from_a_file_is_looked_at_and_done(
    enter: Enter, look: Look, tmp_path: Path, manner: str
) -> None:
    lines = "name,author,course,role\nnew-{0},yes,sums,assistant\nnew-{0}-b,,nowhere,\n"
    file = tmp_path / "people.csv"
    file.write_text(lines.format(manner))
    page = enter("admin/bulk", manner)
    page.get_by_label("A CSV file").set_input_files(file)
    expect(page.get_by_label("The list", exact=True)).to_have_value(lines.format(manner))
    page.get_by_role("button", name="Look what it would do").click()
    expect(page.get_by_text("there is no course nowhere")).to_be_visible()
    look(page, f"admin-bulk-problem-{manner}")
    page.get_by_label("The list", exact=True).fill(lines.format(manner).replace("nowhere", "other"))
    page.get_by_role("button", name="Look what it would do").click()
    page.get_by_role("button", name="Do it").click()
    expect(page.get_by_role("status")).to_contain_text("2 people, of whom 2 are new")


def test_a_person_is_deactivated_by_keyboard(enter: Enter) -> None:
    page = enter("admin/people/kay")
    page.get_by_label("Reason, for the audit log").fill("Asked for it")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("kay is deactivated")
    page.get_by_role("button", name="Let kay sign in again").click()
    expect(page.get_by_role("status")).to_contain_text("kay may sign in again")


def test_the_message_to_all_stands_on_every_page(enter: Enter, look: Look, manner: str) -> None:
    page = enter("admin/settings", manner)
    field = page.get_by_label("Message on every page")
    field.fill("Servers stop on Friday at 18:00 for an hour.")
    page.get_by_role("button", name="Put into force").click()
    expect(page.get_by_text("Servers stop on Friday").first).to_be_visible()
    look(page, f"admin-settings-message-{manner}")
    page.get_by_role("link", name="My courses").click()
    expect(page.get_by_role("note")).to_contain_text("Servers stop on Friday")
    look(page, f"courses-message-{manner}")
    page.go_back()
    page.reload()
    page.get_by_label("Message on every page").fill("")
    page.get_by_role("button", name="Put into force").click()
    expect(page.get_by_text("The settings are in force")).to_be_visible()


def test_the_pages_read_well_without_scripts(enter: Enter) -> None:
    page = enter("admin/servers", java_script_enabled=False)
    expect(page.get_by_role("heading", name="Servers")).to_be_visible()
    expect(page.get_by_role("checkbox", name="Choose all")).to_be_hidden()
    expect(page.get_by_text("JupyterHub requires JavaScript")).to_be_hidden()
