"""Courses: the catalogue, joining, the outline with one's standing, a lesson's notebook."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy.orm import Session

from coursewright.records import (
    authoring,
    courses,
    drafts,
    facts,
    joining,
    lifecycle,
    messages,
    versions,
    waiting,
)
from coursewright.records.courses import CourseCard
from coursewright.records.facts import Facts
from coursewright.services.answers import APIHandler, PageHandler
from coursewright.services.authors import AuthorHandler, AuthorPage
from coursewright.services.guards import needs
from coursewright.services.mastery import Concept, concepts
from coursewright.services.messages import prose
from coursewright.services.paging import PAGED, numbered, page
from coursewright.services.progress import Outline, all_outlines, outline
from coursewright.services.routes import Route
from coursewright.services.schemas import documented
from coursewright.services.scopes import LEARN, STAFF, TEACH
from coursewright.services.standing import NEXT, Due, due
from coursewright.services.versions import VERSION, number

OTHERS = 24  # courses that one may join, on a page


class Catalogue(AuthorHandler):
    @documented({200: "Catalogue"}, query=PAGED)
    @needs(LEARN)
    async def get(self) -> None:
        """The courses that one may join or belongs to, with one's role in each."""
        found = await self.ask(courses.catalogue, self.person)
        here, following = page(self, found, lambda one: (one.title.casefold(), one.key))
        self.answer({"courses": here, "next": following})

    @documented({201: "CourseKey"}, takes="NewCourse", conflicts=True)
    @needs(TEACH)
    async def post(self) -> None:
        """Make a new course, as a draft with one lesson; whoever makes it is its instructor."""
        await self.ask(authoring.refuse_strangers, self.rights)
        sent = self.sent()
        category = sent.pop("category", "")
        said = Facts(category=category) if category else None
        await self.ask(
            drafts.create,
            self.rights,
            drafts.starting(**sent),
            said,
            request_id=self.request_id,
        )
        self.answer({"course": sent["key"]}, 201)


class Enrolment(APIHandler):
    @documented({200: "Enrolment"}, takes="Nothing")
    @needs(LEARN)
    async def put(self, course: str) -> None:
        """Join a course as a student, or wait for a place in it.

        Whoever belongs to it already keeps the role they have. Whoever waits has no `role` yet
        and a `place` in the line of `waiting` people.
        """
        self.sent()
        self.answer(await self.ask(joining.join, self.person, course))


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
    facts: Facts
    concepts: tuple[Concept, ...] = ()
    archived: bool = False

    @property
    def teaches(self) -> bool:
        return self.card.role in STAFF


@dataclass(frozen=True)
class Home:
    """All that the page of one's courses shows."""

    courses: list[Mine]
    waiting: list[waiting.Mine]
    unread: list[messages.Received]
    in_work: list[lifecycle.InWork]
    may_write: bool


class MyCourses(AuthorPage):
    @needs(LEARN)
    async def get(self) -> None:
        """The page of one's courses, and of those that one may join; administrators see all."""
        found = await self.ask(home, self.rights, self.is_admin)
        waits = {turn.course for turn in found.waiting}
        others = [course for course in found.courses if not course.card.role]
        self.show(
            "courses.html",
            unread=found.unread,
            prose=prose,
            courses=[course for course in found.courses if course.card.role],
            others=numbered(
                self, [one for one in others if self.is_admin or one.card.key not in waits], OTHERS
            ),
            waiting=found.waiting,
            coming=coming(found.courses, datetime.now(UTC)),
            is_admin=self.is_admin,
            may_write=self.has_scope(TEACH) and found.may_write,
            in_work=found.in_work,
        )


class JoinForm(PageHandler):
    @needs(LEARN)
    async def post(self, course: str) -> None:
        """Join a course from the page."""
        joined = await self.ask(joining.join, self.person, course)
        place = course if joined.role else f"waiting-{course}"
        self.redirect(f"{self.service.prefix}#{place}", status=303)


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


def coming(found: list[Mine], now: datetime) -> list[Due]:
    """What is due next over all courses that one learns in."""
    outlines = [course.outline for course in found if course.outline and not course.teaches]
    return sorted((one for own in outlines for one in due(own, now)), key=moment)[:NEXT]


def moment(one: Due) -> datetime:
    return one.due


def home(session: Session, rights: authoring.Rights, everything: bool) -> Home:
    person = rights.person
    return Home(
        mine(session, person, everything),
        waiting.mine(session, person),
        messages.received(session, person, unread=True),
        lifecycle.in_work(session, person, everything=everything),
        authoring.may_author(session, rights),
    )


def mine(session: Session, person: str, everything: bool) -> list[Mine]:
    """The catalogue with one's outline of each course that one belongs to."""
    cards = offered = courses.catalogue(session, person)
    if everything:
        cards = courses.catalogue(session, person, everything=True)
    open_keys = {card.key for card in offered}
    said = facts.of_many(session, [card.key for card in cards])
    away = lifecycle.archived(session)
    known = all_outlines(session, person)
    learns = [card.key for card in cards if card.role == "student"]
    # Where there are several, each has its own page with what was learned.
    learned = {key: tuple(concepts(session, person, key)) for key in learns if len(learns) == 1}
    return [
        Mine(
            card,
            known.get(card.key) if card.role else None,
            card.key in open_keys,
            said[card.key],
            learned.get(card.key, ()),
            card.key in away,
        )
        for card in cards
    ]


ROUTES = [
    Route("", MyCourses),
    Route("courses/{course}/enrolment", JoinForm),
    Route("api/v1/courses", Catalogue),
    Route("api/v1/courses/{course}", Course),
    Route("api/v1/courses/{course}/enrolment", Enrolment),
    Route("api/v1/courses/{course}/lessons/{lesson}", Lesson),
]
