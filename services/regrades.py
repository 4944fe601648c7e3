"""Grading again: ask for it, see how far it is and what it would change, apply or discard it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy.orm import Session

from coursewright.grader import regrade as grader
from coursewright.records import courses, differences, looks, regrades
from coursewright.records.differences import Difference, Summary
from coursewright.records.errors import Conflict, CoursewrightError, Invalid, NotFound
from coursewright.services.answers import APIHandler, PageHandler
from coursewright.services.base import Handler
from coursewright.services.guards import needs
from coursewright.services.paging import PAGED, chosen, page
from coursewright.services.problems import status_of
from coursewright.services.routes import Route
from coursewright.services.schemas import REGRADE, documented
from coursewright.services.scopes import TEACH
from coursewright.services.shapes import one_of

STATES: list[str] = REGRADE["state"]["enum"]


class Regrades(APIHandler):
    @documented({200: "Regrades"}, query={**PAGED, "state": one_of(*STATES)})
    @needs(TEACH, role="instructor")
    async def get(self, course: str) -> None:
        """A course's regrades, newest first, with how far they are.

        With `state`, those alone.
        """
        state = chosen(self, "state", STATES)
        found = await self.ask(differences.listed, course)
        fitting = (one for one in found if state in (None, one.state))
        here, following = page(self, fitting, lambda one: (-one.id,))
        self.answer({"regrades": here, "next": following})

    @documented({201: "Regrade"}, takes="RegradeSent")
    @needs(TEACH, role="instructor")
    async def post(self, course: str) -> None:
        """Grade again what was handed in: all of it, or a lesson, a person, or a lesson's cell.

        The newest version of the course decides. What counts stays until the regrade is applied.
        """
        number = await ordered(self, course, **self.sent())
        self.answer(await self.ask(differences.summary, course, number), 201)


class Regrade(APIHandler):
    @documented({200: "RegradeWithDifferences"})
    @needs(TEACH, role="instructor")
    async def get(self, course: str, regrade: str) -> None:
        """One regrade, with what it changes for whom."""
        found = await self.ask(compared, course, int(regrade))
        await self.ask(looks.at_class, self.person, course, "regrade", self.request_id)
        self.answer({**asdict(found.summary), "differences": found.differences})


class Apply(APIHandler):
    @documented({200: "Regrade"}, takes="Nothing", conflicts=True)
    @needs(TEACH, role="instructor")
    async def post(self, course: str, regrade: str) -> None:
        """Let a regrade count; the gradings before it are kept.

        409 while it is under way. A submission that was marked meanwhile stays as it is.
        """
        self.sent()
        await settled(self, "apply", course, regrade)
        self.answer(await self.ask(differences.summary, course, int(regrade)))


class Discard(APIHandler):
    @documented({200: "Regrade"}, takes="Nothing", conflicts=True)
    @needs(TEACH, role="instructor")
    async def post(self, course: str, regrade: str) -> None:
        """Leave everything as it is."""
        self.sent()
        await settled(self, "discard", course, regrade)
        self.answer(await self.ask(differences.summary, course, int(regrade)))


class RegradesPage(PageHandler):
    @needs(TEACH, role="instructor")
    async def get(self, course: str) -> None:
        """A course's regrades, and a form that asks for another."""
        await self.show_all(course)

    @needs(TEACH, role="instructor")
    async def post(self, course: str) -> None:
        """What the form says."""
        names = ("lesson", "person", "cell")
        about = {name: self.get_body_argument(name, "").strip() for name in names}
        try:
            number = await ordered(self, course, **{k: v for k, v in about.items() if v})
        except (Invalid, NotFound) as error:
            self.set_status(status_of(error))
            await self.show_all(course, error)
            return
        page = f"{self.service.prefix}courses/{course}/regrades/{number}"
        self.redirect(page, status=303)

    async def show_all(self, course: str, wrong: CoursewrightError | None = None) -> None:
        found = await self.ask(overview, course)
        self.show_course("regrades.html", course, found.title, course=found, wrong=wrong)


class RegradePage(PageHandler):
    @needs(TEACH, role="instructor")
    async def get(self, course: str, regrade: str) -> None:
        """One regrade with its differences; to be applied or discarded when it is ready."""
        await self.show_one(course, regrade)

    @needs(TEACH, role="instructor")
    async def post(self, course: str, regrade: str) -> None:
        """`apply` or `discard`, as the form says."""
        acts = {"apply", "discard"} & self.request.body_arguments.keys()
        try:
            if len(acts) != 1:
                raise Invalid("The form must say one thing to do: apply or discard")
            await settled(self, acts.pop(), course, regrade)
        except (Invalid, Conflict) as error:
            self.set_status(status_of(error))
            await self.show_one(course, regrade, error)
            return
        self.redirect(f"{self.service.prefix}courses/{course}/regrades/{regrade}", status=303)

    async def show_one(
        self, course: str, regrade: str, wrong: CoursewrightError | None = None
    ) -> None:
        found = await self.ask(compared, course, int(regrade))
        await self.ask(looks.at_class, self.person, course, "regrade", self.request_id)
        self.show("regrade.html", course=found, wrong=wrong)


@dataclass(frozen=True)
class Overview:
    """A course with its regrades and lessons (key, title)."""

    key: str
    title: str
    lessons: tuple[tuple[str, str], ...]
    regrades: list[Summary]


@dataclass(frozen=True)
class Compared:
    """A regrade with its differences."""

    key: str
    title: str
    summary: Summary
    differences: list[Difference]

    @property
    def changes(self) -> list[Difference]:
        return [item for item in self.differences if item.changed]


def overview(session: Session, key: str) -> Overview:
    """Raises NotFound."""
    source = courses.newest_source(session, key)
    lessons = tuple((lesson.key, lesson.title) for lesson in source.lessons())
    return Overview(key, source.title, lessons, differences.listed(session, key))


def compared(session: Session, key: str, number: int) -> Compared:
    """Raises NotFound."""
    found = differences.summary(session, key, number)
    title = courses.title(session, key)
    return Compared(key, title, found, differences.differences(session, number))


async def ordered(handler: Handler, course: str, **about: str) -> int:
    return await handler.ask(
        regrades.request,
        course,
        handler.person,
        lesson=about.get("lesson"),
        person=about.get("person"),
        grade_id=about.get("cell"),
        request_id=handler.request_id,
    )


async def settled(handler: Handler, act: str, course: str, number: str) -> None:
    does: Any = grader.apply if act == "apply" else regrades.discard
    await handler.ask(does, course, int(number), handler.person, handler.request_id)


ROUTES = [
    Route("courses/{course}/regrades", RegradesPage),
    Route("courses/{course}/regrades/{regrade}", RegradePage),
    Route("api/v1/courses/{course}/regrades", Regrades),
    Route("api/v1/courses/{course}/regrades/{regrade}", Regrade),
    Route("api/v1/courses/{course}/regrades/{regrade}/apply", Apply),
    Route("api/v1/courses/{course}/regrades/{regrade}/discard", Discard),
]
