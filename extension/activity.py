"""Tells the course service where the student is at work."""

from __future__ import annotations

import json

from jupyter_server.auth.decorator import authorized
from tornado import web

from coursewright.extension.client import having
from coursewright.extension.handler import PanelHandler
from coursewright.extension.work import refuse_odd


class ActivityHandler(PanelHandler):
    """Where somebody is, what they checked; it is not kept here and not tried again."""

    @web.authenticated
    @authorized
    async def post(self, course: str) -> None:
        refuse_odd(course)
        told = {name: self.body().get(name) for name in ("name", "lesson", "exercise")}
        told["detail"] = self.body().get("detail") or {}
        headers = {"Content-Type": "application/json"}
        path = f"courses/{course}/activity"
        answer = await self.service.ask("POST", path, json.dumps(told).encode(), headers)
        self.finish(having(answer, "kept", bool))


ROUTES: list[tuple[str, type[PanelHandler]]] = [
    (r"coursewright/api/courses/([^/]+)/activity", ActivityHandler),
]
