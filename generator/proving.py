"""The rounds that every piece goes through: checked, repaired where the gates find something."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from pydantic import BaseModel

from coursewright.generator.gates.gate import Finding, GateResult
from coursewright.generator.outcomes import ROUNDS, ended
from coursewright.generator.progress import Event, Kind, Tell
from coursewright.generator.steps import Steps, digest, once

M = TypeVar("M", bound=BaseModel)


@dataclass(frozen=True)
class Proven(Generic[M]):
    """The last draft, and what the gates say of it after so many repairs."""

    draft: M
    results: Sequence[GateResult]
    rounds: int

    def outcome(self, place: str) -> dict[str, Any]:
        """The fields that every kind of Outcome has."""
        findings = blocking(self.results)
        return {
            "place": place,
            "state": "abstained" if findings else ended(self.rounds),
            "rounds": self.rounds,
            "reasons": [f"{one.gate}: {one.message}" for one in findings],
            "gates": [result.to_json() for result in self.results],
            "draft": self.draft,
        }


@dataclass(frozen=True)
class Proving(Generic[M]):
    """How one piece is checked and repaired. `check` may give back the draft with something added.

    `step` is the name under which repairs are kept.
    """

    kind: type[M]
    steps: Steps
    step: str
    check: Callable[[M], Awaitable[tuple[M, Sequence[GateResult]]]]
    repair: Callable[[M, Sequence[Finding]], Awaitable[M]]

    async def prove(self, draft: M, place: str, said: Kind, tell: Tell) -> Proven[M]:
        """At most ROUNDS repairs. One that changed nothing ends them: it would be asked for, and
        given, in the same words again."""
        turn, before = 0, None
        while True:
            tell(Event(said, place, "checking"))
            draft, results = await self.check(draft)
            findings = blocking(results)
            if not findings or turn == ROUNDS or draft == before:
                return Proven(draft, results, turn)
            turn, before = turn + 1, draft
            tell(Event(said, place, "repairing", findings[0].message[:200]))
            draft = await self._repaired(draft, findings, turn)

    async def _repaired(self, draft: M, findings: Sequence[Finding], turn: int) -> M:
        given = digest(draft, [one.message for one in findings])
        name = f"{self.step}/repair-{turn}"
        return await once(self.steps, name, self.kind, given, lambda: self.repair(draft, findings))


def blocking(results: Sequence[GateResult]) -> list[Finding]:
    return [one for result in results for one in result.findings if one.blocks]
