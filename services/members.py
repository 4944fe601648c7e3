"""The people of a course: who belongs to it and as what, as JSON and as a page with forms."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import Any
from urllib.parse import quote, urlencode

from sqlalchemy.orm import Session

from coursewright.records import courses, members, roster, sections, waiting
from coursewright.records.errors import Conflict, CoursewrightError, Invalid, NotFound
from coursewright.records.roster import Found, Wanted
from coursewright.records.sections import Facts
from coursewright.records.tables import ROLES
from coursewright.services import roster_sheet
from coursewright.services.answers import APIHandler
from coursewright.services.guards import needs
from coursewright.services.paging import PAGED, chosen, page
from coursewright.services.people_parts import PeoplePart, whole
from coursewright.services.problems import status_of
from coursewright.services.routes import Route
from coursewright.services.schemas import documented
from coursewright.services.scopes import STAFF, TEACH
from coursewright.services.sections import place
from coursewright.services.shapes import one_of

ON_A_PAGE = 50
FILTERS = ("q", "kind", "section", "group", "sort", "page")


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


class PeoplePage(PeoplePart):
    @needs(TEACH, role="assistant")
    async def get(self, course: str) -> None:
        """Those found of a course's people, page by page; for who may change them, with forms."""
        await self.show_people(course)

    @needs(TEACH, role="instructor")
    async def post(self, course: str) -> None:
        """What a form says to do: `add`, `change` or `remove` the `person`, `move` a selection."""
        acts = {"add", "change", "remove", "move"} & self.request.body_arguments.keys()
        name = self.get_body_argument("person", "")
        try:
            if len(acts) != 1:
                raise Invalid("The form must say one thing to do: add, change, remove or move")
            act = acts.pop()
            if act == "move":
                await self.move(course)
                self.go(course, f"people?{self.view.query()}", "list")
                return
            role = None if act == "remove" else self.get_body_argument("role", "")
            member = await self.give(course, name, role, new=act == "add")
        except (Invalid, NotFound, Conflict) as error:
            self.set_status(status_of(error))
            added = "add" in self.request.body_arguments
            wrong = Wrong(error, name if added else "", self.get_body_argument("role", ""))
            await self.show_people(course, wrong)
            return
        self.go_on(course, name, member, act)

    async def give(
        self, course: str, name: str, role: str | None, *, new: bool
    ) -> members.Member | None:
        return await self.ask(
            members.set_role,
            self.person,
            name,
            course,
            role,
            admin=self.is_admin,
            new=new,
            request_id=self.request_id,
        )

    async def move(self, course: str) -> None:
        """Raises Invalid, NotFound and Conflict."""
        chosen = self.get_body_arguments("person")
        if self.field("whom") == "found":
            chosen = await self.ask(roster.names, course, self.view.wanted)
        said: dict[str, str | None] = {}
        if part := self.field("to_section"):
            said["section"] = None if part == roster.NONE else part
        if group := self.field("to_group"):
            said["group"] = None if group == roster.NONE else group
        if not chosen or not said:
            raise Invalid("Choose people, and a section or a group for them")
        beyond = bool(self.field("beyond"))
        await self.ask(
            place,
            self.person,
            course,
            chosen,
            said,
            beyond=beyond,
            request_id=self.request_id,
        )

    @property
    def view(self) -> View:
        return view({name: self.get_argument(name, "").strip() for name in FILTERS})

    def go_on(self, course: str, name: str, member: members.Member | None, act: str) -> None:
        """To where the person is seen; who left the teachers has no page to return to."""
        teaches = member is not None and member.role in STAFF
        if name == self.person and not teaches and not self.is_admin:
            self.redirect(self.service.prefix, status=303)
        elif member is None:
            self.go(course, "people")
        elif act == "add":
            self.go(course, f"people?{urlencode({'q': member.name})}", f"person-{member.name}")
        else:
            self.go(course, f"members/{quote(member.name, safe='')}")

    async def show_people(self, course: str, wrong: Wrong | None = None) -> None:
        seen = self.view
        found = await self.ask(people, course, seen)
        chosen = set(self.get_body_arguments("person")) if wrong else set()
        self.show_part(
            "people.html",
            course,
            found.title,
            people=found,
            view=seen,
            wrong=wrong,
            roles=ROLES,
            chosen=chosen,
        )


def rank(member: members.Member) -> tuple[int, str, str]:
    """The place of somebody in the list of a course's people."""
    return -ROLES.index(member.role), member.display_name.casefold(), member.name


class PeopleSheet(PeoplePart):
    @needs(TEACH, role="assistant")
    async def get(self, course: str) -> None:
        """The roster for a spreadsheet; what it says can be imported again."""
        everybody = await self.ask(members.members, course)
        self.send_csv(f"{course}-people.csv", roster_sheet.write(everybody))


@dataclass(frozen=True)
class View:
    """What of the list is looked at; `page` counts from 1."""

    wanted: Wanted
    page: int

    def query(self, **other: str | int) -> str:
        """The address's question for this view, with something else in it."""
        sort = ("-" if self.wanted.descending else "") + self.wanted.sort
        values = asdict(self.wanted) | {"q": self.wanted.text, "kind": self.wanted.role}
        values |= {"sort": sort, "page": self.page}
        values |= {"page": 1} if other else {}
        values |= other
        plain = {"sort": "role", "page": 1}
        return urlencode(
            {name: values[name] for name in FILTERS if values[name] not in ("", plain.get(name))}
        )

    def sorted_by(self, column: str) -> str:
        """The query for another order, or for the same one turned round."""
        again = self.wanted.sort == column and not self.wanted.descending
        return self.query(sort=("-" if again else "") + column)

    def direction(self, column: str) -> str | None:
        """As aria-sort has it."""
        if self.wanted.sort != column:
            return None
        return "descending" if self.wanted.descending else "ascending"

    @property
    def narrowed(self) -> bool:
        return replace(self.wanted, sort="role", descending=False) != Wanted()


@dataclass(frozen=True)
class People:
    """A page of a course's members, and what there is to choose from."""

    key: str
    title: str
    found: Found
    sections: list[Facts]
    capacity: int | None
    waiting: int

    @property
    def pages(self) -> int:
        return max(1, -(-self.found.total // ON_A_PAGE))


@dataclass(frozen=True)
class Wrong:
    """Why a form was refused, and what is to stand in the form for adding."""

    error: CoursewrightError
    name: str
    role: str | None


def view(said: dict[str, Any]) -> View:
    """What an address or a form asks for; an order that there is not is the usual one."""
    sort = said["sort"].removeprefix("-")
    wanted = Wanted(
        said["q"],
        said["kind"],
        said["section"],
        said["group"],
        sort if sort in roster.SORTS else "role",
        said["sort"].startswith("-"),
    )
    return View(wanted, max(1, whole(said["page"]) or 1))


def people(session: Session, key: str, seen: View) -> People:
    """Raises NotFound when there is no such course."""
    found = roster.look(session, key, seen.wanted, ON_A_PAGE, (seen.page - 1) * ON_A_PAGE)
    line = waiting.line(session, key)
    return People(
        key,
        courses.title(session, key),
        found,
        sections.of_course(session, key),
        line.capacity,
        len(line.waiting),
    )


ROUTES = [
    Route("courses/{course}/people", PeoplePage),
    Route("courses/{course}/people.csv", PeopleSheet),
    Route("api/v1/courses/{course}/members", Members),
    Route("api/v1/courses/{course}/members/{person}", Member),
]
