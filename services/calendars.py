"""A student's due dates and quizzes as iCalendar (RFC 5545): by sign-in, and by a secret address.

Calendar programs cannot sign in at the Hub, so a person may make an address that is a secret. What
is at it says what is due when, and nothing about the person.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from icalendar import Calendar, Event, vDuration, vText
from icalendar.enums import TRANSP
from sqlalchemy import select
from sqlalchemy.orm import Session

from coursewright.grader.deadlines import extended
from coursewright.records import bank_quizzes, calendar_feeds, courses, deadlines
from coursewright.records.errors import Invalid, NotFound
from coursewright.records.tables import CourseRow, Enrolment, Person
from coursewright.services.answers import PageHandler
from coursewright.services.guards import needs, open_to_all
from coursewright.services.routes import Route
from coursewright.services.scopes import LEARN

PRODUCT = "-//Coursewright//Due dates//EN"
REFRESH = timedelta(hours=6)
NOTHING = "There is no calendar at this address. It may have been renewed; look under My courses"


@dataclass(frozen=True)
class Date:
    """What stands in a calendar; what has no `end` is a moment. `name` tells it from all others."""

    course: str
    name: str
    summary: str
    start: datetime
    end: datetime | None = None


@dataclass(frozen=True)
class Dates:
    """`title` is None for all courses together; `now` is the database's time."""

    title: str | None
    found: tuple[Date, ...]
    now: datetime


class CalendarFile(PageHandler):
    """What all addresses of a calendar share."""

    def send(self, person: str, dates: Dates) -> None:
        base = f"{self.request.protocol}://{self.request.host}{self.service.prefix}"
        self.set_header("Content-Type", "text/calendar; charset=utf-8")
        self.set_header("Content-Disposition", 'inline; filename="calendar.ics"')
        self.set_header("X-Robots-Tag", "noindex")
        self.write(written(person, dates, base))


class OwnCalendar(CalendarFile):
    @needs(LEARN)
    async def get(self) -> None:
        """The dates of all courses in which one learns."""
        self.send(self.person, await self.ask(of_person, self.person))


class CourseCalendar(CalendarFile):
    @needs(LEARN)
    async def get(self, course: str) -> None:
        """Those of one course; 404 for who does not learn in it."""
        self.send(self.person, await self.ask(of_person, self.person, course))


class Feed(CalendarFile):
    @open_to_all
    async def get(self, secret: str, course: str | None = None) -> None:
        """The dates of whose secret address it is, or those of one course.

        To everybody who has the address; 404 for a wrong one.
        """
        person, dates = await self.ask(of_secret, secret, course)
        self.send(person, dates)


class CalendarPage(PageHandler):
    @needs(LEARN)
    async def get(self) -> None:
        """How the dates come into one's calendar program, and whether there is an address."""
        await self.show_page()

    @needs(LEARN)
    async def post(self) -> None:
        """`renew` one's address, which is shown this once, or `end` it."""
        acts = {"renew", "end"} & self.request.body_arguments.keys()
        if len(acts) != 1:
            raise Invalid("The form must say one thing to do: renew or end")
        if acts == {"end"}:
            await self.ask(calendar_feeds.end, self.person, request_id=self.request_id)
            self.redirect(f"{self.service.prefix}calendar", status=303)
            return
        secret = await self.ask(calendar_feeds.renew, self.person, request_id=self.request_id)
        self.set_header("Cache-Control", "no-store")
        await self.show_page(secret)

    async def show_page(self, secret: str = "") -> None:
        base = f"{self.request.protocol}://{self.request.host}{self.service.prefix}"
        self.show(
            "calendar.html",
            courses=await self.ask(learning, self.person),
            made_at=await self.ask(calendar_feeds.made_at, self.person),
            address=f"{base}calendars/{secret}" if secret else "",
        )


def of_secret(session: Session, secret: str, course: str | None) -> tuple[str, Dates]:
    """The owner and their dates. Raises NotFound, in the same words for whatever is wrong."""
    person = calendar_feeds.owner(session, secret)
    if person is None:
        raise NotFound(NOTHING)
    try:
        return person, of_person(session, person, course)
    except NotFound as error:
        raise NotFound(NOTHING) from error


def of_person(session: Session, person: str, course: str | None = None) -> Dates:
    """Of all courses in which the person learns, or of one. Raises NotFound."""
    mine = learning(session, person)
    if course is not None:
        mine = [one for one in mine if one[0] == course]
        if not mine:
            raise NotFound(f"There is no course {course!r} here in which you are a student")
    found = [
        date for key, title in mine for date in _dates(session, person, key, title, alone=course)
    ]
    found.sort(key=lambda one: (one.start, one.course, one.name))
    return Dates(mine[0][1] if course else None, tuple(found), deadlines.now(session))


def learning(session: Session, person: str) -> Sequence[tuple[str, str]]:
    """Keys and titles of the published courses in which the person is a student."""
    rows = session.execute(
        select(CourseRow.key, CourseRow.title)
        .join(Enrolment, Enrolment.course_id == CourseRow.id)
        .join(Person, Person.id == Enrolment.person_id)
        .where(Person.name == person, Enrolment.role == "student", CourseRow.state == "published")
        .order_by(CourseRow.title, CourseRow.key)
    )
    return [(key, title) for key, title in rows]


def _dates(
    session: Session, person: str, key: str, title: str, *, alone: str | None
) -> Iterator[Date]:
    behind = "" if alone else f" ({title})"
    rules = deadlines.rules(session, key)
    if any(policy.due for policy in rules.policies.values()):
        for lesson in courses.student_course(session, person, key).lessons():
            policy, extensions = rules.of(person, lesson.key)
            due = extended(policy, extensions).due if policy else None
            if due is not None:
                yield Date(key, f"due/{lesson.key}", f"{lesson.title} is due{behind}", due)
    yield from _quizzes(session, person, key, behind)


def _quizzes(session: Session, person: str, key: str, behind: str) -> Iterator[Date]:
    quizzes = bank_quizzes.listed(session, key)
    number, someone = bank_quizzes.course_id(session, key), courses.person(session, person).id
    timed = any(quiz.closes_at and quiz.minutes for quiz in quizzes)
    times = bank_quizzes.extra_times(session, number) if timed else {}
    for quiz in quizzes:
        own = bank_quizzes.extended(quiz, times.get(someone))
        name, title = f"quiz/{quiz.key}", f"Quiz: {quiz.title}"
        if own.opens_at and own.closes_at:
            yield Date(key, name, f"{title}{behind}", own.opens_at, own.closes_at)
        elif own.opens_at:
            yield Date(key, name, f"{title} opens{behind}", own.opens_at)
        elif own.closes_at:
            yield Date(key, name, f"{title} closes{behind}", own.closes_at)


def written(person: str, dates: Dates, base: str) -> bytes:
    """The calendar as a file; `base` is the service's address."""
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    name = vText(plain(f"{dates.title}: dates" if dates.title else "Coursewright"))
    calendar.add("name", name)
    calendar.add("x-wr-calname", name)
    refresh = vDuration(REFRESH)
    refresh.params["VALUE"] = "DURATION"
    calendar.add("refresh-interval", refresh)
    calendar.add("x-published-ttl", vDuration(REFRESH))
    # Told by the hour, so that what has not changed is answered with 304.
    stamp = dates.now.replace(minute=0, second=0, microsecond=0)
    for one in dates.found:
        calendar.add_component(
            Event.new(
                uid=str(uuid.uuid5(uuid.NAMESPACE_URL, f"{person}/{one.course}/{one.name}")),
                summary=plain(one.summary),
                start=utc(one.start),
                end=utc(one.end) if one.end else None,
                stamp=utc(stamp),
                transparency=TRANSP.TRANSPARENT,
                url=f"{base}courses/{one.course}/progress",
            )
        )
    return bytes(calendar.to_ical())


def plain(text: str) -> str:
    """In one line, without what a calendar may not have in it."""
    return "".join(one if one.isprintable() else " " for one in text)


def utc(at: datetime) -> datetime:
    return at.astimezone(UTC)


ROUTES = [
    Route("calendar", CalendarPage),
    Route("calendar.ics", OwnCalendar),
    Route("courses/{course}/calendar.ics", CourseCalendar),
    Route("calendars/{secret}.ics", Feed),
    Route("calendars/{secret}/{course}.ics", Feed),
]
