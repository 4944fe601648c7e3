"""Due dates, extensions and groups of a course: for the people who teach it."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from sqlalchemy.orm import Session

from coursewright.grader.deadlines import check, moment
from coursewright.records import deadlines
from coursewright.records.policies import Extension, Policy
from coursewright.services.answers import APIHandler
from coursewright.services.guards import needs
from coursewright.services.routes import Route
from coursewright.services.schemas import documented
from coursewright.services.scopes import TEACH


class Deadlines(APIHandler):
    @documented({200: "Deadlines"})
    @needs(TEACH, role="assistant")
    async def get(self, course: str) -> None:
        """What holds in a course: due dates, late policies, extensions, and who is in a group."""
        self.answer(await self.ask(listed, course))


class Deadline(APIHandler):
    editable = True

    @documented({200: "Deadline"})
    @needs(TEACH, role="assistant")
    async def get(self, course: str, lesson: str) -> None:
        """What holds for a lesson; `due` is null where nothing does."""
        self.answer(await self.ask(one, course, lesson))

    @documented({200: "Deadlines"}, takes="DeadlineSent", matched=True)
    @needs(TEACH, role="instructor")
    async def put(self, course: str, lesson: str) -> None:
        """Set what holds for a lesson; it counts at once, for what was handed in before too.

        Times are ISO 8601; one without an offset is a time of the `zone`.
        """
        sent = dict(self.sent())
        zone = sent.setdefault("zone", "UTC")
        policy = check(Policy(**(sent | read_times(sent, zone))))
        await self.settle(course, lesson, policy)

    @documented({200: "Deadlines"}, matched=True)
    @needs(TEACH, role="instructor")
    async def delete(self, course: str, lesson: str) -> None:
        """Let nothing hold for a lesson."""
        await self.settle(course, lesson, None)

    async def settle(self, course: str, lesson: str, policy: Policy | None) -> None:
        place, request_id = (self.person, course, lesson), self.request_id
        await self.change(
            course,
            lambda session: one(session, course, lesson),
            lambda session: deadlines.set_policy(session, *place, policy, request_id=request_id),
        )
        self.answer(await self.ask(listed, course))


class Extensions(APIHandler):
    """What both kinds of extensions share; `whose` names the person or the group."""

    async def grant(self, course: str, lesson: str, **whose: str) -> None:
        sent = dict(self.sent())
        reason = sent.pop("reason", "")
        rules = await self.ask(deadlines.rules, course)
        policy = rules.policies.get(lesson, Policy())
        extension = Extension(**(sent | read_times(sent, policy.zone)))
        await self.settle(course, lesson, extension, reason=reason, **whose)

    async def settle(
        self, course: str, lesson: str, extension: Extension | None, **about: str
    ) -> None:
        await self.ask(
            deadlines.grant,
            self.person,
            course,
            lesson,
            extension,
            request_id=self.request_id,
            **about,
        )
        self.answer(await self.ask(listed, course))


class PersonExtension(Extensions):
    @documented({200: "Deadlines"}, takes="ExtensionSent")
    @needs(TEACH, role="instructor")
    async def put(self, course: str, lesson: str, person: str) -> None:
        """Give a person of the course more time or more attempts at a lesson.

        Times without an offset are of the zone of the lesson's deadline.
        """
        await self.grant(course, lesson, person=person)

    @documented({200: "Deadlines"})
    @needs(TEACH, role="instructor")
    async def delete(self, course: str, lesson: str, person: str) -> None:
        """Take a person's extension back."""
        await self.settle(course, lesson, None, person=person)


class GroupExtension(Extensions):
    @documented({200: "Deadlines"}, takes="ExtensionSent")
    @needs(TEACH, role="instructor")
    async def put(self, course: str, lesson: str, group: str) -> None:
        """Give the people of a group more time or more attempts at a lesson."""
        await self.grant(course, lesson, group=group)

    @documented({200: "Deadlines"})
    @needs(TEACH, role="instructor")
    async def delete(self, course: str, lesson: str, group: str) -> None:
        """Take a group's extension back."""
        await self.settle(course, lesson, None, group=group)


class Group(APIHandler):
    @documented({200: "Group"}, takes="Group")
    @needs(TEACH, role="instructor")
    async def put(self, course: str, person: str) -> None:
        """Put somebody who belongs to the course into a group; null takes them out of it."""
        group = self.sent()["group"]
        await self.ask(
            deadlines.set_group,
            self.person,
            course,
            person,
            group,
            request_id=self.request_id,
        )
        self.answer({"group": group})


def read_times(sent: dict[str, Any], zone: str) -> dict[str, Any]:
    """The moments among what was sent. Raises Invalid."""
    times = {name: sent[name] for name in ("due", "cut_off") if sent.get(name) is not None}
    return {name: moment(text, zone) for name, text in times.items()}


def one(session: Session, course: str, lesson: str) -> dict[str, Any]:
    """Raises NotFound."""
    return {"lesson": lesson, **asdict(deadlines.policy(session, course, lesson))}


def listed(session: Session, course: str) -> dict[str, Any]:
    rules = deadlines.rules(session, course)
    return {
        "deadlines": [
            {"lesson": lesson, **asdict(policy)}
            for lesson, policy in sorted(rules.policies.items())
        ],
        "extensions": [
            {
                "lesson": one.lesson,
                "person": one.person,
                "group": one.group,
                "reason": one.reason,
                **asdict(one.extension),
            }
            for one in rules.granted
        ],
        "groups": dict(rules.groups),
    }


LESSON = "api/v1/courses/{course}/lessons/{lesson}"
ROUTES = [
    Route("api/v1/courses/{course}/deadlines", Deadlines),
    Route(f"{LESSON}/deadline", Deadline),
    Route(f"{LESSON}/extensions/people/{{person}}", PersonExtension),
    Route(f"{LESSON}/extensions/groups/{{group}}", GroupExtension),
    Route("api/v1/courses/{course}/members/{person}/group", Group),
]
