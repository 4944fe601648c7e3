"""Cheap looks at drafts, whose findings go back to the model at once."""

from __future__ import annotations

from typing import Any

import pytest
from scripted_model import Scripted

from coursewright.generator import fitness
from coursewright.generator.drafts import (
    Block,
    Draft,
    Example,
    ExerciseDraft,
    Hints,
    LessonDraft,
    OptionDraft,
    Outline,
    QuestionDraft,
    QuizDraft,
    QuizPlan,
    Reference,
    Spec,
    Violation,
    Wrong,
)
from coursewright.generator.drafts import TestDraft as Test
from coursewright.generator.drafts import Tests as Suite
from coursewright.generator.request import Request
from coursewright.generator.schema import LEFT_OUT, rule, text

SPEC = Spec(
    key="double",
    title="Double",
    statement="Write it.",
    signatures=["def double(number)"],
    promises=["double(2) is 4", "double(0) is 0"],
    examples=[],
    concepts=["functions"],
    imports=[],
    required=[],
    forbidden=[],
)
RIGHT = "def double(number):\n    return 2 * number"


def suite(*tests: tuple[int, bool, str], inputs: str | None = None) -> Suite:
    made = [Test(promise=number, visible=seen, source=source) for number, seen, source in tests]
    return Suite(tests=made, inputs=inputs)


BOTH = [(number, seen, "assert True") for number in (1, 2) for seen in (True, False)]
REQUEST = Request(topic="Python", modules=2, lessons=1, exercises=2)


def plan(**changes: Any) -> Outline:
    request = REQUEST.model_copy(update=changes)
    return Scripted()._outline({"request": request.model_dump_json()})


def twice() -> Outline:
    one = plan(modules=1).modules[0]
    return plan().model_copy(update={"modules": [one, one]})


def of(kind: str, right: int = 0, **more: Any) -> QuestionDraft:
    options = [
        OptionDraft(text=str(n), correct=n < right, why="so") for n in range(more.pop("n", 3))
    ]
    whole = {"answer": None, "code": "", "options": options, **more}
    return QuestionDraft(
        key="q", kind=kind, prompt="?", explanation="so", concepts=["x"], evidence="", **whole
    )


CASES: list[tuple[str, list[str], str]] = [
    ("an outline", [*fitness.outline(plan(), REQUEST)], ""),
    ("too few modules", [*fitness.outline(plan(modules=1), REQUEST)], "modules: 2 are asked for"),
    ("too few exercises", [*fitness.outline(plan(exercises=1), REQUEST)], "2 exercises are asked"),
    ("a key twice", [*fitness.outline(twice(), REQUEST)], "stands more than once"),
    ("a spec", [*fitness.spec(SPEC)], ""),
    (
        "no signature",
        [*fitness.spec(SPEC.model_copy(update={"signatures": ["double it"]}))],
        "signatures.0",
    ),
    (
        "a class",
        [*fitness.spec(SPEC.model_copy(update={"signatures": ["class Stack:"]}))],
        "",
    ),
    (
        "an example that is no Python",
        [*fitness.spec(SPEC.model_copy(update={"examples": [Example(call="f(", result="4")]}))],
        "examples.0.call",
    ),
    (
        "a promise twice",
        [*fitness.spec(SPEC.model_copy(update={"promises": ["a", "a"]}))],
        "promises: 'a'",
    ),
    ("a reference", [*fitness.reference(Reference(source=RIGHT), SPEC)], ""),
    ("no Python", [*fitness.reference(Reference(source="def f("), SPEC)], "cannot be parsed"),
    (
        "another name",
        [*fitness.reference(Reference(source="def f(): pass"), SPEC)],
        "define double",
    ),
    (
        "more than definitions",
        [*fitness.reference(Reference(source=RIGHT + "\nx = 1"), SPEC)],
        "neither an import nor a definition",
    ),
    ("tests", [*fitness.tests(suite(*BOTH), SPEC)], ""),
    ("a promise untested", [*fitness.tests(suite(*BOTH[:2]), SPEC)], "promise 2 needs"),
    ("nothing hidden", [*fitness.tests(suite(*BOTH[:3]), SPEC)], "promise 2 needs"),
    (
        "a promise that is none",
        [*fitness.tests(suite(*BOTH, (3, True, "x")), SPEC)],
        "there are 2 promises",
    ),
    ("inputs", [*fitness.tests(suite(*BOTH, inputs="def inputs(random): yield (1,)"), SPEC)], ""),
    ("no inputs", [*fitness.tests(suite(*BOTH, inputs="x = 1"), SPEC)], "must define"),
    (
        "wrong answers",
        [
            *fitness.wrong(
                Wrong(violations=[Violation(promise=n, source=RIGHT) for n in (1, 2)]), SPEC
            )
        ],
        "",
    ),
    ("none for a promise", [*fitness.wrong(Wrong(violations=[]), SPEC)], "none breaks promise 1"),
    ("a lesson", [*fitness.lesson(LessonDraft(blocks=[Block(kind="text", source="(")]))], ""),
    (
        "an example that is no Python in it",
        [*fitness.lesson(LessonDraft(blocks=[Block(kind="example", source="(")]))],
        "blocks.0.source: is no Python",
    ),
    ("one key", [*fitness.question(of("single", 1))], ""),
    ("two keys", [*fitness.question(of("single", 2))], "2 of them are right"),
    ("two options", [*fitness.question(of("single", 1, n=2))], "at least three"),
    ("one key of many", [*fitness.question(of("multiple", 1))], "1 of them are right"),
    ("a number", [*fitness.question(of("numeric", n=0, answer="2.5"))], ""),
    ("no number", [*fitness.question(of("numeric", n=0, answer="two"))], "must be a number"),
    ("nan", [*fitness.question(of("numeric", n=0, answer="nan"))], "must be a number"),
    ("no answer", [*fitness.question(of("numeric", n=0))], "needs one"),
    ("output", [*fitness.question(of("code-output", n=0, answer="1", code="print(1)"))], ""),
    ("no code", [*fitness.question(of("code-output", n=0, answer="1"))], "there is none"),
    (
        "output with options",
        [*fitness.question(of("code-output", answer="1", code="x"))],
        "has none",
    ),
    (
        "too few questions",
        [
            *fitness.quiz(
                QuizDraft(questions=[of("single", 1)]),
                QuizPlan(key="q", title="Q", questions=2, concepts=["x"]),
            )
        ],
        "questions: 2 are asked for",
    ),
]


@pytest.mark.parametrize(
    ("found", "told"), [case[1:] for case in CASES], ids=[case[0] for case in CASES]
)
def test_what_does_not_fit_is_named(found: list[str], told: str) -> None:
    assert found == [] if not told else told in "\n".join(found)


def test_needs_are_earlier_lessons() -> None:
    made = plan()
    first, second = made.modules
    later = first.lessons[0].model_copy(update={"needs": [second.lessons[0].key]})
    turned = made.model_copy(
        update={"modules": [first.model_copy(update={"lessons": [later]}), second]}
    )
    assert "which is no earlier lesson" in "\n".join(fitness.outline(turned, REQUEST))


SHAPES: list[type[Draft]] = [
    Outline, LessonDraft, Spec, Reference, Suite, Wrong, Hints, QuizDraft, QuestionDraft,
    ExerciseDraft,
]  # fmt: skip


@pytest.mark.parametrize("shape", SHAPES)
def test_a_schema_keeps_to_what_every_server_takes(shape: type[Draft]) -> None:
    def look(node: Any) -> None:
        if isinstance(node, list):
            for one in node:
                look(one)
        elif isinstance(node, dict):
            assert not {"$ref", *LEFT_OUT} & node.keys()
            fields = node.get("properties", {})
            if node.get("type") == "object":
                assert node["required"] == list(fields)
                assert node["additionalProperties"] is False
            for name, one in node.items():
                look(list(one.values()) if name == "properties" else one)

    look(rule(shape))
    assert rule(shape)["type"] == "object"
    assert set(rule(shape)["properties"]) == set(shape.model_fields)


def test_the_prompt_has_the_limits_and_fields_called_title() -> None:
    told = text(Spec)
    assert '"title": {' in told
    assert '"maxItems": 10' in told
    assert '"title": "' not in told
