"""Quizzes from the bank as pages: a list, and a form to take one that works without script."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy.orm import Session

from coursewright.grader import bank_quizzes as grader
from coursewright.records import bank_quizzes, courses
from coursewright.records.bank_quizzes import Quiz
from coursewright.records.errors import Conflict, CoursewrightError, Denied, Invalid, NotFound
from coursewright.services import course_quiz_standing as standing
from coursewright.services.answers import PageHandler
from coursewright.services.course_quiz_standing import Running, Standing, Tried
from coursewright.services.guards import needs
from coursewright.services.problems import status_of
from coursewright.services.quiz_standing import Asked
from coursewright.services.quiz_views import View, answer_of, view
from coursewright.services.routes import Route
from coursewright.services.scopes import LEARN, STAFF, TEACH

TOLD_WORDS = {
    "attempt": "after each attempt",
    "last": "after the last attempt",
    "closed": "when the quiz has closed",
    "never": "never",
}
STATE_WORDS = {"draft": "Draft", "open": "Open to students", "archived": "Archived"}


class QuizPages(PageHandler):
    """What the pages of quizzes share."""

    async def show_quiz(self, template: str, course: str, **values: Any) -> None:
        """Raises NotFound to those who are not enrolled."""
        self.role, title = await self.ask(place, self.person, course)
        if self.role is None and not self.is_admin:
            raise NotFound(f"There is no course {course!r} here, or you are not enrolled in it")
        self.show_course(
            template,
            course,
            title,
            teaches=self.role in STAFF or self.is_admin,
            may_change=self.role == "instructor" or self.is_admin,
            told_words=TOLD_WORDS,
            state_words=STATE_WORDS,
            **values,
        )


class QuizzesPage(QuizPages):
    @needs(LEARN)
    async def get(self, course: str) -> None:
        """The quizzes of a course and how one stands in each; for those who teach, a new one."""
        await self.show_list(course)

    @needs(TEACH, role="instructor")
    async def post(self, course: str) -> None:
        """Make a quiz with a title; its settings come next."""
        title = self.get_body_argument("title", "").strip()
        key = re.sub("[^a-z0-9]+", "-", title.lower()).strip("-")[:60] or "quiz"
        try:
            made = await self.ask(
                bank_quizzes.add, self.person, course, Quiz(key, title), self.request_id
            )
        except (Invalid, Conflict) as error:
            self.set_status(status_of(error))
            await self.show_list(course, error=error, sent=title)
            return
        page = f"{self.service.prefix}courses/{course}/quizzes/{made.key}/settings"
        self.redirect(page, status=303)

    async def show_list(self, course: str, **said: Any) -> None:
        found: list[Standing] = []
        held, _ = await self.ask(place, self.person, course)
        if held is not None or not self.is_admin:
            found = await self.ask(standing.every, self.person, course)
        values = {"error": None, "sent": "", **said}
        await self.show_quiz("course_quizzes.html", course, quizzes=found, **values)


class QuizPage(QuizPages):
    @needs(LEARN)
    async def get(self, course: str, quiz: str) -> None:
        """A quiz: to begin, to answer, or to read what became of it."""
        await self.show_one(course, quiz)

    @needs(LEARN)
    async def post(self, course: str, quiz: str) -> None:
        """What a form says: `start` (the number of the attempt), `save` or `submit`."""
        said = self.request.body_arguments
        try:
            if "start" in said:
                key = self.get_body_argument("key", "")
                await self.ask(grader.start, self.person, course, quiz, key)
            elif "save" in said or "submit" in said:
                wrong = await self.keep(course, quiz, end="submit" in said)
                if wrong:
                    self.set_status(400)
                    await self.show_one(course, quiz, wrong=wrong)
                    return
            else:
                raise Invalid("The form must say one thing to do: start, save or submit")
        except (Denied, Conflict, Invalid) as error:
            self.set_status(status_of(error))
            await self.show_one(course, quiz, error=error)
            return
        self.redirect(f"{self.service.prefix}courses/{course}/quizzes/{quiz}", status=303)

    async def keep(self, course: str, quiz: str, *, end: bool) -> Mapping[str, str]:
        """By question, why something is no answer. Raises Denied after the time."""
        number = self.get_body_argument("attempt", "")
        found = await self.ask(standing.one, self.person, course, quiz)
        running = found.running
        if running is None or str(running.attempt) != number:
            tried = [one for one in found.tries if str(one.attempt) == number]
            if tried and tried[0].by_time:
                raise Denied(grader.TIME_IS_OVER)
            return {}
        answers = {
            one.key: answer_of(bare(one), self.field, self.get_body_arguments)
            for one in running.questions
        }
        act = grader.hand_in if end else grader.save
        kept = await self.ask(act, self.person, course, quiz, running.attempt, answers)
        if kept.late:
            raise Denied(grader.TIME_IS_OVER)
        return kept.wrong

    def field(self, name: str) -> str:
        return self.get_body_argument(name, "", strip=False)

    async def show_one(
        self,
        course: str,
        quiz: str,
        *,
        wrong: Mapping[str, str] | None = None,
        error: CoursewrightError | None = None,
    ) -> None:
        found = await self.ask(standing.one, self.person, course, quiz)
        views: list[View] = []
        if found.running is not None:
            views = asked(found.running, wrong or {}, self.sent_text)
        await self.show_quiz(
            "course_quiz.html",
            course,
            quiz=found,
            views=views,
            wrong=wrong or {},
            tries=[(one, reviewed(one)) for one in reversed(found.tries)],
            opening=f"page-{self.request_id}",
            error=error,
        )

    def sent_text(self, name: str) -> str:
        return self.get_body_argument(name, "", strip=False)


def place(session: Session, person: str, course: str) -> tuple[str | None, str]:
    """The person's role and the course's title. Raises NotFound."""
    return courses.role_of(session, person, course), courses.title(session, course)


def bare(one: Any) -> Asked:
    return Asked(one.key, one.kind, one.prompt, one.code, one.options, one.points)


def asked(running: Running, wrong: Mapping[str, str], field: Any) -> list[View]:
    """What is no answer stands in its field as it was sent."""
    views = []
    for number, one in enumerate(running.questions, 1):
        found = view(bare(one), number, one.answer, wrong=wrong.get(one.key, ""))
        if one.key in wrong and not one.options:
            found = replace(found, text=field(one.key))
        views.append(found)
    return views


def reviewed(tried: Tried) -> list[View]:
    """Empty until it is told."""
    if tried.results is None:
        return []
    results = {result.key: result for result in tried.results}
    return [
        view(one, number, results[one.key].answer, result=results[one.key])
        for number, one in enumerate(tried.questions, 1)
    ]


QUIZ = "courses/{course}/quizzes/{quiz}"
ROUTES = [
    Route("courses/{course}/quizzes", QuizzesPage),
    Route(QUIZ, QuizPage),
]
