"""A learning record store on loopback that keeps to xAPI 1.0.3, and fails on request.

A batch with one bad statement is refused as a whole; one that has an id which is there with
another content is a conflict.
"""

from __future__ import annotations

import json
import threading
from base64 import b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import xapi_rules
from fake_hub import Server
from tornado.web import Application, HTTPError, RequestHandler

USER, PASSWORD = "coursewright", "the-password-of-the-store"


@dataclass
class Lrs:
    """`kept` by id; `poison` refuses what it is true for; `failures` come first, one a request."""

    kept: dict[str, Any] = field(default_factory=dict)
    batches: list[int] = field(default_factory=list)
    failures: list[tuple[int, dict[str, str]]] = field(default_factory=list)
    poison: Callable[[Any], bool] = lambda _: False
    url: str = ""
    arrived: threading.Event = field(default_factory=threading.Event)


class Statements(RequestHandler):
    def initialize(self, lrs: Lrs) -> None:
        self.lrs = lrs

    def post(self) -> None:
        wanted = b64encode(f"{USER}:{PASSWORD}".encode()).decode()
        if self.request.headers.get("Authorization") != f"Basic {wanted}":
            raise HTTPError(401)
        if not self.request.headers.get("X-Experience-API-Version", "").startswith("1.0"):
            raise HTTPError(400)
        sent = json.loads(self.request.body)
        self.lrs.batches.append(len(sent))
        if self.lrs.failures:
            status, headers = self.lrs.failures.pop(0)
            for name, value in headers.items():
                self.set_header(name, value)
            self.set_status(status)
            return
        for one in sent:
            xapi_rules.is_statement(one)
        if any(self.lrs.poison(one) for one in sent):
            self.set_status(400)
            self.finish("a statement is poison")
            return
        if any(self.lrs.kept.get(one["id"], one) != one for one in sent):
            self.set_status(409)
            return
        self.lrs.kept |= {one["id"]: one for one in sent}
        self.lrs.arrived.set()
        self.finish(json.dumps([one["id"] for one in sent]))


@contextmanager
def serving() -> Iterator[Lrs]:
    lrs = Lrs()
    server = Server(Application([("/xapi/statements", Statements, {"lrs": lrs})]))
    lrs.url = f"http://127.0.0.1:{server.port}/xapi/"
    yield lrs
    server.stop()
