"""A school with two courses, the course service over it, and people with tokens."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import httpx
import samples
from fake_hub import ADMINISTRATOR, PERSON, POD, Hub
from sqlalchemy import Engine
from sqlalchemy.orm import Session, sessionmaker
from tornado.testing import bind_unused_port
from traitlets.config import Config

from coursewright.grader.result import CellResult, Result
from coursewright.records import courses, submissions
from coursewright.records.course import Course
from coursewright.services.app import ServiceApp

PREFIX = "/services/coursewright/"


@dataclass
class Client:
    """The service over HTTP; `get("grace", "api/v1/courses")` is what grace's pod would send."""

    url: str
    hub: Hub
    tokens: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.http = httpx.Client(base_url=self.url, timeout=30, trust_env=False)

    def token(self, who: str) -> str:
        scopes = {"root": ADMINISTRATOR, "pod": POD}.get(who, PERSON)
        name = "ada" if who == "pod" else who
        return self.tokens.setdefault(who, self.hub.token(name, scopes))

    def ask(self, verb: str, who: str | None, path: str, **about: Any) -> httpx.Response:
        headers = dict(about.pop("headers", {}))
        if who == "stranger":
            headers["Authorization"] = "token that-nobody-has"
        elif who:
            headers["Authorization"] = f"token {self.token(who)}"
        return self.http.request(verb, path, headers=headers, **about)

    def get(self, who: str | None, path: str, **about: Any) -> httpx.Response:
        return self.ask("GET", who, path, **about)

    def submit(
        self, who: str | None = "grace", content: bytes | None = None, key: str = "first-submit"
    ) -> httpx.Response:
        path = "api/v1/courses/sums/lessons/adding/submissions"
        headers = {"Idempotency-Key": key}
        body = samples.content() if content is None else content
        return self.ask("POST", who, path, content=body, headers=headers)


class Running:
    """The service in a thread, as `coursewright service` runs it."""

    def __init__(self, hub: Hub, engine: Engine, **settings: Any) -> None:
        self.socket, self.port = bind_unused_port()
        self.url = f"http://127.0.0.1:{self.port}{PREFIX}"
        config = Config(
            HubOAuth={
                "api_url": f"{hub.url}/hub/api",
                "api_token": "the-service-itself",
                "base_url": PREFIX,
                "hub_prefix": "/hub/",
                "hub_host": hub.url,
                "oauth_client_id": "service-coursewright",
                "oauth_redirect_uri": f"{self.url}oauth_callback",
                "access_scopes": {"access:services!service=coursewright"},
            }
        )
        self.app = ServiceApp(config=config, **settings)
        self.engine = engine
        self.ready = threading.Event()
        self.thread = threading.Thread(target=lambda: asyncio.run(self._serve()))
        self.thread.start()
        self.ready.wait()

    async def _serve(self) -> None:
        self.loop = asyncio.get_running_loop()
        self.told = asyncio.Event()
        self.ready.set()
        await self.app.serve(self.engine, self.socket, self.told)

    def stop(self) -> None:
        self.loop.call_soon_threadsafe(self.told.set)
        self.thread.join()


def fill(session: Session) -> None:
    """`grace` learns and `ada` teaches in sums, `alan` teaches other, `kay` belongs nowhere."""
    publish(session, samples.course())
    publish(session, samples.course("other", title="Other things"))
    publish(session, samples.course("open", title="Open to all"))
    courses.enrol(session, "ada", "sums", "instructor")
    courses.enrol(session, "olga", "sums", "assistant")
    courses.enrol(session, "grace", "sums")
    courses.enrol(session, "alan", "other", "instructor")


def publish(session: Session, course: Course) -> None:
    courses.publish(session, course, "First", by="ada")


def graded(
    make: sessionmaker[Session],
    submission: int,
    html: bytes = b"<p>Well done",
    outputs: Mapping[str, Any] | None = None,
) -> None:
    """What a worker does."""
    with make.begin() as session:
        found = replace(result(), outputs=outputs or {})
        submissions.record_grading(session, submission, found, html)


def result() -> Result:
    cells = (
        CellResult("add-1", "add", 2, 2, "passed", "", (1, 2)),
        CellResult("why", None, 0, 1, "manual", "A person reads this"),
        CellResult("draw", None, 0, 3, "manual", "A person reads this"),
    )
    return Result(score=2, max_score=6, cells=cells, mode="isolated", seconds=0.2)
