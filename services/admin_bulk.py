"""Many people by CSV: what a list would do is shown first, and done when it is sent again."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from coursewright.records import courses, members, people
from coursewright.records.errors import CoursewrightError, Invalid
from coursewright.records.tables import ROLES
from coursewright.services.admin_pages import AdminPage
from coursewright.services.admin_people import refuse_bad
from coursewright.services.guards import needs
from coursewright.services.routes import Route
from coursewright.services.scopes import ADMIN, AUTHORS

COLUMNS = ("name", "author", "course", "role")
MOST = 2000  # lines
YES, NO = ("yes", "y", "1", "true"), ("", "no", "n", "0", "false")


@dataclass(frozen=True)
class Wish:
    """A line of the list; `problem` is why nothing can be done with it."""

    line: int
    name: str
    author: bool = False
    course: str = ""
    role: str = ""
    problem: str = ""

    @property
    def will(self) -> str:
        """What it comes to, in words."""
        found = ["account"]
        if self.author:
            found.append("author")
        if self.course:
            found.append(f"{self.role} in {self.course}")
        return ", ".join(found)


class BulkPage(AdminPage):
    @needs(ADMIN)
    async def get(self) -> None:
        """The empty form."""
        self.show_admin("admin_bulk.html", text="", wishes=[])

    @needs(ADMIN)
    async def post(self) -> None:
        """Show what the list would do, or with `apply` do it; a line with a problem stops all."""
        text = self.get_body_argument("list", "", strip=False)
        try:
            wishes = await self.ask(looked_up, wishes_in(text))
            if "apply" in self.request.body_arguments:
                if any(one.problem for one in wishes):
                    raise Invalid("Mend the lines with a problem first")
                self.go("admin/people", await self.apply(wishes))
                return
        except CoursewrightError as error:
            self.set_status(400)
            self.show_admin("admin_bulk.html", text=text, wishes=[], wrong=error)
            return
        self.show_admin("admin_bulk.html", text=text, wishes=wishes)

    async def apply(self, wishes: list[Wish]) -> str:
        """Accounts first: with a list that is sent again, whatever is done already stays so."""
        names = list(dict.fromkeys(one.name for one in wishes))
        new = await self.hub.create(names)
        for name in dict.fromkeys(one.name for one in wishes if one.author):
            await self.hub.set_group(AUTHORS, name, member=True)
        await self.ask(written_down, self.person, wishes, new, self.request_id)
        return f"Done: {len(names)} people, of whom {len(new)} are new."


def wishes_in(text: str) -> list[Wish]:
    """The lines of a list; the first names the columns. Raises Invalid."""
    reader = csv.DictReader(io.StringIO(text.lstrip("\N{BOM}").strip()))
    given = [name.strip().lower() for name in reader.fieldnames or []]
    if "name" not in given or not set(given) <= set(COLUMNS):
        raise Invalid(f"The first line names the columns: {', '.join(COLUMNS)}; name is needed")
    reader.fieldnames = given
    try:
        found = [wish(number, row) for number, row in enumerate(reader, 2)]
    except csv.Error as error:
        raise Invalid(f"This is not CSV: {error}") from error
    if not 1 <= len(found) <= MOST:
        raise Invalid(f"A list has between 1 and {MOST} people")
    return found


def wish(line: int, row: dict[str | None, str | list[str] | None]) -> Wish:
    cells = {name: str(row.get(name) or "").strip() for name in COLUMNS}
    # A name that our own sheets had to defuse comes back as it was.
    name = cells["name"].removeprefix("'").lower()
    author = cells["author"].lower()
    role = cells["role"].lower() or (ROLES[0] if cells["course"] else "")
    made = Wish(line, name, author in YES, cells["course"], role)
    try:
        refuse_bad(name)
        if None in row:
            raise Invalid("more cells than columns")
        if author not in (*YES, *NO):
            raise Invalid(f"author is yes or no, not {author!r}")
        if role and (role not in ROLES or not made.course):
            raise Invalid(f"role is one of {', '.join(ROLES)}, in a course")
    except Invalid as error:
        return replace(made, problem=str(error))
    return made


def looked_up(session: Session, wishes: Iterable[Wish]) -> list[Wish]:
    """With the problems that the records know of."""
    known: dict[str, bool] = {"": True}
    found = []
    for one in wishes:
        if one.course not in known:
            known[one.course] = courses.exists(session, one.course)
        there = one.problem or known[one.course]
        found.append(one if there else replace(one, problem=f"there is no course {one.course}"))
    return found


def written_down(
    session: Session, by: str, wishes: Iterable[Wish], new: list[str], request_id: str
) -> None:
    for name in new:
        people.note(session, "person.created", by, name, request_id=request_id)
    for one in wishes:
        if one.author:
            about = {"role": "author", "held": True}
            people.note(session, "person.role", by, one.name, detail=about, request_id=request_id)
        if one.course:
            members.set_role(
                session, by, one.name, one.course, one.role, admin=True, request_id=request_id
            )


ROUTES = [Route("admin/bulk", BulkPage)]
