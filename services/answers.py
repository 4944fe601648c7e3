"""The two kinds of handlers: those that answer with JSON, and those that answer with pages."""

from __future__ import annotations

import json
from dataclasses import asdict, is_dataclass
from datetime import datetime
from typing import Any, Never

from tornado.web import Finish

from coursewright.records.errors import Invalid
from coursewright.services import navigation
from coursewright.services.base import Handler
from coursewright.services.problems import Problem
from coursewright.services.schemas import about, validate


class APIHandler(Handler):
    """JSON in, JSON out; a caller who is not signed in is told so, never sent elsewhere."""

    def answer(self, data: Any, status: int = 200) -> None:
        """`data`: JSON values, dataclasses and times."""
        self.set_status(status)
        self.set_header("Content-Type", "application/json")
        self.write(json.dumps(data, default=plain, ensure_ascii=False))

    def sent(self) -> Any:
        """The body as the verb's schema wants it; no body counts as an empty object.

        Raises Invalid with the place that does not fit.
        """
        try:
            data = json.loads(self.request.body or b"{}")
        except (ValueError, RecursionError) as error:
            raise Invalid("The body is not JSON") from error
        verb = getattr(self, (self.request.method or "").lower())
        return validate(data, about(verb).takes)


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

    def form_token(self) -> str:
        """What a form sends back as `_xsrf`. Only pages with a form ask, for it sets a cookie."""
        return self.xsrf_token.decode("ascii")

    def show_problem(self, problem: Problem) -> None:
        self.show("error.html", problem=problem)
        self.finish()


def plain(value: Any) -> Any:
    """What json cannot write by itself."""
    if isinstance(value, datetime):
        return value.isoformat()
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    raise TypeError(f"{type(value).__name__} has no JSON form")
