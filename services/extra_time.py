"""More time in timed quizzes for a person of a course: as JSON and as CSV."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from coursewright.records import accommodations
from coursewright.records.accommodations import Given
from coursewright.records.policies import ExtraTime
from coursewright.services.answers import APIHandler
from coursewright.services.guards import needs
from coursewright.services.people_parts import PeoplePart
from coursewright.services.routes import Route
from coursewright.services.schemas import documented
from coursewright.services.scopes import TEACH

COLUMNS = ("person", "display_name", "factor", "minutes", "reason")


class ExtraTimes(APIHandler):
    @documented({200: "ExtraTimes"})
    @needs(TEACH, role="instructor")
    async def get(self, course: str) -> None:
        """Who has more time in the timed quizzes of a course, by name."""
        found = await self.ask(accommodations.listed, course)
        self.answer({"people": [told(one) for one in found]})


class PersonExtraTime(APIHandler):
    @documented({200: "ExtraTime"})
    @needs(TEACH, role="instructor")
    async def get(self, course: str, person: str) -> None:
        """How much more time a person has; a factor of 1 and 0 minutes are none."""
        self.answer(told(await self.ask(accommodations.one, course, person)))

    @documented({200: "ExtraTime"}, takes="ExtraTimeSent")
    @needs(TEACH, role="instructor")
    async def put(self, course: str, person: str) -> None:
        """Give a person more time in every timed quiz: `factor` times its own, plus `minutes`.

        The server ends their attempts as much later, those under way too, and a quiz closes for
        them as much later. It is written into the audit log, with the `reason`.
        """
        sent = dict(self.sent())
        reason = sent.pop("reason", "")
        await self.give(course, person, ExtraTime(**sent), reason)

    @documented({200: "ExtraTime"})
    @needs(TEACH, role="instructor")
    async def delete(self, course: str, person: str) -> None:
        """Take the time back, from attempts under way too."""
        await self.give(course, person, ExtraTime(), "")

    async def give(self, course: str, person: str, wanted: ExtraTime, reason: str) -> None:
        await self.ask(
            accommodations.give,
            self.person,
            course,
            person,
            wanted,
            reason=reason,
            request_id=self.request_id,
        )
        self.answer(told(await self.ask(accommodations.one, course, person)))


class ExtraTimesSheet(PeoplePart):
    @needs(TEACH, role="instructor")
    async def get(self, course: str) -> None:
        """Who has more time, for a spreadsheet."""
        found = await self.ask(accommodations.listed, course)
        rows = (told(one) for one in found)
        lines = ([row[name] for name in COLUMNS] for row in rows)
        self.send_sheet(f"{course}-extra-time.csv", COLUMNS, lines)


def told(one: Given) -> dict[str, Any]:
    return {
        "person": one.person,
        "display_name": one.display_name,
        **asdict(one.time),
        "reason": one.reason,
    }


ROUTES = [
    Route("courses/{course}/people/extra-time.csv", ExtraTimesSheet),
    Route("api/v1/courses/{course}/extra-time", ExtraTimes),
    Route("api/v1/courses/{course}/members/{person}/extra-time", PersonExtraTime),
]
