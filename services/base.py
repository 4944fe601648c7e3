"""The base of every handler: request id, sign-in, one transaction, errors, headers.

A verb is written as: read the request, `await self.ask(a function of records, …)`, answer. Who
may call it stands in its guard (guards.py); what goes wrong is raised and becomes an answer here.
"""

from __future__ import annotations

import asyncio
import functools
import json
import re
import secrets
from collections.abc import Awaitable, Callable
from contextlib import AbstractContextManager, suppress
from typing import Any, Concatenate, Never, ParamSpec, TypeVar

from jupyterhub.services.auth import HubOAuthenticated, UserNotAllowed
from sqlalchemy.orm import Session
from tornado.httputil import HTTPInputError, parse_body_arguments
from tornado.iostream import StreamClosedError
from tornado.web import HTTPError, RequestHandler, stream_request_body

from coursewright.records import tracing
from coursewright.records.errors import Denied, Invalid, Unavailable
from coursewright.records.gradebook import Reach
from coursewright.services import logs
from coursewright.services.conditions import tag
from coursewright.services.problems import (
    NotSignedIn,
    Problem,
    is_foreseen,
    problem_of,
    status_of,
)
from coursewright.services.routes import Route
from coursewright.services.scopes import ADMIN, TEACH
from coursewright.services.service import Service

P = ParamSpec("P")
T = TypeVar("T")

REQUEST_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{7,63}\Z")
# A body that is too large is still read up to here (bytes), so that the sender gets to read why.
DRAIN = 64 * 2**20
# Seconds that the Hub may take to say who somebody is.
HUB_PATIENCE = 10.0

FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
HEADERS = {
    "Cache-Control": "private, no-cache",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}


@stream_request_body
class Handler(HubOAuthenticated, RequestHandler):
    """The body is streamed so that its size can be refused with an answer, chunked or not."""

    service: Service
    route: Route
    person: str = ""
    scopes: frozenset[str] = frozenset()
    # In the course of the verb, when its guard asked for one.
    role: str | None = None
    stale_form: bool = False
    span: Any = None

    def initialize(self, service: Service, route: Route) -> None:
        self.service = service
        self.route = route
        self.hub_auth = service.hub_auth
        self.received = bytearray()
        self.size = 0
        self.settled = False

    @functools.cached_property
    def request_id(self) -> str:
        """The caller's, when it is well formed, so that one id follows a request everywhere."""
        given = self.request.headers.get("X-Request-Id", "")
        return given if REQUEST_ID.match(given) else secrets.token_hex(8)

    def set_default_headers(self) -> None:
        self.clear_header("Server")
        self.set_header("X-Request-Id", self.request_id)
        for name, value in HEADERS.items():
            self.set_header(name, value)

    # The request comes in

    def prepare(self) -> None:
        logs.bind(request_id=self.request_id)
        self.begin_span()
        with suppress(ValueError):
            declared = int(self.request.headers.get("Content-Length", "0"))
            if declared > DRAIN:
                self.service.refuse_larger(declared)

    def begin_span(self) -> None:
        """A caller's own trace is not taken over: anybody could make us keep all of theirs."""
        route, method = f"/{self.route.path}", self.request.method
        facts = {"http.request.method": method, "http.route": route}
        about = {**facts, "coursewright.request_id": self.request_id}
        self.span = tracing.begin(f"{method} {route}", "SERVER", **about)
        if self.span is not None:
            tracing.under(self.span)

    def on_finish(self) -> None:
        if self.span is not None:
            self.span.set_attribute("http.response.status_code", self.get_status())
            self.span.end()

    def data_received(self, chunk: bytes) -> None:
        self.size += len(chunk)
        if self.size <= self.service.largest:
            self.received += chunk
        else:
            self.received.clear()
        if self.size > DRAIN:
            self.send_error(413)

    async def receive(self) -> None:
        """Settle the body. Raises TooLarge, and Invalid for a form that cannot be read."""
        self.settled = True
        self.service.refuse_larger(self.size)
        self.request.body = bytes(self.received)
        kind = self.request.headers.get("Content-Type", "")
        if kind.startswith(FORMS):
            try:
                arguments, files = self.request.body_arguments, self.request.files
                parse_body_arguments(kind, self.request.body, arguments, files)
            except (ValueError, HTTPInputError) as error:
                raise Invalid("The form cannot be read") from error
            for name, values in arguments.items():
                self.request.arguments.setdefault(name, []).extend(values)

    # Who asks

    async def sign_in(self) -> None:
        """Settle `person` and `scopes` by the Hub's token or cookie.

        Raises NotSignedIn (pages go to the Hub's sign-in instead), Denied, and Unavailable when
        the Hub does not answer.
        """
        model = await self.whoever()
        if model is None:
            self.refuse_stranger()
        try:
            self.check_hub_user(model)
        except UserNotAllowed as error:
            raise Denied("Your sign-in does not give access to this service") from error
        if model["kind"] != "user":
            raise Denied("Sign in as a person; another service cannot act here")
        self.current_user = model
        self.person = model["name"]
        self.scopes = frozenset(model["scopes"])
        logs.bind(person=self.person)
        await self.service.house.let_in(self.person)

    async def whoever(self) -> dict[str, Any] | None:
        """The Hub's model of the token's or cookie's owner. Raises Unavailable."""
        try:
            asked = self.hub_auth.get_user(self, sync=False)
            return await asyncio.wait_for(asked, HUB_PATIENCE)
        except (HTTPError, TimeoutError) as error:
            raise Unavailable("The Hub does not answer now; try again in a moment") from error

    def get_current_user(self) -> None:
        """Nobody, until `sign_in`: the Hub's own way would block the event loop."""

    def refuse_stranger(self) -> Never:
        """Answer somebody whom the Hub does not know."""
        if self.stale_form:
            raise Denied(
                "This was not sent from a page of yours that is up to date. Load the page again "
                "and repeat what you did"
            )
        raise NotSignedIn("Sign in first: send the Hub's token in the Authorization header")

    def check_xsrf_cookie(self) -> None:
        """The Hub's rule: a cookie counts in a write only with the page's own _xsrf."""
        try:
            super().check_xsrf_cookie()
        except HTTPError:
            self.stale_form = True
            raise

    def has_scope(self, scope: str) -> bool:
        return bool(self.hub_auth.check_scopes({scope}, {"scopes": self.scopes}))

    @property
    def is_admin(self) -> bool:
        return self.has_scope(ADMIN)

    @property
    def reach(self) -> Reach:
        """Whose work this sign-in may open; a pod's never more than its student's own."""
        if self.is_admin:
            return "all"
        return "taught" if self.has_scope(TEACH) else "own"

    def slow_down(self) -> None:
        """Raises TooMany where the person asks too often."""

    # The work

    async def perform(
        self, verb: Callable[..., Awaitable[None]], arguments: dict[str, str]
    ) -> None:
        """Let the verb answer, whose guard has let the person in."""
        await verb(self, **arguments)

    async def head(self, **arguments: str) -> None:
        """What `get` would answer, which has the guard; tornado leaves the body out."""
        answering = self.get(**arguments)
        if answering is not None:
            await answering

    async def ask(
        self, function: Callable[Concatenate[Session, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """`function(session, …)` in one transaction, in a thread."""
        return await self.service.ask(function, *args, **kwargs)

    def busy(self) -> AbstractContextManager[None]:
        return self.service.busy()

    async def done(self) -> None:
        """Send the answer and wait until it has left; a caller who is gone does not matter."""
        if not self._finished:
            with suppress(StreamClosedError):
                await self.finish()

    def compute_etag(self) -> str | None:
        """By content, and weak: a proxy may compress it on its way."""
        return f"W/{tag(b''.join(self._write_buffer))}"

    # What goes wrong

    def send_error(self, status_code: int = 500, **kwargs: Any) -> None:
        error = kwargs.get("exc_info", (None, None))[1]
        super().send_error(status_of(error, status_code), **kwargs)

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        error = kwargs.get("exc_info", (None, None))[1]
        problem = problem_of(error, self.request_id, status_code)
        if not self.settled:
            # What is left of the body would be taken for the next request.
            self.set_header("Connection", "close")
        for name, value in problem.headers.items():
            self.set_header(name, value)
        if status_code == 405:
            self.set_header("Allow", ", ".join(self.route.methods))
        self.show_problem(problem)

    def show_problem(self, problem: Problem) -> None:
        self.set_header("Content-Type", "application/problem+json")
        self.finish(json.dumps(problem.to_json(), ensure_ascii=False))

    def log_exception(self, kind: Any, error: Any, traceback: Any) -> None:
        if not is_foreseen(error):
            fields = {"fields": {"route": self.route.path, "status": status_of(error)}}
            logs.log.error("failure", exc_info=(kind, error, traceback), extra=fields)
