"""Copies of work: what a student's server sends at each save, and brings back when it is lost.

They are each person's own: no role opens anybody else's.
"""

from __future__ import annotations

from urllib.parse import unquote

from coursewright.records import copies
from coursewright.records.copies import Kept
from coursewright.records.errors import Invalid
from coursewright.services.answers import APIHandler
from coursewright.services.guards import needs
from coursewright.services.paging import PAGED, page
from coursewright.services.routes import Route
from coursewright.services.schemas import documented
from coursewright.services.scopes import LEARN
from coursewright.services.submissions import NOTEBOOK

PATH_HEADER = {
    "Notebook-Path": {
        "type": "string",
        "minLength": 1,
        "maxLength": 9000,
        "description": "Where the notebook lies among its person's files, percent-encoded UTF-8",
    }
}


class CourseCopies(APIHandler):
    @documented({200: "Copies"}, query=PAGED)
    @needs(LEARN)
    async def get(self, course: str) -> None:
        """The newest copy of each of one's own notebooks of a course, by path."""
        found = await self.ask(copies.newest, self.person, course)
        here, following = page(self, found, lambda one: (one.path, one.lesson))
        self.answer({"copies": here, "next": following})


class Copies(APIHandler):
    @documented({200: "Copies"}, query=PAGED)
    @needs(LEARN)
    async def get(self, course: str, lesson: str) -> None:
        """One's own copies of a lesson's notebook, newest first."""
        found = await self.ask(copies.of_lesson, self.person, course, lesson)
        here, following = page(self, found, newest_first)
        self.answer({"copies": here, "next": following})

    @documented({200: "CopyFound"}, takes="CopyAsked")
    @needs(LEARN)
    async def post(self, course: str, lesson: str) -> None:
        """Whether one's own copies have these bytes already; then they are the newest again."""
        asked = self.sent()
        found = await self.ask(
            copies.has, self.person, course, lesson, path=asked["path"], sha256=asked["sha256"]
        )
        self.answer({"copy": found})


class OneCopy(APIHandler):
    @documented({200: NOTEBOOK})
    @needs(LEARN)
    async def get(self, course: str, lesson: str, sha: str) -> None:
        """A copy of one's own, as the notebook that it is."""
        found = await self.ask(copies.content, self.person, course, lesson, sha)
        self.set_header("Content-Type", NOTEBOOK)
        self.write(found)

    @documented({200: "Copy"}, takes="Notebook", headers=PATH_HEADER)
    @needs(LEARN)
    async def put(self, course: str, lesson: str, sha: str) -> None:
        """Keep a notebook as it was saved; old copies make room for new ones."""
        kept = await self.ask(
            copies.keep,
            self.person,
            course,
            lesson,
            self.request.body,
            path=self.path(),
            sha256=sha,
            limit=self.service.largest,
        )
        self.answer(kept)

    def path(self) -> str:
        path = unquote(self.request.headers.get("Notebook-Path", ""))
        if not path or "\0" in path:
            raise Invalid("Send a Notebook-Path header: where the notebook lies")
        return path


def newest_first(one: Kept) -> tuple[int, str, str]:
    return -round(one.saved_at.timestamp() * 1e6), one.path, one.sha256


ROUTES = [
    Route("api/v1/courses/{course}/copies", CourseCopies),
    Route("api/v1/courses/{course}/lessons/{lesson}/copies", Copies),
    Route("api/v1/courses/{course}/lessons/{lesson}/copies/{sha}", OneCopy),
]
