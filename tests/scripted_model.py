"""A competent model for FakeModel: it answers from the bank's families what an Author asks.

    fake = FakeModel(answer=Scripted(spoilt={"tests": {"total-price"}}))

What is `spoilt` is bad at first and good at its repair; what is `incurable` stays bad.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from random import Random
from typing import Any

from fake_model import Asked, Said
from pydantic import BaseModel

from coursewright.generator.bank.catalogue import TOPICS
from coursewright.generator.bank.family import Family, Topic
from coursewright.generator.drafts import (
    Block,
    ExerciseDraft,
    ExercisePlan,
    LessonDraft,
    LessonPlan,
    ModulePlan,
    Outline,
    QuestionDraft,
    QuizDraft,
    QuizPlan,
    Reference,
    Spec,
    TestDraft,
    Tests,
    Wrong,
)

SECTION = re.compile(r"^<<<([^\n]+) ([0-9a-f]{32})\n(.*?)\n\2>>>$", re.DOTALL | re.MULTILINE)
PIECE = re.compile(r"^Piece: (\S+)$", re.MULTILINE)
QUESTIONS = 3


def piece_of(asked: Asked) -> str:
    """Which piece a request is about."""
    found = PIECE.search(asked.messages[1]["content"])
    assert found, asked.messages[1]["content"][:200]
    return found[1]


def material_of(asked: Asked) -> dict[str, str]:
    """What stands between the marks."""
    return {name: text for name, _, text in SECTION.findall(asked.messages[1]["content"])}


@dataclass
class Scripted:
    """`spoilt` and `incurable` map pieces to keys of exercises, lessons or quizzes."""

    seed: int = 0
    spoilt: Mapping[str, Collection[str]] = field(default_factory=dict)
    incurable: Mapping[str, Collection[str]] = field(default_factory=dict)
    asked: Counter[tuple[str, str]] = field(default_factory=Counter)
    made: dict[str, ExerciseDraft] = field(default_factory=dict)

    def __call__(self, asked: Asked) -> Said:
        piece, material = piece_of(asked), material_of(asked)
        made = getattr(self, f"_{piece.replace('-', '_')}")(material)
        content = made.model_dump_json() if isinstance(made, BaseModel) else json.dumps(made)
        return Said(content)

    @cached_property
    def topics(self) -> dict[str, Topic]:
        return {topic.key: topic for topic in TOPICS}

    @cached_property
    def families(self) -> dict[str, Family]:
        return {one.key: one for topic in self.topics.values() for one in topic.families}

    def exercise(self, key: str) -> ExerciseDraft:
        """The good draft, under the key of its plan."""
        if key not in self.made:
            self.made[key] = self._made_anew(key)
        return self.made[key]

    def _made_anew(self, key: str) -> ExerciseDraft:
        family = self.families[key]
        draft = family.make(Random(f"{self.seed} {key}"))
        names = {"key": key, "title": family.title, "concepts": list(family.concepts)}
        return draft.model_copy(update={"spec": draft.spec.model_copy(update=names)})

    def questions(self, topic: Topic, count: int) -> list[QuestionDraft]:
        made = [one.make(Random(f"{self.seed} {one.key}")) for one in topic.quizzes[:count]]
        return [one.model_copy(update={"key": one.key}) for one in made]

    def _outline(self, material: Mapping[str, str]) -> Outline:
        request = json.loads(material["request"])
        wanted = request["modules"] * request["lessons"]
        chosen = list(self.topics.values())[:wanted]
        plans = [self._plan(topic, request["exercises"], chosen) for topic in chosen]
        size = request["lessons"]
        modules = [
            ModulePlan(key=f"part-{start // size + 1}", title=f"Part {start // size + 1}",
                       lessons=plans[start : start + size])
            for start in range(0, len(plans), size)
        ]  # fmt: skip
        return Outline(
            key="scripted-course",
            title="A scripted course",
            summary="Made by a script for tests.",
            objectives=[plan.objectives[0] for plan in plans][:20],
            modules=modules,
        )

    def _plan(self, topic: Topic, exercises: int, chosen: list[Topic]) -> LessonPlan:
        there = {one.key for one in chosen}
        return LessonPlan(
            key=topic.key,
            title=topic.title,
            minutes=topic.minutes,
            objectives=list(topic.objectives[:8]),
            concepts=list(topic.concepts[:10]),
            needs=[key for key in topic.needs if key in there],
            exercises=[
                ExercisePlan(
                    key=one.key,
                    title=one.title,
                    idea=one.idea,
                    concepts=list(one.concepts),
                    difficulty=one.difficulty,
                )
                for one in topic.families[:exercises]
            ],
            quiz=QuizPlan(
                key=f"{topic.key}-quiz",
                title=f"Quiz: {topic.title}",
                questions=min(QUESTIONS, len(topic.quizzes)),
                concepts=list(topic.concepts),
            ),
        )

    def _lesson(self, material: Mapping[str, str]) -> LessonDraft:
        return self._made("lesson", json.loads(material["lesson plan"])["key"])

    def _spec(self, material: Mapping[str, str]) -> Spec:
        return self._made("spec", json.loads(material["exercise"])["key"])

    def _reference(self, material: Mapping[str, str]) -> Reference:
        return self._made("reference", _spec_key(material))

    def _tests(self, material: Mapping[str, str]) -> Tests:
        assert "answer" not in material, "tests are written without the reference"
        return self._made("tests", _spec_key(material))

    def _wrong(self, material: Mapping[str, str]) -> Wrong:
        return self._made("wrong", _spec_key(material))

    def _hints(self, material: Mapping[str, str]) -> Any:
        return self._made("hints", _spec_key(material))

    def _quiz(self, material: Mapping[str, str]) -> QuizDraft:
        return self._made("quiz", json.loads(material["quiz"])["key"])

    def _solve(self, material: Mapping[str, str]) -> Reference:
        """The exercise whose function is the last that the notebook asks for."""
        seen = material["notebook"]
        places: dict[str, int] = {}
        for key, family in self.families.items():
            if family.title in seen:
                names = re.findall(r"\w+(?=\()", " ".join(self.exercise(key).spec.signatures))
                if all(f"def {name}(" in seen for name in names):
                    places[key] = seen.rfind(family.title)
        return self._made("solve", max(places, key=lambda key: places[key]))

    def _answer(self, material: Mapping[str, str]) -> dict[str, Any]:
        shown = json.loads(material["question"])
        item = self._known_question(shown)
        right = {option.text for option in item.options if option.correct}
        chosen = [number for number, text in enumerate(shown["options"]) if text in right]
        return {"chosen": chosen, "answer": item.answer or "", "defensible": []}

    def _known_question(self, shown: Mapping[str, Any]) -> QuestionDraft:
        for topic in self.topics.values():
            for item in self.questions(topic, len(topic.quizzes)):
                if item.prompt == shown["prompt"] and item.code == shown["code"]:
                    return item
        raise AssertionError(shown)

    def _repair(self, material: Mapping[str, str]) -> dict[str, Any]:
        key = json.loads(material["exercise"])["spec"]["key"]
        self.asked["repair", key] += 1
        parts: dict[str, Any] = {}
        for name in ("spec", "reference", "tests", "wrong", "hints"):
            made = getattr(self.exercise(key), name)
            if key in self.incurable.get(name, ()):
                made = SPOIL[name](made, self.exercise(key))
            parts[name] = made.model_dump(mode="json")
        return {**parts, "why": "It was spoilt by the script."}

    def _repair_lesson(self, material: Mapping[str, str]) -> LessonDraft:
        return self._made("lesson", json.loads(material["lesson plan"])["key"], True)

    def _repair_question(self, material: Mapping[str, str]) -> QuestionDraft:
        spoilt = QuestionDraft.model_validate_json(material["question"])
        self.asked["repair-question", spoilt.key] += 1
        good = self._known_question({"prompt": spoilt.prompt, "code": spoilt.code})
        quiz = f"{json.loads(material['lesson plan'])['key']}-quiz"
        return spoilt if quiz in self.incurable.get("quiz", ()) else good

    def _made(self, piece: str, key: str, repairing: bool = False) -> Any:
        """The piece, spoilt if the script says so."""
        self.asked["repair-" * repairing + piece, key] += 1
        draft: ExerciseDraft | None = None
        if piece == "lesson":
            made: Any = self.topics[key].lesson(Random(f"{self.seed} {key}"))
        elif piece == "quiz":
            topic = self.topics[key.removesuffix("-quiz")]
            made = QuizDraft(questions=self.questions(topic, QUESTIONS))
        else:
            draft = self.exercise(key)
            made = draft.second if piece == "solve" else getattr(draft, piece)
        bad = key in self.incurable.get(piece, ()) or (
            key in self.spoilt.get(piece, ()) and not repairing
        )
        return SPOIL[piece](made, draft) if bad else made


def _spec_key(material: Mapping[str, str]) -> str:
    key: str = json.loads(material["spec"])["key"]
    return key


def _odd_name(made: Spec, draft: ExerciseDraft) -> Spec:
    return made.model_copy(update={"statement": f"{made.statement}\n\nUse `frobnicate_all(2)`."})


def _breaks_a_promise(made: Reference, draft: ExerciseDraft) -> Reference:
    return Reference(source=draft.wrong.violations[0].source)


def _test_nothing(made: Tests, draft: ExerciseDraft) -> Tests:
    seen = [one for one in made.tests if one.visible]
    idle = [TestDraft(promise=one.promise, visible=False, source="assert True") for one in seen]
    return made.model_copy(update={"tests": [*seen, *idle]})


def _not_wrong(made: Wrong, draft: ExerciseDraft) -> Wrong:
    right = draft.reference.source
    same = [one.model_copy(update={"source": right}) for one in made.violations]
    return Wrong(violations=same)


def _example_that_fails(made: LessonDraft, draft: None) -> LessonDraft:
    return LessonDraft(blocks=[*made.blocks, Block(kind="example", source="print(1 / 0)")])


def _another_key(made: QuizDraft, draft: None) -> QuizDraft:
    """The first item with options has another one marked as right."""
    items = list(made.questions)
    place = next(n for n, one in enumerate(items) if one.kind == "single")
    options = items[place].options
    turned = [options[n - 1].correct for n in range(len(options))]
    changed = [
        option.model_copy(update={"correct": correct})
        for option, correct in zip(options, turned, strict=True)
    ]
    items[place] = items[place].model_copy(update={"options": changed})
    return QuizDraft(questions=items)


def _no_answer(made: Reference, draft: ExerciseDraft) -> Reference:
    lines = [f"{one.rstrip(':')}:\n    pass" for one in draft.spec.signatures]
    return Reference(source="\n".join(lines))


SPOIL: dict[str, Callable[[Any, Any], Any]] = {
    "spec": _odd_name,
    "reference": _breaks_a_promise,
    "tests": _test_nothing,
    "wrong": _not_wrong,
    "lesson": _example_that_fails,
    "quiz": _another_key,
    "solve": _no_answer,
}
