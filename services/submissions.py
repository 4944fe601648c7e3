"""Handing in: receive a notebook once, show what became of it."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

from coursewright.grader.admission import admit
from coursewright.records import releases, submissions
from coursewright.records.errors import Invalid
from coursewright.records.tables import SUBMISSION_STATES
from coursewright.services import attempts
from coursewright.services.answers import APIHandler, PageHandler
from coursewright.services.base import Handler
from coursewright.services.guards import needs
from coursewright.services.paging import PAGED, chosen, page
from coursewright.services.routes import Route
from coursewright.services.schemas import documented
from coursewright.services.scopes import LEARN
from coursewright.services.shapes import one_of

T = TypeVar("T")

STATES = (*SUBMISSION_STATES, "held")

NOTEBOOK = "application/x-ipynb+json"
IDEMPOTENCY_KEY = re.compile(r"[\x21-\x7e]{8,200}\Z")
KEY_HEADER = {
    "Idempotency-Key": {"type": "string", "minLength": 8, "maxLength": 200, "pattern": "^[!-~]+$"}
}
# Feedback is a page of its own making that runs nothing and loads nothing.
FEEDBACK_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'; "
    "sandbox allow-downloads"
)


class Submissions(APIHandler):
    @documented({200: "Submissions"}, query={**PAGED, "state": one_of(*STATES)})
    @needs(LEARN)
    async def get(self, course: str, lesson: str) -> None:
        """One's own attempts at a lesson with their scores, newest first.

        With `state`, those alone.
        """
        state = chosen(self, "state", STATES)
        found = await self.ask(attempts.standing, self.person, course, lesson)
        fitting = (one for one in found if state in (None, one.state))
        here, following = page(self, fitting, lambda one: (-one.attempt,))
        self.answer({"submissions": here, "next": following})

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
            idempotency_key(self),
            self.service.largest,
            admit,
        )
        if receipt.state == "graded" and await self.ask(
            releases.hides, self.person, course, lesson
        ):
            receipt = replace(receipt, state="held")
        self.answer(receipt, 200 if receipt.repeated else 201)


class Submission(APIHandler):
    @documented({200: "Submission"})
    @needs(LEARN)
    async def get(self, submission: str) -> None:
        """One attempt: one's own, or one at a course that one teaches; any for administrators.

        Seeing another person's is written into the audit log. `points` are what counts by the
        dates, `raw_points` what the grader gave.
        """
        self.answer(await opened(self, attempts.one, submission))


class Feedback(APIHandler):
    @documented({200: "text/html"})
    @needs(LEARN)
    async def get(self, submission: str) -> None:
        """The feedback on an attempt, as a page; 404 until it has been graded."""
        show(self, await opened(self, page_for(self), submission))


class FeedbackNotebook(APIHandler):
    @documented({200: NOTEBOOK})
    @needs(LEARN)
    async def get(self, submission: str) -> None:
        """The same as a notebook: one's own, with a note behind each graded cell."""
        download(self, *await opened(self, attempts.notebook, submission))


class HandedIn(APIHandler):
    @documented({200: NOTEBOOK})
    @needs(LEARN)
    async def get(self, submission: str) -> None:
        """The notebook as it was handed in, byte for byte."""
        download(self, *await opened(self, attempts.handed_in, submission))


class FeedbackPage(PageHandler):
    @needs(LEARN)
    async def get(self, submission: str) -> None:
        """The same for a browser, which may have to sign in first."""
        show(self, await opened(self, page_for(self), submission))


class FeedbackNotebookPage(PageHandler):
    @needs(LEARN)
    async def get(self, submission: str) -> None:
        """The feedback as a notebook, for a browser."""
        download(self, *await opened(self, attempts.notebook, submission))


class NewestFeedbackPage(PageHandler):
    @needs(LEARN)
    async def get(self, course: str, lesson: str) -> None:
        """The feedback on one's newest graded attempt at a lesson."""
        prefix = self.service.prefix
        show(self, await self.ask(attempts.newest_page, self.person, course, lesson, prefix))


def idempotency_key(handler: Handler) -> str:
    """The header that makes every try of a hand-in one hand-in. Raises Invalid."""
    key = handler.request.headers.get("Idempotency-Key", "")
    if not IDEMPOTENCY_KEY.match(key):
        raise Invalid(
            "Send an Idempotency-Key header of 8 to 200 visible ASCII characters, a new one "
            "for each hand-in and the same one when you try again"
        )
    return key


async def opened(handler: Handler, question: Callable[..., T], submission: str) -> T:
    """What `question` tells of a submission, as far as the caller's sign-in reaches."""
    return await handler.ask(
        question, handler.person, int(submission), handler.reach, handler.request_id
    )


def page_for(handler: Handler) -> Callable[..., bytes]:
    """The question for a feedback page, whose links begin with the service's own prefix."""
    return functools.partial(attempts.page, prefix=handler.service.prefix)


def show(handler: Handler, html: bytes) -> None:
    handler.set_header("Content-Type", "text/html; charset=utf-8")
    handler.set_header("Content-Security-Policy", FEEDBACK_POLICY)
    handler.write(html)


def download(handler: Handler, name: str, content: bytes) -> None:
    handler.set_header("Content-Type", NOTEBOOK)
    handler.set_header("Content-Disposition", f'attachment; filename="{name}"')
    handler.write(content)


ROUTES = [
    Route("submissions/{submission}/feedback", FeedbackPage),
    Route("submissions/{submission}/feedback.ipynb", FeedbackNotebookPage),
    Route("courses/{course}/lessons/{lesson}/feedback", NewestFeedbackPage),
    Route("api/v1/courses/{course}/lessons/{lesson}/submissions", Submissions),
    Route("api/v1/submissions/{submission}", Submission),
    Route("api/v1/submissions/{submission}/notebook", HandedIn),
    Route("api/v1/submissions/{submission}/feedback", Feedback),
    Route("api/v1/submissions/{submission}/feedback.ipynb", FeedbackNotebook),
]
