"""A lesson at the desk, in a real browser: check, hint, reset, submit, and cells that stay."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from browsing import Visitor
from playwright.sync_api import Locator, Page, expect

from coursewright.records.course import Course

pytestmark = pytest.mark.browser

PICTURES = Path(__file__).parents[2] / "test-output" / "desk"
TITLE = "Between two limits"
HALF = """
def keep_between(value, low, high):
    if value < low:
        return low
    return value
"""
WHOLE = HALF.replace("    return value", "    return min(value, high)")
ENDLESS = "def keep_between(value, low, high):\n    while True: pass"
HINTS = ["Which of the three is in the **middle**?", "Compare with `low` first.", "Use `min`."]
"""The exercise's own cell, by what it begins with."""
START = "def keep_between"


def hinted(course: Course) -> Course:
    """The course with three hints to its exercise."""

    def cell(one: Any) -> Any:
        if "hints" not in one.own:
            return one
        return replace(one, metadata={**one.metadata, "coursewright": {**one.own, "hints": HINTS}})

    def lesson(one: Any) -> Any:
        return replace(one, cells=tuple(map(cell, one.cells)))

    modules = [replace(one, lessons=tuple(map(lesson, one.lessons))) for one in course.modules]
    return replace(course, modules=tuple(modules))


def tool(page: Page, name: str) -> Locator:
    """A button of the notebook's toolbar."""
    toolbar = page.get_by_role("toolbar", name="main area toolbar").first
    return toolbar.get_by_role("button", name=name, exact=True)


def write(student: Visitor, code: str) -> None:
    """Put `code` into the exercise's cell without running it."""
    cell = student.page.locator(".jp-CodeCell", has_text=START).first
    cell.locator(".cm-content").click()
    student.page.keyboard.press("ControlOrMeta+A")
    student.page.keyboard.insert_text(code.strip("\n"))


def select(page: Page) -> None:
    """Select the exercise's cell."""
    page.locator(".jp-CodeCell", has_text=START).first.locator(".cm-content").click()


def dark(page: Page) -> None:
    page.keyboard.press("ControlOrMeta+Shift+C")
    page.keyboard.type("Use Theme: JupyterLab Dark")
    page.keyboard.press("Enter")
    expect(page.locator("body[data-jp-theme-light=false]")).to_be_attached()


def test_explore(at_lesson: Visitor) -> None:
    page = at_lesson.page
    page.wait_for_timeout(3000)
    at_lesson.picture(PICTURES / "explore-0.png")
    print(page.locator(".jp-NotebookPanel-toolbar").evaluate("e => e.outerHTML")[:6000])
    write(at_lesson, HALF)
    at_lesson.picture(PICTURES / "explore-1.png")
    page.locator(".jp-Coursewright-tool", has_text="Check").first.click()
    page.wait_for_timeout(6000)
    at_lesson.picture(PICTURES / "explore-2.png")
    page.locator(".jp-Coursewright-tool", has_text="Hint").first.click()
    page.wait_for_timeout(2000)
    at_lesson.picture(PICTURES / "explore-3.png")
    print(page.locator(".jp-Coursewright-below").first.evaluate("e => e.outerHTML")[:6000])
