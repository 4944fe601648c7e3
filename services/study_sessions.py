"""One's own sessions of work in a course."""

from __future__ import annotations

from datetime import datetime

from coursewright.records import streaks, study_sessions
from coursewright.records.errors import Invalid
from coursewright.records.study_sessions import MOST
from coursewright.services.answers import APIHandler
from coursewright.services.guards import needs
from coursewright.services.routes import Route
from coursewright.services.schemas import documented
from coursewright.services.scopes import LEARN
from coursewright.services.shapes import TEXT, TIME

LIMIT = {"type": "integer", "minimum": 1, "maximum": MOST, "default": 50}


class StudySessions(APIHandler):
    @documented({200: "StudySessions"}, query={"limit": LIMIT, "before": TIME, "zone": TEXT})
    @needs(LEARN)
    async def get(self, course: str) -> None:
        """When one worked in a course, newest first: acts that are at most 30 minutes apart.

        `before` is a time: the sessions that began earlier. `streak` is by the days of `zone`,
        over all courses.
        """
        limit, before = number(self.get_query_argument("limit", "50")), self.before()
        zone = self.get_query_argument("zone", "UTC")
        found = await self.ask(
            study_sessions.sittings, self.person, course, limit=limit, before=before
        )
        streak = await self.ask(streaks.streak, self.person, zone)
        self.answer({"sessions": found, "streak": streak})

    def before(self) -> datetime | None:
        given = self.get_query_argument("before", "")
        if not given:
            return None
        try:
            # A plus sign in a query is read as a space.
            moment = datetime.fromisoformat(given.replace(" ", "+"))
        except ValueError:
            moment = None
        if moment is None or moment.tzinfo is None:
            raise Invalid("`before` must be a time with its zone, such as 2026-11-21T09:00:00Z")
        return moment


def number(given: str) -> int:
    """Raises Invalid for what is no number of sessions to show at once."""
    if not (given.isascii() and given.isdigit() and len(given) < 6 and 1 <= int(given) <= MOST):
        raise Invalid(f"`limit` must be a number from 1 to {MOST}")
    return int(given)


ROUTES = [Route("api/v1/courses/{course}/sessions", StudySessions)]
