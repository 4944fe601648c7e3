"""Quizzes of the open lesson: asked and answered through the course service."""

from __future__ import annotations

import asyncio
import json
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

from jupyter_server.auth.decorator import authorized
from tornado import web

from coursewright.extension.client import having
from coursewright.extension.errors import Unreachable, WorkError
from coursewright.extension.handler import PanelHandler
from coursewright.extension.outbox import IDEMPOTENCY_KEY
from coursewright.extension.work import refuse_odd


class QuizzesHandler(PanelHandler):
    """The quizzes of a lesson, as the notebook's version has them."""

    @web.authenticated
    @authorized
    async def get(self, course: str, lesson: str) -> None:
        refuse_odd(course, lesson)
        version = self.get_query_argument("version", "")
        query = f"?version={version}" if version.isascii() and version.isdecimal() else ""
        path = f"courses/{course}/lessons/{lesson}/quizzes{query}"
        self.finish(having(await self.service.ask("GET", path), "quizzes", list))


class QuizAttemptsHandler(PanelHandler):
    """Answering one."""

    def asked(self) -> tuple[str, dict[str, Any]]:
        """The key of this attempt, and what the service is to be sent."""
        body = self.body()
        key, answers, version = body.get("key"), body.get("answers"), body.get("version")
        if not isinstance(key, str) or not IDEMPOTENCY_KEY.match(key):
            raise WorkError(
                "`key` must be 8 to 200 letters, digits, - or _.", HTTPStatus.BAD_REQUEST
            )
        if not isinstance(answers, dict):
            raise WorkError("`answers` must be an object.", HTTPStatus.BAD_REQUEST)
        if version is not None and type(version) is not int:
            raise WorkError("`version` must be a number.", HTTPStatus.BAD_REQUEST)
        return key, {"answers": answers, "version": version}

    @web.authenticated
    @authorized
    async def post(self, course: str, lesson: str, quiz: str) -> None:
        refuse_odd(course, lesson)
        key, sent = self.asked()
        path = f"courses/{course}/lessons/{lesson}/quizzes/{quote(quiz, safe='')}/attempts"
        receipt = await self.send(path, json.dumps(sent).encode(), key)
        self.set_status(HTTPStatus.OK if receipt.get("repeated") else HTTPStatus.CREATED)
        self.finish(receipt)

    async def send(self, path: str, content: bytes, key: str) -> dict[str, Any]:
        """The same `key` makes every try of it one attempt."""
        headers = {"Idempotency-Key": key, "Content-Type": "application/json"}

        async def once() -> dict[str, Any]:
            answer = await self.service.ask("POST", path, content, headers)
            return having(answer, "quiz", dict)

        for pause in self.service.pauses:
            try:
                return await once()
            except Unreachable:
                await asyncio.sleep(pause)
        return await once()


ROUTES: list[tuple[str, type[PanelHandler]]] = [
    (r"coursewright/api/courses/([^/]+)/lessons/([^/]+)/quizzes", QuizzesHandler),
    (
        r"coursewright/api/courses/([^/]+)/lessons/([^/]+)/quizzes/([^/]+)/attempts",
        QuizAttemptsHandler,
    ),
]
