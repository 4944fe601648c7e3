"""A small Hub behind the real one's HTTP interface: who has which token, and OAuth's two doors."""

from __future__ import annotations

import asyncio
import json
import secrets
import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlencode

from tornado.httpserver import HTTPServer
from tornado.testing import bind_unused_port
from tornado.web import Application, HTTPError, RequestHandler

from coursewright.services.scopes import ADMIN, LEARN, TEACH

ACCESS = "access:services!service=coursewright"
PERSON = (ACCESS, LEARN, TEACH)
POD = (ACCESS, LEARN)
ADMINISTRATOR = (ACCESS, LEARN, TEACH, ADMIN)


@dataclass
class Hub:
    """Tokens and what they stand for; `signed_in` is who sits at the browser."""

    models: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    codes: dict[str, str] = field(default_factory=dict)
    signed_in: str = ""
    asked: int = 0
    url: str = ""

    def token(self, name: str, scopes: Iterable[str] = PERSON, kind: str = "user") -> str:
        token = secrets.token_hex(16)
        self.models[token] = {"name": name, "kind": kind, "scopes": sorted(scopes), "groups": []}
        return token

    def start(self) -> None:
        server = Server(self.application())
        self.url = f"http://127.0.0.1:{server.port}"
        self.server = server

    def stop(self) -> None:
        self.server.stop()

    def application(self) -> Application:
        return Application(
            [
                ("/hub/api/user", Me, {"hub": self}),
                ("/hub/api/oauth2/authorize", Authorize, {"hub": self}),
                ("/hub/api/oauth2/token", Token, {"hub": self}),
            ]
        )


class Door(RequestHandler):
    def initialize(self, hub: Hub) -> None:
        self.hub = hub


class Me(Door):
    def get(self) -> None:
        self.hub.asked += 1
        token = self.request.headers.get("Authorization", "").removeprefix("token ")
        if token not in self.hub.models:
            raise HTTPError(403)
        self.write(json.dumps(self.hub.models[token]))


class Authorize(Door):
    def get(self) -> None:
        code = secrets.token_hex(8)
        self.hub.codes[code] = self.hub.signed_in
        back = urlencode({"code": code, "state": self.get_argument("state")})
        self.redirect(f"{self.get_argument('redirect_uri')}?{back}")


class Token(Door):
    def post(self) -> None:
        form = parse_qs(self.request.body.decode())
        name = self.hub.codes.pop(form["code"][0], "")
        if not name:
            raise HTTPError(400)
        self.write({"access_token": self.hub.token(name)})


class Server:
    """An application in a thread with a loop of its own, on a port of 127.0.0.1."""

    def __init__(self, application: Application, **options: Any) -> None:
        self.sockets, self.port = bind_unused_port()
        self.options = options
        self.application = application
        self.ready = threading.Event()
        self.thread = threading.Thread(target=lambda: asyncio.run(self.serve()))
        self.thread.start()
        self.ready.wait()

    async def serve(self) -> None:
        self.loop = asyncio.get_running_loop()
        self.end = asyncio.Event()
        server = HTTPServer(self.application, **self.options)
        server.add_socket(self.sockets)
        self.ready.set()
        await self.end.wait()
        server.stop()
        await server.close_all_connections()

    def stop(self) -> None:
        self.loop.call_soon_threadsafe(self.end.set)
        self.thread.join()
