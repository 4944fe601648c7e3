"""The two kinds of handlers: those that answer with JSON, and those that answer with pages."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import Any, Concatenate, Never, ParamSpec, TypeVar

from sqlalchemy.orm import Session
from tornado.web import Finish

from coursewright.records.answered import Answer
from coursewright.records.errors import Invalid, TooMany
from coursewright.services import conditions, keyed, navigation, origins
from coursewright.services.base import Handler
from coursewright.services.conditions import tag, written
from coursewright.services.guards import open_to_all
from coursewright.services.problems import Problem, problem_of
from coursewright.services.rates import READS, Standing
from coursewright.services.routes import Route
from coursewright.services.schemas import About, about, validate
from coursewright.services.service import Service
from coursewright.services.sheets import Value, to_csv

P = ParamSpec("P")
T = TypeVar("T")

PROBLEM = "application/problem+json"


class APIHandler(Handler):
    """JSON in, JSON out; a caller who is not signed in is told so, never sent elsewhere.

    `editable`: its PUT honours If-Match, which needs strong tags (RFC 9110, 13.1.1).
    """

    editable = False
    unit: keyed.Unit | None = None
    rate: Standing | None = None

    def initialize(self, service: Service, route: Route) -> None:
        super().initialize(service, route)
        self.set_own_headers()

    def set_default_headers(self) -> None:
        super().set_default_headers()
        # tornado asks for them before it hands over the service, and again for an error.
        if "service" in self.__dict__:
            self.set_own_headers()

    def set_own_headers(self) -> None:
        origin = self.request.headers.get("Origin")
        found = origins.headers(origin, self.service.allowed_origins)
        if self.rate is not None:
            found |= self.rate.headers
        for name, value in found.items():
            self.set_header(name, value)

    @open_to_all
    async def options(self, **_: str) -> None:
        """What browsers ask before another site's page may send a request."""
        origin = self.request.headers.get("Origin")
        methods = self.route.methods
        allowed = self.service.allowed_origins
        self.set_status(204)
        self.set_header("Allow", ", ".join([*methods, "OPTIONS"]))
        for name, value in origins.preflight(origin, allowed, methods).items():
            self.set_header(name, value)

    def slow_down(self) -> None:
        self.rate = self.service.rates.ask(self.person, self.request.method or "")
        if self.rate is not None:
            self.set_own_headers()
            self.rate.refuse()

    async def perform(
        self, verb: Callable[..., Awaitable[None]], arguments: dict[str, str]
    ) -> None:
        """Verbs that tell of an Idempotency-Key themselves honour it themselves."""
        key = self.request.headers.get(keyed.HEADER)
        own = self.facts.headers
        if key is None or self.request.method in READS or keyed.HEADER in own or not self.person:
            await verb(self, **arguments)
            return
        headers = {*own, "If-Match"}
        await keyed.once(self, key, headers, lambda: verb(self, **arguments))

    async def ask(
        self, function: Callable[Concatenate[Session, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """`function(session, …)` in one transaction, in a thread."""
        if self.unit is not None:
            return await self.unit.ask(function, *args, **kwargs)
        return await super().ask(function, *args, **kwargs)

    async def change(
        self, course: str, shown: Callable[[Session], Any], act: Callable[[Session], T]
    ) -> T:
        """Do `act`, unless If-Match asks for another state than the one `shown` tells.

        Raises Stale.
        """
        header = self.request.headers.get("If-Match")
        done, now = await self.ask(conditions.change, course, header, shown, act)
        self.set_header("Etag", now)
        return done

    def compute_etag(self) -> str | None:
        if self.editable:
            return tag(b"".join(self._write_buffer))
        return super().compute_etag()

    @property
    def facts(self) -> About:
        """What the verb that answers says about itself."""
        return about(getattr(self, (self.request.method or "").lower()))

    def given(self) -> Answer:
        """What was answered so far."""
        kind = self._headers.get("Content-Type", "")
        return Answer(self.get_status(), kind, b"".join(self._write_buffer))

    def refusal(self, error: Exception) -> Answer:
        problem = problem_of(error, self.request_id)
        return Answer(problem.status, PROBLEM, json.dumps(problem.to_json()).encode())

    def repeat(self, answer: Answer) -> None:
        """Say again what was answered before."""
        self.set_status(answer.status)
        self.set_header("Content-Type", answer.media_type)
        self.set_header("Idempotent-Replayed", "true")
        self.write(answer.body)

    def answer(self, data: Any, status: int = 200) -> None:
        """`data`: JSON values, dataclasses and times."""
        self.set_status(status)
        self.set_header("Content-Type", "application/json")
        self.write(written(data))

    def sent(self) -> Any:
        """The body as the verb's schema wants it; no body counts as an empty object.

        Raises Invalid with the place that does not fit.
        """
        try:
            data = json.loads(self.request.body or b"{}")
        except (ValueError, RecursionError) as error:
            raise Invalid("The body is not JSON") from error
        return validate(data, self.facts.takes)


class PageHandler(Handler):
    """HTML from a template; a caller who is not signed in goes to the Hub's sign-in."""

    def set_default_headers(self) -> None:
        super().set_default_headers()
        self.set_header(
            "Content-Security-Policy",
            "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; "
            "img-src 'self' data:; form-action 'self'; base-uri 'none'; "
            "frame-ancestors 'self'",
        )

    def refuse_stranger(self) -> Never:
        if self.stale_form or self.request.method not in ("GET", "HEAD"):
            super().refuse_stranger()
        self.redirect(self.get_login_url())
        raise Finish

    def slow_down(self) -> None:
        standing = self.service.page_rates.ask(self.person, self.request.method or "")
        if standing is not None and standing.wait is not None:
            raise TooMany(
                f"Your browser has asked for very many pages: {standing.quota} in a minute are the"
                f" limit. Nothing was done. Wait {standing.wait} s, then load the page again",
                standing.wait,
            )

    def show(self, template: str, **values: Any) -> None:
        self.set_header("Content-Type", "text/html; charset=utf-8")
        self.write(
            self.service.pages.get_template(template).render(
                person=self.person, xsrf=self.form_token, **values
            )
        )

    def show_course(
        self, template: str, key: str, title: str, *, published: bool = True, **values: Any
    ) -> None:
        """A page that extends course_page.html: a course's, under its navigation."""
        offered = navigation.for_course(self.role, admin=self.is_admin, published=published)
        below = f"{self.service.prefix}courses/{key}/"
        here = self.request.path.removeprefix(below)
        about = {"course_key": key, "course_title": title, "pages": offered, "here": here}
        self.show(template, **about, **values)

    def send_sheet(
        self, name: str, columns: Sequence[str], rows: Iterable[Iterable[Value]]
    ) -> None:
        """A table as CSV, to be kept as a file of this name."""
        self.send_csv(name, to_csv(columns, rows))

    def send_csv(self, name: str, written: str) -> None:
        self.set_header("Content-Type", "text/csv; charset=utf-8")
        self.set_header("Content-Disposition", f'attachment; filename="{name}"')
        self.write(written)

    def form_token(self) -> str:
        """What a form sends back as `_xsrf`. Only pages with a form ask, for it sets a cookie."""
        return self.xsrf_token.decode("ascii")

    def show_problem(self, problem: Problem) -> None:
        self.show("error.html", problem=problem)
        self.finish()
