"""The copies that the stand-in for the course service keeps."""

from __future__ import annotations

import hashlib
import json
from typing import Any
from urllib.parse import unquote

from fake_service import PREFIX, Fake

SAVED = "2026-11-20T14:02:00+00:00"


class CourseCopies(Fake):
    def get(self, course: str) -> None:
        if self.member(course):
            newest = {copy["path"]: copy for copy in self.fake.copies if copy["course"] == course}
            self.finish({"copies": [told(copy) for copy in newest.values()]})


class Copies(Fake):
    def get(self, course: str, lesson: str) -> None:
        if self.member(course):
            found = [copy for copy in reversed(self.fake.copies) if copy["lesson"] == lesson]
            self.finish({"copies": [told(copy) for copy in found]})

    def post(self, course: str, lesson: str) -> None:
        if self.member(course):
            asked = json.loads(self.request.body)
            have = next((c for c in self.fake.copies if asked.items() <= c.items()), None)
            if have:
                self.fake.copies.remove(have)
                self.fake.copies.append(have)
            self.finish({"copy": told(have) if have else None})


class Copy(Fake):
    def get(self, course: str, lesson: str, sha: str) -> None:
        found = next((copy for copy in self.fake.copies if copy["sha256"] == sha), None)
        if found is None:
            self.problem(404, "There is no such copy any more.")
            return
        self.set_header("Content-Type", "application/x-ipynb+json")
        self.finish(found["content"])

    def put(self, course: str, lesson: str, sha: str) -> None:
        if not self.member(course):
            return
        assert hashlib.sha256(self.request.body).hexdigest() == sha
        path = unquote(self.request.headers["Notebook-Path"])
        copy = {"course": course, "lesson": lesson, "path": path, "sha256": sha}
        self.fake.copies.append({**copy, "content": self.request.body})
        self.finish(told(self.fake.copies[-1]))


def told(copy: dict[str, Any]) -> dict[str, Any]:
    of = {name: copy[name] for name in ("lesson", "path", "sha256")}
    return {**of, "size": len(copy["content"]), "saved_at": SAVED}


ROUTES = [
    (rf"{PREFIX}/api/v1/courses/([^/]+)/copies", CourseCopies),
    (rf"{PREFIX}/api/v1/courses/([^/]+)/lessons/([^/]+)/copies", Copies),
    (rf"{PREFIX}/api/v1/courses/([^/]+)/lessons/([^/]+)/copies/([0-9a-f]+)", Copy),
]
