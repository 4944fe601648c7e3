"""People for administrators: found, made, let out and in again, with what they may do.

Accounts are the Hub's: it is asked with the administrator's own sign-in. Who is deactivated stands
in the records, where the Hub looks too (hub_config/admission.py).
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from coursewright.records import people
from coursewright.records.errors import CoursewrightError, Invalid, NotFound
from coursewright.records.members import NAME
from coursewright.records.people import Standing
from coursewright.services.admin_pages import AdminPage, Slice
from coursewright.services.guards import needs
from coursewright.services.routes import Route
from coursewright.services.scopes import ADMIN, ADMINISTRATORS, AUTHORS

SIZE = 50
GROUPS = {"administrator": ADMINISTRATORS, "author": AUTHORS}


@dataclass(frozen=True)
class Line:
    """Somebody as the Hub and the records know them; `hub` is None for one without an account."""

    name: str
    hub: Mapping[str, Any] | None
    standing: Standing | None

    @property
    def deactivated(self) -> bool:
        return bool(self.standing and self.standing.deactivated)

    @property
    def roles(self) -> list[str]:
        """What they may do on the whole site."""
        if self.hub is None:
            return []
        groups = self.hub.get("groups", [])
        found = [role for role, group in GROUPS.items() if group in groups]
        if self.hub.get("admin") and "administrator" not in found:
            found.insert(0, "administrator of the Hub")
        return found

    @property
    def servers(self) -> list[str]:
        """Names of those that run or start."""
        return list((self.hub or {}).get("servers") or {})


class PeoplePage(AdminPage):
    @needs(ADMIN)
    async def get(self) -> None:
        """All who have an account at the Hub, by name; or those who are deactivated."""
        await self.show_people()

    @needs(ADMIN)
    async def post(self) -> None:
        """Make accounts at the Hub for the `names`, one a line."""
        try:
            names = names_in(self.field("names"))
            made = await self.hub.create(names)
        except CoursewrightError as error:
            self.set_status(400)
            await self.show_people(error)
            return
        for name in made:
            await self.ask(
                people.note, "person.created", self.person, name, request_id=self.request_id
            )
        there = [name for name in names if name not in made]
        told = [f"Made: {', '.join(made)}."] if made else []
        told += [f"Had an account already: {', '.join(there)}."] if there else []
        self.go("admin/people", *told)

    async def show_people(self, wrong: CoursewrightError | None = None) -> None:
        search = self.get_query_argument("search", "").strip()
        only = self.get_query_argument("state", "")
        lines: list[Line] = []
        part, away = Slice(1, SIZE, 0), None
        try:
            if only == "deactivated":
                out = await self.ask(lambda session: list(people.deactivated(session)))
                lines = [Line(one.name, None, one) for one in out if search in one.name]
            else:
                number = self.page_number()
                found = await self.hub.people(search, (number - 1) * SIZE, SIZE)
                part = Slice(number, SIZE, found.total)
                known = await self.ask(people.standings, [one["name"] for one in found.people])
                lines = [Line(one["name"], one, known.get(one["name"])) for one in found.people]
        except CoursewrightError as error:
            away = error
        self.show_admin(
            "admin_people.html",
            lines=lines,
            part=part,
            search=search,
            only=only,
            names=self.field("names"),
            away=away,
            wrong=wrong,
        )


class PersonPage(AdminPage):
    @needs(ADMIN)
    async def get(self, person: str) -> None:
        """One person: what they may do, their courses and servers."""
        await self.show_person(person)

    @needs(ADMIN)
    async def post(self, person: str) -> None:
        """What a form says: `roles`, `deactivate` with a `reason`, or `reactivate`."""
        try:
            said = await ACTS[self.act(tuple(ACTS))](self, person)
        except CoursewrightError as error:
            if isinstance(error, NotFound):
                raise
            self.set_status(400)
            await self.show_person(person, error)
            return
        self.go(f"admin/people/{person}", said)

    async def show_person(self, name: str, wrong: CoursewrightError | None = None) -> None:
        known = (await self.ask(people.standings, [name])).get(name)
        away, found = None, None
        try:
            found = await self.hub.person(name)
        except NotFound:
            if known is None:
                raise NotFound(f"There is nobody of the name {name!r}") from None
        except CoursewrightError as error:
            away = error
        line = Line(name, found, known)
        if known is None and found is None:
            known = Standing(name, name)
        self.show_admin("admin_person.html", line=line, known=known, away=away, wrong=wrong)

    async def set_roles(self, name: str) -> str:
        """Each of the groups as its box says; only what changes is asked for."""
        found = Line(name, await self.hub.person(name), None)
        changed = []
        for role, group in GROUPS.items():
            wanted = bool(self.field(role))
            if wanted == (role in found.roles):
                continue
            if role == "administrator" and name == self.person and not wanted:
                raise Invalid("Nobody can take their own power; ask another administrator")
            await self.hub.set_group(group, name, member=wanted)
            detail = {"role": role, "held": wanted}
            await self.ask(
                people.note,
                "person.role",
                self.person,
                name,
                detail=detail,
                request_id=self.request_id,
            )
            changed.append(f"{name} is {'now' if wanted else 'no longer'} an {role}.")
        return " ".join(changed) or "Nothing was to be changed."

    async def deactivate(self, name: str) -> str:
        """First the records, so that nobody comes in again; then the servers."""
        reason, request = self.field("reason"), self.request_id
        if await self.is_unknown(name):
            raise NotFound(f"There is nobody of the name {name!r}")
        await self.ask(people.deactivate, self.person, name, reason, request)
        self.service.house.forget()
        said = f"{name} is deactivated: they cannot sign in, and all that they did is kept."
        try:
            for server in Line(name, await self.hub.person(name), None).servers:
                await self.hub.stop(name, server)
        except NotFound:
            pass
        except CoursewrightError as error:
            return f"{said} Their server could not be stopped. {error}"
        return said

    async def reactivate(self, name: str) -> str:
        await self.ask(people.reactivate, self.person, name, self.request_id)
        self.service.house.forget()
        return f"{name} may sign in again."

    async def is_unknown(self, name: str) -> bool:
        """To the records and to the Hub, as far as that answers."""
        if (await self.ask(people.standings, [name])).get(name):
            return False
        with suppress(CoursewrightError):
            await self.hub.person(name)
            return False
        return True


ACTS = {
    "roles": PersonPage.set_roles,
    "deactivate": PersonPage.deactivate,
    "reactivate": PersonPage.reactivate,
}


def names_in(text: str) -> list[str]:
    """One a line or between commas, as the Hub writes them. Raises Invalid."""
    found = [one.strip().lower() for line in text.splitlines() for one in line.split(",")]
    names = list(dict.fromkeys(one for one in found if one))
    if not 1 <= len(names) <= 1000:
        raise Invalid("Give between 1 and 1000 names, one a line")
    for name in names:
        refuse_bad(name)
    return names


def refuse_bad(name: str) -> None:
    """Raises Invalid."""
    if not NAME.match(name) or " " in name:
        raise Invalid(f"{name!r} cannot be a name: no spaces, slashes and commas")


ROUTES = [
    Route("admin/people", PeoplePage),
    Route("admin/people/{person}", PersonPage),
]
