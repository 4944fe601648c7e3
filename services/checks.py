"""Checks of an author's draft: ask for one, read what the gates have found."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from coursewright.records import authoring, checks, notebooks
from coursewright.records.authoring import Rights
from coursewright.records.checks import Told
from coursewright.records.course import Course
from coursewright.records.errors import Invalid
from coursewright.services.authors import AuthorHandler
from coursewright.services.guards import needs
from coursewright.services.routes import Route
from coursewright.services.schemas import documented
from coursewright.services.scopes import TEACH


class Checks(AuthorHandler):
    @documented({201: "CheckNumber", 200: "CheckNumber"}, takes="Source")
    @needs(TEACH)
    async def post(self, course: str) -> None:
        """Have a draft of a course, or of a new one, put to every gate.

        What is being checked already is not checked twice at a time (200).
        """
        document = course_of(self.sent(), course)
        number, new = await self.ask(request, self.rights, document, self.request_id)
        self.answer({"id": number}, 201 if new else 200)


class Check(AuthorHandler):
    @documented({200: "Check"})
    @needs(TEACH)
    async def get(self, check: str) -> None:
        """How far a check is, and what was found so far, place by place."""
        self.answer(shown(await self.ask(authoring.read_check, self.rights, int(check))))


def course_of(source: dict[str, Any], key: str) -> Course:
    """Raises Invalid."""
    course = notebooks.put_together(source["course"], source["notebooks"])
    if course.key != key:
        raise Invalid(f"These are the notebooks of the course {course.key!r}, not of {key!r}")
    return course


def request(session: Session, who: Rights, course: Course, request_id: str) -> tuple[int, bool]:
    """Raises Denied, NotFound and Invalid."""
    authoring.enter(session, who, course.key)
    return checks.request(session, course, who.person, request_id)


def shown(told: Told) -> dict[str, Any]:
    return {
        "id": told.id,
        "course": told.course,
        "state": told.state,
        "message": told.message,
        "done": told.done,
        "total": told.total,
        "accepted": told.accepted,
        "places": [
            {
                "place": place.place,
                "lesson": place.lesson,
                "exercise": place.exercise,
                "passed": place.passed,
                "findings": [
                    {"gate": o.gate, "message": o.message, "blocks": o.blocks, "cell": o.cell}
                    for o in place.findings
                ],
            }
            for place in told.places
        ],
    }


ROUTES = [
    Route("api/v1/courses/{course}/checks", Checks),
    Route("api/v1/checks/{check}", Check),
]
