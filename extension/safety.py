"""What the indicator asks, and how lost or earlier work comes back."""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import Any

from jupyter_server.auth.decorator import authorized
from tornado import web

from coursewright.extension import kept
from coursewright.extension.client import NONSENSE, having
from coursewright.extension.errors import Garbled, WorkError
from coursewright.extension.handler import PanelHandler, aside
from coursewright.extension.work import refuse_odd


class SafetyHandler(PanelHandler):
    """How safe the work is."""

    @web.authenticated
    @authorized
    async def get(self) -> None:
        self.finish(await self.pod.safety.told())


class OutboxHandler(PanelHandler):
    """The submits that wait, and those whose fate the student has not seen."""

    @web.authenticated
    @authorized
    async def get(self) -> None:
        self.finish({"submits": [one.told() for one in self.pod.safety.sender.submits]})

    @web.authenticated
    @authorized
    async def post(self) -> None:
        """Send what waits now, rather than after the next pause."""
        self.pod.safety.line.hurry()
        self.finish({})


class QueuedHandler(PanelHandler):
    """One submit of the outbox."""

    @web.authenticated
    @authorized
    async def delete(self, key: str) -> None:
        if not await self.pod.safety.sender.forget(key):
            raise WorkError("There is no such submit, or it still waits.", HTTPStatus.NOT_FOUND)
        self.finish({})


class CopiesHandler(PanelHandler):
    """The copies of a lesson's notebook."""

    @web.authenticated
    @authorized
    async def get(self, course: str, lesson: str) -> None:
        refuse_odd(course, lesson)
        self.finish({"copies": await kept.listed(self.service, course, lesson)})


class CopyHandler(PanelHandler):
    """One copy: seen, and brought back."""

    @web.authenticated
    @authorized
    async def get(self, course: str, lesson: str, sha: str) -> None:
        refuse_odd(course, lesson)
        content = await kept.content(self.service, course, lesson, sha)
        try:
            notebook = json.loads(content)
        except (ValueError, RecursionError):
            raise Garbled(NONSENSE) from None
        having({"notebook": notebook}, "notebook", dict)
        having(notebook, "cells", list)
        self.finish({"notebook": notebook})

    @web.authenticated
    @authorized
    async def post(self, course: str, lesson: str, sha: str) -> None:
        """Write it to `path`; what stood there is kept beside it under the name in `kept`."""
        path = self.body().get("path", self.work.path(course, lesson))
        if not isinstance(path, str) or not path.endswith(".ipynb"):
            raise WorkError("`path` must be that of a notebook.", HTTPStatus.BAD_REQUEST)
        refuse_odd(course, lesson)
        content = await kept.content(self.service, course, lesson, sha)
        beside = await aside(self.work.swap, path, content)
        self.pod.safety.copier.saved(path)
        self.finish({"path": path, "kept": beside})


class RestoreHandler(PanelHandler):
    """All work of a course."""

    @web.authenticated
    @authorized
    async def post(self, course: str) -> None:
        """Bring back every notebook that has a copy and is not there; the others stay."""
        refuse_odd(course)
        restored: list[dict[str, Any]] = []
        there = 0
        for copy in await kept.of_course(self.service, course):
            if not self._is_here(copy["path"]) or await aside(self.work.has, copy["path"]):
                there += 1
                continue
            content = await kept.content(self.service, course, copy["lesson"], copy["sha256"])
            if await aside(self.work.put_bytes, copy["path"], content):
                restored.append({"path": copy["path"], "saved_at": copy["saved_at"]})
        self.finish({"restored": restored, "there": there})

    def _is_here(self, path: str) -> bool:
        return path.startswith(f"{self.work.folder}/") and path.endswith(".ipynb")


LESSON = r"coursewright/api/courses/([^/]+)/lessons/([^/]+)"
ROUTES: list[tuple[str, type[PanelHandler]]] = [
    (r"coursewright/api/safety", SafetyHandler),
    (r"coursewright/api/outbox", OutboxHandler),
    (r"coursewright/api/outbox/([A-Za-z0-9_-]{8,200})", QueuedHandler),
    (rf"{LESSON}/copies", CopiesHandler),
    (rf"{LESSON}/copies/([0-9a-f]{{64}})", CopyHandler),
    (r"coursewright/api/courses/([^/]+)/restore", RestoreHandler),
]
