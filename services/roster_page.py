"""A roster from a file, as a page: look at what it would change, then apply it."""

from __future__ import annotations

from coursewright.records import courses
from coursewright.records.errors import Conflict, CoursewrightError, Invalid
from coursewright.services import roster_sheet
from coursewright.services.guards import needs
from coursewright.services.people_parts import PeoplePart
from coursewright.services.problems import status_of
from coursewright.services.rosters import settled
from coursewright.services.routes import Route
from coursewright.services.scopes import TEACH

SHOWN = 200  # lines of each kind in the preview


class RosterPage(PeoplePart):
    @needs(TEACH, role="instructor")
    async def get(self, course: str) -> None:
        """What a file must hold, and a form for it."""
        await self.show_roster(course)

    @needs(TEACH, role="instructor")
    async def post(self, course: str) -> None:
        """`look` at what the file `sheet` would change, or `apply` what was looked at."""
        apply = "apply" in self.request.body_arguments
        text = ""
        try:
            text = self.get_body_argument("csv", "", strip=False) if apply else self.uploaded()
            await self.settle(course, text, apply=apply)
        except (Invalid, Conflict) as error:
            self.set_status(status_of(error))
            # What has changed meanwhile is looked at anew, with the file that was sent.
            again = text if isinstance(error, Conflict) else ""
            await self.show_roster(course, error, again)

    async def settle(self, course: str, text: str, *, apply: bool) -> None:
        """Raises Invalid and Conflict."""
        plan, sheet = await self.ask(
            settled,
            self.person,
            course,
            text,
            seen=self.field("seen") if apply else None,
            apply=apply,
            admin=self.is_admin,
            request_id=self.request_id,
        )
        title = await self.ask(courses.title, course)
        about = {"plan": plan, "sheet": sheet, "text": text, "shown": SHOWN, "applied": apply}
        self.show_part("roster.html", course, title, wrong=None, **about)

    def uploaded(self) -> str:
        """Raises Invalid."""
        files = self.request.files.get("sheet", [])
        if not files or not files[0]["body"]:
            raise Invalid("Choose a file first")
        return roster_sheet.decoded(files[0]["body"])

    async def show_roster(
        self, course: str, wrong: CoursewrightError | None = None, text: str = ""
    ) -> None:
        title = await self.ask(courses.title, course)
        plan, sheet = None, None
        if text:
            plan, sheet = await self.ask(
                settled,
                self.person,
                course,
                text,
                seen=None,
                apply=False,
                admin=self.is_admin,
                request_id=self.request_id,
            )
        about = {"plan": plan, "sheet": sheet, "text": text, "shown": SHOWN, "applied": False}
        self.show_part("roster.html", course, title, wrong=wrong, **about)


ROUTES = [Route("courses/{course}/people/roster", RosterPage)]
