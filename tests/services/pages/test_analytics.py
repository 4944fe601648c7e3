"""Analytics in a browser: plots that are drawn under the pages' policy, with their numbers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from classmates import LESSONS, fill_class
from playwright.sync_api import Page
from school import Client
from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker

from coursewright.records import class_figures, courses
from coursewright.records.tables import Event
from coursewright.services.analytics import spread

pytestmark = pytest.mark.browser

PATH = "courses/school/analytics"
SHEETS = ("scores", "lessons", "drop-off", "time", "tries", "wrong")
Visit = Callable[..., Page]
Look = Callable[[Page, str], None]


@pytest.fixture(scope="module")
def names(make: sessionmaker[Session]) -> list[str]:
    with make.begin() as session:
        return fill_class(session, 40)


def test_the_plots_can_be_used_by_everybody(
    names: list[str], visit: Visit, look: Look, manner: str
) -> None:
    said: list[str] = []
    page = visit("ada", PATH, manner)
    page.on("console", lambda message: said.append(message.text))
    page.reload()
    page.locator(".plot canvas").nth(len(SHEETS) - 1).wait_for()
    look(page, f"analytics-{manner}")
    assert said == []
    drawn = page.locator(".plot canvas").evaluate_all(
        "all => all.map(one => one.getContext('2d').getImageData(0, 0, one.width, one.height)"
        ".data.some(value => value))"
    )
    assert drawn == [True] * len(SHEETS)


def test_each_plot_has_its_numbers(names: list[str], visit: Visit) -> None:
    page = visit("ada", PATH, java_script_enabled=False)
    for summary in page.locator("summary").all():
        summary.click()
    assert page.get_by_role("table").count() == len(SHEETS)
    assert page.get_by_role("rowheader", name="Functions").first.is_visible()


@pytest.mark.parametrize("sheet", SHEETS)
def test_each_plot_is_a_sheet(names: list[str], client: Client, sheet: str) -> None:
    lines = client.get("olga", f"{PATH}.csv?sheet={sheet}").text.splitlines()
    assert len(lines) == 1 + (10 if sheet == "scores" else len(LESSONS))


def test_there_is_no_other_sheet(names: list[str], client: Client) -> None:
    assert client.get("olga", f"{PATH}.csv?sheet=secrets").status_code == 404


def test_a_course_without_work_has_its_page_too(client: Client) -> None:
    assert "There is nothing to show yet" in client.get("ada", "courses/sums/analytics").text


@pytest.mark.parametrize(
    ("gaps", "minutes"),
    [([], None), ([10], 10), ([10, 29, 30], 69), ([10, 31, 5], 15), ([31], None), ([600, 3], 3)],
    ids=str,
)
def test_a_gap_of_more_than_half_an_hour_ends_a_session(
    make: sessionmaker[Session], gaps: list[int], minutes: float | None
) -> None:
    with make() as session:
        someone = courses.person(session, f"worker-{gaps}")
        courses.enrol(session, someone.name, "sums")
        moment = session.scalars(select(func.now())).one() - timedelta(days=2)
        for gap in [0, *gaps]:
            moment += timedelta(minutes=gap)
            about = {"person_id": someone.id, "object": "sums/adding", "at": moment}
            session.add(Event(name="code.checked", detail={}, **about))
            session.add(Event(name="learning.graded", detail={}, **about))
        session.flush()
        found = {one.person: one.minutes for one in class_figures.spent(session, "sums")}
        assert found.get(someone.id) == minutes
        session.rollback()


def test_the_full_points_are_in_the_last_tenth() -> None:
    assert spread([0, 0.05, 0.1, 0.3, 0.99, 1]) == [2, 1, 0, 1, 0, 0, 0, 0, 0, 2]
