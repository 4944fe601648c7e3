"""One person of a course: their role, section and group, and who looked at their work."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote

from sqlalchemy.orm import Session

from coursewright.records import accommodations, courses, looks, members, sections
from coursewright.records.accommodations import Given
from coursewright.records.errors import CoursewrightError, Invalid, NotFound
from coursewright.records.looks import Look
from coursewright.records.policies import ExtraTime
from coursewright.records.sections import Facts
from coursewright.records.tables import ROLES
from coursewright.services.guards import needs
from coursewright.services.people_parts import PeoplePart, whole
from coursewright.services.problems import status_of
from coursewright.services.routes import Route
from coursewright.services.scopes import TEACH
from coursewright.services.sections import place
from coursewright.services.weights import number

ON_A_PAGE = 50
MOST = 10_000  # looks in a sheet


class MemberPage(PeoplePart):
    @needs(TEACH, role="assistant")
    async def get(self, course: str, person: str) -> None:
        """One person; for instructors with forms and with who looked at their work."""
        await self.show_member(course, person)

    @needs(TEACH, role="instructor")
    async def post(self, course: str, person: str) -> None:
        """Put the person into the `section` and the `group` of the form; empty is none.

        With `extra_time`, give them as much more time in timed quizzes as the form says.
        """
        try:
            if "extra_time" in self.request.body_arguments:
                await self.give_time(course, person)
            else:
                await self.place(course, person)
        except (Invalid, NotFound) as error:
            self.set_status(status_of(error))
            await self.show_member(course, person, error)
            return
        self.go(course, f"members/{quote(person, safe='')}")

    async def place(self, course: str, person: str) -> None:
        said = {"section": self.field("section") or None, "group": self.field("group") or None}
        request = {"request_id": self.request_id}
        await self.ask(place, self.person, course, [person], said, beyond=True, **request)

    async def give_time(self, course: str, person: str) -> None:
        """Raises Invalid and NotFound."""
        minutes = whole(self.field("minutes") or "0")
        if minutes is None:
            raise Invalid("Further minutes are a whole number")
        wanted = ExtraTime(number(self.field("factor") or "1"), minutes)
        about = {"reason": self.field("reason"), "request_id": self.request_id}
        await self.ask(accommodations.give, self.person, course, person, wanted, **about)

    async def show_member(
        self, course: str, person: str, wrong: CoursewrightError | None = None
    ) -> None:
        before = whole(self.get_query_argument("before", "")) if self.may_change else None
        found = await self.ask(about, course, person, before, told=self.may_change)
        self.show_part(
            "member.html",
            course,
            found.title,
            one=found,
            member=found.member,
            roles=ROLES,
            wrong=wrong,
            before=before,
        )


class LooksSheet(PeoplePart):
    @needs(TEACH, role="instructor")
    async def get(self, course: str, person: str) -> None:
        """Who looked at somebody's work, for a spreadsheet: the newest ten thousand looks."""
        await self.ask(members.one, course, person)
        found = await self.ask(looks.at_person, course, person, MOST)
        self.send_sheet(
            f"{course}-looks.csv",
            ("at", "by", "what", "lesson", "submission", "request_id"),
            (
                (one.at, one.by, one.what, one.lesson, one.submission, one.request_id)
                for one in found
            ),
        )


@dataclass(frozen=True)
class About:
    """`next` is before which look the following ones stand; None when these are the last.

    `extra` is the person's extra time, which assistants are not told (None).
    """

    key: str
    title: str
    member: members.Member
    sections: list[Facts]
    looks: list[Look]
    next: int | None
    extra: Given | None

    @property
    def assists(self) -> list[str]:
        """Sections whose assistant the person is."""
        return [one.name for one in self.sections if self.member.name in one.assistants]


def about(session: Session, key: str, name: str, before: int | None, *, told: bool) -> About:
    """Raises NotFound. `told`: with who looked at their work, and their extra time."""
    seen = looks.at_person(session, key, name, ON_A_PAGE, before) if told else []
    return About(
        key,
        courses.title(session, key),
        members.one(session, key, name),
        sections.of_course(session, key),
        seen,
        seen[-1].id if len(seen) == ON_A_PAGE else None,
        accommodations.one(session, key, name) if told else None,
    )


ROUTES = [
    Route("courses/{course}/members/{person}", MemberPage),
    Route("courses/{course}/members/{person}/looks.csv", LooksSheet),
]
