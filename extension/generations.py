"""What the author's panel asks about courses that are made on request."""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Awaitable
from http import HTTPStatus

from jupyter_server.auth.decorator import authorized
from tornado import web

from coursewright.extension.client import Json, ServiceClient, having
from coursewright.extension.errors import Refused, WorkError
from coursewright.extension.handler import PanelHandler

KEY = re.compile(r"[A-Za-z0-9_-]{8,200}\Z")
# How the course service names the right that a student's server has not.
RIGHT = "custom:coursewright:teach"
NOT_AN_AUTHOR = (
    "Only those who teach a course, or may write new ones, can do this. If you were made an"
    " instructor just now, restart your server: File > Hub Control Panel > Stop My Server."
)


async def as_author(asking: Awaitable[Json]) -> Json:
    """The service's answer. Raises Refused in words for who sits at a student's server."""
    try:
        return await asking
    except Refused as error:
        if error.status == HTTPStatus.FORBIDDEN and RIGHT in str(error):
            raise Refused(NOT_AN_AUTHOR, HTTPStatus.FORBIDDEN) from error
        raise


async def progress(service: ServiceClient, method: str, number: str, act: str = "") -> Json:
    """A generation's progress, after `act` where there is one."""
    path = f"generations/{int(number)}{act}"
    answer = await as_author(service.ask(method, path, b"{}" if method == "POST" else None))
    having(answer, "pieces", list)
    return having(answer, "state", str)


class OptionsHandler(PanelHandler):
    """What a request may choose from; whether this server may author at all."""

    @web.authenticated
    @authorized
    async def get(self) -> None:
        answer = await as_author(self.service.ask("GET", "generations/options"))
        having(answer, "providers", list)
        self.finish(having(answer, "topics", list))


class ProblemsHandler(PanelHandler):
    """What is wrong with a request as it is being written."""

    @web.authenticated
    @authorized
    async def post(self) -> None:
        body = self.body()
        sent = {"request": body.get("request"), "provider": body.get("provider")}
        answer = await as_author(self.service.send("POST", "generations/problems", sent))
        self.finish(having(answer, "problems", list))


class GenerationsHandler(PanelHandler):
    """The author's requests."""

    @web.authenticated
    @authorized
    async def get(self) -> None:
        answer = await as_author(self.service.ask("GET", "generations"))
        self.finish(having(answer, "generations", list))

    @web.authenticated
    @authorized
    async def post(self) -> None:
        """The same `key` makes every try of it one request."""
        sent = dict(self.body())
        key = sent.pop("key", secrets.token_hex(16))
        if not isinstance(key, str) or not KEY.match(key):
            raise WorkError(
                "`key` must be 8 to 200 letters, digits, - or _.", HTTPStatus.BAD_REQUEST
            )
        headers = {"Idempotency-Key": key, "Content-Type": "application/json"}
        asking = self.service.ask("POST", "generations", json.dumps(sent).encode(), headers)
        answer = await as_author(asking)
        self.set_status(HTTPStatus.CREATED)
        self.finish(having(answer, "id", int))


class GenerationHandler(PanelHandler):
    """How far a request is."""

    @web.authenticated
    @authorized
    async def get(self, number: str) -> None:
        self.finish(await progress(self.service, "GET", number))


class ReceiptsHandler(PanelHandler):
    """What was proven of every piece of it."""

    @web.authenticated
    @authorized
    async def get(self, number: str) -> None:
        path = f"generations/{int(number)}/receipts"
        answer = await as_author(self.service.ask("GET", path))
        self.finish(having(answer, "receipts", dict))


class CancelHandler(PanelHandler):
    """Stopping it."""

    @web.authenticated
    @authorized
    async def post(self, number: str) -> None:
        self.finish(await progress(self.service, "POST", number, "/cancel"))


class ResumeHandler(PanelHandler):
    """Going on with it, with new limits where they are given."""

    @web.authenticated
    @authorized
    async def post(self, number: str) -> None:
        body = self.body()
        sent = {"limits": body["limits"]} if body.get("limits") is not None else {}
        path = f"generations/{int(number)}/resume"
        answer = await as_author(self.service.send("POST", path, sent))
        having(answer, "pieces", list)
        self.finish(having(answer, "state", str))


NUMBER = r"([1-9][0-9]{0,17})"
ROUTES: list[tuple[str, type[PanelHandler]]] = [
    (r"coursewright/api/author/options", OptionsHandler),
    (r"coursewright/api/author/problems", ProblemsHandler),
    (r"coursewright/api/author/generations", GenerationsHandler),
    (rf"coursewright/api/author/generations/{NUMBER}", GenerationHandler),
    (rf"coursewright/api/author/generations/{NUMBER}/receipts", ReceiptsHandler),
    (rf"coursewright/api/author/generations/{NUMBER}/cancel", CancelHandler),
    (rf"coursewright/api/author/generations/{NUMBER}/resume", ResumeHandler),
]
