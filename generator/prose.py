"""Makes a lesson's text: written by the maker, its examples run, their real output kept."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from coursewright.generator.drafts import LessonDraft
from coursewright.generator.gates.gate import GateResult
from coursewright.generator.maker import Maker, Place
from coursewright.generator.outcomes import LessonOutcome
from coursewright.generator.progress import Event, Tell, silent
from coursewright.generator.proving import Proving
from coursewright.generator.steps import Steps, digest, once, stored
from coursewright.generator.trouble import Abstained
from coursewright.generator.workshop import of_place, told

Outputs = dict[int, list[dict[str, Any]]]
# Runs the examples; their outputs by number of the block (from 0), and what the gates say.
CheckLesson = Callable[[LessonDraft], Awaitable[tuple[Outputs, Sequence[GateResult]]]]


@dataclass(frozen=True)
class Writing:
    """The making of lessons' texts."""

    maker: Maker
    steps: Steps
    tell: Tell = silent

    async def lesson(self, place: Place, check: CheckLesson) -> LessonOutcome:
        """Raises Unavailable and Spent, as Workshop.exercise does."""
        key = place.lesson.key
        name, given = f"lessons/{key}", digest(of_place(place))
        kept = stored(self.steps, f"{name}/outcome", LessonOutcome, given)
        if kept is not None:
            self.tell(told("lesson", kept, again=True))
            return kept
        self.tell(Event("lesson", key, "started"))
        try:
            outcome = await self._proven(place, name, given, check)
        except Abstained as reason:
            outcome = LessonOutcome(place=key, state="abstained", reasons=[str(reason)])
        self.steps.keep(f"{name}/outcome", given, outcome.model_dump(mode="json"))
        self.tell(told("lesson", outcome))
        return outcome

    async def _proven(
        self, place: Place, name: str, given: str, check: CheckLesson
    ) -> LessonOutcome:
        draft = await once(
            self.steps, f"{name}/text", LessonDraft, given, lambda: self.maker.lesson(place)
        )
        shown: Outputs = {}

        async def checked(draft: LessonDraft) -> tuple[LessonDraft, Sequence[GateResult]]:
            nonlocal shown
            shown, results = await check(draft)
            return draft, results

        proving = Proving(
            LessonDraft, self.steps, name, checked, partial(self.maker.repair_lesson, place)
        )
        proven = await proving.prove(draft, place.lesson.key, "lesson", self.tell)
        return LessonOutcome(**proven.outcome(place.lesson.key), outputs=shown)
