"""Who makes content: a language model, or the bank. The pipeline knows nothing else of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from coursewright.generator.drafts import (
    Difficulty,
    ExerciseDraft,
    ExercisePlan,
    Hints,
    LessonDraft,
    LessonPlan,
    Outline,
    QuestionDraft,
    QuizDraft,
    QuizPlan,
    Reference,
    Spec,
    Tests,
    Wrong,
)
from coursewright.generator.gates.gate import Finding
from coursewright.generator.request import Request
from coursewright.records.course import Question


@dataclass(frozen=True)
class Place:
    """Where in the course a piece is made: what its maker may lean on.

    `before` are the concepts of earlier lessons, `text` the lesson's own prose once it is there.
    `note` is what a person asked for when the piece is made anew; `origin` a digest of who makes it
    and of what material.
    """

    request: Request
    outline: Outline
    lesson: LessonPlan
    before: tuple[str, ...] = ()
    text: str = ""
    note: str = ""
    origin: str = ""


@dataclass(frozen=True)
class Solved:
    """A blind answer to a quiz item: the options chosen (from 0), or the text of the answer.

    `defensible` are other options that could be argued for.
    """

    chosen: tuple[int, ...] = ()
    answer: str = ""
    defensible: tuple[int, ...] = field(default=())


class Maker(Protocol):
    """Every method is one paid step at most. Raises Unavailable, Abstained or Spent."""

    @property
    def name(self) -> str: ...

    async def outline(self, request: Request) -> Outline: ...

    async def lesson(self, place: Place) -> LessonDraft: ...

    async def spec(self, place: Place, plan: ExercisePlan) -> Spec: ...

    async def reference(self, place: Place, spec: Spec) -> Reference: ...

    async def tests(self, place: Place, spec: Spec) -> Tests:
        """Without the reference, so that both cannot share one mistake."""
        ...

    async def wrong(self, place: Place, spec: Spec, reference: Reference) -> Wrong: ...

    async def hints(self, place: Place, spec: Spec, reference: Reference) -> Hints: ...

    async def quiz(self, place: Place, plan: QuizPlan) -> QuizDraft: ...

    async def solve(self, place: Place, seen: str, attempt: int = 1) -> Reference:
        """An independent answer. `seen` is the student's notebook up to the exercise, as text.

        Another `attempt` is another answer, also where the question is the same.
        """
        ...

    async def answer(self, place: Place, question: Question, attempt: int = 1) -> Solved:
        """A blind answer; `question` is the student's view, its options shuffled."""
        ...

    async def repair(
        self, place: Place, draft: ExerciseDraft, findings: Sequence[Finding]
    ) -> ExerciseDraft:
        """The draft with the parts changed that these findings are about."""
        ...

    async def repair_lesson(
        self, place: Place, draft: LessonDraft, findings: Sequence[Finding]
    ) -> LessonDraft: ...

    async def repair_question(
        self, place: Place, draft: QuestionDraft, findings: Sequence[Finding]
    ) -> QuestionDraft: ...

    def variant(self, place: Place, plan: ExercisePlan, difficulty: Difficulty) -> ExercisePlan:
        """The plan of an exercise about the same, of this difficulty. Raises Abstained."""
        ...

    async def adapt(self, request: Request, outline: Outline) -> Outline:
        """The plan for the request's objectives; lessons that serve them stay as they are."""
        ...

    async def translate(self, texts: Sequence[str], language: str) -> list[str]:
        """Markdown texts, in their order; code in them stays as it is. Raises Abstained."""
        ...
