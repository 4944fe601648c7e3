"""The page of a class in a browser: it stands still, and says at once what changed."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from classmates import fill_class
from playwright.sync_api import Page, WebSocketRoute, expect
from school import Client
from sqlalchemy.orm import Session, sessionmaker

from coursewright.records import activity, members
from coursewright.records.activity import Told

pytestmark = pytest.mark.browser

PATH = "courses/school/class"
Visit = Callable[..., Page]
Look = Callable[[Page, str], None]


@pytest.fixture(scope="module")
def names(make: sessionmaker[Session]) -> list[str]:
    with make.begin() as session:
        return fill_class(session)


def tell(make: sessionmaker[Session], who: str, passed: int) -> None:
    told = Told("code.checked", "names", "add", {"passed": passed, "of": 3})
    with make.begin() as session:
        assert activity.keep(session, who, "school", told)


def live(page: Page) -> None:
    expect(page.get_by_role("status")).to_have_text("Live")


def test_the_page_can_be_used_by_everybody(
    names: list[str], visit: Visit, look: Look, manner: str
) -> None:
    said: list[str] = []
    page = visit("ada", PATH, manner)
    page.on("console", lambda message: said.append(message.text))
    page.reload()
    live(page)
    look(page, f"class-{manner}")
    assert said == []


def test_a_row_changes_where_it_stands(
    names: list[str], visit: Visit, make: sessionmaker[Session]
) -> None:
    page = visit("ada", PATH)
    live(page)
    before = page.locator("#class tbody tr").evaluate_all("rows => rows.map(r => r.dataset.person)")
    row = page.locator(f'tr[data-person="{before[7]}"]')
    row.get_by_role("checkbox").check()
    tell(make, before[7], 2)
    expect(row.locator('[data-field="place"]')).to_have_text("NamesAdd two numbers")
    expect(row.locator('[data-field="tries"]')).to_contain_text("2 of 3 tests passed")
    after = page.locator("#class tbody tr").evaluate_all("rows => rows.map(r => r.dataset.person)")
    assert after == before
    assert row.get_by_role("checkbox").is_checked()
    expect(page.locator("#chosen")).to_have_text("1 student chosen")


def test_rows_are_sorted_when_somebody_asks(names: list[str], visit: Visit) -> None:
    page = visit("ada", PATH)
    live(page)
    page.get_by_role("link", name="Student", exact=True).click()
    shown = page.locator("#class tbody tr").evaluate_all("rows => rows.map(r => r.dataset.name)")
    assert shown == sorted(shown)
    assert (
        page.get_by_role("columnheader", name="Student").get_attribute("aria-sort") == "ascending"
    )


def test_who_comes_and_goes_is_a_row_that_comes_and_goes(
    names: list[str], visit: Visit, make: sessionmaker[Session]
) -> None:
    page = visit("ada", PATH)
    live(page)
    with make.begin() as session:
        members.set_role(session, "ada", "newcomer", "school", "student")
    expect(page.get_by_role("rowheader", name="newcomer")).to_be_visible()
    with make.begin() as session:
        members.set_role(session, "ada", "newcomer", "school", None)
    expect(page.get_by_role("rowheader", name="newcomer")).to_have_count(0)


def test_a_page_that_lost_its_connection_catches_up(
    names: list[str], visit: Visit, make: sessionmaker[Session]
) -> None:
    page = visit("ada", PATH)
    opened: list[WebSocketRoute] = []

    def between(socket: WebSocketRoute) -> None:
        socket.connect_to_server()
        opened.append(socket)

    page.route_web_socket("**/live?*", between)
    page.reload()
    live(page)
    opened[0].close(code=4000)
    expect(page.get_by_role("status")).to_have_text("Not live, trying again")
    tell(make, names[3], 1)
    live(page)
    row = page.locator(f'tr[data-person="{names[3]}"]')
    expect(row.locator('[data-field="tries"]')).to_contain_text("1 of 3 tests passed")
    assert len(opened) == 2


def test_a_right_that_was_taken_is_told(
    names: list[str], visit: Visit, make: sessionmaker[Session]
) -> None:
    with make.begin() as session:
        members.set_role(session, "ada", "passing", "school", "assistant")
    page = visit("passing", PATH)
    live(page)
    with make.begin() as session:
        members.set_role(session, "ada", "passing", "school", "student")
    expect(page.get_by_role("status")).to_contain_text("Only those who teach a course")


def test_without_script_it_is_a_plain_table(names: list[str], visit: Visit) -> None:
    page = visit("ada", f"{PATH}?sort=name&group=late", java_script_enabled=False)
    rows = page.locator("#class tbody tr")
    assert rows.count() == len(names) // 2
    assert "Load the page again" in page.get_by_role("status").inner_text()


def test_its_sheet_has_a_line_for_each_student(names: list[str], client: Client) -> None:
    lines = client.get("olga", f"{PATH}.csv").text.splitlines()
    assert lines[0].lstrip("\ufeff").startswith("person,display_name,section,group,here")
    assert len(lines) >= len(names) + 1
    assert client.get("ada", f"{PATH}?sort=height").status_code == 400
