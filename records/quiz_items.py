"""The quizzes of a course document: their items with the keys, and what students get of them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal, Self, get_args

from coursewright.records.plain import Malformed, build, tuples

Kind = Literal["single", "multiple", "numeric", "short-text", "code-output", "ordering"]
KINDS: tuple[Kind, ...] = get_args(Kind)
ATTEMPTS = 3  # at a quiz that does not say how many it allows
MOST_ATTEMPTS = 100
LATER = ("accepted", "relative")  # fields of a question that older documents do not have


@dataclass(frozen=True)
class Option:
    """One choice; `correct` and `why` are absent from the student's view."""

    text: str
    correct: bool | None = None
    why: str = ""


@dataclass(frozen=True)
class Question:
    """One quiz item. `answer` is a number, or what `code` prints (without its last line break).

    A number may be off by `tolerance`, or by `relative` times itself. `accepted` are the forms of a
    short text. The options of an ordering stand in their right order.
    """

    key: str
    kind: Kind
    prompt: str
    options: tuple[Option, ...] = ()
    answer: float | str | None = None
    tolerance: float = 0.0
    code: str = ""
    explanation: str = ""
    points: float = 1.0
    concepts: tuple[str, ...] = ()
    accepted: tuple[str, ...] = ()
    relative: float = 0.0

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        place = f"quiz item {data.get('key')!r}"
        if data.get("kind") not in KINDS:
            raise Malformed(f"{place}: kind must be one of {', '.join(KINDS)}")
        options = tuple(build(Option, option, "option") for option in data.get("options", ()))
        known = tuples({**data, "options": options}, "concepts", "accepted")
        return build(cls, known, place)

    def to_json(self) -> dict[str, Any]:
        """Without the fields that came later where they say nothing: old documents stay equal."""
        data = json.loads(json.dumps(asdict(self)))
        return {name: data[name] for name in data if data[name] or name not in LATER}

    def student_view(self) -> Question:
        texts = [option.text for option in self.options]
        if self.kind == "ordering":
            texts.sort()  # the author's order is the key
        return Question(
            key=self.key,
            kind=self.kind,
            prompt=self.prompt,
            options=tuple(Option(text) for text in texts),
            code=self.code,
            points=self.points,
            concepts=self.concepts,
        )


@dataclass(frozen=True)
class Quiz:
    """Quiz items that are answered together; `attempts` says how often that may be."""

    key: str
    title: str
    questions: tuple[Question, ...]
    attempts: int = ATTEMPTS

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        place = f"quiz {data.get('key')!r}"
        allowed = data.get("attempts", ATTEMPTS)
        if type(allowed) is not int or not 1 <= allowed <= MOST_ATTEMPTS:
            raise Malformed(f"{place}: attempts must be a whole number, 1 to {MOST_ATTEMPTS}")
        questions = tuple(Question.from_json(item) for item in data.get("questions", ()))
        return build(cls, {**data, "questions": questions}, place)

    def to_json(self) -> dict[str, Any]:
        return {**vars(self), "questions": [item.to_json() for item in self.questions]}

    def student_view(self) -> Quiz:
        """Without keys, explanations and reasons."""
        shown = tuple(item.student_view() for item in self.questions)
        return Quiz(self.key, self.title, shown, self.attempts)
