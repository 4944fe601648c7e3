"""Quizzes in a notebook: answered by keyboard, explained, never lost, fit for everybody."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from browsing import Visitor, wait_for_focus
from playwright.sync_api import Locator, Page, expect
from running import Up, frozen, service_of
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from coursewright.records.course import Course
from coursewright.records.tables import CourseRow, QuizAttempt

pytestmark = pytest.mark.browser

PICTURES = Path("test-output/desk")
TITLE = "Check yourself"
# By a part of the prompt: the options to choose, or the text to write.
RIGHT: dict[str, Any] = {
    "What becomes of": ["1"],
    "Which of these": ["2 < 3", "3 <= 3"],
    "roughly": "0,3",
    "What does this print": "True",
}
WRONG: dict[str, Any] = {
    "What becomes of": ["9"],
    "Which of these": ["2 < 3"],
    "roughly": "3",
    "What does this print": "False",
}


def quiz(page: Page) -> Locator:
    return page.get_by_role("region", name=f"Quiz: {TITLE}")


def go(page: Page) -> Locator:
    """Press the panel's button, and find the form ready."""
    page.get_by_role("button", name=f"Go to quiz: {TITLE}").press("Enter")
    form = quiz(page)
    expect(form.get_by_role("button", name="Submit answers")).to_be_visible()
    return form


def fill(form: Locator, answers: Mapping[str, Any]) -> None:
    for prompt, answer in answers.items():
        question = form.get_by_role("group", name=prompt)
        if isinstance(answer, str):
            question.get_by_role("textbox").fill(answer)
            continue
        for option in question.get_by_role("checkbox").all():
            option.uncheck()
        for option in answer:
            question.get_by_label(option, exact=True).check()


def submit(form: Locator, answers: Mapping[str, Any], attempt: int) -> None:
    fill(form, answers)
    form.get_by_role("button", name="Submit answers").click()
    expect(form.get_by_role("status")).to_contain_text(f"Attempt {attempt}:")


def by_keyboard(page: Page, answers: Mapping[str, Any]) -> None:
    """Answer the question that has the focus, and go on to the next one."""
    keyboard = page.keyboard
    prompt = page.evaluate(
        "document.activeElement.closest('fieldset').querySelector('legend').innerText"
    )
    answer = next(answer for part, answer in answers.items() if part in prompt)
    kind = page.evaluate("document.activeElement.type")
    if kind in {"text", "textarea"}:
        keyboard.type(answer)
    elif kind == "radio":
        keyboard.press("Space")
        while focused_label(page) not in answer:
            keyboard.press("ArrowDown")
    else:
        while page.evaluate("document.activeElement.type") == "checkbox":
            if focused_label(page) in answer:
                keyboard.press("Space")
            keyboard.press("Tab")
        return
    keyboard.press("Tab")


def focused_label(page: Page) -> str:
    return str(page.evaluate("document.activeElement.closest('label').innerText")).strip()


def cells(course: Course) -> int:
    return len(next(course.lessons()).cells)


def attempts(sessions: sessionmaker[Session], course: Course) -> list[QuizAttempt]:
    with sessions() as session:
        query = select(QuizAttempt).join(CourseRow, CourseRow.id == QuizAttempt.course_id)
        return list(session.scalars(query.where(CourseRow.key == course.key)))


def test_all_kinds_are_answered_by_keyboard_alone(at_lesson: Visitor, course: Course) -> None:
    page = at_lesson.page
    form = go(page)
    wait_for_focus(form.locator("fieldset").first.locator("input, textarea").first)
    for _ in RIGHT:
        by_keyboard(page, RIGHT)
    wait_for_focus(form.get_by_role("button", name="Submit answers"))
    page.keyboard.press("Enter")
    expect(form.get_by_role("status")).to_have_text("Attempt 1: 4 of 4 points.")
    wait_for_focus(form.locator(".jp-Coursewright-quizScore"))
    expect(form.locator("[data-verdict=right]")).to_have_count(4)
    expect(form).to_contain_text("What lies below becomes the lower limit.")
    expect(form).to_contain_text("It is the limit that is nearest.")
    panel = page.get_by_role("region", name="Courses", exact=True)
    expect(panel.get_by_role("list", name="Quizzes of this lesson")).to_contain_text(
        "4 of 4 points"
    )
    expect(page.locator(".jp-Notebook .jp-Cell")).to_have_count(cells(course))


def test_answering_leaves_the_notebook_as_it_is(at_lesson: Visitor, course: Course) -> None:
    page = at_lesson.page
    form = go(page)
    expect(page.get_by_text("| Idle").first).to_be_visible()
    form.locator("input, textarea").first.press("ControlOrMeta+S")
    expect(page.locator(".jp-mod-dirty")).to_have_count(0)
    printed = form.get_by_role("group", name="What does this print").get_by_role("textbox")
    # Keys that mean something to a notebook: new cells, deleted cells, run.
    printed.press_sequentially("abdd x")
    printed.press("Shift+Enter")
    form.get_by_role("group", name="What becomes of").get_by_role("radio").first.focus()
    for key in ("Space", "b", "a", "d", "d", "Enter"):
        page.keyboard.press(key)
    form.get_by_text("Question 1", exact=False).first.dblclick()
    expect(printed).to_have_value("abdd x\n")
    expect(page.locator(".jp-Notebook .jp-Cell")).to_have_count(cells(course))
    expect(page.locator(".jp-mod-dirty")).to_have_count(0)
    expect(page.locator(".jp-MarkdownCell:not(.jp-mod-rendered)")).to_have_count(0)


def test_a_wrong_answer_is_explained_and_tried_again_until_the_key_is_told(
    at_lesson: Visitor,
) -> None:
    form = go(at_lesson.page)
    submit(form, WRONG, 1)
    expect(form.get_by_role("status")).to_have_text("Attempt 1: 0.5 of 4 points. 2 attempts left.")
    expect(form.locator("[data-verdict=wrong]")).to_have_count(3)
    expect(form.get_by_text("Partly right")).to_be_visible()
    expect(form).to_contain_text("That is the other limit.")
    expect(form).not_to_contain_text("It is the limit that is nearest.")
    form.get_by_role("button", name="Try again").click()
    chosen = form.get_by_role("group", name="What becomes of").get_by_label("9", exact=True)
    expect(chosen).to_be_checked()
    submit(form, {"What becomes of": ["1"]}, 2)
    form.get_by_role("button", name="Try again").click()
    submit(form, WRONG, 3)
    expect(form).to_contain_text("best: 1.5 of 4 points")
    expect(form).to_contain_text("No attempts left")
    expect(form.get_by_text("Right answer")).to_have_count(5)
    expect(form.get_by_role("button", name="Try again")).to_have_count(0)


def test_questions_left_open_are_named_and_can_stay_so(at_lesson: Visitor) -> None:
    form = go(at_lesson.page)
    fill(form, {"roughly": "0.3"})
    form.get_by_role("button", name="Submit answers").click()
    expect(form.get_by_role("alert")).to_contain_text("have no answer yet")
    missed = form.locator("[data-missed]")
    expect(missed).to_have_count(3)
    wait_for_focus(missed.first.locator("input, textarea").first)
    form.get_by_role("button", name="Submit answers").click()
    expect(form.get_by_role("status")).to_contain_text("Attempt 1: 1 of 4 points.")
    expect(form.get_by_text("Not answered")).to_have_count(3)


def test_what_is_no_number_costs_no_attempt(at_lesson: Visitor) -> None:
    form = go(at_lesson.page)
    fill(form, {**RIGHT, "roughly": "a third"})
    form.get_by_role("button", name="Submit answers").click()
    expect(form.get_by_role("alert")).to_contain_text("'a third' is not a number")
    submit(form, {"roughly": "3e-1"}, 1)
    expect(form.get_by_role("status")).to_have_text("Attempt 1: 4 of 4 points.")


def test_answers_outlast_a_killed_service_and_count_once(
    at_lesson: Visitor, platform: Up, sessions: sessionmaker[Session], course: Course
) -> None:
    page = at_lesson.page
    form = go(page)
    fill(form, RIGHT)
    processes = service_of(platform)
    with frozen(processes):
        form.get_by_role("button", name="Submit answers").click()
        expect(form).to_contain_text("It is not known whether your answers arrived.")
        at_lesson.picture(PICTURES / "quiz-service-away.png")
        for process in processes:
            process.kill()
    expect(form.get_by_label("9", exact=True)).to_be_disabled()
    marked = form.get_by_role("status").filter(has_text="Attempt 1: 4 of 4 points.")
    again = form.locator("button[aria-disabled=false]", has_text="Send again")
    expect(marked.or_(again).first).to_be_visible()
    while not marked.count():
        again.click()
        expect(marked.or_(again).first).to_be_visible()
    assert [one.points for one in attempts(sessions, course)] == [4]


def test_a_draft_outlasts_a_reload(at_lesson: Visitor) -> None:
    page = at_lesson.page
    fill(go(page), {"roughly": "0.3", "What becomes of": ["9"]})
    page.reload()
    form = quiz(page)
    expect(form.get_by_role("group", name="roughly").get_by_role("textbox")).to_have_value("0.3")
    expect(form.get_by_label("9", exact=True)).to_be_checked()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_everybody_can_use_a_quiz(at_lesson: Visitor, theme: str) -> None:
    page = at_lesson.page
    at_lesson.use_theme(theme)
    form = go(page)
    look(at_lesson, f"quiz-answering-{theme}")
    submit(form, WRONG, 1)
    look(at_lesson, f"quiz-wrong-{theme}")
    form.get_by_role("button", name="Try again").click()
    submit(form, RIGHT, 2)
    look(at_lesson, f"quiz-right-{theme}")


def look(visitor: Visitor, name: str) -> None:
    """Take a picture, and find nothing serious in what belongs to quizzes."""
    visitor.page.locator(".jp-Coursewright-quiz").screenshot(
        path=(PICTURES / f"{name}-form.png").absolute()
    )
    visitor.picture(PICTURES / f"{name}.png")
    for part in (".jp-Coursewright-quiz", ".jp-Coursewright-result"):
        found = Axe().run(visitor.page, context={"include": [[part]]}).response["violations"]
        grave = [one for one in found if one["impact"] in {"serious", "critical"}]
        assert [(one["id"], one["nodes"][0]["html"]) for one in grave] == []
