"""Hints to exercises, as the course service gives them."""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

from jupyter_server.auth.decorator import authorized
from tornado import web

from coursewright.extension.client import NONSENSE, having
from coursewright.extension.errors import Garbled, WorkError
from coursewright.extension.handler import PanelHandler
from coursewright.extension.work import refuse_odd


class LessonHintsHandler(PanelHandler):
    """What the student was given in a lesson so far."""

    @web.authenticated
    @authorized
    async def get(self, course: str, lesson: str) -> None:
        refuse_odd(course, lesson)
        answer = await self.service.ask("GET", f"courses/{course}/lessons/{lesson}/hints")
        for hints in having(answer, "exercises", dict)["exercises"].values():
            _checked(hints)
        self.finish(answer)


class ExerciseHintsHandler(PanelHandler):
    """The hints to one exercise: those given so far, and the next one."""

    @web.authenticated
    @authorized
    async def get(self, course: str, lesson: str, exercise: str) -> None:
        path = _path(course, lesson, exercise)
        self.finish(_checked(await self.service.ask("GET", path)))

    @web.authenticated
    @authorized
    async def post(self, course: str, lesson: str, exercise: str) -> None:
        tier = self.body().get("tier")
        if type(tier) is not int or tier < 1:
            raise WorkError("`tier` must be a number from 1.", HTTPStatus.BAD_REQUEST)
        body = json.dumps({"tier": tier}).encode()
        path = _path(course, lesson, exercise)
        self.finish(_checked(await self.service.ask("POST", path, body)))


def _path(course: str, lesson: str, exercise: str) -> str:
    refuse_odd(course, lesson)
    return f"courses/{course}/lessons/{lesson}/exercises/{quote(exercise, safe='')}/hints"


def _checked(hints: Any) -> dict[str, Any]:
    if not isinstance(hints, dict):
        raise Garbled(NONSENSE)
    having(hints, "tiers", int)
    if not all(isinstance(text, str) for text in having(hints, "given", list)["given"]):
        raise Garbled(NONSENSE)
    return hints


LESSON = r"coursewright/api/courses/([^/]+)/lessons/([^/]+)"
ROUTES: list[tuple[str, type[PanelHandler]]] = [
    (LESSON + r"/hints", LessonHintsHandler),
    (LESSON + r"/exercises/([^/]+)/hints", ExerciseHintsHandler),
]
