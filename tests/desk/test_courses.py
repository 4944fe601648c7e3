"""The Courses panel: finding, joining, where one stands, in a real browser."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from browsing import Visitor, wait_for_focus
from desk_course import desk_course
from playwright.sync_api import Locator, expect
from sqlalchemy.orm import Session, sessionmaker

from coursewright.records import courses, deadlines, joining
from coursewright.records.course import Course
from coursewright.records.policies import Policy

pytestmark = pytest.mark.browser

PICTURES = Path(__file__).parent.parent.parent / "test-output" / "desk"
Sit = Callable[..., Visitor]


def panel_of(visitor: Visitor) -> Locator:
    return visitor.page.get_by_role("region", name="Courses", exact=True)


def test_a_course_is_found_by_its_name_and_joined(sit: Sit, course: Course) -> None:
    panel = panel_of(sit())
    panel.get_by_role("searchbox", name="Search courses").fill(course.title)
    expect(panel.get_by_role("listitem")).to_have_count(1)
    panel.get_by_role("button", name=f"Enrol in {course.title}").click()
    wait_for_focus(panel.get_by_role("heading", name=course.title))
    lesson = panel.get_by_role("button", name="Limits")
    expect(lesson).to_contain_text("Not opened")
    lesson.click()
    expect(lesson).to_have_attribute("aria-current", "true")


def test_a_closed_course_is_joined_by_its_code(
    sit: Sit, course: Course, sessions: sessionmaker[Session]
) -> None:
    with sessions.begin() as session:
        courses.enrol(session, "someone", course.key, "instructor")
        joining.set_open(session, "someone", course.key, False)
        code = joining.make(session, "someone", course.key).code
    panel = panel_of(sit())
    field = panel.get_by_label("Join with a code")
    expect(field).to_be_visible()
    expect(panel.get_by_text(course.title)).to_have_count(0)
    field.fill("ZZZZ-9999")
    field.press("Enter")
    expect(panel.get_by_role("alert")).to_contain_text("No course has this code")
    wait_for_focus(field)
    field.fill(f"{code[:4]} {code[4:].lower()}")
    field.press("Enter")
    expect(panel.get_by_role("heading", name=course.title)).to_be_visible()


def test_where_one_stands_is_seen_at_a_glance(
    sit: Sit, publish: Callable[[Course], None], sessions: sessionmaker[Session]
) -> None:
    course = desk_course("standing", "Where one stands")
    publish(course)
    visitor = sit(course)
    with sessions.begin() as session:
        due = deadlines.now(session) + timedelta(hours=30)
        policy = Policy(due=due, zone="UTC", attempts=3)
        deadlines.set_policy(session, "someone", course.key, "limits", policy)
    visitor.page.reload()
    panel = panel_of(visitor)
    expect(panel.get_by_text("Due next")).to_be_visible()
    visitor.picture(PICTURES / "catalogue-light.png")
    panel.get_by_role("region", name="Where you stand").get_by_role("button").click()
    lesson = panel.get_by_role("list").get_by_role("button", name="Limits")
    expect(lesson).to_contain_text("attempt 0 of 3")
    expect(lesson).to_contain_text(re.compile("in 1 day"))
    visitor.answer("NotImplementedError", next(next(course.lessons()).exercises()).solution)
    panel.get_by_role("button", name="Submit", exact=True).click()
    expect(panel.get_by_text("3 of 3 points", exact=True)).to_be_visible()
    expect(lesson).to_contain_text("Graded 3 of 3")
    learned = panel.get_by_text("What you have learned: 1 concept")
    learned.click()
    expect(panel.get_by_text(re.compile("conditions"))).to_be_visible()
    visitor.picture(PICTURES / "outline-light.png")
    visitor.use_theme("dark")
    visitor.picture(PICTURES / "outline-dark.png")
    panel.get_by_role("button", name="All courses").click()
    expect(panel.get_by_text("1 day in a row")).to_be_visible()
    visitor.picture(PICTURES / "catalogue-dark.png")
