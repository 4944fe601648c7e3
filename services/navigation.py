"""The pages of a course, as data: what its navigation offers, and to whom."""

from __future__ import annotations

from dataclasses import dataclass

from coursewright.records.tables import ROLES


@dataclass(frozen=True)
class CoursePage:
    """`path` is below `courses/{course}/`; `role` is the least that its guard asks for.

    `early`: there is something to see before the course's first version, too. `students`: it shows
    those who learn here their own things, so it is offered to nobody else.
    """

    label: str
    path: str
    role: str
    early: bool = False
    students: bool = False
    group: str = "Class"


COURSE_PAGES = (
    CoursePage("My progress", "progress", "student", students=True),
    CoursePage("Class", "class", "assistant"),
    CoursePage("Progress", "matrix", "assistant"),
    CoursePage("Analytics", "analytics", "assistant"),
    CoursePage("Messages", "messages", "assistant"),
    CoursePage("People", "people", "assistant", early=True),
    CoursePage("Gradebook", "gradebook", "assistant", group="Assessment"),
    CoursePage("Weights", "weights", "assistant", group="Assessment"),
    CoursePage("Due dates", "deadlines", "assistant", group="Assessment"),
    CoursePage("Requests", "requests", "assistant", group="Assessment"),
    CoursePage("Regrade", "regrades", "instructor", group="Assessment"),
    CoursePage("Quizzes", "quizzes", "student", group="Assessment"),
    CoursePage("Question bank", "bank", "assistant", group="Assessment"),
    CoursePage("Item analysis", "questions", "assistant", group="Assessment"),
    CoursePage("Draft", "draft", "instructor", early=True, group="Course"),
    CoursePage("Versions", "versions", "instructor", group="Course"),
    CoursePage("Settings", "settings", "instructor", early=True, group="Course"),
    CoursePage("Class times", "meetings", "assistant", early=True, group="Course"),
    CoursePage("Report", "report", "instructor", group="Course"),
)


def for_course(
    role: str | None, *, admin: bool = False, published: bool = True
) -> list[CoursePage]:
    """What somebody with `role` in a course may open; administrators need no role."""
    pages = [page for page in COURSE_PAGES if page.early or published]
    if role == "student":
        return [page for page in pages if page.role == "student"]
    pages = [page for page in pages if not page.students]
    if admin:
        return pages
    if role is None:
        return []
    return [page for page in pages if ROLES.index(role) >= ROLES.index(page.role)]
