"""What the author's panel asks about drafts: bring one, check it, look at it, publish it."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from jupyter_server.auth.decorator import authorized
from tornado import web

from coursewright.extension import drafts
from coursewright.extension.client import NONSENSE, Json, having
from coursewright.extension.errors import Garbled, PodError, Refused, WorkError
from coursewright.extension.folders import PREVIEW, Folders
from coursewright.extension.generations import NUMBER, as_author
from coursewright.extension.handler import PanelHandler, aside
from coursewright.extension.work import refuse_odd


def bring(folders: Folders, source: Json, **mark: Any) -> Json:
    """Write a draft of what the service sent. Raises Garbled and WorkError."""
    try:
        key = source["course"]["key"]
        keys = [key for key, _ in drafts.lessons(source["course"])]
        files = drafts.files(source, {"course": key, **mark})
    except (KeyError, TypeError, AttributeError):
        raise Garbled(NONSENSE) from None
    folder = folders.bring(key, files)
    return {"folder": folder, "paths": [f"{folder}/{key}.ipynb" for key in keys]}


class GenerationOpenHandler(PanelHandler):
    """Bringing a generated course among the author's files."""

    @web.authenticated
    @authorized
    async def post(self, number: str) -> None:
        source = await as_author(self.service.ask("GET", f"generations/{int(number)}/source"))
        having(source, "course", dict)
        having(source, "notebooks", dict)
        folders = Folders(self.work.root)
        self.finish(await aside(lambda: bring(folders, source, generation=int(number))))


class CourseOpenHandler(PanelHandler):
    """Bringing a published version, or the draft that is kept on the pages, among the files."""

    @web.authenticated
    @authorized
    async def post(self, course: str) -> None:
        refuse_odd(course)
        body = self.body()
        version, draft = body.get("version"), body.get("draft") is True
        if version is not None and (type(version) is not int or version < 1):
            raise WorkError("`version` must be the number of a version.", HTTPStatus.BAD_REQUEST)
        query = "?draft=yes" if draft else "" if version is None else f"?version={version}"
        source = await as_author(self.service.ask("GET", f"courses/{course}/source{query}"))
        having(source, "course", dict)
        having(source, "notebooks", dict)
        number = source.get("version")
        if number is not None:
            having(source, "version", int)
        folders = Folders(self.work.root)
        self.finish(await aside(lambda: bring(folders, source, version=number)))


class DraftsHandler(PanelHandler):
    """The drafts that are kept on the pages."""

    @web.authenticated
    @authorized
    async def get(self) -> None:
        self.finish(having(await as_author(self.service.ask("GET", "drafts")), "drafts", list))


class FoldersHandler(PanelHandler):
    """The drafts among the author's files, and what is published of their courses."""

    @web.authenticated
    @authorized
    async def get(self) -> None:
        folders = Folders(self.work.root)
        found = await aside(lambda: [folders.overview(name) for name in folders.found()])
        published = await self.published() if found else {}
        told = [{**one, "published_version": published.get(one["course"])} for one in found]
        self.finish({"folders": told})

    async def published(self) -> dict[str, Any]:
        """The newest version by course; the files are shown without it when it cannot be had."""
        try:
            cards = having(await self.service.courses(), "courses", list)["courses"]
        except PodError:
            return {}
        return {str(one.get("key")): one.get("version") for one in cards if isinstance(one, dict)}


class CheckHandler(PanelHandler):
    """Putting a draft to every gate."""

    @web.authenticated
    @authorized
    async def post(self) -> None:
        folders = Folders(self.work.root)
        folder = folders.refuse_elsewhere(self.body().get("folder"))
        source = await aside(folders.source, folder)
        path = f"courses/{source['course']['key']}/checks"
        answer = await as_author(self.service.send("POST", path, source))
        self.set_status(HTTPStatus.CREATED)
        self.finish(having(answer, "id", int))


class ChecksHandler(PanelHandler):
    """How far a check is, and what it has found."""

    @web.authenticated
    @authorized
    async def get(self, number: str) -> None:
        answer = await as_author(self.service.ask("GET", f"checks/{int(number)}"))
        having(answer, "places", list)
        self.finish(having(answer, "state", str))


class VersionsHandler(PanelHandler):
    """The published versions of a course."""

    @web.authenticated
    @authorized
    async def get(self, course: str) -> None:
        refuse_odd(course)
        answer = await as_author(self.service.ask("GET", f"courses/{course}/versions"))
        self.finish(having(answer, "versions", list))


@dataclass(frozen=True)
class Drafted:
    """A lesson of a draft: where it lies, the key of its course, its own, and its notebook."""

    folder: str
    course: str
    lesson: str
    notebook: dict[str, Any]


async def lesson_of(folders: Folders, path: Any) -> Drafted:
    """The lesson whose notebook is at `path`. Raises WorkError."""
    folder, lesson = folders.locate(path)
    notebook = await aside(folders.notebook, path)
    return Drafted(folder, (await aside(folders.about, folder))["key"], lesson, notebook)


class PreviewHandler(PanelHandler):
    """A lesson of a draft as students will get it."""

    @web.authenticated
    @authorized
    async def post(self) -> None:
        folders = Folders(self.work.root)
        at = await lesson_of(folders, self.body().get("path"))
        sent = {"lesson": at.lesson, "notebook": at.notebook}
        answer = await as_author(self.service.send("POST", f"courses/{at.course}/preview", sent))
        released = having(answer, "notebook", dict)["notebook"]
        having(released, "cells", list)
        shown = f"{at.folder}/{PREVIEW}/{at.lesson}.ipynb"
        await aside(folders.overwrite, shown, drafts.to_bytes(drafts.by_lines(released)))
        self.finish({"path": shown})


class PublishedHandler(PanelHandler):
    """A lesson of a draft beside what is published of it."""

    @web.authenticated
    @authorized
    async def post(self) -> None:
        at = await lesson_of(Folders(self.work.root), self.body().get("path"))
        try:
            source = await as_author(self.service.ask("GET", f"courses/{at.course}/source"))
            having(source, "notebooks", dict)
        except Refused as error:
            if error.status != HTTPStatus.NOT_FOUND:
                raise
            source = {}
        # A course without a version gives its draft.
        published = source["notebooks"] if source.get("version") else {}
        base = published.get(at.lesson)
        remote = drafts.in_one(at.notebook)
        answer = {"base": base, "remote": remote, "version": source.get("version")}
        self.finish(answer)


class PublishHandler(PanelHandler):
    """Publishing a draft that was checked."""

    @web.authenticated
    @authorized
    async def post(self) -> None:
        """`base` is the newest version that the author has seen; else the draft's own."""
        folders = Folders(self.work.root)
        body = self.body()
        folder = folders.refuse_elsewhere(body.get("folder"))
        source = await aside(folders.source, folder)
        seen = body.get("base", (await aside(folders.mark, folder)).get("version"))
        sent = {
            "source": source,
            "message": body.get("message"),
            "check": body.get("check"),
            "despite": body.get("despite"),
            "base": seen,
        }
        path = f"courses/{source['course']['key']}/versions"
        answer = await as_author(self.service.send("POST", path, sent))
        version = having(answer, "version", int)["version"]
        with suppress(WorkError):  # it is published all the same
            await aside(lambda: folders.set_mark(folder, version=version))
        self.set_status(HTTPStatus.CREATED if answer.get("created") else HTTPStatus.OK)
        self.finish(answer)


ROUTES: list[tuple[str, type[PanelHandler]]] = [
    (rf"coursewright/api/author/generations/{NUMBER}/open", GenerationOpenHandler),
    (r"coursewright/api/author/courses/([^/]+)/open", CourseOpenHandler),
    (r"coursewright/api/author/drafts", DraftsHandler),
    (r"coursewright/api/author/folders", FoldersHandler),
    (r"coursewright/api/author/check", CheckHandler),
    (rf"coursewright/api/author/checks/{NUMBER}", ChecksHandler),
    (r"coursewright/api/author/versions/([^/]+)", VersionsHandler),
    (r"coursewright/api/author/preview", PreviewHandler),
    (r"coursewright/api/author/published", PublishedHandler),
    (r"coursewright/api/author/publish", PublishHandler),
]
