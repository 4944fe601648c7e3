"""The matrix of a class in a browser: states that need no colour, and a keyboard is enough."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from classmates import LESSONS, fill_class
from playwright.sync_api import Page
from school import Client
from sqlalchemy.orm import Session, sessionmaker

from coursewright.records.class_work import Work
from coursewright.services import matrix

pytestmark = pytest.mark.browser

PATH = "courses/school/matrix"
Visit = Callable[..., Page]
Look = Callable[[Page, str], None]


@pytest.fixture(scope="module")
def names(make: sessionmaker[Session]) -> list[str]:
    with make.begin() as session:
        return fill_class(session, 30)


def test_the_matrix_can_be_used_by_everybody(
    names: list[str], visit: Visit, look: Look, manner: str
) -> None:
    page = visit("ada", PATH, manner)
    look(page, f"matrix-{manner}")
    assert page.locator("#matrix tbody tr").count() == len(names)


def test_the_arrow_keys_go_from_cell_to_cell(names: list[str], visit: Visit) -> None:
    page = visit("ada", PATH)
    page.locator("#matrix tbody input").first.focus()
    here = "document.activeElement.closest"
    where = f"[{here}('tr').rowIndex, {here}('td, th').cellIndex]"
    for key, place in (
        ("ArrowRight", [1, 1]),
        ("ArrowDown", [2, 1]),
        ("End", [2, len(LESSONS)]),
        ("PageDown", [12, len(LESSONS)]),
        ("Home", [12, 0]),
        ("ArrowLeft", [12, 0]),
    ):
        page.keyboard.press(key)
        assert page.evaluate(where) == place
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('#matrix')") is None


def test_the_header_stays_in_sight(names: list[str], visit: Visit) -> None:
    page = visit("ada", PATH)
    region = page.get_by_role("region")
    region.evaluate("place => place.scrollTo(0, 400)")
    top = region.bounding_box()
    header = page.get_by_role("columnheader", name="Student").bounding_box()
    assert top
    assert header
    assert abs(header["y"] - top["y"]) < 3


def test_its_sheet_says_states_in_words(names: list[str], client: Client) -> None:
    lines = client.get("olga", f"{PATH}.csv?group=late").text.splitlines()
    assert lines[0].startswith("\ufeffperson,display_name,group,names,names %")
    assert len(lines) == 1 + len(names) // 2
    assert "not begun" in lines[1] or "handed" in lines[1] or "%" in lines[1]


@pytest.mark.parametrize("page", ["0", "-1", "x", "²", "9" * 30])
def test_there_is_no_such_page(names: list[str], client: Client, page: str) -> None:
    assert client.get("ada", f"{PATH}?page={page}").status_code == 400
    assert client.get("ada", f"{PATH}?page=7").status_code == 200


@pytest.mark.parametrize(
    ("state", "points", "most", "name", "percent"),
    [
        ("graded", 4, 5, "well", 80),
        ("graded", 2.5, 5, "half", 50),
        ("graded", 2.4, 5, "little", 48),
        ("graded", 7, 5, "well", 100),
        ("graded", 0, 0, "failed", None),
        ("received", None, None, "waiting", None),
        ("failed", None, None, "failed", None),
    ],
)
def test_the_state_of_a_hand_in(
    state: str, points: float | None, most: float | None, name: str, percent: int | None
) -> None:
    work = Work(7, "adding", state, 1, points, most, datetime.now(UTC))
    found = matrix.cell(work, begun=True)
    assert (found.state.name, found.percent, found.submission) == (name, percent, 7)
