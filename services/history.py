"""The versions of a course on a page: what changed from one to another, and going back."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from coursewright.records import courses, history
from coursewright.records.errors import Conflict, CoursewrightError, Invalid, NotFound
from coursewright.records.history import Entry
from coursewright.services.answers import APIHandler, PageHandler
from coursewright.services.guards import needs
from coursewright.services.problems import status_of
from coursewright.services.routes import Route
from coursewright.services.schemas import documented
from coursewright.services.scopes import TEACH
from coursewright.services.sheets import to_csv
from coursewright.services.versions import VERSION, number

PAGE = 50
EVERYTHING = 10_000
COLUMNS = ("version", "published_at", "published_by", "message", "lessons", "changed_lessons")


class Differences(APIHandler):
    @documented(
        {200: "VersionDifferences"}, query={"from": VERSION, "to": VERSION}, needed=("from", "to")
    )
    @needs(TEACH, role="instructor")
    async def get(self, course: str) -> None:
        """What is different in version `to` from version `from`, solutions and tests too."""
        pair = [number(self.get_query_argument(name, ""), name) for name in ("from", "to")]
        found = await self.ask(history.compare, course, *pair)
        self.answer({"about": list(found.about), "lessons": list(found.lessons)})


class GoBack(APIHandler):
    @documented({201: "Published"}, takes="GoBack", conflicts=True)
    @needs(TEACH, role="instructor")
    async def post(self, course: str) -> None:
        """Publish what an older version was as the next one, with a message.

        409 when students have just that, or when another version than `base` is the newest.
        """
        sent = self.sent()
        version = await self.ask(
            history.go_back,
            self.person,
            course,
            sent["version"],
            sent["message"],
            base=sent.get("base"),
            request_id=self.request_id,
        )
        self.answer({"version": version.number, "created": version.created}, 201)


class VersionsPage(PageHandler):
    @needs(TEACH, role="instructor")
    async def get(self, course: str) -> None:
        """The versions; with `?from=1&to=2` their differences; with `?before=N` older ones."""
        await self.show_versions(course)

    @needs(TEACH, role="instructor")
    async def post(self, course: str) -> None:
        """Go back to a `version`, with a `message`; `base` is the newest that was shown."""
        try:
            pair = [number(self.get_body_argument(name, ""), name) for name in ("version", "base")]
            message = self.get_body_argument("message", "")
            version = await self.ask(
                history.go_back,
                self.person,
                course,
                pair[0],
                message,
                base=pair[1],
                request_id=self.request_id,
            )
        except (Invalid, NotFound, Conflict) as error:
            self.set_status(status_of(error))
            await self.show_versions(course, error)
            return
        page = f"{self.service.prefix}courses/{course}/versions"
        self.redirect(f"{page}?done={version.number}", status=303)

    async def show_versions(self, course: str, wrong: CoursewrightError | None = None) -> None:
        before = self.asked("before")
        old, new = self.asked("from"), self.asked("to")
        title, newest, found = await self.ask(listed, course, before)
        shown = None
        if old and new:
            try:
                shown = await self.ask(history.compare, course, old, new)
            except NotFound as error:
                self.set_status(status_of(error))
                wrong = error
        self.show_course(
            "versions.html",
            course,
            title,
            versions=found[:PAGE],
            older=found[PAGE - 1].number if len(found) > PAGE else None,
            newest=newest,
            before=before,
            old=old,
            new=new,
            shown=shown,
            wrong=wrong,
            message=self.get_body_argument("message", "") if wrong else "",
            done=self.asked("done"),
        )

    def asked(self, name: str) -> int | None:
        """A number in the address. Raises Invalid."""
        given = self.get_query_argument(name, "")
        return number(given, name) if given else None


class VersionsSheet(PageHandler):
    @needs(TEACH, role="instructor")
    async def get(self, course: str) -> None:
        """The same for a spreadsheet."""
        found: list[Entry] = await self.ask(history.entries, course, EVERYTHING)
        rows = (
            (one.number, one.published_at, one.published_by, one.message, one.lessons,
             "; ".join(one.changed))
            for one in found
        )  # fmt: skip
        self.set_header("Content-Type", "text/csv; charset=utf-8")
        self.set_header("Content-Disposition", f'attachment; filename="{course}-versions.csv"')
        self.write(to_csv(COLUMNS, rows))


def listed(session: Session, course: str, before: int | None) -> tuple[str, int, Any]:
    """The title, the newest version's number, and one more than a page of versions."""
    newest = courses.current_version(session, course).number
    found = history.entries(session, course, PAGE + 1, before)
    return courses.title(session, course), newest, found


ROUTES = [
    Route("courses/{course}/versions", VersionsPage),
    Route("courses/{course}/versions.csv", VersionsSheet),
    Route("api/v1/courses/{course}/differences", Differences),
    Route("api/v1/courses/{course}/rollback", GoBack),
]
