"""The only place in a pod that talks to the course service, with the student's own Hub token."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Mapping, Sequence
from contextvars import ContextVar
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

from tornado.httpclient import HTTPClientError, HTTPRequest, HTTPResponse
from tornado.httputil import HTTPInputError
from tornado.iostream import StreamClosedError
from tornado.simple_httpclient import HTTPTimeoutError, SimpleAsyncHTTPClient

from coursewright.extension.errors import (
    Garbled,
    PodError,
    Refused,
    SignedOut,
    TooSlow,
    Unreachable,
)
from coursewright.extension.incoming import Incoming
from coursewright.records.course import KEY

LARGEST_ANSWER = 32 * 1024 * 1024
SAFE = "/?&=%"  # callers quote what stands in a query
PAUSES = (0.25, 1.0)  # seconds before the second and the third try of a submit

AWAY = "The course service cannot be reached right now. Your work is safe here; try again soon."
SLOW = "The course service did not answer in time. Your work is safe here; try again soon."
NONSENSE = "The course service answered with something unexpected. Please tell your instructor."
SIGNED_OUT = "The course service no longer knows your sign-in. Sign out, sign in and try again."
NOT_SET_UP = "This server is not connected to a course service (COURSEWRIGHT_SERVICE_URL is empty)."

Json = dict[str, Any]

# The id of the browser's request, which goes on to the service; empty for what nobody asked for.
request_id: ContextVar[str] = ContextVar("request_id", default="")


class ServiceClient:
    """The course service's API as one method per question. Every method raises PodError only."""

    def __init__(self, url: str, token: str, timeout: float = 20.0) -> None:
        self.url = url.rstrip("/")
        self.timeout = timeout
        self.pauses: Sequence[float] = PAUSES
        # Told after each question whether the service was there to answer it.
        self.heard: Callable[[bool], None] = lambda _: None
        self._token = token
        self._http: SimpleAsyncHTTPClient | None = None

    async def courses(self) -> Json:
        return having(await self.ask("GET", "courses"), "courses", list)

    async def enrol(self, course: str) -> Json:
        return seated(await self.ask("PUT", f"courses/{course}/enrolment", b""))

    async def course(self, course: str) -> Json:
        answer = having(await self.ask("GET", f"courses/{course}"), "modules", list)
        try:
            keys = [lesson["key"] for module in answer["modules"] for lesson in module["lessons"]]
        except (TypeError, LookupError):
            raise Garbled(NONSENSE) from None
        if not all(isinstance(key, str) and KEY.match(key) for key in keys):
            raise Garbled(NONSENSE)
        return answer

    async def lesson(self, course: str, lesson: str) -> Json:
        answer = await self.ask("GET", f"courses/{course}/lessons/{lesson}")
        notebook = having(answer, "notebook", dict)["notebook"]
        having(notebook, "cells", list)
        having(notebook, "metadata", dict)
        return answer

    async def submit(self, course: str, lesson: str, content: bytes, key: str) -> Json:
        """Hand `content` in; the same `key` makes every try of it one submission."""
        path = f"courses/{course}/lessons/{lesson}/submissions"
        headers = {"Idempotency-Key": key, "Content-Type": "application/json"}
        for pause in self.pauses:
            try:
                return having(await self.ask("POST", path, content, headers), "attempt", int)
            except Unreachable:
                await asyncio.sleep(pause)
        return having(await self.ask("POST", path, content, headers), "attempt", int)

    async def submissions(self, course: str, lesson: str) -> Json:
        path = f"courses/{course}/lessons/{lesson}/submissions"
        return having(await self.ask("GET", path), "submissions", list)

    async def feedback(self, submission: int) -> bytes:
        """The feedback page of one submission, as HTML."""
        response = await self._fetch("GET", f"submissions/{submission}/feedback")
        if not response.headers.get("Content-Type", "").startswith("text/html"):
            raise Garbled(NONSENSE)
        return response.body

    async def handed_in(self, submission: int) -> bytes:
        """The notebook of one submission, as it was handed in."""
        return (await self._fetch("GET", f"submissions/{submission}/notebook")).body

    def socket(self, path: str) -> HTTPRequest:
        """How to open a WebSocket below `/api/v1/`; the token travels in the header only."""
        if not self.url:
            raise Unreachable(NOT_SET_UP)
        address = f"ws{self.url.removeprefix('http')}/api/v1/{quote(path, safe=SAFE)}"
        headers = {"Authorization": f"token {self._token}"}
        return HTTPRequest(address, headers=headers, connect_timeout=min(5.0, self.timeout))

    async def download(self, path: str) -> bytes:
        """The bytes of what the service has at `path`."""
        return (await self._fetch("GET", path)).body

    async def stream(self, path: str, kind: str, take: Callable[[bytes], Any]) -> None:
        """Give an answer of the media type `kind` to `take`, piece by piece as it comes.

        Nothing has been given when this raises, unless the answer broke off.
        """
        incoming = Incoming(kind, take)
        await self._fetch("GET", path, incoming=incoming)
        if not incoming.wanted:
            raise Garbled(NONSENSE)

    def close(self) -> None:
        if self._http is not None:
            self._http.close()
            self._http = None

    async def ask(
        self,
        method: str,
        path: str,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Json:
        """One question below `/api/v1/`; the answer's JSON object. `having` checks what it has."""
        response = await self._fetch(method, path, body, headers)
        answer = _parse(response.body)
        if answer is None:
            raise Garbled(NONSENSE)
        return answer

    async def send(self, method: str, path: str, body: Json) -> Json:
        """One question with a JSON body."""
        headers = {"Content-Type": "application/json"}
        return await self.ask(method, path, json.dumps(body).encode(), headers)

    async def _fetch(
        self,
        method: str,
        path: str,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        incoming: Incoming | None = None,
    ) -> HTTPResponse:
        try:
            response = await self._exchange(method, path, body, headers, incoming)
        except (TooSlow, Unreachable):
            self.heard(False)
            raise
        self.heard(response.code < HTTPStatus.INTERNAL_SERVER_ERROR)
        if response.code >= HTTPStatus.MULTIPLE_CHOICES:
            raise _refusal(response, bytes(incoming.rest) if incoming else response.body)
        return response

    async def _exchange(
        self,
        method: str,
        path: str,
        body: bytes | None,
        headers: Mapping[str, str] | None,
        incoming: Incoming | None,
    ) -> HTTPResponse:
        if not self.url:
            raise Unreachable(NOT_SET_UP)
        if self._http is None:
            self._http = SimpleAsyncHTTPClient(
                force_instance=True, max_clients=20, max_body_size=LARGEST_ANSWER
            )
        request = HTTPRequest(
            f"{self.url}/api/v1/{quote(path, safe=SAFE)}",
            method=method,
            body=body,
            headers={"Authorization": f"token {self._token}", **_origin(), **(headers or {})},
            connect_timeout=min(5.0, self.timeout),
            request_timeout=self.timeout,
            follow_redirects=False,
            header_callback=incoming.head if incoming else None,
            streaming_callback=incoming.piece if incoming else None,
        )
        try:
            return await self._http.fetch(request, raise_error=False)
        except HTTPTimeoutError:
            raise TooSlow(SLOW) from None
        except (HTTPInputError, ValueError):
            raise Garbled(NONSENSE) from None
        except (OSError, StreamClosedError, HTTPClientError):
            raise Unreachable(AWAY) from None


def _origin() -> dict[str, str]:
    number = request_id.get()
    return {"X-Request-Id": number} if number else {}


def _refusal(response: HTTPResponse, body: bytes) -> PodError:
    problem = _parse(body) or {}
    detail = problem.get("detail") or problem.get("title")
    if response.code == HTTPStatus.UNAUTHORIZED:
        # A 401 would tell JupyterLab that its own server has signed the student out.
        return SignedOut(SIGNED_OUT)
    if HTTPStatus.BAD_REQUEST <= response.code < HTTPStatus.INTERNAL_SERVER_ERROR:
        if not isinstance(detail, str):
            return Garbled(NONSENSE)
        return Refused(detail, response.code)
    if response.code == HTTPStatus.SERVICE_UNAVAILABLE:
        return Unreachable(detail if isinstance(detail, str) else AWAY)
    if response.code == HTTPStatus.GATEWAY_TIMEOUT:
        return TooSlow(SLOW)
    return Garbled(NONSENSE)


def _parse(body: bytes) -> Json | None:
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return answer if isinstance(answer, dict) else None


def seated(answer: Json) -> Json:
    """The answer to somebody who joins. Raises Refused for who waits in line, with their place."""
    place = having(answer, "course", str).get("place")
    if answer.get("role") is None and isinstance(place, int):
        raise Refused(
            f"This course is full. You wait for a place, as number {place} in line; when it is your"
            " turn, the course stands here.",
            HTTPStatus.CONFLICT,
        )
    return answer


def having(answer: Json, name: str, kind: type) -> Json:
    """`answer`, when its `name` is a `kind`; raises Garbled otherwise."""
    if not isinstance(answer.get(name), kind):
        raise Garbled(NONSENSE)
    return answer
