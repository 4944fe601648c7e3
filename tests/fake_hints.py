"""Hints of the stand-in course service; listed in fake_service.py."""

from __future__ import annotations

import json
from typing import Any

from tornado.web import RequestHandler

TEXTS = ("Look at `*`.", "Twice as much.")


class Hinting(RequestHandler):
    """One exercise, `double`; what was given is kept by the service that it stands in for."""

    fake: Any

    def initialize(self, fake: Any) -> None:
        self.fake = fake

    async def prepare(self) -> None:
        path, method = self.request.path, self.request.method or ""
        self.fake.seen.append((method, path, self.request.headers))
        if self.fake.failures:
            self.fake.failures.pop(0)(self)

    def shown(self) -> dict[str, Any]:
        return {"tiers": len(TEXTS), "given": list(TEXTS[: self.fake.hinted])}


class LessonHints(Hinting):
    def get(self, course: str, lesson: str) -> None:
        self.finish({"exercises": {"double": self.shown()}})


class ExerciseHints(Hinting):
    def get(self, course: str, lesson: str, exercise: str) -> None:
        self.finish(self.shown())

    def post(self, course: str, lesson: str, exercise: str) -> None:
        tier = json.loads(self.request.body)["tier"]
        self.fake.hinted = max(tier, self.fake.hinted)
        self.finish(self.shown())


LESSON = r"/lessons/([^/]+)"
ROUTES = [
    (LESSON + r"/hints", LessonHints),
    (LESSON + r"/exercises/([^/]+)/hints", ExerciseHints),
]
