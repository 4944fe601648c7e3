"""The base of the administrators' pages, which stand in the Hub's control panel."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from jinja2 import Environment

from coursewright.records.errors import Invalid
from coursewright.services import hub_frame
from coursewright.services.answers import PageHandler
from coursewright.services.hub_api import HubAPI

# What was done is told on the page that comes next; a cookie carries the sentence there.
SAID = "coursewright-said"
MOST_OF_IT = 1500  # characters, for a cookie holds 4 kB
PAGES = (
    ("Overview", "admin"),
    ("People", "admin/people"),
    ("Servers", "admin/servers"),
    ("Capacity", "admin/capacity"),
    ("Jobs", "admin/jobs"),
    ("Courses", "admin/courses"),
    ("Spending", "admin/spending"),
    ("Storage", "admin/storage"),
    ("Settings", "admin/settings"),
    ("Audit log", "admin/audit"),
)


@dataclass(frozen=True)
class Slice:
    """Which part of a long list a page shows, by its number from 1."""

    number: int
    size: int
    total: int

    @property
    def offset(self) -> int:
        return (self.number - 1) * self.size

    @property
    def last(self) -> int:
        return max(1, -(-self.total // self.size))


class AdminPage(PageHandler):
    """Rendered in the Hub's own frame."""

    def show_admin(self, template: str, **values: Any) -> None:
        pages: Environment = self.settings["admin_pages"]
        path = self.request.path.removeprefix(self.service.prefix)
        frame = hub_frame.frame(
            self.service.hub_prefix, self.service.prefix, self.person, self.scopes
        )
        about = {
            "pages": PAGES,
            "here": "/".join(path.split("/")[:2]),
            "said": self.taken_said(),
            "xsrf": self.form_token,
        }
        page = pages.get_template(template).render({**frame, **about, **values})
        self.set_header("Content-Type", "text/html; charset=utf-8")
        self.set_header("Content-Security-Policy", hub_frame.policy(page))
        self.write(page)

    @property
    def hub(self) -> HubAPI:
        """The Hub, asked with this very sign-in."""
        return HubAPI(self.hub_auth, self.hub_auth.get_token(self) or "")

    def go(self, path: str, *sentences: str) -> None:
        """To another page of the administrators', which says what was done."""
        told = " ".join(sentences)
        if told:
            # Encoded, for a cookie takes no letters beyond ASCII; signed, so that it is ours.
            self.set_signed_cookie(
                SAID,
                told[:MOST_OF_IT],
                path=f"{self.service.prefix}admin",
                httponly=True,
                samesite="Lax",
            )
        self.redirect(f"{self.service.prefix}{path}", status=303)

    def taken_said(self) -> str:
        said = self.get_signed_cookie(SAID, max_age_days=1)
        if said:
            self.clear_cookie(SAID, path=f"{self.service.prefix}admin")
        return said.decode() if said else ""

    def field(self, name: str) -> str:
        return self.get_body_argument(name, "").strip()

    def fields(self, name: str) -> list[str]:
        return self.get_body_arguments(name)

    def act(self, allowed: Sequence[str]) -> str:
        """Which button of the form was pressed. Raises Invalid."""
        found = [name for name in allowed if name in self.request.body_arguments]
        if len(found) != 1:
            raise Invalid(f"The form must say one thing to do: {', '.join(allowed)}")
        return found[0]

    def slice_of(self, total: int, size: int) -> Slice:
        return Slice(self.page_number(), size, total)

    def page_number(self) -> int:
        """Raises Invalid."""
        text = self.get_query_argument("page", "1")
        if not text.isdecimal() or len(text) > 6 or int(text) < 1:
            raise Invalid("A page's number is 1 or more")
        return int(text)


def whole(text: str, what: str) -> int | None:
    """What a field says; nothing is None. Raises Invalid."""
    if not text:
        return None
    try:
        return int(text)
    except ValueError as error:
        raise Invalid(f"{what}: {text!r} is not a whole number") from error


def amount(text: str, what: str) -> float | None:
    """The same for money."""
    if not text:
        return None
    try:
        found = float(text)
    except ValueError as error:
        raise Invalid(f"{what}: {text!r} is not a number") from error
    if not math.isfinite(found):
        raise Invalid(f"{what}: {text!r} is not a number")
    return found
