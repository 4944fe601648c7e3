"""The author's desk: from a request to a published version, in a real browser."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from browsing import Visitor
from playwright.sync_api import Locator, Page, expect
from sqlalchemy.orm import Session, sessionmaker

from coursewright.records import authoring, courses, drafts
from coursewright.records.course import Course

pytestmark = pytest.mark.browser

PICTURES = Path(__file__).parents[2] / "test-output" / "desk"
FRAME = "#coursewright-author"
PAGE = ".jp-Coursewright-page"
BAR = ".jp-Coursewright-cellbar"
MADE = 300_000  # milliseconds that the making or the check of a small course may take
Sit = Callable[..., Visitor]


def author_panel(visitor: Visitor) -> Locator:
    visitor.page.get_by_role("tab", name="Author").click()
    panel = visitor.page.get_by_role("region", name="Author", exact=True)
    expect(panel.get_by_role("button", name="Request a course")).to_be_visible()
    return panel


def open_source(visitor: Visitor, course: Course) -> Locator:
    """The source of the course as files, with its first lesson open."""
    panel = author_panel(visitor)
    panel.get_by_role("button", name=f"Open the source of {course.title}").click()
    expect(panel.get_by_role("heading", name=course.title)).to_be_visible()
    expect(visitor.page.get_by_role("combobox", name="Role", exact=True).first).to_be_visible()
    # Until its kernel is there, a notebook that opens may still take the focus.
    expect(visitor.page.get_by_text("| Idle")).to_be_visible()
    return panel


def serious(page: Page, place: str) -> list[str]:
    """What axe-core finds in our own part of the page."""
    found = Axe().run(page, context=place).response["violations"]
    return [
        f"{one['id']}: {node['html']}"
        for one in found
        if one["impact"] in ("serious", "critical")
        for node in one["nodes"]
    ]


def cell(page: Page, text: str) -> Locator:
    return page.locator(".jp-NotebookPanel:not(.lm-mod-hidden) .jp-Cell", has_text=text).first


def test_a_student_has_no_author_panel(sit: Sit, course: Course) -> None:
    visitor = sit(course)
    with visitor.page.expect_response(re.compile("author/options")) as asked:
        visitor.page.reload()
    assert asked.value.status == 403
    expect(visitor.page.get_by_role("tab", name="Courses")).to_be_visible()
    expect(visitor.page.get_by_role("tab", name="Author")).to_have_count(0)
    visitor.page.get_by_role("menuitem", name="Courses").click()
    expect(visitor.page.get_by_role("menuitem", name="Submit Lesson")).to_be_visible()
    expect(visitor.page.get_by_role("menuitem", name="Request a Course")).to_have_count(0)


def test_a_course_is_requested_watched_and_opened(sit: Sit, course: Course) -> None:
    visitor = sit(course, "instructor")
    page, panel = visitor.page, author_panel(visitor)
    assert serious(page, FRAME) == []
    panel.get_by_role("button", name="Request a course").click()
    form = page.get_by_role("form", name="Request a course")
    topic = form.get_by_role("combobox", name="Topic")
    topic.fill("Basket weaving")
    expect(topic).to_have_attribute("aria-invalid", "true")
    expect(form.get_by_text("The bank knows nothing of")).to_be_visible()
    visitor.picture(PICTURES / "author-form-wrong-light.png")
    topic.fill("Values and arithmetic")
    form.get_by_label("Modules").fill("1")
    form.get_by_label("Exercises in each lesson").fill("1")
    expect(topic).not_to_have_attribute("aria-invalid", "true")
    assert serious(page, PAGE) == []
    visitor.picture(PICTURES / "author-form-light.png")
    form.get_by_role("button", name="Request the course").click()
    expect(page.get_by_role("region", name="Progress").get_by_role("table")).to_be_visible(
        timeout=MADE
    )
    visitor.picture(PICTURES / "author-progress-light.png")
    page.reload()  # what is under way goes on, and its tab is there again
    report = page.get_by_role("region", name="Report")
    expect(report).to_be_visible(timeout=MADE)
    expect(report.get_by_role("row", name="Exercises")).to_contain_text("1")
    report.locator("summary", has_text=re.compile("values-and-arithmetic/[a-z-]+ ·")).first.click()
    expect(report.get_by_text("G6: small mistakes are noticed")).to_be_visible()
    assert serious(page, PAGE) == []
    visitor.picture(PICTURES / "author-report-light.png")
    expect(panel.get_by_role("button", name="Request a course")).to_be_visible()
    visitor.use_theme("dark")
    assert serious(page, PAGE) == []
    visitor.picture(PICTURES / "author-report-dark.png")
    panel.get_by_role("button", name="Request a course").click()
    expect(form).to_be_visible()
    assert serious(page, PAGE) == []
    assert serious(page, FRAME) == []
    visitor.picture(PICTURES / "author-form-dark.png")
    page.get_by_role("tab", name="Values and arithmetic").click()
    page.get_by_role("button", name="Open the notebooks").click()
    expect(page.get_by_role("tab", name="values-and-arithmetic.ipynb")).to_be_visible()
    expect(page.get_by_role("combobox", name="Role", exact=True).first).to_have_value("text")


def test_a_draft_that_was_made_on_a_page_is_opened(
    sit: Sit, course: Course, sessions: sessionmaker[Session]
) -> None:
    visitor = sit(course, "instructor")
    with sessions.begin() as session:
        who = authoring.Rights(visitor.name, author=True)
        drafts.create(session, who, drafts.starting(f"rye-{visitor.name}", "Rye bread"))
    panel = author_panel(visitor)
    panel.get_by_role("button", name="Open the draft of Rye bread").scroll_into_view_if_needed()
    assert serious(visitor.page, FRAME) == []
    visitor.picture(PICTURES / "author-drafts-light.png")
    visitor.use_theme("dark")
    visitor.picture(PICTURES / "author-drafts-dark.png")
    panel.get_by_role("button", name="Open the draft of Rye bread").click()
    expect(panel.get_by_role("heading", name="Rye bread")).to_be_visible()
    expect(visitor.page.get_by_role("tab", name="welcome.ipynb")).to_be_visible()


def test_a_source_is_edited_checked_and_published(
    sit: Sit, course: Course, sessions: sessionmaker[Session]
) -> None:
    visitor = sit(course, "instructor")
    page, panel = visitor.page, open_source(visitor, course)
    points = cell(page, "keep_between(5, 1, 9) == 5").get_by_label("Points")
    points.scroll_into_view_if_needed()
    points.fill("2")
    points.press("Enter")
    solution = cell(page, "### BEGIN SOLUTION")
    solution.scroll_into_view_if_needed()
    expect(solution.get_by_role("combobox", name="Role")).to_have_value("solution")
    solution.get_by_text("return low").click()
    page.keyboard.press("End")
    page.keyboard.type(" - 1")

    panel.get_by_role("button", name="Check all").click()
    listed = panel.get_by_role("button", name=re.compile("Blocks.*keep-between")).first
    expect(listed).to_be_visible(timeout=MADE)
    listed.click()
    said = page.locator(BAR).get_by_text("Blocks").first
    expect(said).to_be_in_viewport()
    visitor.picture(PICTURES / "author-findings-light.png")

    panel.get_by_role("button", name="Differences of Limits").click()
    difference = page.locator(".jp-Coursewright-diff")
    expect(difference).to_contain_text("return low - 1")
    visitor.picture(PICTURES / "author-differences-light.png")

    panel.get_by_role("button", name="Preview Limits as student").click()
    expect(cell(page, "NotImplementedError")).to_be_visible()
    expect(page.locator(".jp-NotebookPanel:not(.lm-mod-hidden)")).not_to_contain_text("SOLUTION")

    panel.get_by_role("button", name="Publish…").click()
    expect(panel.get_by_role("region", name="What changed")).to_contain_text("Limits · changed")
    publish = panel.get_by_role("button", name="Publish", exact=True)
    publish.click()
    expect(panel.get_by_text("Say in a sentence what is new.")).to_be_visible()
    assert serious(page, FRAME) == []
    visitor.picture(PICTURES / "author-publish-light.png")
    panel.get_by_label("Message").fill("A lower limit that is lower")
    panel.get_by_label("Reason to publish").fill("To talk about it in class")
    publish.click()
    expect(panel.get_by_text("Version 2 is published.")).to_be_visible()
    with sessions() as session:
        newest = courses.current_version(session, course.key)
        (lesson, *_) = courses.source_course(session, newest.id).lessons()
    (exercise,) = lesson.exercises()
    assert "return low - 1" in exercise.solution
    assert exercise.tests[0].points == 2


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_roles_are_chosen_at_the_cells_by_keyboard(sit: Sit, course: Course, theme: str) -> None:
    visitor = sit(course, "instructor")
    page = visitor.page
    open_source(visitor, course)
    visitor.use_theme(theme)
    assert serious(page, BAR) == []
    role = cell(page, "print(2 < 3)").get_by_role("combobox", name="Role")
    role.scroll_into_view_if_needed()
    role.focus()
    page.keyboard.press("s")  # to "Solution"; the notebook must not take the key for its own
    expect(role).to_have_value("solution")
    here = cell(page, "print(2 < 3)")
    expect(here.get_by_text("No test cell belongs to this solution.")).to_be_visible()
    other = here.get_by_label("Id")
    other.fill("keep-between")
    other.press("Enter")
    expect(here.get_by_text("Another cell has the id")).to_be_visible()
    here.get_by_role("button", name="Mark as solution").click()
    expect(here).to_contain_text("### BEGIN SOLUTION")
    assert serious(page, BAR) == []
    visitor.picture(PICTURES / f"author-roles-{theme}.png")
