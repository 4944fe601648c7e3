"""Source courses, with their solutions: of a generation, of a version, and how one will look."""

from __future__ import annotations

import asyncio
from typing import Any

from sqlalchemy.orm import Session

from coursewright.records import authoring, drafts, generations, lifecycle, notebooks
from coursewright.records.errors import Invalid, NotFound
from coursewright.services.authors import AuthorHandler
from coursewright.services.generations import watched
from coursewright.services.guards import needs
from coursewright.services.paging import chosen
from coursewright.services.routes import Route
from coursewright.services.schemas import documented
from coursewright.services.scopes import TEACH
from coursewright.services.shapes import one_of
from coursewright.services.versions import VERSION


class GenerationSource(AuthorHandler):
    @documented({200: "Source"})
    @needs(TEACH)
    async def get(self, generation: str) -> None:
        """The notebooks of a generated course; 404 until it is done."""
        await watched(self, generation)
        course = await self.ask(generations.course_of, int(generation))
        self.answer(notebooks.taken_apart(course))


class CourseSource(AuthorHandler):
    @documented({200: "VersionSource"}, query={"version": VERSION, "draft": one_of("yes")})
    @needs(TEACH, role="instructor")
    async def get(self, course: str) -> None:
        """The notebooks of a version (`?version=N`), else of the newest one.

        With `draft=yes`, and for a course without a version, those of the draft that is kept here;
        its `version` is null.
        """
        if chosen(self, "draft", ("yes",)):
            self.answer(await self.ask(draft_source, course))
            return
        given = self.get_query_argument("version", "")
        if given and not (given.isascii() and given.isdigit() and len(given) < 10):
            raise Invalid("`version` must be the number of a version")
        number = int(given) if given else None
        self.answer(await self.ask(version_source, course, number))


class Preview(AuthorHandler):
    @documented({200: "Preview"}, takes="PreviewSent")
    @needs(TEACH)
    async def post(self, course: str) -> None:
        """A lesson's notebook as students will get it; nothing is stored."""
        sent = self.sent()
        await self.ask(authoring.enter, self.rights, course)
        source = notebooks.put_together(
            {"key": course, "title": course, "modules": [alone(sent["lesson"])]},
            {sent["lesson"]: sent["notebook"]},
        )
        (lesson,) = source.lessons()
        released = await asyncio.to_thread(authoring.preview, lesson)
        self.answer({"notebook": released.to_notebook()})


def alone(lesson: str) -> dict[str, Any]:
    """A module with nothing but this lesson."""
    return {"key": "preview", "title": "", "lessons": [{"key": lesson, "title": lesson}]}


def version_source(session: Session, course: str, number: int | None) -> dict[str, Any]:
    if number is None and not lifecycle.has_version(session, course):
        return draft_source(session, course)
    found, document = authoring.source(session, course, number)
    return {"version": found, **notebooks.taken_apart(document)}


def draft_source(session: Session, course: str) -> dict[str, Any]:
    """Raises NotFound."""
    found = drafts.of(session, course)
    if found is None:
        raise NotFound(f"The course {course!r} has no draft here")
    return {"version": None, **notebooks.taken_apart(found.course)}


ROUTES = [
    Route("api/v1/generations/{generation}/source", GenerationSource),
    Route("api/v1/courses/{course}/source", CourseSource),
    Route("api/v1/courses/{course}/preview", Preview),
]
