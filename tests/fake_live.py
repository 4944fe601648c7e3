"""The part of the stand-in service that tells what happens, and gives back what was handed in."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from tornado.web import RequestHandler
from tornado.websocket import WebSocketHandler


def routes(prefix: str, fake: Any) -> list[tuple[str, type[RequestHandler], dict[str, Any]]]:
    shared = {"fake": fake}
    return [
        (rf"{prefix}/api/v1/live", Live, shared),
        (rf"{prefix}/api/v1/submissions/([0-9]+)/notebook", HandedIn, shared),
    ]


class Live(WebSocketHandler):
    """Whoever is connected stands in `fake.lines`; what they sent, in `fake.asked`."""

    def initialize(self, fake: Any) -> None:
        self.fake = fake

    async def prepare(self) -> None:
        await look(self, self.fake)

    def open(self) -> None:
        self.fake.lines.append(self)
        if self.fake.greets:
            self.say({"connected": True, "last": 41})

    def say(self, message: Mapping[str, Any]) -> None:
        self.write_message(json.dumps(message))

    def on_message(self, message: str | bytes) -> None:
        sent = json.loads(message)
        self.fake.asked.append(sent)
        if "watch" in sent:
            self.say({"watching": sent["watch"]})

    def on_close(self) -> None:
        self.fake.lines.remove(self)


class HandedIn(RequestHandler):
    def initialize(self, fake: Any) -> None:
        self.fake = fake

    async def prepare(self) -> None:
        await look(self, self.fake)

    def get(self, submission: str) -> None:
        number = int(submission)
        if number > len(self.fake.sent):
            self.set_status(404)
            self.finish(json.dumps({"detail": "There is no such submission"}))
            return
        self.set_header("Content-Type", "application/x-ipynb+json")
        self.finish(self.fake.sent[number - 1])


async def look(handler: RequestHandler, fake: Any) -> None:
    """Note the request, and fail when a failure is due."""
    fake.seen.append((handler.request.method or "", handler.request.path, handler.request.headers))
    if fake.failures:
        answer = fake.failures.pop(0)(handler)
        if answer is not None:
            await answer
        if not handler._finished:
            handler.finish()


def event(number: int = 42, **change: Any) -> dict[str, Any]:
    """An event as the service tells it."""
    return {
        "id": number,
        "name": "learning.graded",
        "at": "2026-11-20T13:50:00+00:00",
        "course": "python-foundations",
        "lesson": "names",
        "person": None,
        "detail": {"submission": 1},
        **change,
    }
