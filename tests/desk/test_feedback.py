"""Feedback lands in the open notebook by itself."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from browsing import Visitor
from playwright.sync_api import Locator, Page, WebSocketRoute, expect
from sqlalchemy.orm import Session, sessionmaker

from coursewright.records import courses, submissions
from coursewright.records.course import Course

pytestmark = pytest.mark.browser

PICTURES = Path("test-output/desk")
HALF = "def keep_between(value, low, high):\n    return max(value, low)"
WHOLE = "def keep_between(value, low, high):\n    return min(max(value, low), high)"


def answer(page: Page, code: str) -> None:
    """Replace the answer to the exercise, whatever it is now."""
    cell = page.locator(".jp-CodeCell", has_text="def keep_between").first
    cell.scroll_into_view_if_needed()
    cell.locator(".cm-content").click()
    page.keyboard.press("ControlOrMeta+A")
    page.keyboard.insert_text(code)


def submit(page: Page) -> None:
    page.get_by_role("button", name="Submit", exact=True).last.click()


def panel(page: Page) -> Locator:
    return page.get_by_role("region", name="Courses", exact=True)


def marks(page: Page, what: str = "exercise") -> Locator:
    return page.get_by_role("group", name=f"Feedback on this {what}")


def test_marks_land_in_the_notebook_and_say_when_the_answer_changed(at_lesson: Visitor) -> None:
    page = at_lesson.page
    answer(page, HALF)
    submit(page)
    whole = marks(page).first
    expect(whole).to_contain_text("Partly right")
    expect(whole).to_contain_text("2 of 3 points")
    expect(whole).to_contain_text("attempt 1")
    expect(page.get_by_text(re.compile("Limits: Attempt 1: 2 of 3 points")).first).to_be_visible()
    tests = marks(page, "test")
    tests.last.scroll_into_view_if_needed()
    expect(tests).to_have_count(3)
    expect(tests.nth(0)).to_contain_text("Passed")
    expect(tests.nth(2)).to_contain_text("Not yet right")
    at_lesson.picture(PICTURES / "feedback-marks.png")
    found = Axe().run(page, context=".jp-Coursewright-inlineMark")
    serious = {"serious", "critical"}
    assert not [one for one in found.response["violations"] if one["impact"] in serious]
    answer(page, WHOLE)
    expect(whole).to_contain_text("changed since attempt 1")
    answer(page, HALF)
    expect(whole).not_to_contain_text("changed")
    page.keyboard.press("ControlOrMeta+S")
    page.reload()
    expect(marks(page).first).to_contain_text("2 of 3 points")


def test_the_history_shows_what_changed_between_attempts(at_lesson: Visitor) -> None:
    page = at_lesson.page
    for code, points in ((HALF, "2 of 3"), (WHOLE, "3 of 3")):
        answer(page, code)
        submit(page)
        expect(marks(page).first).to_contain_text(f"{points} points")
    panel(page).get_by_text("2 attempts", exact=True).click()
    rows = panel(page).get_by_role("listitem")
    expect(rows.filter(has_text="Attempt 2")).to_contain_text("3 of 3")
    expect(rows.filter(has_text="Attempt 1")).to_contain_text("2 of 3")
    at_lesson.picture(PICTURES / "feedback-history.png")
    page.get_by_role("button", name="What changed from attempt 1 to attempt 2").click()
    expect(page.get_by_role("tab", name="Attempts 1 and 2")).to_be_visible()
    difference = page.locator(".jp-Coursewright-diff")
    expect(difference.get_by_text("min", exact=False).first).to_be_visible()
    at_lesson.picture(PICTURES / "feedback-difference.png")


def hand_in(sessions: sessionmaker[Session], visitor: Visitor, course: Course, key: str) -> None:
    """An attempt from elsewhere, as a second browser would send it."""
    with sessions.begin() as session:
        notebook = courses.student_course(session, visitor.name, course.key).lesson("limits")
        assert notebook is not None
        content = notebook_of(course, code=HALF)
        submissions.receive(session, visitor.name, course.key, "limits", content, key)


def notebook_of(course: Course, code: str) -> bytes:
    cells = [
        {
            "id": cell.id,
            "cell_type": cell.kind,
            "metadata": dict(cell.metadata),
            "source": code if cell.id == "keep-between-code" else cell.source,
            **({"outputs": [], "execution_count": None} if cell.kind == "code" else {}),
        }
        for cell in course.modules[0].lessons[0].cells
    ]
    own = {"course": course.key, "lesson": "limits", "version": 1}
    book = {"nbformat": 4, "nbformat_minor": 5, "metadata": {"coursewright": own}, "cells": cells}
    return json.dumps(book).encode()


@pytest.mark.parametrize("look", ["light", "dark"])
def test_feedback_on_another_lesson_is_told_and_counted_until_it_is_seen(
    sit: Callable[..., Visitor],
    course: Course,
    sessions: sessionmaker[Session],
    look: str,
) -> None:
    visitor = sit(course)
    page = visitor.page
    panel(page).get_by_role("button", name=f"Open {course.title}", exact=True).click()
    panel(page).get_by_role("button", name="More").first.click()
    expect(page.locator(".jp-NotebookPanel .jp-Cell").first).to_be_visible()
    visitor.use_theme(look)
    hand_in(sessions, visitor, course, "from-elsewhere")
    told = page.get_by_text("Limits: Attempt 1: 2 of 3 points.").first
    expect(told).to_be_visible()
    tab = page.locator(".jp-SideBar.jp-mod-left").get_by_role("tab", name="Courses")
    expect(tab).to_have_attribute("title", "Courses: 1 unread feedback")
    visitor.picture(PICTURES / f"feedback-badge-{look}.png")
    panel(page).get_by_role("button", name="Limits").first.click()
    expect(marks(page).first).to_contain_text("changed since attempt 1")
    expect(tab).to_have_attribute("title", "Courses")
    expect(panel(page).get_by_text("New feedback")).to_have_count(0)
    visitor.picture(PICTURES / f"feedback-later-{look}.png")


def test_without_the_socket_looking_again_brings_the_score(
    sit: Callable[..., Visitor], course: Course
) -> None:
    visitor = sit(course)
    page = visitor.page
    cut: list[str] = []

    def hang_up(socket: WebSocketRoute) -> None:
        cut.append(socket.url)
        socket.close()

    page.route_web_socket(re.compile("/coursewright/live"), hang_up)
    page.reload()
    panel(page).get_by_role("button", name=f"Open {course.title}", exact=True).click()
    panel(page).get_by_role("button", name="Limits").first.click()
    expect(page.locator(".jp-NotebookPanel .jp-Cell").first).to_be_visible()
    answer(page, HALF)
    submit(page)
    expect(marks(page).first).to_contain_text("2 of 3 points")
    assert cut
