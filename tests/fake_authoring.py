"""The stand-in service's answers to authors: requests, sources, checks, versions."""

from __future__ import annotations

import json
from copy import deepcopy
from typing import Any

from fake_service import PREFIX, RECEIVED, Fake

KEY = "tiny-course"
NOTEBOOK: dict[str, Any] = {
    "nbformat": 4,
    "nbformat_minor": 5,
    "metadata": {"kernelspec": {"name": "python3", "display_name": "Python 3"}},
    "cells": [
        {"id": "text", "cell_type": "markdown", "metadata": {}, "source": "# Hello\n\nRead this."}
    ],
}
SOURCE: dict[str, Any] = {
    "course": {
        "key": KEY,
        "title": "A tiny course",
        "summary": "",
        "level": "beginner",
        "language": "en",
        "objectives": [],
        "prerequisites": [],
        "modules": [
            {
                "key": "only",
                "title": "Only",
                "lessons": [{"key": "hello", "title": "Hello", "minutes": 5, "objectives": []}],
            }
        ],
    },
    "notebooks": {"hello": NOTEBOOK},
}
CARD = {"id": 7, "topic": "Lists", "provider": "bank", "state": "running", "message": None}
NUMBERS = {"calls": 0, "tokens": 0, "cost": None, "report": None, "pieces": []}
VERSION = {"number": 2, "message": "More", "published_by": "ada", "published_at": RECEIVED}
CHECK = {"id": 3, "course": KEY, "state": "done", "message": None, "done": 1, "total": 1}


class Options(Fake):
    def get(self) -> None:
        offer = {"name": "bank", "ready": True, "why": ""}
        self.finish({"providers": [offer], "levels": [], "topics": ["Lists"], "defaults": {}})


class Problems(Fake):
    def post(self) -> None:
        self.fake.sent.append(self.request.body)
        self.finish({"problems": [{"field": "topic", "message": "Say what it is about"}]})


class Generations(Fake):
    def get(self) -> None:
        self.finish({"generations": [CARD]})

    def post(self) -> None:
        self.fake.sent.append(self.request.body)
        self.set_status(201)
        self.finish({"id": 7})


class Generation(Fake):
    def get(self, number: str) -> None:
        self.finish({**CARD, **NUMBERS, "id": int(number)})


class Receipts(Fake):
    def get(self, number: str) -> None:
        self.finish({"receipts": {"hello/add": {"state": "accepted"}}})


class Act(Fake):
    def post(self, number: str, act: str) -> None:
        self.fake.sent.append(self.request.body)
        state = "cancelled" if act == "cancel" else "waiting"
        self.finish({**CARD, **NUMBERS, "state": state})


class GenerationSource(Fake):
    def get(self, number: str) -> None:
        self.finish(deepcopy(SOURCE))


class CourseSource(Fake):
    def get(self, course: str) -> None:
        if course != KEY:
            self.problem(404, f"There is no course {course!r} that you belong to")
            return
        if self.get_query_argument("draft", ""):
            self.finish({**deepcopy(SOURCE), "version": None})
            return
        version = int(self.get_query_argument("version", "2"))
        self.finish({**deepcopy(SOURCE), "version": version})


class Drafts(Fake):
    def get(self) -> None:
        changed = {"changed_by": "ada", "changed_at": RECEIVED}
        self.finish({"drafts": [{"key": KEY, "title": "A tiny course", **changed}]})


class Checks(Fake):
    def post(self, course: str) -> None:
        self.fake.sent.append(self.request.body)
        self.set_status(201)
        self.finish({"id": 3})


class Check(Fake):
    def get(self, number: str) -> None:
        self.finish({**CHECK, "accepted": True, "places": []})


class Preview(Fake):
    def post(self, course: str) -> None:
        sent = json.loads(self.request.body)
        self.finish({"notebook": {**sent["notebook"], "metadata": {"seen_by": "students"}}})


class Versions(Fake):
    def get(self, course: str) -> None:
        self.finish({"versions": [{**VERSION, "lessons": 1}]})

    def post(self, course: str) -> None:
        self.fake.sent.append(self.request.body)
        self.set_status(201)
        self.finish({"version": 3, "created": True})


API = rf"{PREFIX}/api/v1"
ROUTES: list[tuple[str, Any]] = [
    (rf"{API}/generations/options", Options),
    (rf"{API}/generations/problems", Problems),
    (rf"{API}/generations", Generations),
    (rf"{API}/generations/([0-9]+)", Generation),
    (rf"{API}/generations/([0-9]+)/receipts", Receipts),
    (rf"{API}/generations/([0-9]+)/(cancel|resume)", Act),
    (rf"{API}/generations/([0-9]+)/source", GenerationSource),
    (rf"{API}/courses/([^/]+)/source", CourseSource),
    (rf"{API}/drafts", Drafts),
    (rf"{API}/courses/([^/]+)/checks", Checks),
    (rf"{API}/checks/([0-9]+)", Check),
    (rf"{API}/courses/([^/]+)/preview", Preview),
    (rf"{API}/courses/([^/]+)/versions", Versions),
]
