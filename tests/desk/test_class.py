"""The instructor's class at the desk, in a real browser: seen live, marked, grades released."""

from __future__ import annotations

import json
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from browsing import Visitor, wait_for_focus
from desk_course import desk_course, written
from playwright.sync_api import Locator, Page, expect
from sqlalchemy.orm import Session, sessionmaker

from coursewright.records import activity, courses, submissions
from coursewright.records.activity import CHECKED, HINTED, Told
from coursewright.records.course import Course

pytestmark = pytest.mark.browser

PICTURES = Path(__file__).parents[2] / "test-output" / "desk"
numbers = count(1)
Sit = Callable[..., Visitor]
HandIn = Callable[..., int]


@pytest.fixture
def words(publish: Callable[[Course], None]) -> Course:
    """A course with a lesson that has an answer in words."""
    number = next(numbers)
    course = desk_course(f"class-{number}", f"A class {number}", written())
    publish(course)
    return course


@pytest.fixture
def hand_in(sessions: sessionmaker[Session], words: Course) -> HandIn:
    """Hands in for somebody who sits elsewhere; the platform's own workers grade it."""

    def hand_in(name: str, essay: str, double: str = "def double(x):\n    return x") -> int:
        book = {**written().to_notebook(), "metadata": {}}
        for cell in book["cells"]:
            own = cell["metadata"].get("nbgrader", {}).get("grade_id")
            cell["source"] = {"why": essay, "double": double}.get(own, cell["source"])
        with sessions.begin() as session:
            courses.enrol(session, name, words.key)
            content = json.dumps(book).encode()
            key = f"{words.key}-of-{name}"
            return submissions.receive(session, name, words.key, "words", content, key).id

    return hand_in


def open_class(visitor: Visitor) -> Locator:
    """The Class panel, by the menu, once it is known that they teach."""
    page = visitor.page
    expect(page.get_by_role("tab", name="Class", exact=True)).to_be_visible()
    page.get_by_role("menuitem", name="Courses").click()
    page.get_by_role("menuitem", name="Open Class").click()
    panel = page.get_by_role("region", name="Class", exact=True)
    expect(panel).to_be_visible()
    return panel


def picture(visitor: Visitor, name: str) -> None:
    """In light and in dark, with nothing serious found by axe in our own parts."""
    visitor.picture(PICTURES / f"{name}-light.png")
    refuse_findings(visitor.page)
    visitor.use_theme("dark")
    visitor.picture(PICTURES / f"{name}-dark.png")
    refuse_findings(visitor.page)


def refuse_findings(page: Page) -> None:
    found = Axe().run(page, context={"include": [[".jp-Coursewright"]]}).response["violations"]
    bad = [one for one in found if one["impact"] in {"serious", "critical"}]
    told = [(one["id"], [node["html"] for node in one["nodes"]]) for one in bad]
    assert told == []


def test_a_class_is_seen_at_work_without_reloading(
    sit: Sit, words: Course, sessions: sessionmaker[Session]
) -> None:
    teacher = sit(words, "instructor")
    panel = open_class(teacher)
    expect(panel).to_contain_text("Nobody has joined this course yet.")
    student = sit(words)
    row = panel.get_by_role("list", name="Students").get_by_role("button", name=student.name)
    expect(row).to_contain_text("Has not been here yet")
    courses_panel = student.page.get_by_role("region", name="Courses", exact=True)
    courses_panel.get_by_role("button", name=f"Open {words.title}", exact=True).click()
    courses_panel.get_by_role("button", name="In words").first.click()
    expect(row).to_contain_text("Here now")
    expect(row).to_contain_text("In words")
    for told in (Told(CHECKED, "words", "double", {"passed": 0, "of": 1}),) * 2 + (
        Told(HINTED, "words", "double", {"tier": 1}),
    ):
        with sessions.begin() as session:
            assert activity.keep(session, student.name, words.key, told)
    expect(row).to_contain_text("Stuck for less than a minute")
    expect(row).to_contain_text("2 checks · 0 of 1 tests passed · 1 hint")
    expect(panel).to_contain_text("1 of 1 here now · 1 stuck")
    picture(teacher, "class")


def test_hand_ins_are_marked_one_after_the_other_by_keyboard(
    sit: Sit, words: Course, hand_in: HandIn
) -> None:
    hand_in("writer-one", "Since twice **two** is four.")
    hand_in("writer-two", "No idea.")
    teacher = sit(words, "assistant")
    panel = open_class(teacher)
    expect(panel.get_by_role("button", name="Mark hand-ins (2 wait)")).to_be_visible()
    panel.get_by_role("button", name="Mark hand-ins").click()
    page = teacher.page
    paper = page.get_by_role("region", name="Marking", exact=True)
    expect(paper.get_by_role("heading", name="writer-one")).to_be_visible()
    expect(paper).to_contain_text("Since twice two is four.")
    form = paper.get_by_role("form", name="Mark of why")
    # The form of the answer that waits has the focus: the marker can type at once.
    wait_for_focus(form.get_by_label("New reason", exact=True))
    page.keyboard.type("Says why")
    form.get_by_label("Points of the new reason").fill("2")
    form.get_by_role("button", name="Add reason").click()
    expect(form.get_by_role("checkbox", name="Says why")).to_be_checked()
    form.get_by_label("Comment").fill("Nicely put")
    picture(teacher, "marking")
    form.get_by_label("Comment").press("ControlOrMeta+Enter")
    expect(form.get_by_role("status")).to_have_text("Saved.")
    expect(paper).to_contain_text("2 of 3 · Partly right")
    page.keyboard.press("F8")
    expect(paper.get_by_role("heading", name="writer-two")).to_be_visible()
    form.get_by_label("Adjustment").fill("0,5")
    # What was typed is kept on the way to the next, of which there is none.
    page.keyboard.press("F8")
    expect(paper).to_contain_text("Nothing waits to be marked")


def test_a_mark_that_came_meanwhile_is_shown_and_not_written_over(
    sit: Sit, words: Course, hand_in: HandIn, sessions: sessionmaker[Session]
) -> None:
    from coursewright.grader import marking

    number = hand_in("written-for", "Because of two.")
    teacher = sit(words, "instructor")
    panel = open_class(teacher)
    panel.get_by_role("button", name="Mark hand-ins (1 wait)").click()
    paper = teacher.page.get_by_role("region", name="Marking", exact=True)
    form = paper.get_by_role("form", name="Mark of why")
    form.get_by_label("Comment").fill("Mine")
    with sessions.begin() as session:
        about: dict[str, Any] = {"grade_id": "why", "seen": 0, "comment": "Theirs"}
        marking.mark(session, "somebody-else", words.key, number, **about)
    form.get_by_role("button", name="Save mark").click()
    expect(form.get_by_role("alert")).to_contain_text("Somebody else has marked this answer")
    expect(form.get_by_label("Comment")).to_have_value("Mine")
    form.get_by_text("2 marks so far").click()
    expect(form).to_contain_text("Theirs")
    form.get_by_role("button", name="Save mark").click()
    expect(form.get_by_role("status")).to_have_text("Saved.")


LOGOUT = "/hub/logout"
HOSTILE = f"""
<script>window.hacked = 'script'</script>
<img src="x" onerror="window.hacked = 'onerror'">
<img src="{LOGOUT}?from=picture">
<svg onload="window.hacked = 'svg'"><script>window.hacked = 'svg script'</script></svg>
<iframe srcdoc="<script>parent.hacked = 'frame'</script>"></iframe>
<form action="{LOGOUT}"><button>send me</button></form>
<button data-commandlinker-command="help:about">command me</button>
<a href="javascript:window.hacked = 'link'">click me</a>
<a href="{LOGOUT}?from=link">leave me</a>
<a href="https://example.org/source">my source</a>
<style>body {{ display: none }}</style>
<div class="jp-Dialog" style="position: fixed; inset: 0" id="main">over all</div>
"""


def hostile_notebook() -> dict[str, Any]:
    def shown(**data: Any) -> dict[str, Any]:
        bundle = {kind.replace("__", "/"): value for kind, value in data.items()}
        return {"output_type": "display_data", "data": bundle, "metadata": {}}

    view = {"application/vnd.jupyter.widget-view+json": {"model_id": "m", "version_major": 2}}
    outputs = [
        shown(text__html=HOSTILE, text__plain="plain"),
        shown(application__javascript="window.hacked = 'javascript'", text__plain="safe words"),
        {**shown(), "data": {"image/svg+xml": f"<svg>{HOSTILE}</svg>", "text/plain": "a drawing"}},
        {**shown(), "data": {**view, "text/plain": "a slider"}},
        {"output_type": "stream", "name": "stdout", "text": HOSTILE},
        {"output_type": "error", "ename": "E", "evalue": "", "traceback": [HOSTILE]},
        "no output at all",
    ]
    code = {"cell_type": "code", "source": "'</code><script>hacked = 1</script>'"}
    latex = r"$$\href{javascript:window.hacked='math'}{sum}$$"
    essay = {"cell_type": "markdown", "source": [HOSTILE, latex, "\n\nBecause of two."]}
    widgets = {"widgets": {"application/vnd.jupyter.widget-state+json": {"state": {"m": {}}}}}
    cells = [{**code, "outputs": outputs}, essay, {"cell_type": "odd", "source": 3}, None]
    return {"nbformat": 4, "nbformat_minor": 5, "metadata": widgets, "cells": cells}


def test_nothing_in_a_hand_in_can_act_in_the_teacher_s_page(
    sit: Sit, words: Course, hand_in: HandIn
) -> None:
    hand_in("hostile-one", "Because of two.")
    teacher = sit(words, "instructor")
    page = teacher.page
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    body = json.dumps(hostile_notebook())
    page.route(
        "**/submissions/*/notebook*",
        lambda route: route.fulfill(body=body, content_type="application/json"),
    )
    panel = open_class(teacher)
    panel.get_by_role("button", name="Mark hand-ins (1 wait)").click()
    paper = page.get_by_role("region", name="Marking", exact=True)
    expect(paper).to_contain_text("Because of two.")
    for said in ("safe words", "a drawing", "a slider", "over all", "command me", "send me"):
        expect(paper).to_contain_text(said)
    for text in ("click me", "leave me"):
        paper.get_by_text(text, exact=True).first.click(force=True)
    expect(paper.get_by_role("link")).to_have_count(2)
    assert {link.get_attribute("href") for link in paper.get_by_role("link").all()} == {
        "https://example.org/source"
    }
    foreign = ".jp-Coursewright-foreign"
    bad = "script, iframe, form, button, style, object, embed, [data-commandlinker-command]"
    assert page.locator(f"{foreign} :is({bad})").count() == 0
    assert page.locator(f"{foreign} :is(img[src], [class*=Dialog], #main)").count() == 0
    look = (
        "e => [...e.attributes].some(a => a.name.startsWith('on') || /^javascript:/i.test(a.value))"
    )
    every = page.locator(f"{foreign} *").all()
    assert not [one for one in every if one.evaluate(look)]
    assert page.evaluate("window.hacked === undefined")
    assert not [url for url in asked if LOGOUT in url]
    picture(teacher, "hostile")


def test_grades_are_held_back_and_released(sit: Sit, words: Course, hand_in: HandIn) -> None:
    student = sit(words)
    hand_in(student.name, "Because of two.", "def double(x):\n    return 2 * x")
    mine = student.page.get_by_role("region", name="Courses", exact=True)
    enter = mine.get_by_role("button", name=f"Open {words.title}", exact=True)
    enter.click()
    lesson = mine.get_by_role("button", name="In words").first
    expect(lesson).to_contain_text("Graded 2 of 5")
    teacher = sit(words, "instructor")
    panel = open_class(teacher)
    panel.get_by_text("Hold back and release grades").click()
    switch = panel.get_by_role("switch", name="Hold back the grades of In words")
    switch.check()
    expect(panel).to_contain_text("Held back")
    picture(teacher, "release")

    def look_again() -> None:
        mine.get_by_role("button", name="All courses").click()
        enter.click()

    look_again()
    expect(lesson).to_contain_text("Graded, not released yet")
    student.picture(PICTURES / "held-light.png")
    switch.uncheck()
    expect(panel.get_by_role("status").last).to_contain_text("released")
    look_again()
    expect(lesson).to_contain_text("Graded 2 of 5")


def test_a_student_sees_nothing_of_it(sit: Sit, words: Course) -> None:
    student = sit(words)
    student.page.get_by_role("menuitem", name="Courses").click()
    expect(student.page.get_by_role("menuitem", name="Submit Lesson")).to_be_visible()
    expect(student.page.get_by_role("menuitem", name="Open Class")).to_have_count(0)
    address = f"{student.page.url.split('/lab')[0]}/coursewright/api/courses/{words.key}/class"
    answer = student.page.request.get(address)
    assert answer.status == 403
    assert "needs custom:coursewright:teach" in answer.json()["message"]
