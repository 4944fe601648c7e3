"""Sections and groups of a course over the API: made, changed, ended; people put into them."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from sqlalchemy.orm import Session

from coursewright.records import sections
from coursewright.services.answers import APIHandler
from coursewright.services.base import Handler
from coursewright.services.guards import needs
from coursewright.services.routes import Route
from coursewright.services.schemas import documented
from coursewright.services.scopes import TEACH


class Sections(APIHandler):
    @documented({200: "Sections"})
    @needs(TEACH, role="assistant")
    async def get(self, course: str) -> None:
        """The sections of a course by name, with their places, students and assistants."""
        self.answer({"sections": await self.ask(sections.of_course, course)})


class Section(APIHandler):
    @documented({200: "Sections"}, takes="SectionSent", conflicts=True)
    @needs(TEACH, role="instructor")
    async def put(self, course: str, section: str) -> None:
        """Make a section, or change its places, its assistants and, with `name`, its name.

        An assistant who has sections sees the work of their students only. Assistants that are not
        sent stay; a `capacity` that is not sent or null is no limit.
        """
        sent = self.sent()
        await self.ask(
            sections.put,
            self.person,
            course,
            section,
            capacity=sent.get("capacity"),
            assistants=sent.get("assistants"),
            rename=sent.get("name"),
            request_id=self.request_id,
        )
        self.answer({"sections": await self.ask(sections.of_course, course)})

    @documented({200: "Sections"})
    @needs(TEACH, role="instructor")
    async def delete(self, course: str, section: str) -> None:
        """End a section; its students stay in the course, in no section."""
        await self.ask(sections.drop, self.person, course, section, request_id=self.request_id)
        self.answer({"sections": await self.ask(sections.of_course, course)})


class Placement(APIHandler):
    @documented({200: "Placement"}, takes="PlacementSent", conflicts=True)
    @needs(TEACH, role="instructor")
    async def put(self, course: str) -> None:
        """Put people into a section, a group, or both; null is none, what is not sent stays.

        A section with too few places is refused (409), unless `beyond` says to go beyond them.
        """
        sent = self.sent()
        said = {name: sent[name] for name in ("section", "group") if name in sent}
        self.answer(
            {
                "moved": await self.ask(
                    place,
                    self.person,
                    course,
                    sent["people"],
                    said,
                    beyond=sent.get("beyond", False),
                    request_id=self.request_id,
                )
            }
        )


async def visible(handler: Handler, course: str) -> frozenset[str] | None:
    """Whose work the caller may see in a course that they teach; None: everybody's."""
    if handler.is_admin:
        return None
    return await handler.ask(sections.visible, handler.person, course)


@dataclass(frozen=True)
class Part:
    """The part of a class that is asked for; `only` who is in the section, None for everybody."""

    section: str
    group: str
    sections: tuple[str, ...]
    only: frozenset[str] | None

    def query(self, **more: str | int) -> str:
        """The query of an address with the same part."""
        asked = {"section": self.section, "group": self.group, **more}
        kept = {name: value for name, value in asked.items() if value != ""}
        return f"?{urlencode(kept)}" if kept else ""


async def part(handler: Handler, course: str, *, grouped: bool = False) -> Part:
    """What `section` and `group` of the query ask for, of the work that the caller may see.

    `grouped`: in `only` are those of the group alone, too.
    """
    section = handler.get_query_argument("section", "")
    group = handler.get_query_argument("group", "")
    only = await visible(handler, course)
    return await handler.ask(parted, course, section, group, only=only, grouped=grouped)


def parted(
    session: Session,
    course: str,
    section: str,
    group: str,
    *,
    only: frozenset[str] | None,
    grouped: bool,
) -> Part:
    found = sections.within(session, course, only, section=section, group=group if grouped else "")
    return Part(section, group, tuple(sections.names(session, course)), found)


def place(
    session: Session,
    by: str,
    course: str,
    people: list[str],
    said: dict[str, str | None],
    *,
    beyond: bool,
    request_id: str,
) -> int:
    """How many came elsewhere, into a section or a group. Raises NotFound, Invalid, Conflict."""
    moved = 0
    if "section" in said:
        wanted = said["section"]
        moved = sections.move(
            session, by, course, people, wanted, beyond=beyond, request_id=request_id
        )
    if "group" in said:
        grouped = sections.group(session, by, course, people, said["group"], request_id=request_id)
        moved = max(moved, grouped)
    return moved


ROUTES = [
    Route("api/v1/courses/{course}/sections", Sections),
    Route("api/v1/courses/{course}/sections/{section}", Section),
    Route("api/v1/courses/{course}/placement", Placement),
]
