"""Messages to a selection of a class: written by those who teach, read by each student."""

from __future__ import annotations

from typing import Any

from markupsafe import Markup
from sqlalchemy.orm import Session

from coursewright.grader.feedback import markdown
from coursewright.records import courses, messages
from coursewright.records.course import Lesson
from coursewright.records.errors import CoursewrightError, Invalid, NotFound, TooMany
from coursewright.records.messages import Addressee
from coursewright.services.answers import APIHandler, PageHandler
from coursewright.services.guards import needs
from coursewright.services.problems import RETRY_AFTER, status_of
from coursewright.services.routes import Route
from coursewright.services.schemas import documented
from coursewright.services.scopes import LEARN, TEACH

BEFORE = {"type": "integer", "minimum": 1, "maximum": 2**63 - 1}


class CourseMessages(APIHandler):
    @documented({200: "SentMessages"}, query={"before": BEFORE})
    @needs(TEACH, role="assistant", whole=True)
    async def get(self, course: str) -> None:
        """A course's messages, newest first, and how many have read each; `before` pages on."""
        before = number(self.get_query_argument("before", None))
        self.answer({"messages": await self.ask(messages.sent, course, before)})

    @documented({201: "MessageNumber"}, takes="MessageSent", slowed=True)
    @needs(TEACH, role="assistant", whole=True)
    async def post(self, course: str) -> None:
        """Write to students of the course: Markdown, at most 4000 characters.

        It is shown to them on their page of courses and told to their JupyterLab at once. Twenty
        messages in an hour, and the next must wait (429).
        """
        sent = self.sent()
        place = self.person, course, sent["to"], sent["text"]
        made = await self.ask(messages.send, *place, request_id=self.request_id)
        self.answer({"id": made}, 201)


class MyMessages(APIHandler):
    @documented({200: "ReceivedMessages"}, query={"before": BEFORE, "unread": {"type": "boolean"}})
    @needs(LEARN)
    async def get(self) -> None:
        """What was sent to oneself, newest first; with `unread=true`, what was not read yet."""
        before = number(self.get_query_argument("before", None))
        unread = self.get_query_argument("unread", "false") == "true"
        found = await self.ask(messages.received, self.person, unread=unread, before=before)
        self.answer({"messages": found})


class Read(APIHandler):
    @documented({200: "MessageNumber"}, takes="Nothing")
    @needs(LEARN)
    async def put(self, message: str) -> None:
        """One has read a message to oneself."""
        self.sent()
        await self.ask(messages.mark_read, self.person, int(message))
        self.answer({"id": int(message)})


class MessagesPage(PageHandler):
    @needs(TEACH, role="assistant", whole=True)
    async def get(self, course: str) -> None:
        """The messages of a course; with a choice of students in the query, a form to write one.

        `to` names a student, `whom=stuck` all who are stuck, `lesson` all who have not handed it
        in.
        """
        await self.show_all(course)

    @needs(TEACH, role="assistant", whole=True)
    async def post(self, course: str) -> None:
        """Send what the form says."""
        people = set(self.get_body_arguments("to"))
        text = self.get_body_argument("text", "")
        try:
            made = await self.ask(
                messages.send, self.person, course, people, text, request_id=self.request_id
            )
        except (Invalid, TooMany) as error:
            self.set_status(status_of(error))
            if isinstance(error, TooMany):
                self.set_header("Retry-After", str(getattr(error, "wait", RETRY_AFTER)))
            await self.show_all(course, error, text)
            return
        page = f"{self.service.prefix}courses/{course}/messages"
        self.redirect(f"{page}#message-{made}", status=303)

    async def show_all(
        self, course: str, wrong: CoursewrightError | None = None, text: str = ""
    ) -> None:
        choice = {
            # Those of the query and of a form that was refused.
            "people": set(self.get_arguments("to")),
            "whom": self.get_query_argument("whom", ""),
            "lesson": self.get_query_argument("lesson", ""),
        }
        before = number(self.get_query_argument("before", None))
        found = await self.ask(overview, course, choice, before)
        self.show_course(
            "messages.html",
            course,
            found.pop("title"),
            wrong=wrong,
            text=text,
            prose=prose,
            **found,
        )


class Inbox(PageHandler):
    @needs(LEARN)
    async def get(self) -> None:
        """All messages to oneself, newest first."""
        before = number(self.get_query_argument("before", None))
        found = await self.ask(messages.received, self.person, before=before)
        self.show("inbox.html", messages=found, page_size=messages.PAGE, prose=prose)


class ReadForm(PageHandler):
    @needs(LEARN)
    async def post(self, message: str) -> None:
        """One has read a message; back to one's courses."""
        await self.ask(messages.mark_read, self.person, int(message))
        self.redirect(self.service.prefix, status=303)


def overview(
    session: Session, course: str, choice: dict[str, Any], before: int | None
) -> dict[str, Any]:
    """What the page shows. Raises NotFound for a lesson that there is not."""
    source = courses.newest_source(session, course)
    lesson = next((one for one in source.lessons() if one.key == choice["lesson"]), None)
    if choice["lesson"] and lesson is None:
        raise NotFound(f"The course {course!r} has no lesson {choice['lesson']!r}")
    to, why = addressees(session, course, choice, lesson)
    return {
        "title": source.title,
        "to": to,
        "why": why,
        "sent": messages.sent(session, course, before),
        "page_size": messages.PAGE,
        "longest": messages.LONGEST,
        "asked": lesson is not None or bool(choice["whom"] or choice["people"]),
    }


def addressees(
    session: Session, course: str, choice: dict[str, Any], lesson: Lesson | None
) -> tuple[list[Addressee], str]:
    """Whom a choice means, and who they are in a few words. Raises Invalid."""
    if choice["people"]:
        return messages.chosen(session, course, choice["people"]), "whom you have chosen"
    if lesson is not None:
        title = lesson.title or lesson.key
        return messages.missing(session, course, lesson.key), f"who have not handed in “{title}”"
    if choice["whom"] == "stuck":
        return messages.stuck(session, course), "who are here and stuck"
    if choice["whom"]:
        raise Invalid("One can write to those who are `stuck`, or to names in `to`")
    return [], ""


def prose(text: str) -> Markup:
    """Somebody's Markdown as harmless HTML, its headings below a page's second level."""
    return Markup(markdown(text, above=3))  # noqa: S704 - it comes out of nh3


def number(text: str | None) -> int | None:
    """Of a message, as it stands in a query. Raises Invalid."""
    if text is None:
        return None
    if not (text.isascii() and text.isdigit() and 0 < len(text) < 19):
        raise Invalid("`before` is the number of a message")
    return int(text)


ROUTES = [
    Route("courses/{course}/messages", MessagesPage),
    Route("messages", Inbox),
    Route("messages/{message}/read", ReadForm),
    Route("api/v1/messages", MyMessages),
    Route("api/v1/messages/{message}/read", Read),
    Route("api/v1/courses/{course}/messages", CourseMessages),
]
