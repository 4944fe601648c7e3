"""The settings of a course: what is said of it beside its lessons, and the archive."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from coursewright.records import courses, facts, lifecycle, servers, settings
from coursewright.records.errors import Conflict, CoursewrightError, Invalid
from coursewright.records.facts import VISIBILITIES, Facts
from coursewright.records.servers import Server
from coursewright.records.tables import LEVELS
from coursewright.services import course_servers
from coursewright.services.answers import APIHandler, PageHandler
from coursewright.services.guards import needs
from coursewright.services.problems import status_of
from coursewright.services.routes import Route
from coursewright.services.schemas import documented
from coursewright.services.scopes import LEARN, TEACH

FIELDS = ("category", "level", "objectives", "hours", "price", "currency", "visibility", "term",
          "starts", "ends")  # fmt: skip
DONE = {
    "saved": "The settings are saved.",
    "server": "The servers of this course will be so from their next start.",
    "copied": "The course is copied. This is the copy: look at its settings and dates.",
    "archived": "The course is in the archive.",
    "unarchived": "The course is out of the archive.",
}


class FactsOfCourse(APIHandler):
    @documented({200: "Facts"})
    @needs(LEARN)
    async def get(self, course: str) -> None:
        """What is said of a course that one belongs to, or may join."""
        if self.is_admin:
            said = await self.ask(facts.of, course)
        else:
            said = await self.ask(facts.shown, self.person, course)
        self.answer(facts.plain(said))

    @documented({200: "Facts"}, takes="Facts")
    @needs(TEACH, role="instructor")
    async def put(self, course: str) -> None:
        """Say all of this of a course; days are ISO 8601.

        Without a level what its document says holds.
        """
        said = facts_of(self.sent())
        await self.ask(facts.say, self.person, course, said, request_id=self.request_id)
        self.answer(facts.plain(await self.ask(facts.of, course)))


class Archived(APIHandler):
    @documented({200: "CourseState"}, takes="ArchivedSent", conflicts=True)
    @needs(TEACH, role="instructor")
    async def put(self, course: str) -> None:
        """Put a course into the archive, or take it out.

        Those who belong to an archived course can read it; its students hand in nothing more, and
        nobody joins. 409 for a course in review.
        """
        sent = self.sent()
        state = await self.ask(
            lifecycle.set_archived,
            self.person,
            course,
            sent["archived"],
            sent.get("message", ""),
            request_id=self.request_id,
        )
        self.answer({"state": state})


class SettingsPage(PageHandler):
    @needs(TEACH, role="instructor")
    async def get(self, course: str) -> None:
        """What is said of a course, in a form; its archive, export and copy."""
        await self.show_settings(course)

    @needs(TEACH, role="instructor")
    async def post(self, course: str) -> None:
        """What a form says: `save` the settings or the `server`, `archive` the course or not."""
        acts = {"save", "server", "archive", "unarchive"} & self.request.body_arguments.keys()
        request = {"request_id": self.request_id}
        done = "saved"
        try:
            if len(acts) != 1:
                raise Invalid("The form must say one thing: save, server, archive or unarchive")
            if acts == {"save"}:
                said = facts_of(from_form(self.fields()))
                await self.ask(facts.say, self.person, course, said, **request)
            elif acts == {"server"}:
                wanted = course_servers.from_form(self.fields(course_servers.FIELDS))
                await self.ask(servers.say, self.person, course, wanted, **request)
                done = "server"
            else:
                away = acts == {"archive"}
                why = self.get_body_argument("message", "")
                act = lifecycle.set_archived
                await self.ask(act, self.person, course, away, why, **request)
                done = "archived" if away else "unarchived"
        except (Invalid, Conflict) as error:
            self.set_status(status_of(error))
            await self.show_settings(course, error)
            return
        page = f"{self.service.prefix}courses/{course}/settings"
        self.redirect(f"{page}?done={done}", status=303)

    def fields(self, names: Sequence[str] = FIELDS) -> dict[str, str]:
        return {name: self.get_body_argument(name, "", strip=False).strip() for name in names}

    async def show_settings(self, course: str, wrong: CoursewrightError | None = None) -> None:
        found = await self.ask(overview, course)
        sent = self.request.body_arguments if wrong is not None else {}
        self.show_course(
            "settings.html",
            course,
            found.title,
            published=found.published,
            course=found,
            form=self.fields() if "save" in sent else to_form(found.facts),
            server=(
                self.fields(course_servers.FIELDS)
                if "server" in sent
                else course_servers.to_form(found.server)
            ),
            levels=LEVELS,
            visibilities=VISIBILITIES,
            wrong=wrong,
            done=DONE.get(self.get_query_argument("done", "")),
        )


@dataclass(frozen=True)
class Overview:
    """A course for its instructors; `published`: it has a version. `images`: what is allowed."""

    key: str
    title: str
    state: str
    published: bool
    facts: Facts
    server: Server
    images: tuple[str, ...]


def overview(session: Session, course: str) -> Overview:
    """Raises NotFound."""
    return Overview(
        course,
        courses.title(session, course),
        lifecycle.state_of(session, course),
        lifecycle.has_version(session, course),
        facts.of(session, course),
        servers.of(session, course),
        settings.read(session).images,
    )


def facts_of(sent: Mapping[str, Any]) -> Facts:
    """What was sent as JSON. Raises Invalid."""
    days = {name: facts.day(sent[name]) for name in ("starts", "ends")}
    return Facts(**{**sent, **days, "objectives": tuple(sent["objectives"])})


def from_form(form: Mapping[str, str]) -> dict[str, Any]:
    """The same as JSON has it. Raises Invalid."""
    lines = [line.strip() for line in form["objectives"].splitlines()]
    return {
        **form,
        "level": form["level"] or None,
        "objectives": [line for line in lines if line],
        "hours": hours(form["hours"]),
        "visibility": form["visibility"] or "open",
    }


def to_form(said: Facts) -> dict[str, str]:
    """What stands in the form's fields."""
    found = facts.plain(said)
    told = {name: "" if found[name] is None else str(found[name]) for name in FIELDS}
    shown_hours = "" if said.hours is None else f"{said.hours:g}"
    return {**told, "objectives": "\n".join(said.objectives), "hours": shown_hours}


def hours(text: str) -> float | None:
    """Raises Invalid."""
    try:
        return float(text.replace(",", ".")) if text else None
    except ValueError as error:
        raise Invalid(f"{text!r} is not a number of hours") from error


ROUTES = [
    Route("courses/{course}/settings", SettingsPage),
    Route("api/v1/courses/{course}/facts", FactsOfCourse),
    Route("api/v1/courses/{course}/archived", Archived),
]
