"""The routes of a class at work of the course service that tests/fake_service.py stands in for."""

from __future__ import annotations

import json
from typing import Any

from fake_service import Fake, notebook

PUPIL = {
    "person": "grace",
    "display_name": "Grace",
    "section": None,
    "group": None,
    "here": True,
    "lesson": "names",
    "exercise": "double",
    "checks": 3,
    "hints": 1,
    "attempts": 0,
    "passed": 1,
    "total": 4,
    "points": None,
    "max_points": None,
    "submission": None,
    "stuck_since": "2026-11-20T13:50:00+00:00",
    "last_at": "2026-11-20T13:59:00+00:00",
}


class Noting(Fake):
    """Keeps what was sent, with the query and the header that matter."""

    def note(self) -> Any:
        body = self.request.body
        self.fake.sent.append(body)
        return json.loads(body)


class Activity(Noting):
    def post(self, course: str) -> None:
        self.note()
        self.finish({"kept": True})


class Class(Fake):
    def get(self, course: str) -> None:
        self.finish({"students": [PUPIL], "query": self.request.query})


class Ungraded(Fake):
    def get(self, course: str) -> None:
        self.finish({"waiting": [], "query": self.request.query})


class Paper(Fake):
    def get(self, course: str, submission: str) -> None:
        self.finish({"submission": int(submission), "cells": [], "items": []})


class PaperNotebook(Fake):
    def get(self, course: str, submission: str) -> None:
        self.set_header("Content-Type", "application/x-ipynb+json")
        for piece in json.dumps(notebook()).partition('"cells"'):
            self.write(piece)
            self.flush()
        self.finish()


class Mark(Noting):
    def put(self, course: str, submission: str, cell: str) -> None:
        sent = self.note()
        self.finish({"number": 1, "cell": cell, "seen": self.request.headers["If-Match"], **sent})


class Rubric(Noting):
    def post(self, course: str, lesson: str) -> None:
        self.set_status(201)
        self.finish({"id": 7, **self.note()})


class Release(Noting):
    def get(self, course: str, lesson: str) -> None:
        self.finish({"lesson": lesson, "held": False})

    def put(self, course: str, lesson: str) -> None:
        self.finish({"lesson": lesson, **self.note()})


COURSE = r"/api/v1/courses/([^/]+)"
PAPER = rf"{COURSE}/submissions/([0-9]+)"
ROUTES = [
    (rf"{COURSE}/activity", Activity),
    (rf"{COURSE}/class", Class),
    (rf"{COURSE}/ungraded", Ungraded),
    (rf"{PAPER}/paper", Paper),
    (rf"{PAPER}/notebook", PaperNotebook),
    (rf"{PAPER}/marks/([^/]+)", Mark),
    (rf"{COURSE}/lessons/([^/]+)/rubric", Rubric),
    (rf"{COURSE}/lessons/([^/]+)/release", Release),
]
