"""Courses as zips: had by a link, and taken in as a draft."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from tempfile import SpooledTemporaryFile
from typing import IO, Any

from sqlalchemy.orm import Session
from tornado.iostream import StreamClosedError

from coursewright.records import archives, authoring, courses, drafts, events, facts
from coursewright.records.archives import Unpacked
from coursewright.records.authoring import Rights
from coursewright.records.course import Course
from coursewright.records.errors import Invalid, NotFound
from coursewright.records.facts import Facts
from coursewright.services.answers import PageHandler
from coursewright.services.authors import AuthorHandler
from coursewright.services.base import Handler
from coursewright.services.guards import needs
from coursewright.services.routes import Route
from coursewright.services.schemas import documented, validate
from coursewright.services.scopes import TEACH
from coursewright.services.settings import facts_of
from coursewright.services.versions import VERSION, number

ZIP = "application/zip"
DRAFT = "draft"
KEPT = 4 * 2**20  # bytes of a zip that stay in memory; what is longer waits in a file
PIECE = 256 * 2**10


class Export(AuthorHandler):
    @documented({200: ZIP}, query={"version": VERSION})
    @needs(TEACH, role="instructor")
    async def get(self, course: str) -> None:
        """A course as a zip: course.json, facts.json, and a source notebook for each lesson.

        Without `version` the newest. Solutions and hidden tests are in it, so that it was had is
        written into the audit log.
        """
        await send(self, course)


class ExportPage(PageHandler):
    @needs(TEACH, role="instructor")
    async def get(self, course: str) -> None:
        """The same for a browser; with `?draft=yes`, the draft."""
        await send(self, course)


class Import(AuthorHandler):
    @documented({200: "Imported", 201: "Imported"}, takes=ZIP, conflicts=True)
    @needs(TEACH)
    async def put(self, course: str) -> None:
        """Take a zip in as the draft of a course, or of a new one (201).

        It has what an export has; of facts.json a new course takes what is said of it. `left_out`
        are files that belong to no course. What could do harm is refused with the file's name.
        """
        await self.ask(authoring.enter, self.rights, course)
        unpacked = await opened(self.request.body)
        found = unpacked.course()
        if found.key != course:
            raise Invalid(f"This is the course {found.key!r}, not {course!r}; nothing was stored")
        new = await self.ask(take_in, self.rights, found, unpacked, self.request_id)
        lessons = sum(1 for _ in found.lessons())
        answer = {"course": course, "lessons": lessons, "left_out": list(unpacked.left_out)}
        self.answer(answer, 201 if new else 200)


async def opened(content: bytes) -> Unpacked:
    """What is in a zip, when every file has its shape. Raises Invalid, naming the file."""
    return await asyncio.to_thread(read, content)


def read(content: bytes) -> Unpacked:
    """Raises Invalid."""
    found = archives.unpack(content)
    shaped(archives.ABOUT, found.about, "SourceAbout")
    for key, notebook in found.notebooks.items():
        shaped(found.files[key], notebook, "SourceNotebook")
    if found.facts is not None:
        shaped(archives.FACTS, found.facts, "Facts")
    return found


def shaped(file: str, data: Any, schema: str) -> None:
    """Raises Invalid with the file and the place in it that has not this shape."""
    try:
        validate(data, schema)
    except Invalid as error:
        raise Invalid(f"{file}: {str(error)[:500]}") from error


def said_in(unpacked: Unpacked) -> Facts | None:
    """What facts.json says. Raises Invalid."""
    return None if unpacked.facts is None else facts_of(unpacked.facts)


def take_in(
    session: Session, who: Rights, course: Course, unpacked: Unpacked, request_id: str
) -> bool:
    """As the draft of its course; whether that is a new one."""
    authoring.enter(session, who, course.key)
    if courses.exists(session, course.key):
        drafts.save(session, who, course, request_id=request_id)
        return False
    drafts.create(session, who, course, said_in(unpacked), request_id=request_id)
    return True


async def send(handler: Handler, course: str) -> None:
    """A version as a zip, or the draft, piece by piece."""
    asked = handler.get_query_argument("version", "")
    wanted: int | str | None = number(asked, "version") if asked else None
    if isinstance(handler, PageHandler) and handler.get_query_argument("draft", ""):
        wanted = DRAFT
    name, document, said = await handler.ask(
        exported, handler.person, course, wanted, handler.request_id
    )
    with SpooledTemporaryFile(max_size=KEPT) as place:
        size = await asyncio.to_thread(packed, document, said, place)
        handler.set_header("Content-Type", ZIP)
        handler.set_header("Content-Disposition", f'attachment; filename="{name}.zip"')
        handler.set_header("Content-Length", str(size))
        with suppress(StreamClosedError):
            while piece := await asyncio.to_thread(place.read, PIECE):
                handler.write(piece)
                await handler.flush()


def packed(document: Course, said: Mapping[str, Any], place: IO[bytes]) -> int:
    """Pack it, and go to its beginning; its size in bytes."""
    archives.pack(document, said, place)
    size = place.tell()
    place.seek(0)
    return size


def exported(
    session: Session, person: str, course: str, wanted: int | str | None, request_id: str
) -> tuple[str, Course, dict[str, Any]]:
    """The zip's name, the document, and what is said of the course; had by `person`."""
    if isinstance(wanted, str):
        kept = drafts.of(session, course)
        if kept is None:
            raise NotFound("This course has no draft")
        what, document = DRAFT, kept.course
    else:
        found, document = authoring.source(session, course, wanted)
        what = f"v{found}"
    events.record(
        session,
        "audit.course.exported",
        courses.person(session, person),
        course,
        detail={"what": what},
        request_id=request_id,
    )
    return f"{course}-{what}", document, facts.plain(facts.of(session, course))


ROUTES = [
    Route("courses/{course}/export.zip", ExportPage),
    Route("api/v1/courses/{course}/export", Export),
]
