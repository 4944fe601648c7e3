"""The people of a course: who belongs to it and as what, as JSON and as a page with forms."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote

from sqlalchemy.orm import Session

from coursewright.records import courses, joining, members
from coursewright.records.errors import Conflict, CoursewrightError, Invalid, NotFound
from coursewright.records.tables import ROLES
from coursewright.services.answers import APIHandler, PageHandler
from coursewright.services.guards import needs
from coursewright.services.joining import DAYS
from coursewright.services.paging import PAGED, chosen, page
from coursewright.services.problems import status_of
from coursewright.services.routes import Route
from coursewright.services.schemas import documented
from coursewright.services.scopes import STAFF, TEACH
from coursewright.services.shapes import one_of


class Members(APIHandler):
    @documented({200: "Members"}, query={**PAGED, "role": one_of(*ROLES)})
    @needs(TEACH, role="assistant")
    async def get(self, course: str) -> None:
        """Who belongs to a course: instructors, assistants, students, each by name.

        With `role`, those alone.
        """
        role = chosen(self, "role", ROLES)
        found = await self.ask(members.members, course)
        here, following = page(self, (one for one in found if role in (None, one.role)), rank)
        self.answer({"members": here, "next": following})


class Member(APIHandler):
    @documented({200: "Member"}, takes="Role", conflicts=True)
    @needs(TEACH, role="instructor")
    async def put(self, course: str, person: str) -> None:
        """Give somebody a role in a course; they need not have signed in yet.

        The only instructor cannot give up that role (409); an administrator can take it.
        """
        self.answer(await self.give(course, person, self.sent()["role"]))

    @documented({200: "Nothing"}, conflicts=True)
    @needs(TEACH, role="instructor")
    async def delete(self, course: str, person: str) -> None:
        """Take somebody out of a course; what they handed in stays."""
        await self.give(course, person, None)
        self.answer({})

    async def give(self, course: str, person: str, role: str | None) -> members.Member | None:
        return await self.ask(
            members.set_role,
            self.person,
            person,
            course,
            role,
            admin=self.is_admin,
            request_id=self.request_id,
        )


class PeoplePage(PageHandler):
    @needs(TEACH, role="assistant")
    async def get(self, course: str) -> None:
        """The table of a course's people; for those who may change it, with forms."""
        await self.show_people(course)

    @needs(TEACH, role="instructor")
    async def post(self, course: str) -> None:
        """What a form of the page says to do: `add`, `change` or `remove` the `person`."""
        acts = {"add", "change", "remove"} & self.request.body_arguments.keys()
        role = None if acts == {"remove"} else self.get_body_argument("role", "")
        name = self.get_body_argument("person", "")
        try:
            if len(acts) != 1:
                raise Invalid("The form must say one thing to do: add, change or remove")
            member = await self.ask(
                members.set_role,
                self.person,
                name,
                course,
                role,
                admin=self.is_admin,
                new=acts == {"add"},
                request_id=self.request_id,
            )
        except (Invalid, NotFound, Conflict) as error:
            self.set_status(status_of(error))
            added = acts == {"add"}
            await self.show_people(course, Wrong(error, name if added else "", role))
            return
        self.redirect(self.next_page(course, name, member), status=303)

    def next_page(self, course: str, name: str, member: members.Member | None) -> str:
        """The person's line; who took themself out of the teachers has no page to return to."""
        teaches = member is not None and member.role in STAFF
        if name == self.person and not teaches and not self.is_admin:
            return self.service.prefix
        page = f"{self.service.prefix}courses/{course}/people"
        return f"{page}#{quote(f'person-{member.name}', safe='')}" if member else page

    async def show_people(self, course: str, wrong: Wrong | None = None) -> None:
        found = await self.ask(people, self.person, course)
        may_change = self.is_admin or found.role == "instructor"
        self.show_course(
            "people.html",
            course,
            found.title,
            people=found,
            may_change=may_change,
            wrong=wrong,
            roles=ROLES,
            days=DAYS,
        )


def rank(member: members.Member) -> tuple[int, str, str]:
    """The place of somebody in the list of a course's people."""
    return -ROLES.index(member.role), member.display_name.casefold(), member.name


@dataclass(frozen=True)
class People:
    """A course's members; `role` is the asking person's own."""

    key: str
    title: str
    role: str | None
    members: list[members.Member]
    open: bool
    codes: list[joining.Code]

    def count(self, role: str) -> int:
        return sum(member.role == role for member in self.members)


@dataclass(frozen=True)
class Wrong:
    """Why a form was refused, and what is to stand in the form for adding."""

    error: CoursewrightError
    name: str
    role: str | None


def people(session: Session, person: str, key: str) -> People:
    """Raises NotFound when there is no such course."""
    role = courses.role_of(session, person, key)
    return People(
        key,
        courses.title(session, key),
        role,
        members.members(session, key),
        joining.is_open(session, key),
        joining.codes(session, key),
    )


ROUTES = [
    Route("courses/{course}/people", PeoplePage),
    Route("api/v1/courses/{course}/members", Members),
    Route("api/v1/courses/{course}/members/{person}", Member),
]
