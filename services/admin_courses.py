"""All courses and what they keep, for administrators: states, people, sizes; put away or back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from coursewright.records import storage
from coursewright.records.errors import CoursewrightError
from coursewright.records.storage import Count, CourseLine
from coursewright.services.admin_pages import AdminPage
from coursewright.services.guards import needs
from coursewright.services.kept_figures import KeptFigures
from coursewright.services.routes import Route
from coursewright.services.scopes import ADMIN

SIZE = 50
BIGGEST = 25
AGE = 300.0  # seconds for which a count is good enough


@dataclass(frozen=True)
class Sized:
    """A course with the bytes that are kept of its work."""

    course: CourseLine
    kept: int


class CountedPage(AdminPage):
    """A page with the count of what is kept."""

    async def counted(self) -> Count:
        kept: KeptFigures[Count] = self.settings["counted"]
        return await kept.get(lambda: self.ask(storage.count))


class CoursesPage(CountedPage):
    @needs(ADMIN)
    async def get(self) -> None:
        """Every course, whatever its state."""
        await self.show_courses()

    @needs(ADMIN)
    async def post(self) -> None:
        """`archive` the course that is named, or put it `back`."""
        try:
            act = self.act(("archive", "back"))
            key = self.field(act)
            back = act == "back"
            await self.ask(storage.archive, self.person, key, back, self.request_id)
        except CoursewrightError as error:
            self.set_status(400)
            await self.show_courses(error)
            return
        said = "is published again" if back else "is archived: nobody finds it or joins it now"
        self.go("admin/courses", f"The course {key} {said}.")

    async def show_courses(self, wrong: CoursewrightError | None = None) -> None:
        counted = await self.counted()
        found = await self.ask(sized, counted)
        search = self.get_query_argument("search", "").strip()
        if search:
            fits = search.casefold()
            found = [
                one for one in found if fits in f"{one.course.title} {one.course.key}".casefold()
            ]
        part = self.slice_of(len(found), SIZE)
        shown = found[part.offset : part.offset + SIZE]
        self.show_admin("admin_courses.html", courses=shown, part=part, search=search, wrong=wrong)


class StoragePage(CountedPage):
    @needs(ADMIN)
    async def get(self) -> None:
        """How much is kept, and whose is most of it."""
        counted = await self.counted()
        self.show_admin(
            "admin_storage.html",
            **await self.ask(standing),
            at=counted.at,
            courses=counted.courses[:BIGGEST],
            people=counted.people[:BIGGEST],
        )


def sized(session: Session, counted: Count) -> list[Sized]:
    kept = {one.subject: one.total for one in counted.courses}
    return [Sized(one, kept.get(one.key, 0)) for one in storage.course_lines(session)]


def standing(session: Session) -> dict[str, Any]:
    return {
        "size_of_all": storage.database_size(session),
        "tables": storage.tables(session),
    }


ROUTES = [Route("admin/courses", CoursesPage), Route("admin/storage", StoragePage)]
