"""What the Class panel asks: the live list, hand-ins to mark, rubrics, releases of grades.

Whether somebody may is the course service's to say: the server of a student has no right to teach
in its token, and is refused with a sentence.
"""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import Any
from urllib.parse import quote, urlencode

from jupyter_server.auth.decorator import authorized
from tornado import web
from tornado.concurrent import Future

from coursewright.extension.client import Json, having
from coursewright.extension.errors import WorkError
from coursewright.extension.handler import PanelHandler
from coursewright.extension.work import refuse_odd

NOTEBOOK = "application/x-ipynb+json"
JSON = {"Content-Type": "application/json"}


def asked(handler: PanelHandler, path: str, *names: str) -> str:
    """The path with those of the query's `names` that were given."""
    given = {name: handler.get_query_argument(name, "") for name in names}
    query = urlencode({name: text for name, text in given.items() if text}, quote_via=quote)
    return f"{path}?{query}" if query else path


async def sent(handler: PanelHandler, method: str, path: str, data: Any, **headers: str) -> Json:
    body = json.dumps(data).encode()
    return await handler.service.ask(method, path, body, {**JSON, **headers})


class ClassHandler(PanelHandler):
    """Who is where, and who is stuck."""

    @web.authenticated
    @authorized
    async def get(self, course: str) -> None:
        refuse_odd(course)
        path = asked(self, f"courses/{course}/class", "lesson", "section", "group")
        self.finish(having(await self.service.ask("GET", path), "students", list))


class UngradedHandler(PanelHandler):
    """The hand-ins that wait for a person."""

    @web.authenticated
    @authorized
    async def get(self, course: str) -> None:
        refuse_odd(course)
        path = asked(self, f"courses/{course}/ungraded", "lesson", "after", "anonymous")
        self.finish(having(await self.service.ask("GET", path), "waiting", list))


class PaperHandler(PanelHandler):
    """A submission's cells with their marks, and the rubric."""

    @web.authenticated
    @authorized
    async def get(self, course: str, submission: str) -> None:
        refuse_odd(course)
        path = asked(self, f"courses/{course}/submissions/{submission}/paper", "anonymous")
        self.finish(having(await self.service.ask("GET", path), "cells", list))


class PaperNotebookHandler(PanelHandler):
    """The notebook that was handed in. It goes to the page alone: never into a file or a kernel."""

    @web.authenticated
    @authorized
    async def get(self, course: str, submission: str) -> None:
        refuse_odd(course)
        self.set_header("Content-Security-Policy", "sandbox; default-src 'none'")
        path = f"courses/{course}/submissions/{submission}/notebook"
        await self.service.stream(path, NOTEBOOK, self.pass_on)
        self.finish()

    def pass_on(self, chunk: bytes) -> Future[None]:
        if not self._headers_written:
            self.set_header("Content-Type", "application/json")
        self.write(chunk)
        return self.flush()


class MarkHandler(PanelHandler):
    """Marking an answer. `seen` is its version that the marker had before them."""

    @web.authenticated
    @authorized
    async def put(self, course: str, submission: str, cell: str) -> None:
        refuse_odd(course)
        mark = dict(self.body())
        seen = mark.pop("seen", None)
        if type(seen) is not int or seen < 0:
            raise WorkError("`seen` must be the version that you saw.", HTTPStatus.BAD_REQUEST)
        path = f"courses/{course}/submissions/{submission}/marks/{quote(cell, safe='')}"
        answer = await sent(self, "PUT", path, mark, **{"If-Match": str(seen)})
        self.finish(having(answer, "number", int))


class RubricHandler(PanelHandler):
    """A new rubric item for a question of a lesson."""

    @web.authenticated
    @authorized
    async def post(self, course: str, lesson: str) -> None:
        refuse_odd(course, lesson)
        path = f"courses/{course}/lessons/{lesson}/rubric"
        self.set_status(HTTPStatus.CREATED)
        self.finish(having(await sent(self, "POST", path, dict(self.body())), "id", int))


class ReleaseHandler(PanelHandler):
    """Holding a lesson's grades back, and releasing them."""

    @web.authenticated
    @authorized
    async def get(self, course: str, lesson: str) -> None:
        refuse_odd(course, lesson)
        path = f"courses/{course}/lessons/{lesson}/release"
        self.finish(having(await self.service.ask("GET", path), "held", bool))

    @web.authenticated
    @authorized
    async def put(self, course: str, lesson: str) -> None:
        refuse_odd(course, lesson)
        held = self.body().get("held")
        if not isinstance(held, bool):
            raise WorkError("`held` must be true or false.", HTTPStatus.BAD_REQUEST)
        path = f"courses/{course}/lessons/{lesson}/release"
        self.finish(having(await sent(self, "PUT", path, {"held": held}), "held", bool))


COURSE = r"coursewright/api/courses/([^/]+)"
PAPER = rf"{COURSE}/submissions/([1-9][0-9]{{0,17}})"

ROUTES: list[tuple[str, type[PanelHandler]]] = [
    (rf"{COURSE}/class", ClassHandler),
    (rf"{COURSE}/ungraded", UngradedHandler),
    (rf"{PAPER}/paper", PaperHandler),
    (rf"{PAPER}/notebook", PaperNotebookHandler),
    (rf"{PAPER}/marks/([^/]+)", MarkHandler),
    (rf"{COURSE}/lessons/([^/]+)/rubric", RubricHandler),
    (rf"{COURSE}/lessons/([^/]+)/release", ReleaseHandler),
]
