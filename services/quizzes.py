"""Quizzes of a lesson: asked in each person's own order, answered, explained."""

from __future__ import annotations

from coursewright.grader.answering import Sent
from coursewright.services import quiz_standing
from coursewright.services.answers import APIHandler
from coursewright.services.guards import needs
from coursewright.services.routes import Route
from coursewright.services.schemas import documented
from coursewright.services.scopes import LEARN
from coursewright.services.submissions import KEY_HEADER, idempotency_key


class Quizzes(APIHandler):
    @documented({200: "Quizzes"})
    @needs(LEARN)
    async def get(self, course: str, lesson: str) -> None:
        """The quizzes of a lesson, with one's attempts and what one may know of their results.

        Options have their places in one's own order. `?version=N` asks for those of that version,
        as an open notebook has them; without it, or when there is none, they are the newest's. A
        question's key is told when it was answered right or no attempt is left.
        """
        said = self.get_query_argument("version", "")
        version = int(said) if said.isascii() and said.isdecimal() and len(said) < 10 else None
        self.answer(await self.ask(quiz_standing.of_lesson, self.person, course, lesson, version))


class QuizAttempts(APIHandler):
    @documented(
        {201: "QuizReceipt", 200: "QuizReceipt"},
        takes="QuizAnswers",
        headers=KEY_HEADER,
        conflicts=True,
    )
    @needs(LEARN)
    async def post(self, course: str, lesson: str, quiz: str) -> None:
        """Answer a quiz, exactly once; the best attempt counts.

        The same Idempotency-Key gives the same attempt (200, `repeated`), however often it is sent;
        with other answers it is refused (409). So is one attempt too many (409), and whatever comes
        after the lesson's cut-off (403). A question left out counts as not answered.
        """
        body = self.sent()
        sent = Sent(body["answers"], idempotency_key(self), body.get("version"))
        taken = await self.ask(quiz_standing.answered, self.person, course, lesson, quiz, sent)
        self.answer(taken, 200 if taken.repeated else 201)


ROUTES = [
    Route("api/v1/courses/{course}/lessons/{lesson}/quizzes", Quizzes),
    Route("api/v1/courses/{course}/lessons/{lesson}/quizzes/{quiz}/attempts", QuizAttempts),
]
