"""Joining by a code: the codes of a course, and the one that somebody enters."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from coursewright.records import joining
from coursewright.records.errors import Invalid, NotFound
from coursewright.services.answers import APIHandler, PageHandler
from coursewright.services.guards import needs
from coursewright.services.routes import Route
from coursewright.services.schemas import documented
from coursewright.services.scopes import LEARN, TEACH

DAYS = (1, 7, 30)  # that the page offers


class Enrolments(APIHandler):
    @documented({200: "Enrolment"}, takes="CodeSent", slowed=True)
    @needs(LEARN)
    async def post(self) -> None:
        """Join the course whose code this is, as a student, or wait for a place in it.

        Whoever waits has no `role` yet and a `place` in the line of `waiting` people. Ten wrong
        codes in a quarter of an hour, and the next must wait (429). One that is over or used up
        is refused (403).
        """
        found = await self.ask(joining.by_code, self.person, self.sent()["code"])
        if found is None:
            raise NotFound(joining.UNKNOWN)
        self.answer(found)


class Joining(APIHandler):
    @documented({200: "Joining"})
    @needs(TEACH, role="instructor")
    async def get(self, course: str) -> None:
        """Whether everybody may join the course by a click, and its codes, newest first."""
        self.answer(await self.ask(standing, course))

    @documented({200: "Joining"}, takes="JoiningSent")
    @needs(TEACH, role="instructor")
    async def put(self, course: str) -> None:
        """Open the course to everybody, or only to those who have a code."""
        await self.ask(joining.set_open, self.person, course, self.sent()["open"])
        self.answer(await self.ask(standing, course))


class Codes(APIHandler):
    @documented({201: "Code"}, takes="CodeWanted")
    @needs(TEACH, role="instructor")
    async def post(self, course: str) -> None:
        """A new code for the course; without a limit in time or number unless one is sent."""
        sent = self.sent()
        until = moment(sent.get("expires_at"))
        most, part = sent.get("most_uses"), sent.get("section")
        made = await self.ask(joining.make, self.person, course, until, most, section=part)
        self.answer(made, 201)


class Code(APIHandler):
    @documented({200: "Nothing"})
    @needs(TEACH, role="instructor")
    async def delete(self, course: str, code: str) -> None:
        """End a code; whoever joined by it stays."""
        await self.ask(joining.withdraw, self.person, course, code)
        self.answer({})


class CodesForm(PageHandler):
    @needs(TEACH, role="instructor")
    async def post(self, course: str) -> None:
        """What a form of the page of people says: `make`, `withdraw` a code, or `open`."""
        if self.get_body_argument("make", ""):
            days = self.get_body_argument("days", "")
            most = self.get_body_argument("most_uses", "")
            part = self.get_body_argument("section", "")
            await self.ask(make, self.person, course, number(days), number(most), section=part)
        elif code := self.get_body_argument("withdraw", ""):
            await self.ask(joining.withdraw, self.person, course, code)
        elif wanted := self.get_body_argument("open", ""):
            await self.ask(joining.set_open, self.person, course, wanted == "yes")
        else:
            raise Invalid("The form must say one thing to do: make, withdraw or open")
        self.redirect(f"{self.service.prefix}courses/{course}/people/joining", status=303)


def standing(session: Session, course: str) -> dict[str, Any]:
    """Raises NotFound."""
    return {"open": joining.is_open(session, course), "codes": joining.codes(session, course)}


def make(
    session: Session,
    by: str,
    course: str,
    days: int | None,
    most: int | None,
    *,
    section: str | None,
) -> None:
    """As the page asks for it; `days` from now."""
    until = None
    if days is not None:
        until = joining.now(session) + timedelta(days=min(days, 3650))
    joining.make(session, by, course, until, most, section=section or None)


def number(text: str) -> int | None:
    """What a field of a form says; nothing is no limit. Raises Invalid."""
    if not text.strip():
        return None
    try:
        return int(text)
    except ValueError as error:
        raise Invalid(f"{text!r} is not a number") from error


def moment(text: str | None) -> datetime | None:
    """Raises Invalid for a time without its offset from UTC."""
    if text is None:
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError as error:
        raise Invalid(f"{text!r} is not a time such as 2026-12-01T18:00:00+01:00") from error
    if found.tzinfo is None:
        raise Invalid("Send the time with its offset from UTC, such as 2026-12-01T18:00:00+01:00")
    return found


ROUTES = [
    Route("courses/{course}/codes", CodesForm),
    Route("api/v1/enrolments", Enrolments),
    Route("api/v1/courses/{course}/joining", Joining),
    Route("api/v1/courses/{course}/codes", Codes),
    Route("api/v1/courses/{course}/codes/{code}", Code),
]
