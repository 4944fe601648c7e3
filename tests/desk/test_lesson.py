"""A lesson at the desk, in a real browser: check, hint, reset, submit, and cells that stay."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from browsing import Visitor, wait_for_focus
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
# What the exercise's own cell begins with.
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


def command(page: Page, name: str) -> None:
    """Use the command palette, by keyboard."""
    page.keyboard.press("ControlOrMeta+Shift+C")
    palette = page.locator("#modal-command-palette")
    wait_for_focus(palette.locator("input"))
    page.keyboard.type(name)
    expect(palette.locator(".lm-mod-active")).to_contain_text(name)
    page.keyboard.press("Enter")


@pytest.fixture
def at_exercise(sit: Any, course: Course, publish: Callable[[Course], None]) -> Visitor:
    """A student with a lesson whose exercise has three hints."""
    publish(hinted(course))
    student: Visitor = sit(course)
    panel = student.page.get_by_role("region", name="Courses", exact=True)
    panel.get_by_role("button", name=f"Open {course.title}", exact=True).click()
    panel.get_by_role("button", name="Limits").first.click()
    expect(tool(student.page, "Check")).to_be_visible()
    return student


def checked(page: Page) -> Locator:
    return page.get_by_role("region", name=f"Check of “{TITLE}”")


def spoken(page: Page, text: str) -> None:
    """Wait until this is read aloud."""
    expect(page.locator(".jp-NotebookPanel > [role=status]")).to_contain_text(text)


def kept(page: Page) -> list[str]:
    """What is said of each promise."""
    return checked(page).locator(".jp-Coursewright-state").all_inner_texts()


def serious(page: Page, *places: str) -> list[str]:
    """What axe finds in these parts of the page."""
    findings = Axe().run(page, context={"include": [[place] for place in places]}).response
    return [
        f"{found['id']}: {found['nodes'][0]['html']}"
        for found in findings["violations"]
        if found["impact"] in ("serious", "critical")
    ]


def test_check_says_of_each_promise_whether_it_is_kept(at_exercise: Visitor) -> None:
    page = at_exercise.page
    write(at_exercise, HALF)
    tool(page, "Check").click()
    spoken(page, f"{TITLE}: 2 of 3 promises kept.")
    assert kept(page) == ["Kept", "Kept", "Not kept"]
    expect(checked(page)).to_contain_text("assert keep_between(12, 1, 9) == 9")
    expect(checked(page)).to_contain_text("When you submit, more tests count.")
    write(at_exercise, WHOLE)
    expect(checked(page)).to_contain_text("You changed your answer since.")
    # By keyboard alone, from the cell on.
    command(page, "Check All Exercises")
    spoken(page, f"{TITLE}: 3 of 3 promises kept.")
    assert kept(page) == ["Kept"] * 3
    # Nothing of it is written into the notebook.
    expect(page.locator(".jp-NotebookPanel .jp-OutputArea-output")).to_have_count(0)


def test_a_check_that_never_ends_is_stopped(at_exercise: Visitor) -> None:
    page = at_exercise.page
    write(at_exercise, ENDLESS)
    tool(page, "Check").click()
    expect(checked(page)).to_contain_text("Running the tests…")
    checked(page).get_by_role("button", name="Stop").click()
    spoken(page, f"{TITLE}: 0 of 3 promises kept.")
    expect(checked(page)).to_contain_text("Stopped before it was done.")
    assert kept(page) == ["Could not run"] * 3
    tool(page, "Check").click()
    expect(checked(page)).to_contain_text("Is there a loop that never ends?")
    write(at_exercise, WHOLE)
    tool(page, "Check").click()
    spoken(page, f"{TITLE}: 3 of 3 promises kept.")


def test_submit_says_what_is_untouched_and_gives_a_receipt(at_exercise: Visitor) -> None:
    page = at_exercise.page
    panel = page.get_by_role("region", name="Courses", exact=True)
    tool(page, "Submit").click()
    dialog = page.get_by_role("dialog", name="1 exercise is untouched. Submit?")
    expect(dialog).to_contain_text(TITLE)
    dialog.get_by_role("button", name="Go on working").click()
    expect(panel.get_by_text("Not handed in yet")).to_be_visible()
    tool(page, "Submit").click()
    at_exercise.submit_anyway()
    receipt = panel.get_by_role("group", name="Receipt")
    expect(receipt).to_contain_text("Attempt 1")
    expect(panel.get_by_text("0 of 3 points")).to_be_visible()
    # With an answer nothing is asked.
    write(at_exercise, WHOLE)
    tool(page, "Submit").click()
    expect(receipt).to_contain_text("Attempt 2")
    short = receipt.locator("code").inner_text()
    receipt.get_by_role("button", name="Copy the whole receipt of attempt 2").click()
    expect(receipt.get_by_role("status")).to_have_text("Copied")
    expect(panel.get_by_text("3 of 3 points").first).to_be_visible()
    page.reload()
    panel.get_by_text("2 receipts").click()
    expect(panel.locator(f"code[title^='{short}']")).to_be_visible()


def test_reset_keeps_a_copy_and_can_be_undone(at_exercise: Visitor) -> None:
    page = at_exercise.page
    own = page.locator(".jp-CodeCell", has_text=START).first.locator(".cm-content")
    write(at_exercise, HALF)
    tool(page, "Reset exercise").click()
    page.get_by_role("button", name="Keep my answer").click()
    expect(own).to_contain_text("if value < low")
    tool(page, "Reset exercise").click()
    page.get_by_role("button", name="Reset", exact=True).click()
    expect(own).to_contain_text("NotImplementedError")
    spoken(page, "Your answer is kept in courses/")
    page.get_by_role("button", name="Open the copy").click()
    copy = page.locator(".jp-FileEditor .cm-content")
    expect(copy).to_contain_text("if value < low")
    page.get_by_role("tab", name="limits.ipynb").click()
    own.click()
    page.keyboard.press("ControlOrMeta+Z")
    expect(own).to_contain_text("if value < low")
    assert own.inner_text().strip() == HALF.strip()


def test_hints_come_in_tiers_and_are_there_again(at_exercise: Visitor, course: Course) -> None:
    page = at_exercise.page
    select(page)
    hints = page.get_by_role("region", name=f"Hints to “{TITLE}”")
    tool(page, "Hint").click()
    spoken(page, "Hint 1 of 3")
    expect(hints.locator("strong")).to_have_text("middle")
    assert HINTS[1] not in page.content()
    hints.get_by_role("button", name="Next hint").focus()
    page.keyboard.press("Enter")
    expect(hints.get_by_text("Hint 2 of 3", exact=True)).to_be_visible()
    page.keyboard.press("ControlOrMeta+S")
    at_exercise.reopen(f"courses/{course.key}/limits.ipynb")
    hints.get_by_text("2 of 3 hints").click()
    expect(hints.get_by_text("Hint 2 of 3", exact=True)).to_be_visible()
    select(page)
    tool(page, "Hint").click()
    expect(hints.get_by_text("Hint 3 of 3", exact=True)).to_be_visible()
    tool(page, "Hint").click()
    spoken(page, "Every hint to this exercise is shown.")


def test_a_locked_cell_is_neither_typed_into_nor_deleted(at_exercise: Visitor) -> None:
    page = at_exercise.page
    test = page.locator(".jp-CodeCell", has_text="assert keep_between(5").first
    expect(test.get_by_text("Test: read only")).to_be_visible()
    test.locator(".cm-content").click()
    page.keyboard.type("print()")
    assert test.locator(".cm-content").inner_text() == "assert keep_between(5, 1, 9) == 5"
    before = page.locator(".jp-NotebookPanel .jp-Cell").count()
    page.keyboard.press("Escape")
    page.keyboard.press("d")
    page.keyboard.press("d")
    spoken(page, "This cell belongs to the lesson, so it stays.")
    expect(page.locator(".jp-NotebookPanel .jp-Cell")).to_have_count(before)
    # Moved, it is still locked; a cell of one's own is deleted without a word.
    page.keyboard.press("ControlOrMeta+Shift+ArrowDown")
    expect(test.get_by_text("Test: read only")).to_be_visible()
    page.keyboard.press("b")
    expect(page.locator(".jp-NotebookPanel .jp-Cell")).to_have_count(before + 1)
    page.keyboard.press("d")
    page.keyboard.press("d")
    expect(page.locator(".jp-NotebookPanel .jp-Cell")).to_have_count(before)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_everybody_can_use_it(at_exercise: Visitor, theme: str) -> None:
    page = at_exercise.page
    write(at_exercise, HALF)
    tool(page, "Check").click()
    spoken(page, "2 of 3 promises kept.")
    at_exercise.use_theme(theme)
    at_exercise.picture(PICTURES / f"lesson-check-{theme}.png")
    tool(page, "Hint").click()
    spoken(page, "Hint 1 of 3")
    at_exercise.picture(PICTURES / f"lesson-hints-{theme}.png")
    places = (".jp-Coursewright-tool", ".jp-Coursewright-below", ".jp-Coursewright-lock")
    assert serious(page, *places) == []
    write(at_exercise, " ")
    tool(page, "Submit").click()
    expect(page.get_by_role("dialog")).to_contain_text(TITLE)
    at_exercise.picture(PICTURES / f"lesson-untouched-{theme}.png")
    assert serious(page, "dialog.jp-Dialog") == []
    page.keyboard.press("Enter")
    panel = page.get_by_role("region", name="Courses", exact=True)
    expect(panel.get_by_role("group", name="Receipt")).to_contain_text("Attempt 1")
    expect(panel.get_by_text("0 of 3 points").first).to_be_visible()
    at_exercise.picture(PICTURES / f"lesson-receipt-{theme}.png")
    assert serious(page, ".jp-Coursewright-receipts") == []


def test_another_notebook_has_none_of_it(at_exercise: Visitor) -> None:
    page = at_exercise.page
    page.locator(".lm-TabBar-addButton:visible").first.click()
    page.locator(".jp-LauncherCard[data-category=Notebook]:visible").first.click()
    expect(page.get_by_role("tab", name=re.compile("Untitled"))).to_be_visible()
    expect(page.locator(".jp-Coursewright-tool:visible")).to_have_count(0)
    page.get_by_role("menuitem", name="Courses").click()
    expect(page.get_by_role("menuitem", name="Submit Lesson")).to_be_visible()
    item = page.get_by_role("menuitem", name="Check Exercise")
    expect(item).to_have_attribute("aria-disabled", "true")
