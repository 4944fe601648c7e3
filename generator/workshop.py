"""Where one piece is made: asked for, put through the gates, repaired, accepted or left out.

Nothing here takes the place of a piece that failed. A maker that cannot make one abstains, and the
report says so (ai.md 6.1: no fallback).
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

from pydantic import BaseModel

from coursewright.generator.drafts import (
    ExerciseDraft,
    ExercisePlan,
    Hints,
    Reference,
    Spec,
    Tests,
    Wrong,
)
from coursewright.generator.gates.gate import Finding, GateResult
from coursewright.generator.gates.subject import Subject
from coursewright.generator.maker import Maker, Place
from coursewright.generator.outcomes import ExerciseOutcome, Outcome
from coursewright.generator.progress import Event, Kind, Tell, silent
from coursewright.generator.proving import Proving, blocking
from coursewright.generator.steps import Steps, digest, once, stored
from coursewright.generator.trouble import Abstained
from coursewright.records.errors import Invalid

S = TypeVar("S")
T = TypeVar("T")
M = TypeVar("M", bound=BaseModel)
# Checks one draft where it stands in its lesson; the bool tells whether the solver's answer counts.
CheckExercise = Callable[[ExerciseDraft, bool], Awaitable[Sequence[GateResult]]]
SeenByStudent = Callable[[ExerciseDraft], str]
# What of a request only the outline is made from.
OF_THE_OUTLINE = {"outline", "key", "title", "hours", "modules", "lessons", "exercises", "sources"}
SOLVES = 2  # independent answers that are asked for; one must pass


@dataclass(frozen=True)
class Task:
    """One exercise to make. `check` runs the gates on a draft where it stands in its lesson."""

    place: Place
    plan: ExercisePlan
    check: CheckExercise
    seen: SeenByStudent

    @property
    def where(self) -> str:
        return f"{self.place.lesson.key}/{self.plan.key}"

    @property
    def step(self) -> str:
        return f"exercises/{self.where}"

    @property
    def digest(self) -> str:
        return digest(self.plan, of_place(self.place))


@dataclass(frozen=True)
class Workshop:
    """`solver` answers blind; it is the maker itself where no second model is configured."""

    maker: Maker
    solver: Maker
    steps: Steps
    tell: Tell = silent

    async def exercise(self, task: Task) -> ExerciseOutcome:
        """Raises Unavailable and Spent: then nothing is said of this piece yet."""
        kept = stored(self.steps, f"{task.step}/outcome", ExerciseOutcome, task.digest)
        if kept is not None:
            self.tell(told("exercise", kept, again=True))
            return kept
        self.tell(Event("exercise", task.where, "started"))
        try:
            outcome = await self._proven(task, await self._drafted(task))
        except Abstained as reason:
            outcome = ExerciseOutcome(place=task.where, state="abstained", reasons=[str(reason)])
        self.steps.keep(f"{task.step}/outcome", task.digest, outcome.model_dump(mode="json"))
        self.tell(told("exercise", outcome))
        return outcome

    async def _drafted(self, task: Task) -> ExerciseDraft:
        """The first draft. Its tests are asked for without the reference, beside it."""
        maker, place = self.maker, task.place
        spec = await self._once(
            task, "spec", Spec, task.digest, lambda: maker.spec(place, task.plan)
        )
        asked = digest(task.digest, spec)
        reference, tests = await both(
            self._once(task, "reference", Reference, asked, lambda: maker.reference(place, spec)),
            self._once(task, "tests", Tests, asked, lambda: maker.tests(place, spec)),
        )
        known = digest(asked, reference)
        wrong, hints = await both(
            self._once(task, "wrong", Wrong, known, lambda: maker.wrong(place, spec, reference)),
            self._once(task, "hints", Hints, known, lambda: maker.hints(place, spec, reference)),
        )
        return ExerciseDraft(
            spec=spec,
            reference=reference,
            tests=tests,
            wrong=wrong,
            hints=hints,
            difficulty=task.plan.difficulty,
        )

    async def _proven(self, task: Task, draft: ExerciseDraft) -> ExerciseOutcome:
        """The gates, and at most ROUNDS repairs of what they name."""
        proving = Proving(
            ExerciseDraft,
            self.steps,
            task.step,
            partial(self._checked, task),
            partial(self.maker.repair, task.place),
        )
        proven = await proving.prove(draft, task.where, "exercise", self.tell)
        return ExerciseOutcome(**proven.outcome(task.where))

    async def _checked(
        self, task: Task, draft: ExerciseDraft
    ) -> tuple[ExerciseDraft, list[GateResult]]:
        """What the gates say; once they let it by, also with an answer of the solver's."""
        results = list(await task.check(draft, False))
        if blocking(results):
            return draft, results
        text = task.seen(draft)
        found: Sequence[GateResult] = ()
        for number in range(1, SOLVES + 1):
            answer = await self._solved(task, text, number)
            solved = draft.model_copy(update={"second": answer})
            found = await task.check(solved, True)
            if not blocking(found):
                return solved, merged(results, found)
        return draft, merged(results, found)

    async def _solved(self, task: Task, text: str, attempt: int) -> Reference:
        return await self._once(
            task,
            f"solve-{attempt}",
            Reference,
            digest(text, attempt),
            lambda: self.solver.solve(task.place, text, attempt),
        )

    async def _once(
        self, task: Task, step: str, kind: type[M], given: str, make: Callable[[], Awaitable[M]]
    ) -> M:
        return await once(self.steps, f"{task.step}/{step}", kind, given, make)


def told(kind: Kind, outcome: Outcome, again: bool = False) -> Event:
    """That a piece is at its end; `again` in a run that goes on behind the one that made it."""
    state = "kept" if again and outcome.state != "abstained" else outcome.state
    return Event(kind, outcome.place, state, "; ".join(outcome.reasons)[:200])


def gated(
    gate: Callable[[Subject], GateResult | Sequence[GateResult]],
    standing: Callable[[], Subject],
    place: str,
) -> Sequence[GateResult]:
    """What the gate says of the exercise where it stands; G1 where it cannot stand there."""
    try:
        found = gate(standing())
    except Invalid as error:
        return (GateResult("G1", (Finding("G1", place, str(error)),)),)
    return (found,) if isinstance(found, GateResult) else tuple(found)


def merged(results: Sequence[GateResult], later: Sequence[GateResult]) -> list[GateResult]:
    """The later result of a gate stands for an earlier one."""
    return list({result.gate: result for result in (*results, *later)}.values())


async def together(coroutines: Sequence[Awaitable[T]]) -> list[T]:
    """All at once. When one fails the others come to their ends first: they may be paid for."""
    results = await asyncio.gather(*coroutines, return_exceptions=True)
    for result in results:
        if isinstance(result, BaseException):
            raise result
    return results  # type: ignore[return-value]  # no failure among them


async def both(first: Awaitable[S], second: Awaitable[T]) -> tuple[S, T]:
    """Two of different kinds, as `together`."""
    one, other = await together([_any(first), _any(second)])
    return one, other


async def _any(what: Awaitable[Any]) -> Any:
    return await what


def of_place(place: Place) -> list[Any]:
    """What of the place a piece is made from: when this has changed, it is made anew."""
    return [
        place.request.model_dump(mode="json", exclude=OF_THE_OUTLINE),
        place.lesson.model_dump(mode="json", exclude={"exercises", "quiz"}),
        list(place.before),
        place.note,
        place.origin,
    ]
