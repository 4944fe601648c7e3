"""Makes a quiz: its items written at once, each then proven, repaired or left out by itself."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from random import Random

from coursewright.generator.assemble import question
from coursewright.generator.drafts import QuestionDraft, QuizDraft, QuizPlan
from coursewright.generator.gates.gate import GateResult
from coursewright.generator.maker import Maker, Place, Solved
from coursewright.generator.outcomes import QuestionOutcome
from coursewright.generator.progress import Event, Tell, silent
from coursewright.generator.proving import Proving, blocking
from coursewright.generator.steps import Steps, digest, once, stored
from coursewright.generator.trouble import Abstained
from coursewright.generator.workshop import of_place, together
from coursewright.records.course import Question

SOLVES = 3  # blind answers to an item, its options in another order each time (ai.md 6.4)
# What the gates say of an item; with blind answers, what those say of it.
CheckQuestion = Callable[[QuestionDraft], Awaitable[Sequence[GateResult]]]
CheckAnswers = Callable[[QuestionDraft, Sequence[Solved]], GateResult]


@dataclass(frozen=True)
class Quizzing:
    """The making of quizzes."""

    maker: Maker
    solver: Maker
    steps: Steps
    check: CheckQuestion
    agree: CheckAnswers
    tell: Tell = silent

    async def quiz(self, place: Place, plan: QuizPlan) -> list[QuestionOutcome]:
        """One outcome for each planned item; what the maker left out is abstained."""
        name = f"quizzes/{place.lesson.key}"
        where = f"{place.lesson.key}/{plan.key}"
        given = digest(plan, of_place(place))
        self.tell(Event("quiz", where, "started"))
        try:
            draft = await once(
                self.steps, f"{name}/draft", QuizDraft, given, lambda: self.maker.quiz(place, plan)
            )
        except Abstained as reason:
            self.tell(Event("quiz", where, "abstained", str(reason)[:200]))
            return [_left_out(where, number, str(reason)) for number in range(plan.questions)]
        items = draft.questions[: plan.questions]
        outcomes = list(
            await together([self._item(place, where, f"{name}/{one.key}", one) for one in items])
        )
        outcomes += [
            _left_out(where, number, "It was asked for and not made.")
            for number in range(len(items), plan.questions)
        ]
        good = sum(one.state != "abstained" for one in outcomes)
        self.tell(Event("quiz", where, "accepted" if good else "abstained", f"{good} items"))
        return outcomes

    async def _item(
        self, place: Place, quiz: str, name: str, draft: QuestionDraft
    ) -> QuestionOutcome:
        where = f"{quiz}/{draft.key}"
        given = digest(draft, of_place(place))
        kept = stored(self.steps, f"{name}/outcome", QuestionOutcome, given)
        if kept is not None:
            return kept
        try:
            outcome = await self._proven(place, where, name, draft)
        except Abstained as reason:
            outcome = QuestionOutcome(place=where, state="abstained", reasons=[str(reason)])
        self.steps.keep(f"{name}/outcome", given, outcome.model_dump(mode="json"))
        return outcome

    async def _proven(
        self, place: Place, where: str, name: str, draft: QuestionDraft
    ) -> QuestionOutcome:
        async def checked(draft: QuestionDraft) -> tuple[QuestionDraft, Sequence[GateResult]]:
            results = list(await self.check(draft))
            if not blocking(results):
                results.append(self.agree(draft, await self._answered(place, draft)))
            return draft, results

        repair = partial(self.maker.repair_question, place)
        proving = Proving(QuestionDraft, self.steps, name, checked, repair)
        proven = await proving.prove(draft, where, "quiz", silent)
        return QuestionOutcome(**proven.outcome(where))

    async def _answered(self, place: Place, draft: QuestionDraft) -> list[Solved]:
        """Blind answers, their numbers put back to those of the draft's own order."""
        return await together(
            [self._blind(place, draft, number) for number in range(1, SOLVES + 1)]
        )

    async def _blind(self, place: Place, draft: QuestionDraft, number: int) -> Solved:
        shown = question(draft).student_view()
        order = list(range(len(shown.options)))
        Random(f"{draft.key} {number}").shuffle(order)  # noqa: S311 (repeatable, no secret)
        shuffled: Question = replace(shown, options=tuple(shown.options[one] for one in order))
        solved = await self.solver.answer(place, shuffled, number)
        return replace(
            solved,
            chosen=tuple(sorted(order[one] for one in solved.chosen if one < len(order))),
            defensible=tuple(sorted(order[one] for one in solved.defensible if one < len(order))),
        )


def _left_out(where: str, number: int, reason: str) -> QuestionOutcome:
    return QuestionOutcome(place=f"{where}/{number + 1}", state="abstained", reasons=[reason])
