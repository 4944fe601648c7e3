"""The bank as a maker: the same seed makes the same course, without a model and without cost."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, partial
from random import Random
from typing import TypeVar

from pydantic import BaseModel

from coursewright.generator.bank import catalogue, choosing
from coursewright.generator.bank.family import Family, Topic
from coursewright.generator.drafts import (
    Difficulty,
    ExerciseDraft,
    ExercisePlan,
    Hints,
    LessonDraft,
    LessonPlan,
    ModulePlan,
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
from coursewright.generator.outcomes import ROUNDS
from coursewright.generator.request import Request
from coursewright.generator.trouble import Abstained
from coursewright.records.course import Question

QUESTIONS = 5  # in each lesson's quiz
MOST_GOALS = 20  # objectives that an outline may have
M = TypeVar("M", bound=BaseModel)


@dataclass(frozen=True)
class Bank:
    """Makes every piece from the seed and the piece's place alone, so it remembers nothing.

    A repair is the next instance of the same family. `solve` gives the family's second answer,
    which was written apart from its reference. `answer` is not blind: the keys of the bank's quiz
    items are worked out by running code (ask.py), and it works them out again.
    """

    seed: int = 0

    @property
    def name(self) -> str:
        return f"bank, seed {self.seed}"

    async def outline(self, request: Request) -> Outline:
        """Raises Abstained for a request that the bank cannot fulfil, with what it holds."""
        choosing.check(request)
        topics = choosing.topics(request)
        random = self._random("outline", request.topic)
        here = {topic.key for topic in topics}
        plans = [_lesson(topic, here, request, random) for topic in topics]
        size = request.lessons
        parts = [plans[at : at + size] for at in range(0, len(plans), size)]
        goals = [goal for topic in topics for goal in topic.objectives]
        return Outline(
            key=request.key or _slug(request.title or request.topic),
            title=request.title or request.topic,
            summary=" ".join(topic.summary for topic in topics),
            objectives=(request.objectives or _spread(goals))[:MOST_GOALS],
            modules=[_module(number, part) for number, part in enumerate(parts, 1)],
        )

    async def lesson(self, place: Place) -> LessonDraft:
        return self._text(place, 0)

    async def spec(self, place: Place, plan: ExercisePlan) -> Spec:
        return self._exercise(place, plan.key, 0).spec

    async def reference(self, place: Place, spec: Spec) -> Reference:
        return self._of(place, spec)[1].reference

    async def tests(self, place: Place, spec: Spec) -> Tests:
        return self._of(place, spec)[1].tests

    async def wrong(self, place: Place, spec: Spec, reference: Reference) -> Wrong:
        return self._of(place, spec)[1].wrong

    async def hints(self, place: Place, spec: Spec, reference: Reference) -> Hints:
        return self._of(place, spec)[1].hints

    async def quiz(self, place: Place, plan: QuizPlan) -> QuizDraft:
        topic = catalogue.topic(place.lesson.key)
        random = self._random(plan.key, place.note)
        families = choosing.items(topic, plan.questions, random)
        return QuizDraft(questions=[self._item(place, family.key, 0) for family in families])

    async def solve(self, place: Place, seen: str, attempt: int = 1) -> Reference:
        """Raises Abstained where no exercise of this lesson is in `seen`."""
        for plan in place.lesson.exercises:
            for draft in self._instances(partial(self._exercise, place, plan.key)):
                if draft.spec.statement in seen and draft.second is not None:
                    return draft.second
        raise Abstained(f"None of the bank's exercises of {place.lesson.key!r} is there to solve.")

    async def answer(self, place: Place, question: Question, attempt: int = 1) -> Solved:
        """Raises Abstained for an item that is not the bank's."""
        texts = {option.text for option in question.options}
        for draft in self._instances(partial(self._item, place, question.key)):
            right = {option.text for option in draft.options if option.correct}
            same = (draft.prompt, draft.code) == (question.prompt, question.code)
            if same and texts == {option.text for option in draft.options}:
                chosen = [at for at, one in enumerate(question.options) if one.text in right]
                return Solved(tuple(chosen), draft.answer or "")
        raise Abstained(f"{question.key!r} is not as the bank wrote it, so it has no answer to it.")

    async def repair(
        self, place: Place, draft: ExerciseDraft, findings: Sequence[Finding]
    ) -> ExerciseDraft:
        attempt, _ = self._of(place, draft.spec)
        return self._exercise(place, draft.spec.key, attempt + 1)

    async def repair_lesson(
        self, place: Place, draft: LessonDraft, findings: Sequence[Finding]
    ) -> LessonDraft:
        return self._after(draft, partial(self._text, place))

    async def repair_question(
        self, place: Place, draft: QuestionDraft, findings: Sequence[Finding]
    ) -> QuestionDraft:
        return self._after(draft, partial(self._item, place, draft.key))

    def variant(self, place: Place, plan: ExercisePlan, difficulty: Difficulty) -> ExercisePlan:
        """Another family with a concept of this one. Raises Abstained where there is none."""
        topic = catalogue.topic(place.lesson.key)
        there = {one.key for one in place.lesson.exercises}
        for family in topic.families:
            about = set(family.concepts) & set(plan.concepts)
            if family.key not in there and family.difficulty == difficulty and about:
                return _plan(family)
        raise Abstained(
            f"The bank has no {difficulty} exercise on {' and '.join(plan.concepts)} that is not in"
            f" the lesson {place.lesson.key!r} already. Use a model: --provider openai.",
            "not held",
        )

    async def adapt(self, request: Request, outline: Outline) -> Outline:
        """What the objectives name decides the lessons; those that stay keep their exercises."""
        there = {lesson.key: lesson for lesson in outline.lessons()}
        fresh = await self.outline(request)
        modules = [
            module.model_copy(
                update={"lessons": [there.get(one.key, one) for one in module.lessons]}
            )
            for module in fresh.modules
        ]
        return fresh.model_copy(
            update={"modules": modules, "key": outline.key, "title": outline.title}
        )

    async def translate(self, texts: Sequence[str], language: str) -> list[str]:
        raise Abstained(
            "The bank is written in English and cannot translate. Use a model: --provider openai.",
            "not held",
        )

    def _of(self, place: Place, spec: Spec) -> tuple[int, ExerciseDraft]:
        """The instance with this spec, and which it is. Raises Abstained for a spec not ours."""
        instances = self._instances(partial(self._exercise, place, spec.key))
        for attempt, draft in enumerate(instances):
            if draft.spec == spec:
                return attempt, draft
        raise Abstained(f"The exercise {spec.key!r} was changed, and the bank cannot follow.")

    def _after(self, draft: M, make: Callable[[int], M]) -> M:
        """The next instance. Raises Abstained for a draft that is not the bank's."""
        instances = list(self._instances(make))
        if draft not in instances:
            raise Abstained("The bank cannot mend what it did not write.")
        return make(instances.index(draft) + 1)

    def _instances(self, make: Callable[[int], M]) -> Iterator[M]:
        """The first one, and those that repairs come to."""
        return map(make, range(ROUNDS + 1))

    def _text(self, place: Place, attempt: int) -> LessonDraft:
        topic = catalogue.topic(place.lesson.key)
        return topic.lesson(self._random(topic.key, place.note, attempt))

    def _exercise(self, place: Place, key: str, attempt: int) -> ExerciseDraft:
        return _instance(key, " ".join((place.lesson.key, place.note, str(self.seed))), attempt)

    def _item(self, place: Place, key: str, attempt: int) -> QuestionDraft:
        topic = catalogue.topic(place.lesson.key)
        for family in topic.quizzes:
            if family.key == key:
                return family.make(self._random(topic.key, key, place.note, attempt))
        raise Abstained(f"The bank has no quiz item {key!r} on {topic.title.lower()}.", "not held")

    def _random(self, *parts: object) -> Random:
        return Random(" ".join(map(str, (self.seed, *parts))))  # noqa: S311 - repeatable, no secret


@cache
def _instance(key: str, seed: str, attempt: int) -> ExerciseDraft:
    """Kept, since five steps ask for it. A second exercise of a family has its own key."""
    draft = catalogue.family(key).make(Random(f"{seed} {key} {attempt}"))  # noqa: S311 - as above
    return draft.model_copy(update={"spec": draft.spec.model_copy(update={"key": key})})


def _lesson(topic: Topic, here: set[str], request: Request, random: Random) -> LessonPlan:
    families = choosing.exercises(topic, request.exercises, request.level, random)
    return LessonPlan(
        key=topic.key,
        title=topic.title,
        minutes=topic.minutes,
        objectives=list(topic.objectives),
        concepts=list(topic.concepts),
        needs=[need for need in topic.needs if need in here],
        exercises=list(map(_plan, families)),
        quiz=QuizPlan(
            key=f"{topic.key}-quiz",
            title=f"Check yourself: {topic.title[0].lower()}{topic.title[1:]}",
            questions=QUESTIONS,
            concepts=list(topic.concepts),
        ),
    )


def _plan(family: Family) -> ExercisePlan:
    return ExercisePlan(
        key=family.key,
        title=family.title,
        idea=family.idea,
        concepts=list(family.concepts),
        difficulty=family.difficulty,
    )


def _module(number: int, lessons: Sequence[LessonPlan]) -> ModulePlan:
    first, last = lessons[0], lessons[-1]
    title = first.title if first is last else f"{first.title} to {last.title.lower()}"
    return ModulePlan(key=f"module-{number}", title=title, lessons=list(lessons))


def _spread(goals: list[str]) -> list[str]:
    """Of too many, some from everywhere."""
    step = -(-len(goals) // MOST_GOALS)
    return goals[::step]


def _slug(title: str) -> str:
    return "-".join(re.findall(r"[a-z0-9]+", title.lower()))[:60].strip("-") or "course"
