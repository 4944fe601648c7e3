"""The pages of a course, as data: what its navigation offers, and to whom."""

from __future__ import annotations

from dataclasses import dataclass

from coursewright.records.tables import ROLES


@dataclass(frozen=True)
class CoursePage:
    """`path` is below `courses/{course}/`; `role` is the least that its guard asks for."""

    label: str
    path: str
    role: str


COURSE_PAGES = (
    CoursePage("Gradebook", "gradebook", "assistant"),
    CoursePage("People", "people", "assistant"),
    CoursePage("Due dates", "deadlines", "assistant"),
    CoursePage("Regrade", "regrades", "instructor"),
    CoursePage("Quizzes", "quizzes", "student"),
    CoursePage("Question bank", "bank", "assistant"),
    CoursePage("Questions", "questions", "assistant"),
)


def for_course(role: str | None, *, admin: bool = False) -> list[CoursePage]:
    """What somebody with `role` in a course may open; administrators need no role."""
    if admin:
        return list(COURSE_PAGES)
    if role is None:
        return []
    return [page for page in COURSE_PAGES if ROLES.index(role) >= ROLES.index(page.role)]
