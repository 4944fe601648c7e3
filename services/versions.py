"""What changed in a lesson since the version that a student has."""

from __future__ import annotations

from coursewright.records import versions
from coursewright.records.errors import Invalid
from coursewright.services.answers import APIHandler
from coursewright.services.guards import needs
from coursewright.services.routes import Route
from coursewright.services.schemas import documented
from coursewright.services.scopes import LEARN

LAST = 2**31 - 1  # what the column holds
VERSION = {"type": "integer", "minimum": 1, "maximum": LAST}


class Changes(APIHandler):
    @documented({200: "LessonChanges"}, query={"since": VERSION}, needed=("since",))
    @needs(LEARN)
    async def get(self, course: str, lesson: str) -> None:
        """What changed in a lesson after a version: cells, and what the author said of it."""
        since = number(self.get_query_argument("since", ""), "since")
        found = await self.ask(versions.lesson_changes, self.person, course, lesson, since)
        self.answer(
            {
                "from": found.since,
                "to": found.to,
                "messages": list(found.messages),
                "cells": list(found.cells),
            }
        )


def number(text: str, name: str) -> int:
    """A version's number as it stands in a query. Raises Invalid."""
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:12]) <= LAST):
        raise Invalid(f"`{name}` must be the number of a version, from 1")
    return int(text)


ROUTES = [Route("api/v1/courses/{course}/lessons/{lesson}/changes", Changes)]
