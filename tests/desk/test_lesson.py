"""A lesson at the desk, in a real browser."""

from __future__ import annotations

import pytest
from browsing import Visitor
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


def test_a_lesson_opens_as_a_notebook_with_its_own_menu(at_lesson: Visitor) -> None:
    page = at_lesson.page
    expect(page.get_by_role("heading", name="Limits").first).to_be_visible()
    page.get_by_role("menuitem", name="Courses").click()
    expect(page.get_by_role("menuitem", name="Submit Lesson")).to_be_visible()
