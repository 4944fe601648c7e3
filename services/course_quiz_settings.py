"""Quizzes from the bank over the API: made and set by those who teach, and all attempts at one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy.orm import Session

from coursewright.grader import bank_quizzes as grader
from coursewright.grader import releasing
from coursewright.grader.deadlines import zone_of
from coursewright.records import bank_attempts, bank_quizzes, quiz_releases
from coursewright.records.bank_attempts import Line
from coursewright.records.bank_quizzes import COLUMNS, Quiz
from coursewright.services.answers import APIHandler, PageHandler
from coursewright.services.course_quizzes import QUIZZES, CourseQuizzes
from coursewright.services.guards import needs
from coursewright.services.joining import moment
from coursewright.services.paging import PAGED, page
from coursewright.services.routes import Route
from coursewright.services.schemas import documented
from coursewright.services.scopes import TEACH
from coursewright.services.sheets import to_csv

LINE = (
    "person", "display_name", "attempt", "started_at", "submitted_at", "by_time", "points",
    "max_points",
)  # fmt: skip


class AllCourseQuizzes(CourseQuizzes):
    @documented({201: "CourseQuizSettings"}, takes="CourseQuizMade", conflicts=True)
    @needs(TEACH, role="instructor")
    async def post(self, course: str) -> None:
        """Make a quiz of questions from the bank; a draft unless its `state` says otherwise."""
        sent = self.sent()
        quiz = settings(Quiz(sent["key"], ""), sent)
        made = await self.ask(bank_quizzes.add, self.person, course, quiz, self.request_id)
        self.answer(told(made), 201)


class CourseQuizSettings(APIHandler):
    @documented({200: "CourseQuizSettings"})
    @needs(TEACH, role="assistant")
    async def get(self, course: str, quiz: str) -> None:
        """What a quiz is made of, and when and how often it may be taken."""
        self.answer(told(await self.ask(bank_quizzes.one, course, quiz)))

    @documented({200: "CourseQuizSettings"}, takes="CourseQuizSent", conflicts=True)
    @needs(TEACH, role="instructor")
    async def put(self, course: str, quiz: str) -> None:
        """Set a quiz anew; what is left out has its default. Attempts under way get its times.

        `version` is the one that you have seen; when somebody changed it since, nothing is kept
        (409). Questions of attempts under way stay as they are.
        """
        wanted = settings(Quiz(quiz, ""), self.sent())
        made = await self.ask(bank_quizzes.change, self.person, course, wanted, self.request_id)
        self.answer(told(made))


class CourseQuizRelease(APIHandler):
    editable = True

    @documented({200: "CourseQuizRelease"})
    @needs(TEACH, role="assistant")
    async def get(self, course: str, quiz: str) -> None:
        """Whether the results of a quiz are held back, and how many students have some."""
        self.answer(await self.ask(quiz_releases.release, course, quiz))

    @documented({200: "CourseQuizRelease"}, takes="ReleaseSent", matched=True)
    @needs(TEACH, role="instructor")
    async def put(self, course: str, quiz: str) -> None:
        """Hold the results of a quiz back, or release them; every student then gets to know.

        While they are held students see no points, no right answers, nothing of it in their grade
        and mastery. With the grades of its lesson a quiz's results are held, too (`with_lesson`).
        """
        held, who, request_id = self.sent()["held"], self.person, self.request_id
        found = await self.change(
            course,
            lambda session: quiz_releases.release(session, course, quiz),
            lambda session: releasing.hold_quiz(
                session, who, course, quiz, held=held, request_id=request_id
            ),
        )
        self.answer(found)


class CourseQuizLines(APIHandler):
    @documented({200: "CourseQuizLines"}, query=PAGED)
    @needs(TEACH, role="assistant", whole=True)
    async def get(self, course: str, quiz: str) -> None:
        """All attempts of students at a quiz; those whose time is over are handed in first."""
        found = await self.ask(lines, course, quiz)
        here, following = page(
            self, found, lambda one: (one.display_name.casefold(), one.person, one.attempt)
        )
        self.answer({"attempts": here, "next": following})


class CourseQuizSheet(PageHandler):
    @needs(TEACH, role="assistant", whole=True)
    async def get(self, course: str, quiz: str) -> None:
        """The same as a sheet."""
        found = await self.ask(lines, course, quiz)
        self.set_header("Content-Type", "text/csv; charset=utf-8")
        self.set_header("Content-Disposition", f'attachment; filename="{course}-attempts.csv"')
        self.write(to_csv(LINE, ([getattr(one, name) for name in LINE] for one in found)))


def settings(quiz: Quiz, sent: Mapping[str, Any]) -> Quiz:
    """The quiz as it was sent. Raises Invalid."""
    found: dict[str, Any] = {name: sent[name] for name in COLUMNS if name in sent}
    for name in ("opens_at", "closes_at"):
        found[name] = moment(sent.get(name))
    zone_of(found.get("zone", "UTC"))
    picks = bank_quizzes.picks(sent["picks"])
    return replace(quiz, **found, picks=picks, version=sent.get("version", 0))


def told(quiz: Quiz) -> dict[str, Any]:
    shown = {name: getattr(quiz, name) for name in ("key", *COLUMNS, "version")}
    return {**shown, "picks": [pick.to_json() for pick in quiz.picks]}


def lines(session: Session, course: str, key: str) -> list[Line]:
    quiz = bank_quizzes.one(session, course, key)
    grader.settle(session, quiz_id=quiz.id)
    return bank_attempts.lines(session, course, key)


ROUTES = [
    Route(QUIZZES, AllCourseQuizzes),
    Route(f"{QUIZZES}/{{quiz}}/settings", CourseQuizSettings),
    Route(f"{QUIZZES}/{{quiz}}/release", CourseQuizRelease),
    Route(f"{QUIZZES}/{{quiz}}/all-attempts", CourseQuizLines),
    Route("courses/{course}/quizzes/{quiz}/attempts.csv", CourseQuizSheet),
]
