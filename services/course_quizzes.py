"""Quizzes from the bank over the API: taken by the people of a course."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from coursewright.grader import bank_quizzes as grader
from coursewright.records.errors import Denied
from coursewright.services import course_quiz_standing as standing
from coursewright.services.answers import APIHandler
from coursewright.services.guards import needs
from coursewright.services.routes import Route
from coursewright.services.schemas import documented
from coursewright.services.scopes import LEARN
from coursewright.services.submissions import KEY_HEADER, idempotency_key


class CourseQuizzes(APIHandler):
    @documented({200: "CourseQuizzes"})
    @needs(LEARN)
    async def get(self, course: str) -> None:
        """The quizzes of a course that are made from its bank; drafts for those who teach it."""
        self.answer({"quizzes": await self.ask(standing.every, self.person, course)})


class CourseQuiz(APIHandler):
    @documented({200: "CourseQuiz"})
    @needs(LEARN)
    async def get(self, course: str, quiz: str) -> None:
        """A quiz with one's open attempt and what has been saved in it, and one's earlier ones.

        Questions and options stand in one's own order. Right answers and explanations are told as
        the quiz says: after each attempt, after the last one, after it has closed, or never.
        """
        self.answer(await self.ask(standing.one, self.person, course, quiz))


class CourseQuizAttempts(APIHandler):
    @documented(
        {201: "CourseQuiz", 200: "CourseQuiz"}, takes=None, headers=KEY_HEADER, conflicts=True
    )
    @needs(LEARN)
    async def post(self, course: str, quiz: str) -> None:
        """Begin an attempt; where one is open, that one goes on (200).

        The same Idempotency-Key never begins a second attempt. The time begins with the first
        answer to this; the server ends it.
        """
        key = idempotency_key(self)
        repeated, found = await self.ask(begun, self.person, course, quiz, key)
        self.answer(found, 200 if repeated else 201)


class CourseQuizAnswers(APIHandler):
    @documented({200: "CourseQuizSaved"}, takes="CourseQuizAnswers", conflicts=True)
    @needs(LEARN)
    async def put(self, course: str, quiz: str, attempt: str) -> None:
        """Keep answers; questions that are left out stay as they were.

        What is no answer is told in `wrong`, by question, and the others are kept. After the time
        nothing is taken any more (403); what had been saved is handed in.
        """
        answers = self.sent()["answers"]
        said = await self.ask(saved, self.person, course, quiz, int(attempt), answers)
        if said is None:
            raise Denied(grader.TIME_IS_OVER)
        self.answer(said)


class CourseQuizSubmission(APIHandler):
    @documented({200: "CourseQuizReceipt"}, takes="CourseQuizAnswers")
    @needs(LEARN)
    async def post(self, course: str, quiz: str, attempt: str) -> None:
        """Keep these answers and hand the attempt in, once, however often this is sent.

        While one of them is no answer (`wrong`) it is not handed in. `by_time`: the time was over
        before, so that what had been saved by then is what counts.
        """
        answers = self.sent()["answers"]
        self.answer(await self.ask(handed_in, self.person, course, quiz, int(attempt), answers))


def begun(
    session: Session, person: str, course: str, quiz: str, key: str
) -> tuple[bool, standing.Standing]:
    """Whether it had begun before, and how it stands."""
    kept = grader.start(session, person, course, quiz, key)
    return kept.repeated, standing.of(session, kept.at)


def saved(  # noqa: PLR0917 (no two of them can be mistaken for each other)
    session: Session, person: str, course: str, quiz: str, attempt: int, answers: dict[str, Any]
) -> dict[str, Any] | None:
    """None when the time was over."""
    kept = grader.save(session, person, course, quiz, attempt, answers)
    if kept.late:
        return None
    return {
        "attempt": attempt,
        "saved_at": kept.row.saved_at,
        "seconds_left": standing.seconds_left(kept.row, kept.at.now),
        "wrong": kept.wrong,
    }


def handed_in(  # noqa: PLR0917 (no two of them can be mistaken for each other)
    session: Session, person: str, course: str, quiz: str, attempt: int, answers: dict[str, Any]
) -> dict[str, Any]:
    kept = grader.hand_in(session, person, course, quiz, attempt, answers)
    return {
        "attempt": attempt,
        "handed_in": kept.row.submitted_at is not None,
        "repeated": kept.repeated,
        "by_time": kept.row.by_time,
        "submitted_at": kept.row.submitted_at,
        "wrong": kept.wrong,
        "quiz": standing.of(session, kept.at),
    }


QUIZZES = "api/v1/courses/{course}/quizzes"
ATTEMPT = f"{QUIZZES}/{{quiz}}/attempts/{{attempt}}"
# What asks and what sets share the address of all quizzes; see course_quiz_settings.py.
ROUTES = [
    Route(f"{QUIZZES}/{{quiz}}", CourseQuiz),
    Route(f"{QUIZZES}/{{quiz}}/attempts", CourseQuizAttempts),
    Route(f"{ATTEMPT}/answers", CourseQuizAnswers),
    Route(f"{ATTEMPT}/submission", CourseQuizSubmission),
]
