"""The stand-in service's answers about standing, codes, mastery and feedback that was read."""

from __future__ import annotations

import json
from typing import Any

from fake_service import PREFIX, Fake

CODE = "ABCD2345"
CONCEPT = {
    "concept": "conditions",
    "score": 82.5,
    "level": "strong",
    "colour": "green",
    "evidence": {"exercises": 80, "quizzes": None, "quality": 90, "consistency": 85},
    "updated_at": "2026-11-20T13:50:00+00:00",
}


class Standing(Fake):
    def get(self) -> None:
        zone = self.get_query_argument("zone")
        if zone == "Nowhere":
            self.problem(400, "'Nowhere' is not a time zone.")
            return
        self.finish({"streak": {"days": 3, "today": False}, "unread": [], "due": []})


class Enrolments(Fake):
    def post(self) -> None:
        if json.loads(self.request.body)["code"] != CODE:
            self.problem(404, "No course has this code.")
            return
        self.fake.enrolled.add("data-with-pandas")
        self.finish({"course": "data-with-pandas", "role": "student"})


class Mastery(Fake):
    def get(self, course: str) -> None:
        if self.member(course):
            self.finish({"concepts": [CONCEPT]})


class Read(Fake):
    def put(self, submission: str) -> None:
        self.finish({"submission": int(submission)})


ROUTES: list[tuple[str, Any]] = [
    (rf"{PREFIX}/api/v1/standing", Standing),
    (rf"{PREFIX}/api/v1/enrolments", Enrolments),
    (rf"{PREFIX}/api/v1/courses/([^/]+)/mastery", Mastery),
    (rf"{PREFIX}/api/v1/submissions/([0-9]+)/read", Read),
]
