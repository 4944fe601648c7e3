"""A new version of a lesson while a student works at it, in a real browser."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from browsing import Visitor
from exercises import REFERENCE
from playwright.sync_api import Locator, Page, expect

from coursewright.records.course import Cell, Course

pytestmark = pytest.mark.browser

PICTURES = Path("test-output/desk")
NEW_TEXT = "# Limits\n\nNumbers can be compared, and kept between limits."
NEW_QUESTION = "### Between two limits\n\nKeep the value between two limits."
Publish = Callable[[Course], None]


def changed(course: Course, **texts: str) -> Course:
    """The course with other texts in cells of its first lesson (`_` for `-` in their ids)."""
    module = course.modules[0]
    first = module.lessons[0]
    cells = tuple(
        replace(cell, source=texts.get(cell.id.replace("-", "_"), cell.source))
        for cell in first.cells
    )
    more = Cell("fresh", "markdown", "A paragraph that is new.")
    lesson = replace(first, cells=(cells[0], more, *cells[1:]))
    return replace(course, modules=(replace(module, lessons=(lesson, *module.lessons[1:])),))


def command(page: Page, name: str) -> None:
    # The lesson's own button comes when its notebook is known to be one.
    toolbar = page.locator(".jp-NotebookPanel-toolbar")
    expect(toolbar.get_by_role("button", name="Submit")).to_be_visible()
    page.get_by_role("menuitem", name="Courses", exact=True).click()
    page.get_by_role("menuitem", name=name).click()


def news(page: Page) -> Locator:
    """The bar, after the student looked for a new version."""
    command(page, "Look for a New Version")
    bar = page.get_by_role("region", name="New version of this lesson")
    expect(bar.get_by_role("status")).to_contain_text("Version 2 of this lesson is there")
    return bar


def cell(page: Page, text: str | re.Pattern[str]) -> Locator:
    return page.locator(".jp-NotebookPanel .jp-Cell", has_text=text).first


def write(page: Page, text: str, source: str) -> None:
    """Replace what stands in the cell with `text`, which may be rendered; run nothing."""
    found = cell(page, text)
    found.scroll_into_view_if_needed()
    found.dblclick()
    found.locator(".cm-content").click()
    page.keyboard.press("ControlOrMeta+A")
    page.keyboard.insert_text(source)
    page.keyboard.press("Escape")


def serious(page: Page, within: str) -> list[Any]:
    found = Axe().run(page, context=within).response["violations"]
    return [item for item in found if item["impact"] in ("serious", "critical")]


def test_a_new_version_is_told_shown_taken_over_and_undone(
    at_lesson: Visitor, course: Course, publish: Publish
) -> None:
    page = at_lesson.page
    write(page, "def keep_between", REFERENCE)
    page.keyboard.press("ControlOrMeta+s")
    publish(changed(course, a_text=NEW_TEXT))
    bar = news(page)
    expect(bar).to_contain_text("1 cell changed, 1 new")
    expect(bar).to_contain_text("For the tests")
    at_lesson.picture(PICTURES / "version-bar.png")
    assert serious(page, ".jp-Coursewright-versions") == []

    bar.get_by_role("button", name="See what changed").click()
    tab = page.locator(".jp-Coursewright-diff")
    expect(tab.get_by_role("group", name="Changed cell")).to_be_visible()
    expect(tab.get_by_role("group", name="Added cell")).to_contain_text("A paragraph that is new.")
    page.keyboard.press("F7")
    expect(page.get_by_text("Change 1 of 2")).to_be_visible()
    expect(tab.locator(".jp-Cell-diff:focus")).to_have_count(1)
    at_lesson.picture(PICTURES / "version-diff.png")
    assert serious(page, ".jp-Coursewright-diff") == []
    at_lesson.use_theme("dark")
    at_lesson.picture(PICTURES / "version-diff-dark.png")
    page.get_by_role("tab", name="limits.ipynb", exact=True).click()
    at_lesson.picture(PICTURES / "version-bar-dark.png")

    bar.get_by_role("button", name="Update my notebook").press("Enter")
    expect(bar.get_by_role("status")).to_contain_text(
        "Your notebook has version 2 now: 1 cell updated, 1 added. What you wrote is as it was."
    )
    expect(cell(page, "and kept between limits")).to_be_visible()
    expect(cell(page, "A paragraph that is new.")).to_be_visible()
    expect(cell(page, "if value < low")).to_be_attached()
    at_lesson.picture(PICTURES / "version-updated-dark.png")

    bar.get_by_role("button", name="Undo the update").press("Enter")
    expect(bar.get_by_role("status")).to_contain_text("as it was before the update")
    expect(cell(page, "and kept between limits")).to_have_count(0)
    expect(cell(page, "if value < low")).to_be_attached()
    bar.get_by_role("button", name="Close").press("Enter")
    expect(bar).to_be_hidden()


def test_of_two_texts_the_student_chooses(
    at_lesson: Visitor, course: Course, publish: Publish
) -> None:
    page = at_lesson.page
    write(page, "def keep_between", REFERENCE)
    write(page, "Numbers can be compared.", "# Limits\n\nMy own words.")
    starter = "def keep_between(value, low, high):\n    ### BEGIN SOLUTION\n    ### END SOLUTION"
    publish(changed(course, a_text=NEW_TEXT, keep_between_code=starter))
    bar = news(page)
    bar.get_by_role("button", name="Update my notebook").click()
    expect(bar.get_by_role("status")).to_contain_text("You and the course both changed 2 cells")
    at_lesson.picture(PICTURES / "version-conflicts.png")
    assert serious(page, ".jp-Coursewright-versions") == []
    at_lesson.use_theme("dark")
    # A page with unsaved changes asks before it goes.
    page.once("dialog", lambda dialog: dialog.accept())
    page.keyboard.press("ControlOrMeta+s")
    page.reload()
    expect(bar.get_by_role("status")).to_contain_text("You and the course both changed 2 cells")
    at_lesson.picture(PICTURES / "version-conflicts-dark.png")
    text, code = (bar.get_by_role("listitem").nth(number) for number in (0, 1))
    expect(text.get_by_label("New version")).to_contain_text("and kept between limits")
    expect(code.get_by_label("Yours")).to_contain_text("if value < low")
    text.get_by_role("button", name="Take the new one").press("Enter")
    expect(cell(page, "and kept between limits")).to_be_visible()
    expect(bar.get_by_role("listitem")).to_have_count(1)
    bar.get_by_role("button", name="Keep both").press("Enter")
    expect(bar.get_by_role("listitem")).to_have_count(0)
    expect(cell(page, "if value < low")).to_be_attached()
    expect(cell(page, "YOUR CODE HERE")).to_be_attached()
    at_lesson.picture(PICTURES / "version-decided-dark.png")


def test_what_is_put_off_is_not_told_again(
    at_lesson: Visitor, course: Course, publish: Publish
) -> None:
    page = at_lesson.page
    publish(changed(course, a_text=NEW_TEXT))
    bar = news(page)
    bar.get_by_role("button", name="Not now").click()
    expect(bar).to_be_hidden()
    with page.expect_response("**/changes?since=1*"):
        command(page, "Look for a New Version")
    expect(bar).to_be_hidden()
    publish(changed(course, a_text="# Limits\n\nAnd again."))
    command(page, "Look for a New Version")
    expect(bar.get_by_role("status")).to_contain_text("Version 3")


def test_a_server_that_is_gone_during_the_update_costs_no_cell(
    at_lesson: Visitor, course: Course, publish: Publish
) -> None:
    page = at_lesson.page
    write(page, "def keep_between", REFERENCE)
    publish(changed(course, a_text=NEW_TEXT))
    bar = news(page)
    page.route("**/merge*", lambda route: route.abort())
    bar.get_by_role("button", name="Update my notebook").click()
    expect(bar.get_by_role("alert")).to_contain_text("does not answer")
    expect(cell(page, "if value < low")).to_be_attached()
    page.unroute("**/merge*")
    bar.get_by_role("button", name="Update my notebook").click()
    expect(bar.get_by_role("status")).to_contain_text("Your notebook has version 2 now")
    expect(cell(page, "if value < low")).to_be_attached()
