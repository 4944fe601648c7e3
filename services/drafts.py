"""The draft of a course and its reviews: sent by one person, settled by another."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from coursewright.records import (
    authoring,
    checks,
    courses,
    drafts,
    history,
    lifecycle,
    live,
    reviews,
)
from coursewright.records.checks import Told
from coursewright.records.drafts import Draft
from coursewright.records.errors import Conflict, CoursewrightError, Denied, Invalid, NotFound
from coursewright.records.history import Comparison
from coursewright.records.reviews import DECISIONS, Decision, Review
from coursewright.services import transfer
from coursewright.services.authors import AuthorHandler, AuthorPage
from coursewright.services.guards import needs
from coursewright.services.paging import PAGED, page
from coursewright.services.problems import status_of
from coursewright.services.routes import Route
from coursewright.services.schemas import documented
from coursewright.services.scopes import TEACH

ACTS = {"import", "discard", "send", *DECISIONS}
DONE = {
    "made": "The course is made. Nobody sees it before it is published.",
    "import": "The zip is the draft now.",
    "discard": "The draft is forgotten.",
    "send": "The draft is in review, and is being checked.",
    "approve": "The draft is published.",
    "return": "The draft was returned.",
    "withdraw": "The draft was withdrawn from review.",
}


class DraftOfCourse(transfer.Import):
    @documented({200: "DraftState"})
    @needs(TEACH, role="instructor")
    async def get(self, course: str) -> None:
        """The state of a course, its draft, and the review that waits for an answer."""
        found = await self.ask(desk, course)
        draft = found.draft and {
            "sha256": found.draft.sha,
            "changed_by": found.draft.changed_by,
            "changed_at": found.draft.changed_at,
            "lessons": sum(1 for _ in found.draft.course.lessons()),
        }
        self.answer({"state": found.state, "draft": draft, "review": found.waiting})


class Drafts(AuthorHandler):
    @documented({200: "Drafts"})
    @needs(TEACH)
    async def get(self) -> None:
        """The drafts that are kept here of the courses of which one is an instructor."""
        self.answer({"drafts": await self.ask(drafts.listed, self.person)})


class Reviews(AuthorHandler):
    @documented({200: "Reviews"}, query=PAGED)
    @needs(TEACH, role="instructor")
    async def get(self, course: str) -> None:
        """A course's reviews, the newest first."""
        found = await self.ask(reviews.listed, course, None)
        here, following = page(self, found, lambda one: (-one.id,))
        self.answer({"reviews": here, "next": following})

    @documented({201: "Review"}, takes="ReviewAsked", conflicts=True)
    @needs(TEACH, role="instructor")
    async def post(self, course: str) -> None:
        """Send the draft to review; it is put to every gate. One at a time (409)."""
        message = self.sent()["message"]
        request = {"request_id": self.request_id}
        self.answer(await self.ask(reviews.ask, self.rights, course, message, **request), 201)


class ReviewOfCourse(AuthorHandler):
    @documented({200: "Review"}, takes="ReviewSettled", conflicts=True)
    @needs(TEACH, role="instructor")
    async def put(self, course: str, review: str) -> None:
        """Approve a draft, which publishes it, return it with a message, or withdraw one's own.

        Nobody approves what they have sent themself but an administrator. Approving needs the
        end of the check (409), and `despite`, a reason, where that found what blocks.
        """
        sent = self.sent()
        decision = Decision(sent["act"], sent.get("message", ""), sent.get("despite"))
        request = {"request_id": self.request_id}
        settled = await self.ask(
            reviews.settle, self.rights, course, int(review), decision, **request
        )
        self.answer(settled)


class DraftPage(AuthorPage):
    @needs(TEACH, role="instructor")
    async def get(self, course: str) -> None:
        """The draft beside the newest version, and its way through review."""
        await self.show_draft(course)

    @needs(TEACH, role="instructor")
    async def post(self, course: str) -> None:
        """What a form says: `import` a zip, `discard` the draft, `send` it, or settle a review."""
        acts = ACTS & self.request.body_arguments.keys()
        try:
            if len(acts) != 1:
                raise Invalid(f"The form must say one thing to do: {', '.join(sorted(ACTS))}")
            (act,) = acts
            await self.act(act, course)
        except (Invalid, NotFound, Conflict, Denied) as error:
            self.set_status(status_of(error))
            await self.show_draft(course, error)
            return
        self.redirect(f"{self.service.prefix}courses/{course}/draft?done={act}", status=303)

    async def act(self, act: str, course: str) -> None:
        """Raises what the records raise."""
        request = {"request_id": self.request_id}
        message = self.get_body_argument("message", "")
        if act == "import":
            unpacked = await transfer.opened(self.sent_file())
            found = unpacked.course()
            if found.key != course:
                raise Invalid(f"This is the course {found.key!r}, not {course!r}")
            await self.ask(drafts.save, self.rights, found, **request)
        elif act == "discard":
            await self.ask(drafts.discard, self.person, course, **request)
        elif act == "send":
            await self.ask(reviews.ask, self.rights, course, message, **request)
        else:
            asked = self.get_body_argument("review", "")
            if not (asked.isascii() and asked.isdigit() and len(asked) < 19):
                raise Invalid("The form must say which review")
            decision = Decision(act, message, self.get_body_argument("despite", "") or None)
            await self.ask(reviews.settle, self.rights, course, int(asked), decision, **request)

    async def show_draft(self, course: str, wrong: CoursewrightError | None = None) -> None:
        found = await self.ask(desk, course)
        self.show_course(
            "draft.html",
            course,
            found.title,
            published=found.newest is not None,
            course=found,
            me=self.person,
            is_admin=self.is_admin,
            wrong=wrong,
            message=self.get_body_argument("message", "") if wrong else "",
            done=DONE.get(self.get_query_argument("done", "")),
        )


@dataclass(frozen=True)
class Desk:
    """What those see who write a course; `check` is the waiting review's.

    `last` is the number of the newest event before it was read.
    """

    key: str
    title: str
    state: str
    newest: int | None
    draft: Draft | None
    changes: Comparison | None
    reviews: list[Review]
    check: Told | None
    last: int

    @property
    def waiting(self) -> Review | None:
        return next((one for one in self.reviews if one.state == "waiting"), None)

    @property
    def settled(self) -> list[Review]:
        return [one for one in self.reviews if one.state != "waiting"]


def desk(session: Session, course: str) -> Desk:
    """Raises NotFound."""
    last = live.newest(session)
    draft = drafts.of(session, course)
    newest: tuple[int, Any] | None = None
    if lifecycle.has_version(session, course):
        newest = authoring.source(session, course)
    changes = history.between(newest[1], draft.course) if newest and draft else None
    found = reviews.listed(session, course)
    waiting = next((one for one in found if one.state == "waiting"), None)
    return Desk(
        course,
        courses.title(session, course),
        lifecycle.state_of(session, course),
        newest[0] if newest else None,
        draft,
        changes,
        found,
        checks.told(session, waiting.check) if waiting else None,
        last,
    )


ROUTES = [
    Route("courses/{course}/draft", DraftPage),
    Route("api/v1/courses/{course}/draft", DraftOfCourse),
    Route("api/v1/drafts", Drafts),
    Route("api/v1/courses/{course}/reviews", Reviews),
    Route("api/v1/courses/{course}/reviews/{review}", ReviewOfCourse),
]
