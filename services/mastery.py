"""What somebody has learned: their command of the concepts of a course."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from coursewright.grader.mastery import WEIGHTS, level
from coursewright.records import mastery
from coursewright.services.answers import APIHandler
from coursewright.services.guards import needs
from coursewright.services.routes import Route
from coursewright.services.schemas import documented
from coursewright.services.scopes import LEARN


class Mastery(APIHandler):
    @documented({200: "Mastery"})
    @needs(LEARN)
    async def get(self, course: str) -> None:
        """One's own command of the concepts of a course, 0 to 100, with what speaks for it.

        Concepts without a graded exercise or a quiz are not there yet.
        """
        self.answer({"concepts": await self.ask(concepts, self.person, course)})


@dataclass(frozen=True)
class Concept:
    """`level` and `colour` are the band's; `evidence` holds the formula's parts, 0 to 100."""

    concept: str
    score: float
    level: str
    colour: str
    evidence: dict[str, float | None]
    updated_at: datetime


def concepts(session: Session, person: str, course: str) -> list[Concept]:
    """By name. Raises NotFound when the person does not belong to the course."""
    return [
        Concept(
            concept=one.concept,
            score=one.score,
            level=level(one.score).name,
            colour=level(one.score).colour,
            evidence={name: one.evidence.get(name) for name in WEIGHTS},
            updated_at=one.updated_at,
        )
        for one in mastery.standing(session, person, course)
    ]


ROUTES = [Route("api/v1/courses/{course}/mastery", Mastery)]
