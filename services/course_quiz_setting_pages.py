"""The settings of a quiz from the bank as a page: what it asks, its times, all attempts at it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy.orm import Session

from coursewright.grader.deadlines import moment, zone_of
from coursewright.records import bank, bank_quizzes, courses
from coursewright.records.bank import Desk
from coursewright.records.bank_quizzes import Pick, Quiz
from coursewright.records.bank_tables import QUIZ_STATES, TOLD
from coursewright.records.course import Lesson
from coursewright.records.errors import Conflict, CoursewrightError, Invalid, NotFound
from coursewright.services.answers import PageHandler
from coursewright.services.course_quiz_pages import QUIZ, QuizPages
from coursewright.services.course_quiz_settings import lines
from coursewright.services.guards import needs
from coursewright.services.paging import numbered
from coursewright.services.problems import status_of
from coursewright.services.rendered import plain
from coursewright.services.routes import Route
from coursewright.services.scopes import TEACH

ATTEMPTS = 100  # on a page
CHOICES = 100  # questions that are offered at once, beside those that are picked


class QuizSettingsPage(QuizPages):
    @needs(TEACH, role="assistant")
    async def get(self, course: str, quiz: str) -> None:
        """What a quiz is made of, its times, and the attempts at it, page by page.

        `?find=` offers the questions with these letters in them, beside those that are picked.
        """
        await self.show_settings(course, await self.ask(bank_quizzes.one, course, quiz))

    @needs(TEACH, role="instructor")
    async def post(self, course: str, quiz: str) -> None:
        """Set the quiz as the form says."""
        before = await self.ask(bank_quizzes.one, course, quiz)
        wanted = before
        try:
            wanted = set_by_form(self, before)
            await self.ask(bank_quizzes.change, self.person, course, wanted, self.request_id)
        except (Invalid, Conflict, NotFound) as error:
            self.set_status(status_of(error))
            await self.show_settings(course, wanted, error)
            return
        page = f"{self.service.prefix}courses/{course}/quizzes/{quiz}/settings"
        self.redirect(page, status=303)

    async def show_settings(
        self, course: str, quiz: Quiz, error: CoursewrightError | None = None
    ) -> None:
        find = self.get_query_argument("find", "")
        about = await self.ask(around, Desk(self.person, course), quiz, find)
        about["attempts"] = numbered(self, about["attempts"], ATTEMPTS)
        await self.show_quiz(
            "course_quiz_settings.html",
            course,
            quiz=quiz,
            find=find,
            states=QUIZ_STATES,
            tellings=TOLD,
            wall=lambda at: wall(at, quiz.zone),
            error=error,
            **about,
        )


@dataclass(frozen=True)
class Choice:
    """A question that can be picked."""

    id: int
    name: str
    kind: str
    picked: bool


def around(session: Session, desk: Desk, quiz: Quiz, find: str = "") -> dict[str, Any]:
    """What the form of a quiz offers, and the attempts at it.

    Questions that are picked are always among the choices, so that saving takes none away.
    """
    picked = {pick.question for pick in quiz.picks}
    offered = [
        Choice(entry.id, plain(entry.question.prompt), entry.question.kind, entry.id in picked)
        for entry in bank.everything(session, desk)
    ]
    wanted = find.strip().casefold()
    fitting = [one for one in offered if one.picked or wanted in one.name.casefold()]
    others = [one for one in fitting if not one.picked]
    shown = {one.id for one in others[:CHOICES]}
    choices = [one for one in fitting if one.picked or one.id in shown]
    drawn = {pick.concept: pick.count for pick in quiz.picks if pick.concept is not None}
    version = courses.current_version(session, desk.course).id
    lessons: list[Lesson] = list(courses.source_course(session, version).lessons())
    return {
        "choices": choices,
        "more_choices": len(others) - len(shown),
        "offered": len(offered),
        "concepts": bank.concepts(session, desk),
        "drawn": drawn,
        "lessons": [(lesson.key, lesson.title) for lesson in lessons],
        "attempts": lines(session, desk.course, quiz.key),
    }


def set_by_form(handler: PageHandler, before: Quiz) -> Quiz:
    """Raises Invalid."""

    def text(name: str) -> str:
        return handler.get_body_argument(name, "").strip()

    def whole(name: str, usual: int | None) -> int | None:
        said = text(name)
        if not said:
            return usual
        if not (said.isascii() and said.isdecimal() and len(said) < 10):
            raise Invalid(f"{said[:40]!r} is not a whole number")
        return int(said)

    zone = text("zone") or "UTC"
    zone_of(zone)
    fixed = [int(one) for one in handler.get_body_arguments("question") if one.isdecimal()]
    # Questions that were picked keep their places; new ones come after them.
    known = [pick.question for pick in before.picks if pick.question in fixed]
    fixed.sort(key=lambda one: known.index(one) if one in known else len(known))
    picks = [Pick(question=one) for one in fixed]
    for n, concept in enumerate(handler.get_body_arguments("concept", strip=False)):
        count = whole(f"draw-{n}", 0)
        if count:
            picks.append(Pick(concept=concept, count=count))
    opens, closes = (
        moment(text(name), zone) if text(name) else None for name in ("opens_at", "closes_at")
    )
    return replace(
        before,
        title=text("title"),
        lesson=text("lesson") or None,
        state=text("state") or before.state,
        minutes=whole("minutes", None),
        attempts=whole("attempts", 1) or 0,
        shuffled="shuffled" in handler.request.body_arguments,
        told=text("told") or before.told,
        zone=zone,
        picks=tuple(picks),
        version=whole("version", 0) or 0,
        opens_at=opens,
        closes_at=closes,
    )


def wall(at: Any, zone: str) -> str:
    """A moment as a browser's field has it."""
    if at is None:
        return ""
    return str(at.astimezone(zone_of(zone)).replace(tzinfo=None).isoformat(timespec="minutes"))


ROUTES = [Route(f"{QUIZ}/settings", QuizSettingsPage)]
