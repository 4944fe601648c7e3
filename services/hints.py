"""Hints to the exercises of a lesson, one after another."""

from __future__ import annotations

from coursewright.records import hints
from coursewright.services.answers import APIHandler
from coursewright.services.guards import needs
from coursewright.services.routes import Route
from coursewright.services.schemas import documented
from coursewright.services.scopes import LEARN


class LessonHints(APIHandler):
    @documented({200: "LessonHints"})
    @needs(LEARN)
    async def get(self, course: str, lesson: str) -> None:
        """The hints that one was given in a lesson, by exercise, and how many each has."""
        found = await self.ask(hints.of_lesson, self.person, course, lesson)
        self.answer({"exercises": found})


class ExerciseHints(APIHandler):
    @documented({200: "Hints"})
    @needs(LEARN)
    async def get(self, course: str, lesson: str, exercise: str) -> None:
        """The hints to an exercise that one was given, and how many it has."""
        self.answer(await self.ask(hints.of_exercise, self.person, course, lesson, exercise))

    @documented({200: "Hints"}, takes="HintAsked", conflicts=True)
    @needs(LEARN)
    async def post(self, course: str, lesson: str, exercise: str) -> None:
        """Ask for the hint number `tier`, from 1.

        It is given when all before it were (409 otherwise); asking again for one that was given
        answers the same and is not counted again.
        """
        tier = self.sent()["tier"]
        self.answer(await self.ask(hints.give, self.person, course, lesson, exercise, tier=tier))


ROUTES = [
    Route("api/v1/courses/{course}/lessons/{lesson}/hints", LessonHints),
    Route("api/v1/courses/{course}/lessons/{lesson}/exercises/{exercise}/hints", ExerciseHints),
]
