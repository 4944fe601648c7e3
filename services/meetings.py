"""When a class meets: over the API, and as a page of the course."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from coursewright.records import courses, lifecycle, meetings
from coursewright.records.errors import CoursewrightError, Invalid
from coursewright.records.meetings import LONGEST, SHORTEST, WEEKDAYS, Meeting
from coursewright.services.answers import APIHandler, PageHandler
from coursewright.services.guards import needs
from coursewright.services.problems import status_of
from coursewright.services.routes import Route
from coursewright.services.schemas import documented
from coursewright.services.scopes import TEACH

FIELDS = ("weekday", "begins", "minutes", "zone")
FIRST = {"weekday": "0", "begins": "09:00", "minutes": "90", "zone": "UTC"}


class Meetings(APIHandler):
    @documented({200: "Meetings"})
    @needs(TEACH, role="assistant")
    async def get(self, course: str) -> None:
        """When the class meets every week, by the clock of each meeting's zone; Monday is 0."""
        self.tell(await self.ask(meetings.of, course))

    @documented({200: "Meetings"}, takes="Meetings")
    @needs(TEACH, role="instructor")
    async def put(self, course: str) -> None:
        """Let these be all meetings of the class. Servers are kept ready for them."""
        wanted = [meetings.read(one) for one in self.sent()["meetings"]]
        self.tell(
            await self.ask(meetings.say, self.person, course, wanted, request_id=self.request_id)
        )

    def tell(self, found: tuple[Meeting, ...]) -> None:
        self.answer({"meetings": [meetings.plain(one) for one in found]})


class MeetingsPage(PageHandler):
    @needs(TEACH, role="assistant")
    async def get(self, course: str) -> None:
        """When the class meets."""
        await self.show_meetings(course)

    @needs(TEACH, role="instructor")
    async def post(self, course: str) -> None:
        """`add` the meeting that the form says, or `remove` the one with that number."""
        try:
            await self.ask(self.change_one, course)
        except Invalid as error:
            self.set_status(status_of(error))
            await self.show_meetings(course, error)
            return
        self.redirect(f"{self.service.prefix}courses/{course}/meetings?done=yes", status=303)

    def change_one(self, session: Session, course: str) -> None:
        found = list(meetings.of(session, course))
        removed = self.get_body_argument("remove", "")
        if removed:
            gone = [one for one in found if _name(one) == removed]
            found = [one for one in found if one not in gone]
        else:
            found.append(_read(self.sent()))
        meetings.say(session, self.person, course, found, request_id=self.request_id)

    def sent(self) -> dict[str, str]:
        return {name: self.get_body_argument(name, "").strip() for name in FIELDS}

    async def show_meetings(self, course: str, wrong: CoursewrightError | None = None) -> None:
        found = await self.ask(overview, self.person, course)
        last = found.meetings[-1] if found.meetings else None
        form = FIRST if last is None else FIRST | {"zone": last.zone}
        self.show_course(
            "meetings.html",
            course,
            found.title,
            published=found.published,
            meetings=[(_name(one), one) for one in found.meetings],
            may_change=self.is_admin or found.role == "instructor",
            form=self.sent() if wrong else form,
            weekdays=WEEKDAYS,
            lengths=(SHORTEST, LONGEST),
            wrong=wrong,
            done=bool(self.get_query_argument("done", "")),
        )


class MeetingsSheet(PageHandler):
    @needs(TEACH, role="assistant")
    async def get(self, course: str) -> None:
        """When the class meets, for a spreadsheet."""
        found = await self.ask(meetings.of, course)
        rows = [
            (WEEKDAYS[one.weekday], f"{one.begins:%H:%M}", one.minutes, one.zone) for one in found
        ]
        self.send_sheet(f"{course}-class-times.csv", FIELDS, rows)


@dataclass(frozen=True)
class Overview:
    """`role` is the asking person's own."""

    title: str
    published: bool
    role: str | None
    meetings: tuple[Meeting, ...]


def overview(session: Session, person: str, course: str) -> Overview:
    """Raises NotFound."""
    return Overview(
        courses.title(session, course),
        lifecycle.has_version(session, course),
        courses.role_of(session, person, course),
        meetings.of(session, course),
    )


def _name(one: Meeting) -> str:
    """Which of a course's meetings it is."""
    return f"{one.weekday}-{one.begins:%H:%M}"


def _read(form: dict[str, str]) -> Meeting:
    """Raises Invalid."""
    numbers: dict[str, Any] = {}
    for name, told in (("weekday", "The weekday"), ("minutes", "How long it takes")):
        if not form[name].isdecimal():
            raise Invalid(f"{told}: {form[name]!r} is not a whole number")
        numbers[name] = int(form[name])
    return meetings.read({**form, **numbers, "zone": form["zone"] or "UTC"})


ROUTES = [
    Route("courses/{course}/meetings", MeetingsPage),
    Route("courses/{course}/meetings.csv", MeetingsSheet),
    Route("api/v1/courses/{course}/meetings", Meetings),
]
