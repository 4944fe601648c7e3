"""The weights of a course's final grade: categories, what counts in which, as JSON and a page."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from coursewright.records import certificates, courses, weights
from coursewright.records.certificates import Rule
from coursewright.records.errors import CoursewrightError, Invalid, NotFound
from coursewright.records.schemes import Category, Item, Scheme
from coursewright.services import grades
from coursewright.services.answers import APIHandler, PageHandler
from coursewright.services.guards import needs
from coursewright.services.problems import status_of
from coursewright.services.routes import Route
from coursewright.services.schemas import documented
from coursewright.services.scopes import TEACH

SPARE = 2  # empty lines of the form


class Weights(APIHandler):
    @documented({200: "Weights"})
    @needs(TEACH, role="assistant")
    async def get(self, course: str) -> None:
        """The categories of the final grade; none: everything counts by its points."""
        self.answer(await self.ask(listed, course))

    @documented({200: "Weights"}, takes="Weights")
    @needs(TEACH, role="instructor")
    async def put(self, course: str) -> None:
        """Set all categories anew, with what counts in each; it counts at once for everybody.

        An item that is in no category does not count. No categories at all: everything does.
        """
        wanted = scheme_of(self.sent()["categories"])
        await self.ask(weights.set_scheme, self.person, course, wanted, request_id=self.request_id)
        self.answer(await self.ask(listed, course))


class WeightsPage(PageHandler):
    @needs(TEACH, role="assistant")
    async def get(self, course: str) -> None:
        """The categories, what counts in which, and when a course is completed."""
        await self.show_weights(course)

    @needs(TEACH, role="instructor")
    async def post(self, course: str) -> None:
        """What a form says: the `categories`, the `items` in them, or the rule of `completion`."""
        forms: dict[str, Callable[[str], Any]] = {
            "categories": self.set_categories,
            "items": self.set_items,
            "completion": self.set_completion,
        }
        wanted = forms.keys() & self.request.body_arguments.keys()
        try:
            if len(wanted) != 1:
                raise Invalid("The form must say one thing: categories, items or completion")
            await forms[wanted.pop()](course)
        except (Invalid, NotFound) as error:
            self.set_status(status_of(error))
            await self.show_weights(course, error)
            return
        self.redirect(f"{self.service.prefix}courses/{course}/weights", status=303)

    async def set_categories(self, course: str) -> None:
        """Items stay in a category that is renamed; those of one that is removed are in none.

        So are those that the course no longer has.
        """
        before = await self.ask(weights.scheme, course)
        lines = zip(
            *(self.get_body_arguments(name) for name in ("was", "name", "weight", "drop")),
            strict=False,
        )
        kept, renamed = [], {}
        for was, name, weight, drop in lines:
            if name.strip():
                kept.append(Category(name.strip(), number(weight), int(number(drop))))
                renamed[was] = name.strip()
        there = await self.ask(weights.items_of, course)
        items = {
            item: renamed[name]
            for item, name in before.items.items()
            if name in renamed and item in there
        }
        await self.set(course, Scheme(tuple(kept), items))

    async def set_items(self, course: str) -> None:
        before = await self.ask(weights.scheme, course)
        names = {category.name for category in before.categories}
        items: dict[Item, str] = {}
        for field, values in self.request.body_arguments.items():
            kind, _, item = field.partition(":")
            chosen = values[-1].decode("utf-8", "replace")
            if kind == "item" and chosen in names:
                lesson, _, quiz = item.partition("/")
                items[lesson, quiz] = chosen
        await self.set(course, Scheme(before.categories, items))

    async def set(self, course: str, wanted: Scheme) -> None:
        await self.ask(weights.set_scheme, self.person, course, wanted, request_id=self.request_id)

    async def set_completion(self, course: str) -> None:
        names = ("pass_mark", "pass_mastery", "hours")
        said = {name: self.get_body_argument(name, "").strip() for name in names}
        rule = Rule(**{name: number(text) if text else None for name, text in said.items()})
        await self.ask(certificates.set_rule, self.person, course, rule, request_id=self.request_id)

    async def show_weights(self, course: str, wrong: CoursewrightError | None = None) -> None:
        found = await self.ask(overview, course)
        may_change = self.is_admin or self.role == "instructor"
        self.show_course(
            "weights.html",
            course,
            found.about.title,
            course=found,
            may_change=may_change,
            wrong=wrong,
            spare=SPARE,
        )


@dataclass(frozen=True)
class Overview:
    about: grades.Frame
    rule: Rule

    @property
    def total(self) -> float:
        return sum(category.weight for category in self.about.scheme.categories)


def overview(session: Session, key: str) -> Overview:
    """Raises NotFound."""
    return Overview(grades.frame(session, key), certificates.rule(session, key))


def listed(session: Session, key: str) -> dict[str, Any]:
    """Raises NotFound."""
    courses.title(session, key)
    scheme = weights.scheme(session, key)
    return {
        "categories": [
            {
                **vars(category),
                "items": [
                    {"lesson": lesson, "quiz": quiz}
                    for (lesson, quiz), name in sorted(scheme.items.items())
                    if name == category.name
                ],
            }
            for category in scheme.categories
        ]
    }


def scheme_of(sent: list[Mapping[str, Any]]) -> Scheme:
    """Raises Invalid for an item that stands in two categories."""
    items: dict[Item, str] = {}
    for category in sent:
        for one in category["items"]:
            item = one["lesson"], one["quiz"]
            if item in items:
                raise Invalid(f"{'/'.join(filter(None, item))} stands in two categories")
            items[item] = category["name"]
    names = ("name", "weight", "drop_lowest")
    return Scheme(tuple(Category(*(one[name] for name in names)) for one in sent), items)


def number(text: str) -> float:
    """What a field of a form says; nothing is 0. Raises Invalid."""
    try:
        found = float(text.strip() or 0)
        if abs(found) < 1e9:
            return found
    except ValueError:
        pass
    raise Invalid(f"{text!r} is not a number")


ROUTES = [
    Route("courses/{course}/weights", WeightsPage),
    Route("api/v1/courses/{course}/weights", Weights),
]
