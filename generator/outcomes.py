"""What became of each planned piece: accepted, accepted after repair, or left out with a reason."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from coursewright.generator.drafts import Block, ExerciseDraft, LessonDraft, QuestionDraft

ROUNDS = 3  # repairs of one piece, after which its maker abstains (issue 4; ai.md 6.1)
State = Literal["accepted", "repaired", "abstained"]


class Outcome(BaseModel):
    """`gates` are GateResults as JSON, those of the last round; `rounds` how often it was repaired.

    `reasons` are the findings that were left, or what the maker said.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    place: str
    state: State
    rounds: int = 0
    reasons: list[str] = []
    gates: list[dict[str, Any]] = []


class ExerciseOutcome(Outcome):
    """`draft` is there also where it was not accepted: for the person who wants to mend it."""

    draft: ExerciseDraft | None = None


class LessonOutcome(Outcome):
    """`outputs` are nbformat outputs of the examples, by number of the block."""

    draft: LessonDraft | None = None
    outputs: dict[int, list[dict[str, Any]]] = {}

    def blocks(self) -> list[Block]:
        return self.draft.blocks if self.draft is not None else []


class QuestionOutcome(Outcome):
    draft: QuestionDraft | None = None


def ended(rounds: int) -> State:
    return "repaired" if rounds else "accepted"
