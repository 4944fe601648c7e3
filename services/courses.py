"""Courses: the catalogue, joining, the outline with one's standing, a lesson's notebook."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from coursewright.records import courses, joining, messages, versions
from coursewright.records.courses import CourseCard
from coursewright.services.answers import APIHandler, PageHandler
from coursewright.services.guards import needs
from coursewright.services.mastery import Concept, concepts
from coursewright.services.messages import prose
from coursewright.services.progress import Outline, outline
from coursewright.services.routes import Route
from coursewright.services.schemas import documented
from coursewright.services.scopes import LEARN, STAFF
from coursewright.services.versions import VERSION, number


class Catalogue(APIHandler):
    @documented({200: "Catalogue"})
    @needs(LEARN)
    async def get(self) -> None:
        """The courses that one may join or belongs to, with one's role in each."""
        self.answer({"courses": await self.ask(courses.catalogue, self.person)})


class Enrolment(APIHandler):
    @documented({200: "Enrolment"}, takes="Nothing")
    @needs(LEARN)
    async def put(self, course: str) -> None:
        """Join a course as a student.

        Whoever belongs to it already keeps the role they have.
        """
        self.sent()
        self.answer({"course": course, "role": await self.ask(joining.join, self.person, course)})


class Course(APIHandler):
    @documented({200: "Outline"})
    @needs(LEARN)
    async def get(self, course: str) -> None:
        """The outline of a course that one belongs to, with one's standing in each lesson."""
        self.answer(await self.ask(outline, self.person, course))


class Lesson(APIHandler):
    @documented({200: "Lesson"}, query={"version": VERSION})
    @needs(LEARN)
    async def get(self, course: str, lesson: str) -> None:
        """A lesson's notebook as students get it: no solutions, hidden tests or quiz keys.

        Without `version`, the newest.
        """
        asked = self.get_query_argument("version", None)
        version = None if asked is None else number(asked, "version")
        self.answer(await self.ask(released, self.person, course, lesson, version))


@dataclass(frozen=True)
class Mine:
    """A course on one's own page; `open` to everybody who wants to join."""

    card: CourseCard
    outline: Outline | None
    open: bool
    concepts: tuple[Concept, ...] = ()

    @property
    def teaches(self) -> bool:
        return self.card.role in STAFF


class MyCourses(PageHandler):
    @needs(LEARN)
    async def get(self) -> None:
        """The page of one's courses, and of those that one may join; administrators see all."""
        found = await self.ask(mine, self.person, self.is_admin)
        self.show(
            "courses.html",
            unread=await self.ask(messages.received, self.person, unread=True),
            prose=prose,
            courses=[course for course in found if course.card.role],
            others=[course for course in found if not course.card.role],
            is_admin=self.is_admin,
        )


class JoinForm(PageHandler):
    @needs(LEARN)
    async def post(self, course: str) -> None:
        """Join a course from the page."""
        await self.ask(joining.join, self.person, course)
        self.redirect(f"{self.service.prefix}#{course}", status=303)


def released(
    session: Session, person: str, course: str, key: str, asked: int | None = None
) -> dict[str, Any]:
    """The lesson as JSON; its notebook says where it comes from."""
    lesson, version = versions.lesson_in(session, person, course, key, asked)
    notebook = lesson.to_notebook()
    own = notebook["metadata"].get("coursewright", {})
    notebook["metadata"]["coursewright"] = {
        **own,
        "course": course,
        "lesson": key,
        "version": version,
    }
    return {"key": key, "title": lesson.title, "version": version, "notebook": notebook}


def mine(session: Session, person: str, everything: bool) -> list[Mine]:
    """The catalogue with one's outline of each course that one belongs to."""
    offered = {card.key for card in courses.catalogue(session, person)}
    found = []
    for card in courses.catalogue(session, person, everything=everything):
        is_open = card.key in offered
        if card.role is None:
            found.append(Mine(card, None, is_open))
            continue
        known = tuple(concepts(session, person, card.key))
        found.append(Mine(card, outline(session, person, card.key), is_open, known))
    return found


ROUTES = [
    Route("", MyCourses),
    Route("courses/{course}/enrolment", JoinForm),
    Route("api/v1/courses", Catalogue),
    Route("api/v1/courses/{course}", Course),
    Route("api/v1/courses/{course}/enrolment", Enrolment),
    Route("api/v1/courses/{course}/lessons/{lesson}", Lesson),
]
