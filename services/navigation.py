"""The pages of a course, as data: what its navigation offers, and to whom."""

from __future__ import annotations

from dataclasses import dataclass

from coursewright.records.tables import ROLES


@dataclass(frozen=True)
class CoursePage:
    """`path` is below `courses/{course}/`; `role` is the least that its guard asks for.

    `early`: there is something to see before the course's first version, too.
    """

    label: str
    path: str
    role: str
    early: bool = False


COURSE_PAGES = (
    CoursePage("Class", "class", "assistant"),
    CoursePage("Progress", "matrix", "assistant"),
    CoursePage("Analytics", "analytics", "assistant"),
    CoursePage("Messages", "messages", "assistant"),
    CoursePage("Gradebook", "gradebook", "assistant"),
    CoursePage("Weights", "weights", "assistant"),
    CoursePage("Requests", "requests", "assistant"),
    CoursePage("People", "people", "assistant", early=True),
    CoursePage("Due dates", "deadlines", "assistant"),
    CoursePage("Regrade", "regrades", "instructor"),
    CoursePage("My progress", "progress", "student"),
    CoursePage("Draft", "draft", "instructor", early=True),
    CoursePage("Versions", "versions", "instructor"),
    CoursePage("Settings", "settings", "instructor", early=True),
    CoursePage("Report", "report", "instructor"),
    CoursePage("Quizzes", "quizzes", "student"),
    CoursePage("Question bank", "bank", "assistant"),
    CoursePage("Questions", "questions", "assistant"),
)


def for_course(
    role: str | None, *, admin: bool = False, published: bool = True
) -> list[CoursePage]:
    """What somebody with `role` in a course may open; administrators need no role."""
    pages = [page for page in COURSE_PAGES if page.early or published]
    if admin:
        return pages
    if role is None:
        return []
    return [page for page in pages if ROLES.index(role) >= ROLES.index(page.role)]
