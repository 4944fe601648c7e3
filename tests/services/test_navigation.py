"""What a course's navigation offers is what its guards let in."""

from __future__ import annotations

import pytest

from coursewright.services.guards import guard_of
from coursewright.services.navigation import COURSE_PAGES, CoursePage, for_course
from coursewright.services.scopes import LEARN
from coursewright.services.web import ROUTES

HANDLERS = {route.path: route.handler for route in ROUTES}


@pytest.mark.parametrize("page", COURSE_PAGES, ids=lambda page: page.path)
def test_a_page_of_the_navigation_asks_for_the_role_that_its_guard_asks_for(
    page: CoursePage,
) -> None:
    guard = guard_of(HANDLERS[f"courses/{{course}}/{page.path}"].get)
    assert guard is not None
    # Who may learn need not have a role named: the question itself finds them in the course.
    assert (guard.role or "student") == page.role
    assert page.role == "student" or guard.scope != LEARN


def test_students_are_offered_less_than_teachers_and_strangers_nothing() -> None:
    offered = [len(for_course(role)) for role in (None, "student", "assistant", "instructor")]
    assert offered == sorted(offered)
    assert offered[0] == 0
    assert len(for_course(None, admin=True)) == sum(not page.students for page in COURSE_PAGES)
