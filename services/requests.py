"""Requests about a mark, as JSON: asking, the threads, and their list."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from sqlalchemy.orm import Session

from coursewright.records import courses, regrade_requests, sections
from coursewright.records.errors import Denied, Invalid, NotFound
from coursewright.records.gradebook import Reach
from coursewright.records.regrade_requests import Asked, Thread
from coursewright.services.answers import APIHandler
from coursewright.services.guards import WHOLE, needs
from coursewright.services.routes import Route
from coursewright.services.schemas import documented
from coursewright.services.scopes import LEARN, STAFF
from coursewright.services.shapes import COUNT, TEXT, Schema

SIZE = 50
NUMBERS: Schema = {"type": "integer", "minimum": 1}
QUERY: dict[str, Schema] = {"state": TEXT, "after": NUMBERS, "limit": {**COUNT, "maximum": 200}}


class Ask(APIHandler):
    @documented({201: "MarkThread"}, takes="MarkAsked", conflicts=True)
    @needs(LEARN)
    async def post(self, submission: str) -> None:
        """Ask those who teach about the mark of one cell of one's own graded submission.

        Asked again, it goes on in the same thread. 409 while there is no mark yet.
        """
        sent = self.sent()
        found = await self.ask(
            regrade_requests.ask,
            self.person,
            int(submission),
            sent["cell"],
            sent["text"],
            request_id=self.request_id,
        )
        self.answer(told(found), 201)


class Requests(APIHandler):
    @documented({200: "MarkRequests"}, query=QUERY)
    @needs(LEARN)
    async def get(self, course: str) -> None:
        """The requests of a course that one may see: teachers all, students their own.

        Open ones come first, of those the longest waiting. `next` is what to send as `after`.
        """
        state = self.get_query_argument("state", None)
        limit = counted(self.get_query_argument("limit", str(SIZE)), "limit", 200)
        after = self.get_query_argument("after", None)
        number = None if after is None else counted(after, "after", 10**18)
        found = await self.ask(visible, self.person, self.reach, course, state, limit + 1, number)
        more = found[limit - 1].id if len(found) > limit else None
        self.answer({"requests": found[:limit], "next": more})


class Request(APIHandler):
    @documented({200: "MarkThread"})
    @needs(LEARN)
    async def get(self, course: str, request: str) -> None:
        """A request with its messages (Markdown); another's is noted in the audit log."""
        found = await self.ask(
            regrade_requests.thread,
            self.person,
            course,
            int(request),
            self.reach,
            self.request_id,
        )
        self.answer(told(found))


class Messages(APIHandler):
    @documented({201: "MarkThread"}, takes="MarkMessageSent", conflicts=True)
    @needs(LEARN)
    async def post(self, course: str, request: str) -> None:
        """Write into a thread; with `settle`, that closes it. The same words twice count once."""
        sent = self.sent()
        found = await self.ask(
            regrade_requests.write,
            self.person,
            course,
            int(request),
            sent["text"],
            reach=self.reach,
            settle=sent.get("settle", False),
            request_id=self.request_id,
        )
        self.answer(told(found), 201)


class State(APIHandler):
    @documented({200: "MarkThread"}, takes="MarkRequestState")
    @needs(LEARN)
    async def put(self, course: str, request: str) -> None:
        """Say that a request is settled, or that it is not."""
        found = await self.ask(
            regrade_requests.settle,
            self.person,
            course,
            int(request),
            reach=self.reach,
            settled=self.sent()["settled"],
            request_id=self.request_id,
        )
        self.answer(told(found))


def visible(  # noqa: PLR0917 (no two of them can be mistaken for each other)
    session: Session,
    viewer: str,
    reach: Reach,
    course: str,
    state: str | None,
    limit: int,
    after: int | None,
) -> list[Asked]:
    """Raises NotFound to those who do not belong to the course."""
    role = courses.role_of(session, viewer, course)
    courses.title(session, course)
    if role is None and reach != "all":
        raise NotFound(f"There is no course {course!r} that you belong to")
    everything = reach == "all" or (reach == "taught" and role in STAFF)
    if everything and reach != "all" and sections.visible(session, viewer, course) is not None:
        raise Denied(WHOLE)
    person = None if everything else viewer
    return regrade_requests.listed(
        session, course, state=state, person=person, limit=limit, after=after
    )


def told(found: Thread) -> dict[str, Any]:
    return {**asdict(found.about), "messages": found.messages}


def counted(text: str, name: str, most: int) -> int:
    """Raises Invalid."""
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= most):
        raise Invalid(f"`{name}` is a number from 1 to {most}")
    return int(text)


ONE = "api/v1/courses/{course}/requests/{request}"
ROUTES = [
    Route("api/v1/submissions/{submission}/requests", Ask),
    Route("api/v1/courses/{course}/requests", Requests),
    Route(ONE, Request),
    Route(f"{ONE}/messages", Messages),
    Route(f"{ONE}/state", State),
]
