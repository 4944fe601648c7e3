"""Handing in: receive a notebook once, show what became of it."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TypeVar

from sqlalchemy.orm import Session

from coursewright.grader.admission import admit
from coursewright.records import submissions
from coursewright.records.errors import Invalid, NotFound
from coursewright.services.answers import APIHandler, PageHandler
from coursewright.services.base import Handler
from coursewright.services.guards import needs
from coursewright.services.routes import Route
from coursewright.services.schemas import documented
from coursewright.services.scopes import LEARN

T = TypeVar("T")

IDEMPOTENCY_KEY = re.compile(r"[\x21-\x7e]{8,200}\Z")
KEY_HEADER = {
    "Idempotency-Key": {"type": "string", "minLength": 8, "maxLength": 200, "pattern": "^[!-~]+$"}
}
# Feedback is a page of its own making that runs nothing and loads nothing.
FEEDBACK_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'; sandbox"
)


class Submissions(APIHandler):
    @documented({200: "Submissions"})
    @needs(LEARN)
    async def get(self, course: str, lesson: str) -> None:
        """One's own attempts at a lesson with their scores, newest first."""
        attempts = await self.ask(submissions.standing, self.person, course, lesson)
        self.answer({"submissions": attempts})

    @documented(
        {201: "Receipt", 200: "Receipt"}, takes="Notebook", headers=KEY_HEADER, conflicts=True
    )
    @needs(LEARN)
    async def post(self, course: str, lesson: str) -> None:
        """Hand in a lesson's notebook, exactly once.

        The same Idempotency-Key gives the same receipt (200, `repeated`), however often it is
        sent; with another notebook it is refused (409). So is one attempt too many (409), and
        whatever comes after the lesson's cut-off (403).
        """
        receipt = await self.ask(
            submissions.receive,
            self.person,
            course,
            lesson,
            self.request.body,
            self.key(),
            self.service.body_limit,
            admit,
        )
        self.answer(receipt, 200 if receipt.repeated else 201)

    def key(self) -> str:
        key = self.request.headers.get("Idempotency-Key", "")
        if not IDEMPOTENCY_KEY.match(key):
            raise Invalid(
                "Send an Idempotency-Key header of 8 to 200 visible ASCII characters, a new one "
                "for each hand-in and the same one when you try again"
            )
        return key


class Submission(APIHandler):
    @documented({200: "Submission"})
    @needs(LEARN)
    async def get(self, submission: str) -> None:
        """One attempt: one's own, or one at a course that one teaches; any for administrators.

        Seeing another person's is written into the audit log.
        """
        self.answer(await opened(self, submissions.one, submission))


class Feedback(APIHandler):
    @documented({200: "text/html"})
    @needs(LEARN)
    async def get(self, submission: str) -> None:
        """The feedback on an attempt, as a page; 404 until it has been graded."""
        show(self, await opened(self, submissions.feedback, submission))


class FeedbackPage(PageHandler):
    @needs(LEARN)
    async def get(self, submission: str) -> None:
        """The same for a browser, which may have to sign in first."""
        show(self, await opened(self, submissions.feedback, submission))


class NewestFeedbackPage(PageHandler):
    @needs(LEARN)
    async def get(self, course: str, lesson: str) -> None:
        """The feedback on one's newest graded attempt at a lesson."""
        show(self, await self.ask(newest_feedback, self.person, course, lesson))


async def opened(handler: Handler, question: Callable[..., T], submission: str) -> T:
    """What `question` tells of a submission, as far as the caller's sign-in reaches."""
    return await handler.ask(
        question, handler.person, int(submission), handler.reach, handler.request_id
    )


def newest_feedback(session: Session, person: str, course: str, lesson: str) -> bytes:
    """Raises NotFound when none of the attempts has been graded."""
    for attempt in submissions.standing(session, person, course, lesson):
        if attempt.state == "graded":
            return submissions.feedback(session, person, attempt.id)
    raise NotFound("There is no feedback yet; it comes with the score")


def show(handler: Handler, html: bytes) -> None:
    handler.set_header("Content-Type", "text/html; charset=utf-8")
    handler.set_header("Content-Security-Policy", FEEDBACK_POLICY)
    handler.write(html)


ROUTES = [
    Route("submissions/{submission}/feedback", FeedbackPage),
    Route("courses/{course}/lessons/{lesson}/feedback", NewestFeedbackPage),
    Route("api/v1/courses/{course}/lessons/{lesson}/submissions", Submissions),
    Route("api/v1/submissions/{submission}", Submission),
    Route("api/v1/submissions/{submission}/feedback", Feedback),
]
