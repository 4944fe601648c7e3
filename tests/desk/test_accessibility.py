"""The Courses panel for everybody: by keyboard alone, and without serious findings of axe-core."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from browsing import Visitor, wait_for_focus
from playwright.sync_api import expect

from coursewright.records.course import Course

pytestmark = pytest.mark.browser

PANEL = "#coursewright-courses"
Sit = Callable[..., Visitor]


def serious(visitor: Visitor, place: str) -> list[str]:
    """What axe-core finds in our own part of the page."""
    found = Axe().run(visitor.page, context=place).response["violations"]
    return [
        f"{one['id']}: {node['html']}"
        for one in found
        if one["impact"] in ("serious", "critical")
        for node in one["nodes"]
    ]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_nothing_serious_is_found_in_the_panel(sit: Sit, course: Course, theme: str) -> None:
    visitor = sit(course)
    visitor.use_theme(theme)
    panel = visitor.page.get_by_role("region", name="Courses", exact=True)
    way = panel.get_by_role("button", name=f"Open {course.title}", exact=True)
    expect(way).to_be_visible()
    assert serious(visitor, PANEL) == []
    way.click()
    expect(panel.get_by_role("button", name="Limits")).to_be_visible()
    assert serious(visitor, PANEL) == []
    panel.get_by_role("button", name="Limits").click()
    expect(panel.get_by_text("Not handed in yet")).to_be_visible()
    assert serious(visitor, PANEL) == []


def test_from_search_to_the_open_lesson_by_keyboard_alone(sit: Sit, course: Course) -> None:
    visitor = sit()
    page = visitor.page
    panel = page.get_by_role("region", name="Courses", exact=True)
    search = panel.get_by_role("searchbox", name="Search courses")
    expect(panel.get_by_role("button", name=re.compile("Enrol")).first).to_be_visible()
    visitor.run_command("Open Courses")
    wait_for_focus(search)
    page.keyboard.type(course.title)
    expect(panel.get_by_role("listitem")).to_have_count(1)
    page.keyboard.press("Tab")
    wait_for_focus(panel.get_by_role("button", name=f"Enrol in {course.title}"))
    page.keyboard.press("Enter")
    wait_for_focus(panel.get_by_role("heading", name=course.title))
    lesson = panel.get_by_role("button", name="Limits")
    expect(lesson).to_be_visible()
    page.keyboard.press("Tab")
    wait_for_focus(lesson)
    page.keyboard.press("Enter")
    expect(page.locator(".jp-NotebookPanel .jp-Cell").first).to_be_visible()
