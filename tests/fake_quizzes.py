"""The quizzes of the stand-in course service: one, answered once for each key."""

from __future__ import annotations

import json
from typing import Any

from fake_service import RECEIVED, Fake, FakeService

QUESTION = {"key": "sum", "kind": "numeric", "prompt": "1 + 1", "code": "", "options": []}


def quiz(tries: int) -> dict[str, Any]:
    made = [
        {"attempt": n, "submitted_at": RECEIVED, "points": 1.0, "max_points": 1.0}
        for n in range(1, tries + 1)
    ]
    asked = {"key": "sums", "title": "Sums", "questions": [{**QUESTION, "points": 1.0}]}
    counted = {"allowed": 3, "left": 3 - tries, "closed": None, "best": 1.0 if tries else None}
    return {**asked, **counted, "max_points": 1.0, "tries": made, "results": []}


class Quizzes(Fake):
    def get(self, course: str, lesson: str) -> None:
        if self.member(course):
            version = int(self.get_query_argument("version", "1"))
            found = [quiz(len(self.fake.answers))]
            self.finish({"lesson": lesson, "version": version, "quizzes": found})


class QuizAttempts(Fake):
    def post(self, course: str, lesson: str, key: str) -> None:
        if not self.member(course):
            return
        name = self.request.headers["Idempotency-Key"]
        known = name in self.fake.answers
        if not known:
            self.fake.answers[name] = (key, json.loads(self.request.body))
        number = list(self.fake.answers).index(name) + 1
        self.set_status(200 if known else 201)
        receipt = {"attempt": number, "submitted_at": RECEIVED, "points": 1.0, "max_points": 1.0}
        shown = quiz(len(self.fake.answers))
        self.finish({**receipt, "repeated": known, "version": 1, "quiz": shown})


def routes(course: str, shared: dict[str, FakeService]) -> list[Any]:
    quizzes = rf"{course}/lessons/([^/]+)/quizzes"
    return [(quizzes, Quizzes, shared), (rf"{quizzes}/([^/]+)/attempts", QuizAttempts, shared)]
