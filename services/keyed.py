"""Writes with an Idempotency-Key: carried out once, and answered with the same words again.

All that such a request asks of the database happens in one transaction, together with its answer
(records/answered.py). What fails is undone and may be sent again with the same key.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Awaitable, Callable, Iterable
from typing import TYPE_CHECKING, Concatenate, ParamSpec, TypeVar

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from coursewright.records import answered
from coursewright.records.answered import Place
from coursewright.records.errors import CoursewrightError, Invalid
from coursewright.services.service import Service

if TYPE_CHECKING:
    from coursewright.services.answers import APIHandler

P = ParamSpec("P")
T = TypeVar("T")

HEADER = "Idempotency-Key"
KEY = re.compile(r"[\x21-\x7e]{8,200}\Z")
MALFORMED = (
    "An Idempotency-Key has 8 to 200 visible ASCII characters: a new one for each request, the "
    "same one when you try again"
)


class Unit:
    """One transaction for all questions of a request.

    A question that fails is undone by itself, as it would be in a transaction of its own. `wrote`:
    one that did not fail has changed something.
    """

    def __init__(self, service: Service) -> None:
        self.service = service
        self.session = service.sessions()
        self.wrote = False

    async def ask(
        self, function: Callable[Concatenate[Session, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        def work() -> T:
            with self.session.begin_nested():
                found = function(self.session, *args, **kwargs)
            # The next question looks at the rows anew; what this one found can still be read.
            self.session.expunge_all()
            self.wrote = answered.wrote(self.session)
            return found

        return await self.service.in_thread(work)

    async def commit(self) -> None:
        await self.service.in_thread(self.session.commit)

    async def close(self) -> None:
        """What was not committed is undone; a connection that cannot do so is given up."""

        def work() -> None:
            try:
                self.session.close()
            except (CoursewrightError, SQLAlchemyError):
                self.session.invalidate()

        await self.service.in_thread(work)


async def once(
    handler: APIHandler, key: str, headers: Iterable[str], act: Callable[[], Awaitable[None]]
) -> None:
    """Let `act` answer, or answer as it did before. `headers`: names of those that matter.

    Raises Invalid, Busy and Conflict for a key that cannot be used.
    """
    if not KEY.match(key):
        raise Invalid(MALFORMED)
    request = handler.request
    place = Place(handler.person, request.method or "", request.path, key)
    asked = digest(handler, headers)
    async with handler.service.units:
        unit = Unit(handler.service)
        try:
            before = await unit.ask(answered.claim, place, asked)
            if before is not None:
                handler.repeat(before)
                return
            handler.unit = unit
            await carry_out(handler, unit, act, place, asked)
        finally:
            handler.unit = None
            await unit.close()


async def carry_out(
    handler: APIHandler, unit: Unit, act: Callable[[], Awaitable[None]], place: Place, asked: str
) -> None:
    """Commits before anything is sent."""
    try:
        await act()
    except CoursewrightError as error:
        refusal = handler.refusal(error)
        if unit.wrote and refusal.status < 500:
            # Something was kept all the same, and must not be kept twice.
            await unit.ask(answered.keep, place, asked, refusal)
            await unit.commit()
        raise
    await unit.ask(answered.keep, place, asked, handler.given())
    await unit.commit()


def digest(handler: APIHandler, headers: Iterable[str]) -> str:
    """Of what is asked: the query, the body, and the headers that matter."""
    request = handler.request
    said = [f"{name}: {request.headers.get(name, '')}" for name in sorted(headers)]
    head = "\n".join([request.query, *said, ""]).encode()
    return hashlib.sha256(head + request.body).hexdigest()
