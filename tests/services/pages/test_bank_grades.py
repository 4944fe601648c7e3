"""Quizzes from the bank in grades, extra time, the calendar, and parts of a class, as seen."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import grade_class
import pytest
from banking import RIGHT, fill_bank, make_quiz, placed
from playwright.sync_api import Page
from school import Client
from sqlalchemy.orm import Session, sessionmaker

from coursewright.records import accommodations, certificates, courses, deadlines, sections, weights
from coursewright.records.certificates import Rule
from coursewright.records.policies import ExtraTime
from coursewright.records.schemes import Category, Scheme

Visit = Callable[..., Page]
Look = Callable[[Page, str], None]
pytestmark = pytest.mark.browser
STUDENTS = {"ines": "Inés Ibarra-Østergård", "nikos": "Νίκος Παπαδόπουλος", "kim": "Kim"}
PAGES = {
    "gradebook-bank": ("ada", "courses/autumn/gradebook"),
    "gradebook-section": ("ada", "courses/autumn/gradebook?section=Tuesday"),
    "weights-bank": ("ada", "courses/autumn/weights"),
    "student-bank": ("ada", "courses/autumn/grades/ines"),
    "progress-bank": ("ines", "courses/autumn/progress"),
    "member-extra-time": ("ada", "courses/autumn/members/ines"),
    "deadlines-extra-time": ("ada", "courses/autumn/deadlines"),
    "quiz-extra-time": ("ines", "courses/autumn/quizzes/timed"),
    "quiz-settings-many": ("ada", "courses/autumn/quizzes/timed/settings"),
    "matrix-section": ("ada", "courses/autumn/matrix?section=Tuesday"),
    "class-section": ("ada", "courses/autumn/class?section=Monday"),
    "analytics-section": ("ada", "courses/autumn/analytics?section=Monday"),
    "calendar": ("ines", "calendar"),
}


@pytest.fixture(scope="module", autouse=True)
def autumn(client: Client, make: sessionmaker[Session]) -> None:
    with make.begin() as session:
        grade_class.fill(session, "autumn", tuple(STUDENTS), 3)
        for name, display in STUDENTS.items():
            courses.person(session, name, display)
        bank = fill_bank(session, "autumn")
        about = {"course": "autumn", "attempts": 2}
        closes = grade_class.FUTURE + timedelta(days=3)
        make_quiz(session, bank, "week-one", lesson="adding", **about)
        make_quiz(session, bank, "timed", title="Midterm", minutes=45, closes_at=closes, **about)
        for name, section in (("ines", "Monday"), ("kim", "Monday"), ("nikos", "Tuesday")):
            sections.put(session, "ada", "autumn", section)
            sections.move(session, "ada", "autumn", [name], section)
        deadlines.set_group(session, "ada", "autumn", "kim", "evening")
        given = ExtraTime(1.5, 10)
        accommodations.give(session, "ada", "autumn", "ines", given, reason="Agreed in September")
        items = {("", "week-one"): "Quizzes", ("", "timed"): "Exams", ("adding", ""): "Homework"}
        names = (Category("Homework", 40, 1), Category("Quizzes", 20), Category("Exams", 40))
        weights.set_scheme(session, "ada", "autumn", Scheme(names, items))
        certificates.set_rule(session, "ada", "autumn", Rule(60, None, 12))
        grade_class.hand_in(session, "ines", "autumn", "adding", 5)
    take(client, "ines", "week-one")
    take(client, "nikos", "week-one", {"ordering": [3, 2, 1, 0], "multiple": [1]})
    take(client, "kim", "timed")
    client.ask("PUT", "ada", "api/v1/courses/autumn/quizzes/timed/release", json={"held": True})


def take(client: Client, who: str, quiz: str, wrong: dict[str, list[int]] | None = None) -> None:
    path = f"api/v1/courses/autumn/quizzes/{quiz}/attempts"
    key = {"Idempotency-Key": f"of-the-pictures-{who}-{quiz}"}
    running = client.ask("POST", who, path, headers=key).json()["running"]
    answers = placed(running, {**RIGHT, **(wrong or {})})
    client.ask("POST", who, f"{path}/1/submission", json={"answers": answers})


@pytest.mark.parametrize("name", PAGES)
def test_the_page_is_fit_to_be_seen(visit: Visit, look: Look, manner: str, name: str) -> None:
    page = visit(*PAGES[name], manner)
    look(page, f"{name}-{manner}")


def test_an_address_is_made_and_shown_once(visit: Visit, look: Look, manner: str) -> None:
    page = visit("ines", "calendar", manner)
    page.get_by_role("button", name="address").first.click()
    shown = page.get_by_label("All courses")
    assert shown.input_value().endswith(".ics")
    look(page, f"calendar-address-{manner}")
    page.get_by_role("button", name="End the address").click()
    assert page.get_by_label("All courses").count() == 0


def test_results_are_released_in_the_gradebook(visit: Visit) -> None:
    page = visit("ada", "courses/autumn/gradebook")
    page.get_by_role("button", name="Hold back the results of Week one").click()
    button = page.get_by_role("button", name="Release the results of Week one")
    assert "held back" in button.locator("xpath=ancestor::tr").inner_text()
    button.click()
    assert page.get_by_role("button", name="Hold back the results of Week one").is_visible()


def test_extra_time_is_given_on_the_persons_page(visit: Visit) -> None:
    page = visit("ada", "courses/autumn/members/kim")
    page.get_by_label("Times the quiz's own").fill("2")
    page.get_by_role("button", name="Save the extra time").click()
    assert page.get_by_text("Kim has 2 times the time of a quiz").is_visible()
