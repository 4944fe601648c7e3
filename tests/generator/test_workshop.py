"""One exercise on its way: rounds of repair, independent answers, what is kept."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest

from coursewright.generator.bank.maker import Bank
from coursewright.generator.drafts import ExerciseDraft
from coursewright.generator.gates.gate import Finding, GateResult
from coursewright.generator.maker import Place
from coursewright.generator.progress import Event
from coursewright.generator.request import Request
from coursewright.generator.steps import StepsInMemory
from coursewright.generator.trouble import Abstained, Spent
from coursewright.generator.workshop import Task, Workshop, together

REQUEST = Request(topic="Python", modules=1, exercises=1)
BAD = GateResult("G6", (Finding("G6", "p", "The tests are weak."),))
UNSOLVED = GateResult("solver", (Finding("solver", "p", "It does not pass."),))
NOTE = GateResult("G3", (Finding("G3", "p", "Only a note.", blocks=False),))


class Making:
    """The bank makes; what the gates say is given: `bad` rounds, `unsolved` answers."""

    def __init__(self, bad: int = 0, unsolved: int = 0) -> None:
        self.bad, self.unsolved = bad, unsolved
        self.steps = StepsInMemory()
        self.events: list[Event] = []
        self.checks = 0

    async def check(self, draft: ExerciseDraft, solved: bool) -> Sequence[GateResult]:
        self.checks += 1
        if solved:
            self.unsolved -= 1
            return (UNSOLVED if self.unsolved >= 0 else GateResult("solver"),)
        self.bad -= 1
        return (NOTE, BAD if self.bad >= 0 else GateResult("G6", figures={"score": 1.0}))

    def make(self, maker: Bank | None = None):  # type: ignore[no-untyped-def]
        async def run():  # type: ignore[no-untyped-def]
            bank = maker or Bank()
            outline = await bank.outline(REQUEST)
            plan = next(outline.lessons())
            place = Place(REQUEST, outline, plan)

            def seen(draft: ExerciseDraft) -> str:
                return draft.spec.statement

            task = Task(place, plan.exercises[0], self.check, seen)
            workshop = Workshop(bank, bank, self.steps, self.events.append)
            return await workshop.exercise(task)

        return asyncio.run(run())


@pytest.mark.parametrize(
    ("making", "state", "rounds", "reason"),
    [
        (Making(), "accepted", 0, None),
        (Making(bad=1), "repaired", 1, None),
        (Making(bad=3), "repaired", 3, None),
        (Making(bad=4), "abstained", 3, "G6: The tests are weak."),
        (Making(unsolved=1), "accepted", 0, None),
        (Making(unsolved=2), "repaired", 1, None),
        (Making(unsolved=8), "abstained", 3, "solver: It does not pass."),
    ],
)
def test_three_repairs_at_most_and_two_answers_each_time(
    making: Making, state: str, rounds: int, reason: str | None
) -> None:
    found = making.make()
    assert (found.state, found.rounds) == (state, rounds)
    assert found.reasons == ([reason] if reason else [])
    assert found.draft.second is not None or state == "abstained"
    assert making.events[-1].state == state


def test_what_is_finished_is_not_made_again() -> None:
    making = Making()
    first = making.make().model_dump(mode="json")
    checks = making.checks
    assert making.make().model_dump(mode="json") == first
    assert making.checks == checks
    assert making.events[-1].state == "kept"


class Same(Bank):
    """Its repairs change nothing."""

    async def repair(self, place: Place, draft: ExerciseDraft, findings: object) -> ExerciseDraft:
        return draft


def test_a_repair_that_changes_nothing_is_not_asked_for_again() -> None:
    making = Making(bad=9)
    found = making.make(Same())
    assert (found.state, found.rounds, making.checks) == ("abstained", 1, 2)


class Silent(Bank):
    async def tests(self, place: Place, spec: object) -> object:  # type: ignore[override]
        raise Abstained("No usable tests in 3 tries.")


def test_a_maker_that_gives_a_piece_up_leaves_the_exercise_out() -> None:
    found = Making().make(Silent())
    assert (found.state, found.reasons) == ("abstained", ["No usable tests in 3 tries."])


class Broke(Bank):
    async def tests(self, place: Place, spec: object) -> object:  # type: ignore[override]
        raise Spent("The budget is reached.")


def test_a_budget_that_is_reached_says_nothing_of_the_exercise() -> None:
    making = Making()
    with pytest.raises(Spent):
        making.make(Broke())
    assert not [name for name, _ in making.steps.kept if name.endswith("/outcome")]
    assert [name for name, _ in making.steps.kept if name.endswith("/reference")]
    assert making.make().state == "accepted"


def test_when_one_fails_the_others_come_to_their_ends_first() -> None:
    ended: list[str] = []

    async def fail() -> None:
        raise Spent("at once")

    async def end() -> None:
        await asyncio.sleep(0)
        ended.append("paid for")

    async def run() -> None:
        await together([fail(), end()])

    with pytest.raises(Spent):
        asyncio.run(run())
    assert ended == ["paid for"]
