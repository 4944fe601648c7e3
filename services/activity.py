"""What a pod tells of its student at work."""

from __future__ import annotations

from coursewright.records import activity
from coursewright.records.activity import Told
from coursewright.services.answers import APIHandler
from coursewright.services.guards import needs
from coursewright.services.routes import Route
from coursewright.services.schemas import documented
from coursewright.services.scopes import LEARN


class Activity(APIHandler):
    @documented({200: "Activity"}, takes="ActivitySent")
    @needs(LEARN)
    async def post(self, course: str) -> None:
        """Tell where one is in a course, and what one has checked or been hinted at there.

        `kept` is false where it says nothing new, or where too much was told of late: nothing
        needs to be done about that. It never enters a score.
        """
        told = Told(**self.sent())
        self.answer({"kept": await self.ask(activity.keep, self.person, course, told)})


ROUTES = [Route("api/v1/courses/{course}/activity", Activity)]
