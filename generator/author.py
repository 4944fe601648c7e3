"""A maker that asks a language model for every piece, each by the prompt of its name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from coursewright.generator import fitness, mending
from coursewright.generator.drafts import (
    Difficulty,
    Draft,
    ExerciseDraft,
    ExercisePlan,
    Hints,
    LessonDraft,
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
from coursewright.generator.maker import Place, Solved
from coursewright.generator.model import Model, Question
from coursewright.generator.plans import problems
from coursewright.generator.prompting import instructions, prompt, rules
from coursewright.generator.request import Request
from coursewright.records.course import Question as QuizItem

# Tokens of a reply; the larger pieces are plans and prose.
LONG, SHORT = 8192, 4096
# An answer that is to be another one is asked for with more chance than one that is to be right.
STEADY, FREE = 0.2, 1.0


class Answer(Draft):
    """A blind answer to a quiz item, as maker.Solved."""

    chosen: list[int]
    answer: str
    defensible: list[int]


class Translated(Draft):
    """As many texts as were given, in their order."""

    texts: list[str]


@dataclass(frozen=True)
class Author:
    """`sources` are the author's own material by name: data for the outline and the lessons.

    Blind answers are asked for by another Author with the solver's model, where there is one.
    """

    model: Model
    sources: Mapping[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return f"model {self.model.endpoint.model}"

    async def outline(self, request: Request) -> Outline:
        told = prompt(
            "outline",
            {"request": _asked(request), **self._sources()},
            modules=request.modules,
            lessons=request.lessons,
            exercises=request.exercises,
        )
        draft = await self.model.ask(
            _question("outline", told, LONG),
            Outline,
            lambda draft: list(fitness.outline(draft, request)),
        )
        own = {"key": request.key, "title": request.title}
        return draft.model_copy(update={name: one for name, one in own.items() if one})

    async def lesson(self, place: Place) -> LessonDraft:
        told = prompt("lesson", {**_place(place), **self._sources()})
        return await self.model.ask(
            _question("lesson", told, LONG), LessonDraft, lambda draft: list(fitness.lesson(draft))
        )

    async def spec(self, place: Place, plan: ExercisePlan) -> Spec:
        told = prompt("spec", {**_place(place), "exercise": plan})
        draft = await self.model.ask(
            _question("spec", told), Spec, lambda draft: list(fitness.spec(draft))
        )
        return fitness.plan_of(draft, plan)

    async def reference(self, place: Place, spec: Spec) -> Reference:
        told = prompt("reference", {**_place(place), "spec": spec})
        return await self.model.ask(
            _question("reference", told, warmth=STEADY),
            Reference,
            lambda draft: list(fitness.reference(draft, spec)),
        )

    async def tests(self, place: Place, spec: Spec) -> Tests:
        told = prompt("tests", {"request": _asked(place.request), "spec": spec, "note": place.note})
        return await self.model.ask(
            _question("tests", told, LONG, STEADY),
            Tests,
            lambda draft: list(fitness.tests(draft, spec)),
        )

    async def wrong(self, place: Place, spec: Spec, reference: Reference) -> Wrong:
        told = prompt("wrong", {"spec": spec, "answer": reference.source})
        return await self.model.ask(
            _question("wrong", told), Wrong, lambda draft: list(fitness.wrong(draft, spec))
        )

    async def hints(self, place: Place, spec: Spec, reference: Reference) -> Hints:
        told = prompt(
            "hints",
            {"request": _asked(place.request), "spec": spec, "answer": reference.source},
        )
        return await self.model.ask(_question("hints", told), Hints)

    async def quiz(self, place: Place, plan: QuizPlan) -> QuizDraft:
        told = prompt("quiz", {**_place(place), "quiz": plan}, questions=plan.questions)
        return await self.model.ask(
            _question("quiz", told, LONG),
            QuizDraft,
            lambda draft: list(fitness.quiz(draft, plan)),
        )

    async def solve(self, place: Place, seen: str, attempt: int = 1) -> Reference:
        told = prompt("solve", {"notebook": seen})
        return await self.model.ask(
            _question("solve", told, warmth=FREE, attempt=attempt), Reference
        )

    async def answer(self, place: Place, question: QuizItem, attempt: int = 1) -> Solved:
        told = prompt("answer", {"lesson": place.text, "question": _shown(question)})
        count = len(question.options)
        draft = await self.model.ask(
            _question("answer", told, warmth=FREE, attempt=attempt),
            Answer,
            lambda draft: [
                f"chosen, defensible: there is no option {number}"
                for number in (*draft.chosen, *draft.defensible)
                if not 0 <= number < count
            ],
        )
        return Solved(tuple(draft.chosen), draft.answer, tuple(draft.defensible))

    async def repair(
        self, place: Place, draft: ExerciseDraft, findings: Sequence[Finding]
    ) -> ExerciseDraft:
        parts = mending.parts(findings)
        told = prompt(
            "repair",
            {**_place(place), "exercise": draft, "findings": mending.told(findings)},
            parts=", ".join(parts),
            rules="\n\n".join(f"## {part}\n\n{rules(part)}" for part in parts),
        )
        mended = await self.model.ask(
            _question("repair", told, LONG, STEADY),
            mending.Mended,
            lambda mended: list(mending.wrong_with(mended, draft, parts)),
        )
        return mending.mend(draft, mended, parts)

    async def repair_lesson(
        self, place: Place, draft: LessonDraft, findings: Sequence[Finding]
    ) -> LessonDraft:
        told = prompt(
            "repair-lesson",
            {**_place(place), "lesson": draft, "findings": mending.told(findings)},
            rules=rules("lesson"),
        )
        return await self.model.ask(
            _question("repair-lesson", told, LONG),
            LessonDraft,
            lambda draft: list(fitness.lesson(draft)),
        )

    async def repair_question(
        self, place: Place, draft: QuestionDraft, findings: Sequence[Finding]
    ) -> QuestionDraft:
        told = prompt(
            "repair-question",
            {**_place(place), "question": draft, "findings": mending.told(findings)},
            rules=rules("quiz").format(questions=1),
        )
        mended = await self.model.ask(
            _question("repair-question", told),
            QuestionDraft,
            lambda draft: list(fitness.question(draft)),
        )
        return mended.model_copy(update={"key": draft.key})

    def variant(self, place: Place, plan: ExercisePlan, difficulty: Difficulty) -> ExercisePlan:
        """The note says what it is a variant of."""
        return plan.model_copy(update={"difficulty": difficulty})

    async def adapt(self, request: Request, outline: Outline) -> Outline:
        told = prompt("adapt", {"request": _asked(request), "plan": outline, **self._sources()})
        draft = await self.model.ask(_question("adapt", told, LONG), Outline, problems)
        return draft.model_copy(update={"key": outline.key, "title": outline.title})

    async def translate(self, texts: Sequence[str], language: str) -> list[str]:
        given = {str(number): text for number, text in enumerate(texts, 1)}
        told = prompt("translate", given, language=language, count=len(texts))
        draft = await self.model.ask(
            _question("translate", told, LONG, STEADY),
            Translated,
            lambda draft: list(fitness.translation(draft.texts, texts)),
        )
        return draft.texts

    def _sources(self) -> dict[str, str]:
        return {f"source {name}": text for name, text in self.sources.items()}


def _question(
    purpose: str,
    user: str,
    cap: int = SHORT,
    warmth: float | None = None,
    attempt: int = 1,
) -> Question:
    return Question(purpose, instructions("author"), user, cap, warmth, attempt)


def _asked(request: Request) -> dict[str, Any]:
    return request.model_dump(exclude={"outline", "sources", "key"}, exclude_defaults=False)


def _place(place: Place) -> dict[str, Any]:
    """What there is to lean on, without the whole outline, which says little to one piece."""
    return {
        "request": _asked(place.request),
        "concepts before this lesson": list(place.before),
        "lesson plan": place.lesson,
        "text of the lesson": place.text,
        "note of the person who asks for it": place.note,
    }


def _shown(question: QuizItem) -> dict[str, Any]:
    """What a student sees; nothing else may reach who answers blind."""
    return {
        "kind": question.kind,
        "prompt": question.prompt,
        "code": question.code,
        "options": [option.text for option in question.options],
    }
