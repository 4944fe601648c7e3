"""Due dates as pages: what holds in a course, and a lesson's dates and extensions with forms."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from coursewright.grader.deadlines import check, moment, zone_of
from coursewright.records import accommodations, courses, deadlines, members
from coursewright.records.accommodations import Given
from coursewright.records.deadlines import Granted
from coursewright.records.errors import CoursewrightError, Invalid, NotFound
from coursewright.records.policies import Extension, Policy
from coursewright.services.answers import PageHandler
from coursewright.services.guards import needs
from coursewright.services.problems import status_of
from coursewright.services.routes import Route
from coursewright.services.scopes import TEACH

MOST = 10_000  # attempts, as in services/schemas.py
POLICY = tuple(Policy.__dataclass_fields__)
EXTENSION = ("whom", *Extension.__dataclass_fields__, "reason")


class DeadlinesPage(PageHandler):
    @needs(TEACH, role="assistant")
    async def get(self, course: str) -> None:
        """What holds for each lesson, and who is in a group; opens a lesson's dates."""
        await self.show_all(course)

    @needs(TEACH, role="instructor")
    async def post(self, course: str) -> None:
        """Put the `person` into the `group`, or into none where that is empty."""
        person, group = (self.get_body_argument(name, "").strip() for name in ("person", "group"))
        request = {"request_id": self.request_id}
        try:
            await self.ask(
                deadlines.set_group, self.person, course, person, group or None, **request
            )
        except (Invalid, NotFound) as error:
            self.set_status(status_of(error))
            await self.show_all(course, error)
            return
        self.redirect(f"{self.service.prefix}courses/{course}/deadlines", status=303)

    async def show_all(self, course: str, wrong: CoursewrightError | None = None) -> None:
        found = await self.ask(overview, self.person, course)
        may_change = self.is_admin or found.role == "instructor"
        self.show_course(
            "deadlines.html", course, found.title, course=found, may_change=may_change, wrong=wrong
        )


class DeadlinePage(PageHandler):
    @needs(TEACH, role="assistant")
    async def get(self, course: str, lesson: str) -> None:
        """A lesson's dates and extensions."""
        await self.show_lesson(course, lesson)

    @needs(TEACH, role="instructor")
    async def post(self, course: str, lesson: str) -> None:
        """What a form says: `set` or `clear` the dates, `grant` an extension or `revoke` it."""
        acts = {"set", "clear", "grant", "revoke"} & self.request.body_arguments.keys()
        try:
            if len(acts) != 1:
                raise Invalid("The form must say one thing to do: set, clear, grant or revoke")
            await self.act(acts.pop(), course, lesson)
        except (Invalid, NotFound) as error:
            self.set_status(status_of(error))
            await self.show_lesson(course, lesson, error)
            return
        page = f"{self.service.prefix}courses/{course}/lessons/{lesson}/deadline"
        self.redirect(page, status=303)

    async def act(self, act: str, course: str, lesson: str) -> None:
        """Raises Invalid and NotFound."""
        place, request = (self.person, course, lesson), {"request_id": self.request_id}
        if act in ("set", "clear"):
            policy = policy_of(self.sent(POLICY)) if act == "set" else None
            await self.ask(deadlines.set_policy, *place, policy, **request)
            return
        rules = await self.ask(deadlines.rules, course)
        form = self.sent(EXTENSION)
        kind, _, name = form["whom"].partition(":")
        if kind not in ("person", "group") or not name:
            raise Invalid("Say for whom the extension is")
        zone = rules.policies.get(lesson, Policy()).zone
        extension = extension_of(form, zone) if act == "grant" else None
        about: dict[str, Any] = {kind: name, "reason": form["reason"], **request}
        await self.ask(deadlines.grant, *place, extension, **about)

    def sent(self, names: tuple[str, ...]) -> dict[str, str]:
        return {name: self.get_body_argument(name, "").strip() for name in names}

    async def show_lesson(
        self, course: str, lesson: str, wrong: CoursewrightError | None = None
    ) -> None:
        found = await self.ask(overview, self.person, course)
        line = next((one for one in found.lessons if one.key == lesson), None)
        if line is None:
            raise NotFound(f"The course {course!r} has no lesson {lesson!r}")
        policy, extension = fields(line.policy), dict.fromkeys(EXTENSION, "")
        # What was sent and refused stands in its form again.
        if wrong and "set" in self.request.body_arguments:
            policy = self.sent(POLICY)
        elif wrong and "grant" in self.request.body_arguments:
            extension = self.sent(EXTENSION)
        self.show(
            "deadline.html",
            course=found,
            lesson=line,
            may_change=self.is_admin or found.role == "instructor",
            policy=policy,
            extension=extension,
            wrong=wrong,
        )


@dataclass(frozen=True)
class Line:
    """A lesson with what holds for it; `policy` is empty where nothing does."""

    key: str
    title: str
    policy: Policy
    granted: tuple[Granted, ...]


@dataclass(frozen=True)
class Overview:
    """`role` is the asking person's own; `groups` are names of people by group."""

    key: str
    title: str
    role: str | None
    lessons: list[Line]
    members: list[members.Member]
    groups: dict[str, list[str]]
    extra: list[Given]


def overview(session: Session, person: str, key: str) -> Overview:
    """Raises NotFound."""
    source = courses.newest_source(session, key)
    rules = deadlines.rules(session, key)
    groups: dict[str, list[str]] = {}
    for name, group in sorted(rules.groups.items()):
        groups.setdefault(group, []).append(name)
    lessons = [
        Line(
            lesson.key,
            lesson.title,
            rules.policies.get(lesson.key, Policy()),
            tuple(one for one in rules.granted if one.lesson == lesson.key),
        )
        for lesson in source.lessons()
    ]
    role = courses.role_of(session, person, key)
    people = members.members(session, key)
    extra = accommodations.listed(session, key)
    return Overview(key, source.title, role, lessons, people, dict(sorted(groups.items())), extra)


def fields(policy: Policy) -> dict[str, str]:
    """What stands in the form's fields for a policy; times as browsers have them, of its zone."""
    place = zone_of(policy.zone)

    def shown(value: Any) -> str:
        if isinstance(value, datetime):
            wall = value.astimezone(place).replace(tzinfo=None, microsecond=0)
            return wall.isoformat(timespec="seconds" if wall.second else "minutes")
        return f"{value:g}" if isinstance(value, float) else "" if value is None else str(value)

    return {name: shown(getattr(policy, name)) for name in POLICY}


def policy_of(form: Mapping[str, str]) -> Policy:
    """Raises Invalid."""
    zone = form["zone"] or "UTC"
    return check(
        Policy(
            due=_moment(form["due"], zone),
            zone=zone,
            grace_minutes=_whole(form["grace_minutes"], 0),
            penalty_per_day=_percent(form["penalty_per_day"], 0.0),
            penalty_cap=_percent(form["penalty_cap"], 100.0),
            cut_off=_moment(form["cut_off"], zone),
            attempts=_whole(form["attempts"], 0) if form["attempts"] else None,
        )
    )


def extension_of(form: Mapping[str, str], zone: str) -> Extension:
    """Raises Invalid."""
    extra = _whole(form["extra_attempts"], 0)
    if not 0 <= extra <= MOST:
        raise Invalid(f"Further attempts are between 0 and {MOST}")
    found = Extension(_moment(form["due"], zone), _moment(form["cut_off"], zone), extra)
    if found == Extension():
        raise Invalid("An extension grants a later date or further attempts")
    return found


def _moment(text: str, zone: str) -> datetime | None:
    return moment(text, zone) if text else None


def _whole(text: str, otherwise: int) -> int:
    try:
        return int(text) if text else otherwise
    except ValueError as error:
        raise Invalid(f"{text!r} is not a whole number") from error


def _percent(text: str, otherwise: float) -> float:
    try:
        return float(text) if text else otherwise
    except ValueError as error:
        raise Invalid(f"{text!r} is not a number") from error


ROUTES = [
    Route("courses/{course}/deadlines", DeadlinesPage),
    Route("courses/{course}/lessons/{lesson}/deadline", DeadlinePage),
]
