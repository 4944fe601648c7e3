"""The other parts of a course's people as pages: sections, places and waiting, joining."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from coursewright.records import courses, joining, members, places, sections, waiting
from coursewright.records.errors import Conflict, CoursewrightError, Invalid, NotFound
from coursewright.records.joining import Code
from coursewright.records.members import Member
from coursewright.records.sections import Facts
from coursewright.records.waiting import Line
from coursewright.services.guards import needs
from coursewright.services.joining import DAYS, number
from coursewright.services.people_parts import PeoplePart, whole
from coursewright.services.problems import status_of
from coursewright.services.routes import Route
from coursewright.services.scopes import TEACH


class SectionsPage(PeoplePart):
    @needs(TEACH, role="assistant")
    async def get(self, course: str) -> None:
        """The sections with their places and assistants, and the groups."""
        await self.show_sections(course)

    @needs(TEACH, role="instructor")
    async def post(self, course: str) -> None:
        """What a form says: `make` a section, or `change` or `end` the `section`."""
        about = {"request_id": self.request_id}
        arguments = self.request.body_arguments
        name, section = self.field("name"), self.field("section")
        try:
            if "end" in arguments:
                await self.ask(sections.drop, self.person, course, section, **about)
            elif "change" in arguments or "make" in arguments:
                await self.ask(
                    put,
                    self.person,
                    course,
                    section if "change" in arguments else None,
                    name,
                    capacity=number(self.field("capacity")),
                    assistants=self.get_body_arguments("assistant"),
                    request_id=self.request_id,
                )
            else:
                raise Invalid("The form must say one thing to do: make, change or end")
        except (Invalid, NotFound, Conflict) as error:
            self.set_status(status_of(error))
            await self.show_sections(course, error)
            return
        self.go(course, "people/sections")

    async def show_sections(self, course: str, wrong: CoursewrightError | None = None) -> None:
        found = await self.ask(parted, course)
        self.show_part("sections.html", course, found.title, one=found, wrong=wrong)


class SectionsSheet(PeoplePart):
    @needs(TEACH, role="assistant")
    async def get(self, course: str) -> None:
        """The sections for a spreadsheet."""
        found = await self.ask(sections.of_course, course)
        self.send_sheet(
            f"{course}-sections.csv",
            ("section", "places", "students", "assistants"),
            ((one.name, one.capacity, one.students, ", ".join(one.assistants)) for one in found),
        )


class WaitingPage(PeoplePart):
    @needs(TEACH, role="instructor")
    async def get(self, course: str) -> None:
        """The places of the course, and who waits for one."""
        await self.show_line(course)

    @needs(TEACH, role="instructor")
    async def post(self, course: str) -> None:
        """What a form says: `set` the places; `move`, `admit` or `drop` the `person`."""
        acts = {"set", "move", "admit", "drop"} & self.request.body_arguments.keys()
        person, about = self.field("person"), {"request_id": self.request_id}
        by = (self.person, course)
        try:
            if len(acts) != 1:
                raise Invalid("The form must say one thing to do: set, move, admit or drop")
            act = acts.pop()
            if act == "set":
                size, open_line = number(self.field("capacity")), bool(self.field("may_wait"))
                await self.ask(places.set_places, *by, size, open_line, **about)
            elif act == "move":
                target = whole(self.field("place"))
                if not target:
                    raise Invalid("Say at which place the person is to stand, from 1")
                await self.ask(waiting.move, *by, person, target, **about)
            else:
                does = waiting.admit if act == "admit" else waiting.drop
                await self.ask(does, *by, person, **about)
        except (Invalid, NotFound) as error:
            self.set_status(status_of(error))
            await self.show_line(course, error)
            return
        self.go(course, "people/waiting")

    async def show_line(self, course: str, wrong: CoursewrightError | None = None) -> None:
        title, line = await self.ask(lined, course)
        self.show_part("waiting.html", course, title, line=line, wrong=wrong)


class WaitingSheet(PeoplePart):
    @needs(TEACH, role="instructor")
    async def get(self, course: str) -> None:
        """Who waits, for a spreadsheet."""
        _, line = await self.ask(lined, course)
        columns = ("place", "name", "display_name", "section", "since")
        rows = ([getattr(one, name) for name in columns] for one in line.waiting)
        self.send_sheet(f"{course}-waiting.csv", columns, rows)


class JoiningPage(PeoplePart):
    @needs(TEACH, role="instructor")
    async def get(self, course: str) -> None:
        """Whether everybody may join, and the codes of the course."""
        found = await self.ask(doors, course)
        self.show_part("joining.html", course, found.title, one=found, days=DAYS)


@dataclass(frozen=True)
class Parted:
    """A course's sections, its groups with their people, and who may assist a section."""

    key: str
    title: str
    sections: list[Facts]
    assistants: list[Member]
    groups: dict[str, list[Member]]
    without: int


@dataclass(frozen=True)
class Doors:
    """How people come into a course by themselves."""

    key: str
    title: str
    open: bool
    codes: list[Code]
    sections: list[str]


def parted(session: Session, key: str) -> Parted:
    """Raises NotFound."""
    everybody = members.members(session, key)
    groups: dict[str, list[Member]] = {}
    for one in everybody:
        if one.group:
            groups.setdefault(one.group, []).append(one)
    return Parted(
        key,
        courses.title(session, key),
        sections.of_course(session, key),
        [one for one in everybody if one.role == "assistant"],
        dict(sorted(groups.items(), key=lambda item: item[0].casefold())),
        sum(one.role == "student" and one.section is None for one in everybody),
    )


def put(
    session: Session,
    by: str,
    key: str,
    section: str | None,
    name: str,
    *,
    capacity: int | None,
    assistants: list[str],
    request_id: str,
) -> None:
    """Change the `section`, or make one (None). Raises what sections.put does, and Conflict."""
    course = places.lock(session, key)
    if section is None and sections.find(session, course, name) is not None:
        raise Conflict(f"This course has a section {name!r} already")
    sections.put(
        session,
        by,
        key,
        name if section is None else section,
        capacity=capacity,
        assistants=assistants,
        rename=name,
        request_id=request_id,
    )


def lined(session: Session, key: str) -> tuple[str, Line]:
    """Raises NotFound."""
    return courses.title(session, key), waiting.line(session, key)


def doors(session: Session, key: str) -> Doors:
    """Raises NotFound."""
    parts = [one.name for one in sections.of_course(session, key)]
    is_open = joining.is_open(session, key)
    return Doors(key, courses.title(session, key), is_open, joining.codes(session, key), parts)


ROUTES = [
    Route("courses/{course}/people/sections", SectionsPage),
    Route("courses/{course}/people/sections.csv", SectionsSheet),
    Route("courses/{course}/people/waiting", WaitingPage),
    Route("courses/{course}/people/waiting.csv", WaitingSheet),
    Route("courses/{course}/people/joining", JoiningPage),
]
