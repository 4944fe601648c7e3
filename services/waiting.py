"""The places of a course and the line before it, over the API: for instructors, and one's own."""

from __future__ import annotations

from coursewright.records import looks, members, places, waiting
from coursewright.records.errors import Invalid
from coursewright.services.answers import APIHandler, PageHandler
from coursewright.services.guards import needs
from coursewright.services.routes import Route
from coursewright.services.schemas import documented
from coursewright.services.scopes import LEARN, TEACH
from coursewright.services.shapes import COUNT

PAGE = {"type": "integer", "minimum": 1, "maximum": 200}


class Waiting(APIHandler):
    @documented({200: "Line"})
    @needs(TEACH, role="instructor")
    async def get(self, course: str) -> None:
        """The places of a course, how many are taken, and who waits for one, in their turn."""
        self.answer(await self.ask(waiting.line, course))

    @documented({200: "Line"}, takes="PlacesSent")
    @needs(TEACH, role="instructor")
    async def put(self, course: str) -> None:
        """Set the places of a course (null: no limit), and whether others may wait for one.

        Those who wait get what becomes free by it; nobody loses a place.
        """
        sent = self.sent()
        await self.ask(
            places.set_places,
            self.person,
            course,
            sent["capacity"],
            sent["may_wait"],
            request_id=self.request_id,
        )
        self.answer(await self.ask(waiting.line, course))


class Turn(APIHandler):
    @documented({200: "Line"}, takes="TurnSent")
    @needs(TEACH, role="instructor")
    async def put(self, course: str, person: str) -> None:
        """Let somebody who waits stand at another place of the line; the first is 1."""
        place = self.sent()["place"]
        about = {"request_id": self.request_id}
        await self.ask(waiting.move, self.person, course, person, place, **about)
        self.answer(await self.ask(waiting.line, course))

    @documented({200: "Line"})
    @needs(TEACH, role="instructor")
    async def delete(self, course: str, person: str) -> None:
        """Take somebody out of the line."""
        about = {"request_id": self.request_id}
        await self.ask(waiting.drop, self.person, course, person, **about)
        self.answer(await self.ask(waiting.line, course))


class Admission(APIHandler):
    @documented({200: "Line"}, takes="Nothing")
    @needs(TEACH, role="instructor")
    async def put(self, course: str, person: str) -> None:
        """Enrol somebody who waits, though the course is full."""
        self.sent()
        about = {"request_id": self.request_id}
        await self.ask(waiting.admit, self.person, course, person, **about)
        self.answer(await self.ask(waiting.line, course))


class MyTurns(APIHandler):
    @documented({200: "MyTurns"})
    @needs(LEARN)
    async def get(self) -> None:
        """The courses in whose line one stands oneself, and where."""
        self.answer({"waiting": await self.ask(waiting.mine, self.person)})


class MyTurn(APIHandler):
    @documented({200: "Nothing"})
    @needs(LEARN)
    async def delete(self, course: str) -> None:
        """Leave the line of a course."""
        await self.ask(waiting.leave, self.person, course)
        self.answer({})


class LeaveForm(PageHandler):
    @needs(LEARN)
    async def post(self, course: str) -> None:
        """Leave the line of a course, from the page of one's courses."""
        await self.ask(waiting.leave, self.person, course)
        self.redirect(self.service.prefix, status=303)


class Looks(APIHandler):
    @documented({200: "Looks"}, query={"limit": PAGE, "before": COUNT})
    @needs(TEACH, role="instructor")
    async def get(self, course: str, person: str) -> None:
        """Who looked at somebody's work in the course, and when, newest first.

        A look at the whole class, such as its gradebook, has no `lesson`. `next` is what to send
        as `before` for those that follow.
        """
        limit = min(number(self.get_query_argument("limit", "50")), 200)
        before = self.get_query_argument("before", None)
        start = None if before is None else number(before)
        await self.ask(members.one, course, person)
        found = await self.ask(looks.at_person, course, person, limit, start)
        self.answer({"looks": found, "next": found[-1].id if len(found) == limit else None})


def number(text: str) -> int:
    """Raises Invalid."""
    if not (text.isascii() and text.isdigit() and len(text) < 19 and int(text) > 0):
        raise Invalid(f"{text!r} is not a number above 0")
    return int(text)


ROUTES = [
    Route("courses/{course}/waiting", LeaveForm),
    Route("api/v1/waiting", MyTurns),
    Route("api/v1/courses/{course}/line", Waiting),
    Route("api/v1/courses/{course}/waiting", MyTurn),
    Route("api/v1/courses/{course}/line/{person}", Turn),
    Route("api/v1/courses/{course}/line/{person}/admission", Admission),
    Route("api/v1/courses/{course}/members/{person}/looks", Looks),
]
