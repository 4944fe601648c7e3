"""Where somebody stands across their courses: streak, feedback not yet read, what is due next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from coursewright.records import courses, deadlines, reads, streaks
from coursewright.services.answers import APIHandler
from coursewright.services.guards import needs
from coursewright.services.progress import Outline, all_outlines
from coursewright.services.routes import Route
from coursewright.services.schemas import documented
from coursewright.services.scopes import LEARN
from coursewright.services.shapes import TEXT

NEXT = 5  # that are due


class Standing(APIHandler):
    @documented({200: "Standing"}, query={"zone": TEXT})
    @needs(LEARN)
    async def get(self) -> None:
        """One's streak, by the days of the time zone `zone`; unread feedback; what is due next."""
        zone = self.get_query_argument("zone", "UTC")
        self.answer(await self.ask(standing, self.person, zone))


class Read(APIHandler):
    @documented({200: "ReadMark"})
    @needs(LEARN)
    async def put(self, submission: str) -> None:
        """One has seen the feedback on a submission of one's own."""
        await self.ask(reads.mark, self.person, int(submission))
        self.answer({"submission": int(submission)})


@dataclass(frozen=True)
class Due:
    """A lesson that is not handed in, of which the date is still to come."""

    course: str
    course_title: str
    lesson: str
    title: str
    due: datetime
    zone: str


def standing(session: Session, person: str, zone: str) -> dict[str, Any]:
    """Raises Invalid for a time zone that there is not."""
    streak = streaks.streak(session, person, zone)
    known = all_outlines(session, person)
    mine = [
        known[card.key] for card in courses.catalogue(session, person) if card.role == "student"
    ]
    titles = {(one.key, lesson.key): lesson.title for one in mine for lesson in one.lessons}
    unread = [
        {"course": key, "lesson": lesson, "title": titles[key, lesson], "submission": number}
        for (key, lesson), number in reads.unread(session, person).items()
        if (key, lesson) in titles
    ]
    now = deadlines.now(session)
    coming = (one for course in mine for one in due(course, now))
    nearest = sorted(coming, key=lambda one: one.due)[:NEXT]
    return {"streak": streak, "unread": unread, "due": nearest}


def due(course: Outline, now: datetime) -> list[Due]:
    """What is still to come of a course."""
    return [
        Due(course.key, course.title, one.key, one.title, one.due, one.zone or "UTC")
        for one in course.lessons
        if one.due is not None and one.due > now and not one.attempts
    ]


ROUTES = [
    Route("api/v1/standing", Standing),
    Route("api/v1/submissions/{submission}/read", Read),
]
