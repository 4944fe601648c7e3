"""What the pages about a course's people share: their parts, and how one of them is shown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from coursewright.services import navigation
from coursewright.services.answers import PageHandler


@dataclass(frozen=True)
class Part:
    """`path` is below `courses/{course}/`; assistants see those that are not `closed` to them."""

    label: str
    path: str
    closed: bool = False


PARTS = (
    Part("Everybody", "people"),
    Part("Sections and groups", "people/sections"),
    Part("Places and waiting list", "people/waiting", closed=True),
    Part("Joining", "people/joining", closed=True),
    Part("Import and export", "people/roster", closed=True),
)


class PeoplePart(PageHandler):
    """A page of a course under the tab of its people."""

    @property
    def may_change(self) -> bool:
        return self.is_admin or self.role == "instructor"

    def show_part(self, template: str, course: str, title: str, **values: Any) -> None:
        below = f"{self.service.prefix}courses/{course}/"
        self.show(
            template,
            course_key=course,
            course_title=title,
            pages=navigation.for_course(self.role, admin=self.is_admin),
            here="people",
            parts=[part for part in PARTS if self.may_change or not part.closed],
            part=self.request.path.removeprefix(below),
            may_change=self.may_change,
            **{"wrong": None, **values},
        )

    def go(self, course: str, path: str, fragment: str = "") -> None:
        """To a page below the course's, after something was done."""
        mark = f"#{quote(fragment, safe='')}" if fragment else ""
        self.redirect(f"{self.service.prefix}courses/{course}/{path}{mark}", status=303)

    def field(self, name: str) -> str:
        return self.get_body_argument(name, "").strip()


def whole(text: str) -> int | None:
    """What a field for a number says; an empty one, and what is no number, is None."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None
