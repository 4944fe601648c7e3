"""A course service on loopback with the real one's contract, which fails on request."""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from fake_hints import ROUTES as HINTS
from fake_live import routes
from tornado import web
from tornado.httpserver import HTTPServer
from tornado.netutil import bind_sockets
from tornado.web import RequestHandler

TOKEN = "the-student's-own-token"
PREFIX = "/services/coursewright"
RECEIVED = "2026-11-20T13:50:00+00:00"

COURSES = (
    {
        "key": "python-foundations",
        "title": "Python foundations",
        "summary": "From the first name to small programs that do something useful.",
        "level": "beginner",
        "version": 1,
        "lessons": 3,
        "role": "student",
    },
    {
        "key": "data-with-pandas",
        "title": "Data with pandas",
        "summary": "Read, clean, group and draw tables.",
        "level": "intermediate",
        "version": 2,
        "lessons": 5,
        "role": None,
    },
)
NAMES = {"course": "python-foundations", "lesson": "names"}


def notebook(**metadata: Any) -> dict[str, Any]:
    return {
        "nbformat": 4,
        "nbformat_minor": 5,
        "metadata": {"coursewright": {**NAMES, "version": 1}, **metadata},
        "cells": [
            {"id": "t1", "cell_type": "markdown", "metadata": {}, "source": "# Names"},
            {
                "id": "c1",
                "cell_type": "code",
                "metadata": {},
                "source": "def double(x):\n    raise NotImplementedError()",
                "outputs": [],
                "execution_count": None,
            },
        ],
    }


def lesson(key: str, title: str, **state: Any) -> dict[str, Any]:
    base = {"minutes": 20, "objectives": [], "points": 8, "state": "new", "score": None}
    return {"key": key, "title": title, **base, "max_score": None, "attempts": 0, **state}


@dataclass
class FakeService:
    """What it holds, what it was sent, and the failures it is to show next (first come first)."""

    version: int = 1
    grades_after: int = 1
    seen: list[tuple[str, str, Mapping[str, str]]] = field(default_factory=list)
    failures: list[Callable[[RequestHandler], Any]] = field(default_factory=list)
    enrolled: set[str] = field(default_factory=lambda: {"python-foundations"})
    receipts: dict[str, dict[str, Any]] = field(default_factory=dict)
    sent: list[bytes] = field(default_factory=list)
    copies: list[dict[str, Any]] = field(default_factory=list)
    looks: int = 0
    lines: list[Any] = field(default_factory=list)
    asked: list[dict[str, Any]] = field(default_factory=list)
    greets: bool = True
    answers: dict[str, Any] = field(default_factory=dict)
    hinted: int = 0
    url: str = ""
    port: int = 0

    def start(self) -> None:
        import fake_authoring
        import fake_classroom  # which is made of what stands here
        import fake_copies
        import fake_standing
        import fake_versions
        from fake_quizzes import routes as quizzes

        socket = bind_sockets(self.port, "127.0.0.1")[0]
        port = socket.getsockname()[1]
        self.port = port
        self.url = f"http://127.0.0.1:{port}{PREFIX}"
        course = rf"{PREFIX}/api/v1/courses/([^/]+)"
        shared = {"fake": self}
        self._server = HTTPServer(
            web.Application(
                [
                    (rf"{PREFIX}/api/v1/courses", Courses, shared),
                    (rf"{course}/enrolment", Enrolment, shared),
                    (course, Course, shared),
                    (rf"{course}/lessons/([^/]+)", Lesson, shared),
                    (rf"{course}/lessons/([^/]+)/submissions", Submissions, shared),
                    (rf"{PREFIX}/api/v1/submissions/([0-9]+)/feedback", Feedback, shared),
                    *routes(PREFIX, self),
                    *((*route, shared) for route in fake_copies.ROUTES),
                    *((PREFIX + path, fake, shared) for path, fake in fake_classroom.ROUTES),
                    *((pattern, handler, shared) for pattern, handler in fake_standing.ROUTES),
                    *((pattern, handler, shared) for pattern, handler in fake_versions.ROUTES),
                    *quizzes(course, shared),
                    *((pattern, handler, shared) for pattern, handler in fake_authoring.ROUTES),
                    *((course + pattern, handler, shared) for pattern, handler in HINTS),
                ]
            ),
            max_buffer_size=100 * 1024 * 1024,
        )
        self._server.add_socket(socket)

    async def stop(self) -> None:
        self._server.stop()
        await self._server.close_all_connections()

    def states(self) -> list[dict[str, Any]]:
        """The newest attempt first; it counts as graded after `grades_after` looks."""
        graded = self.looks >= self.grades_after
        return [
            {
                "id": receipt["id"],
                "attempt": receipt["attempt"],
                "received_at": RECEIVED,
                "state": "graded" if graded else "received",
                "points": 6.0 if graded else None,
                "max_points": 8.0 if graded else None,
                "mode": "isolated" if graded else None,
                "cells": CELLS if graded else [],
                "sha256": receipt["sha256"],
            }
            for receipt in reversed(self.receipts.values())
        ]


def cell(grade_id: str, title: str, points: float, status: str, message: str) -> dict[str, Any]:
    exercise = grade_id.rsplit("-", 1)[0]
    score = {"points": points, "max_points": 2.0, "status": status, "message": message}
    return {"grade_id": grade_id, "exercise": exercise, "title": title, **score}


CELLS = [
    cell("double-1", "Double a number", 2.0, "passed", ""),
    cell("double-2", "Double a number", 2.0, "passed", ""),
    cell("swap-1", "Swap two names", 2.0, "passed", ""),
    cell("swap-2", "Swap two names", 0.0, "failed", "Promise 2 is not kept: text is swapped too."),
]


class Fake(RequestHandler):
    fake: FakeService

    def initialize(self, fake: FakeService) -> None:
        self.fake = fake

    async def prepare(self) -> None:
        self.fake.seen.append((self.request.method or "", self.request.path, self.request.headers))
        if self.fake.failures:
            answer = self.fake.failures.pop(0)(self)
            if asyncio.iscoroutine(answer):
                await answer
            if not self._finished:
                self.finish()
        elif self.request.headers.get("Authorization") != f"token {TOKEN}":
            self.problem(401, "Sign in first.")

    def problem(self, status: int, detail: str) -> None:
        self.set_status(status)
        self.set_header("Content-Type", "application/problem+json")
        self.finish(json.dumps({"type": "about:blank", "status": status, "detail": detail}))

    def member(self, course: str) -> bool:
        if course not in self.fake.enrolled:
            self.problem(404, f"There is no course {course!r}, or you are not enrolled in it.")
        return course in self.fake.enrolled


class Courses(Fake):
    def get(self) -> None:
        enrolled = self.fake.enrolled
        cards = [{**c, "role": "student" if c["key"] in enrolled else None} for c in COURSES]
        self.finish({"courses": cards})


class Enrolment(Fake):
    def put(self, course: str) -> None:
        self.fake.enrolled.add(course)
        self.finish({"course": course, "role": "student"})


class Course(Fake):
    def get(self, course: str) -> None:
        if not self.member(course):
            return
        graded = {"state": "graded", "score": 6.0, "max_score": 8.0, "attempts": 1}
        done = graded if self.fake.receipts and self.fake.looks >= self.fake.grades_after else {}
        first = [lesson("names", "Names and values", **done), lesson("lists", "Lists")]
        second = [
            lesson("files", "Files", state="submitted", attempts=1),
            lesson("errors", "Errors", **graded | {"score": 7.5}),
            lesson("classes", "Classes of your own", state="failed", attempts=1),
        ]
        modules = [
            {"key": "basics", "title": "The basics", "lessons": first},
            {"key": "beyond", "title": "Beyond one cell", "lessons": second},
        ]
        title = next(card["title"] for card in COURSES if card["key"] == course)
        version = self.fake.version
        about = {"key": course, "title": title, "summary": "", "version": version}
        self.finish({**about, "modules": modules})


class Lesson(Fake):
    def get(self, course: str, key: str) -> None:
        if self.member(course):
            version = int(self.get_query_argument("version", str(self.fake.version)))
            own = {"course": course, "lesson": key, "version": version}
            book = notebook(coursewright=own)
            book["cells"][0]["source"] += f", version {version}" if version > 1 else ""
            self.finish({"key": key, "version": version, "notebook": book})


class Submissions(Fake):
    def get(self, course: str, key: str) -> None:
        if self.member(course):
            self.fake.looks += 1
            self.finish({"submissions": self.fake.states()})

    def post(self, course: str, key: str) -> None:
        if not self.member(course):
            return
        name = self.request.headers["Idempotency-Key"]
        known = name in self.fake.receipts
        if not known:
            self.fake.sent.append(self.request.body)
            number = len(self.fake.sent)
            sha256 = hashlib.sha256(self.request.body).hexdigest()
            receipt = {"id": number, "attempt": number, "sha256": sha256, "received_at": RECEIVED}
            self.fake.receipts[name] = {**receipt, "state": "received", "repeated": False}
            self.fake.looks = 0
        self.set_status(200 if known else 201)
        self.finish({**self.fake.receipts[name], "repeated": known})


class Feedback(Fake):
    def get(self, submission: str) -> None:
        self.set_header("Content-Type", "text/html; charset=UTF-8")
        self.finish(f"<!doctype html><title>Feedback</title><p>Attempt {submission}</p>")


async def lost(handler: RequestHandler) -> None:
    """Cut the connection without an answer."""
    handler.request.connection.stream.close()  # type: ignore[union-attr]


async def slow(handler: RequestHandler) -> None:
    await asyncio.sleep(2)


def answer(status: int, body: str, kind: str = "text/html") -> Callable[[RequestHandler], None]:
    def write(handler: RequestHandler) -> None:
        handler.set_status(status)
        handler.set_header("Content-Type", kind)
        handler.finish(body)

    return write


def problem(status: int, detail: str) -> Callable[[RequestHandler], None]:
    return answer(status, json.dumps({"detail": detail}), "application/problem+json")


def redirect(handler: RequestHandler) -> None:
    handler.redirect("/hub/login")
