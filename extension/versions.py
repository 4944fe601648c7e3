"""A new version of a lesson: what changed, taking it over into one's own file, and undoing that."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from jupyter_server.auth.decorator import authorized
from tornado import web

from coursewright.extension.client import NONSENSE, ServiceClient, having
from coursewright.extension.errors import Garbled, Refused, WorkError
from coursewright.extension.handler import PanelHandler, aside
from coursewright.extension.updates import Updating, is_sound, notebook, sha
from coursewright.extension.work import belonging, refuse_odd, runnable

Released = dict[str, Any]


class ChangesHandler(PanelHandler):
    """What changed since a version."""

    @web.authenticated
    @authorized
    async def get(self, course: str, lesson: str) -> None:
        refuse_odd(course, lesson)
        since = self.get_query_argument("since", "")
        if not (since.isascii() and since.isdigit() and len(since) < 10):
            raise WorkError("`since` must be the number of a version.", HTTPStatus.BAD_REQUEST)
        asked = f"courses/{course}/lessons/{lesson}/changes?since={since}"
        answer = await self.service.ask("GET", asked)
        self.finish(having(having(answer, "cells", list), "messages", list))


class ReleasedHandler(PanelHandler):
    """A lesson as it was published, for the view of differences."""

    @web.authenticated
    @authorized
    async def get(self, course: str, lesson: str, version: str) -> None:
        refuse_odd(course, lesson)
        self.finish(await released(self.service, course, lesson, int(version)))


class MergeHandler(PanelHandler):
    """Taking the newest version over."""

    @web.authenticated
    @authorized
    async def post(self, course: str, lesson: str) -> None:
        meant = updating(self, course, lesson)
        expected = self.body().get("sha")
        former = await aside(self.work.whole, meant.path)
        own = await aside(belonging, former)
        if (own.get("course"), own.get("lesson")) != (course, lesson):
            raise WorkError(f"{meant.path} is not a notebook of this lesson; it was left as it is.")
        if expected is not None and expected != sha(former):
            raise WorkError(
                f"{meant.path} changed meanwhile (it is now {sha(former)[:12]}) and was left as"
                " it is. Save it and try again."
            )
        await aside(notebook, former, meant.path)
        newest = await released(self.service, course, lesson)
        base = await began(self.service, course, lesson, own.get("version"))
        theirs = runnable(newest["notebook"])
        told = await aside(meant.merge, former, base, theirs)
        self.finish({**told, "from": own.get("version"), "to": newest["version"]})


class UndoHandler(PanelHandler):
    """Back to before the last merge."""

    @web.authenticated
    @authorized
    async def post(self, course: str, lesson: str) -> None:
        self.finish(await aside(updating(self, course, lesson).undo))


async def released(
    service: ServiceClient, course: str, lesson: str, version: int | None = None
) -> Released:
    """A lesson as students get it, the newest or as it was. Raises PodError."""
    rest = "" if version is None else f"?version={version}"
    answer = await service.ask("GET", f"courses/{course}/lessons/{lesson}{rest}")
    having(answer, "version", int)
    if not is_sound(answer.get("notebook")):
        raise Garbled(NONSENSE)
    return answer


async def began(
    service: ServiceClient, course: str, lesson: str, version: Any
) -> dict[str, Any] | None:
    """What a file of this version began as; None when the service does not know that any more."""
    if not isinstance(version, int) or isinstance(version, bool) or version < 1:
        return None
    try:
        found = (await released(service, course, lesson, version))["notebook"]
    except Refused as error:
        if error.status not in (HTTPStatus.NOT_FOUND, HTTPStatus.BAD_REQUEST):
            raise
        return None
    return dict(runnable(found))


def updating(handler: PanelHandler, course: str, lesson: str) -> Updating:
    """The file that is meant: a student may have moved it."""
    usual = handler.work.path(course, lesson)
    path = handler.body().get("path", usual)
    if not isinstance(path, str):
        raise WorkError("`path` must be text.", HTTPStatus.BAD_REQUEST)
    return Updating(handler.work, course, lesson, path)


LESSON = r"coursewright/api/courses/([^/]+)/lessons/([^/]+)"
ROUTES: list[tuple[str, type[PanelHandler]]] = [
    (rf"{LESSON}/changes", ChangesHandler),
    (rf"{LESSON}/versions/([0-9]{{1,9}})", ReleasedHandler),
    (rf"{LESSON}/merge", MergeHandler),
    (rf"{LESSON}/merge/undo", UndoHandler),
]
