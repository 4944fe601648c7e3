"""Outlines: what keeps one from being made, and what of it is taught, practised and asked."""

from __future__ import annotations

from typing import Any

import pytest

from coursewright.generator.drafts import Outline
from coursewright.generator.plans import coverage, problems


def exercise(key: str, *concepts: str) -> dict[str, Any]:
    about = list(concepts) or ["loops"]
    return {"key": key, "title": key, "idea": "i", "concepts": about, "difficulty": "easy"}


def lesson(key: str, *exercises: dict[str, Any], needs: tuple[str, ...] = ()) -> dict[str, Any]:
    quiz = {"key": f"{key}-quiz", "title": "Q", "questions": 2, "concepts": ["loops"]}
    return {
        "key": key, "title": key, "minutes": 30, "objectives": ["o"], "concepts": [f"of-{key}"],
        "needs": list(needs), "exercises": list(exercises), "quiz": quiz,
    }  # fmt: skip


def outline(*lessons: dict[str, Any], modules: int = 1) -> Outline:
    made = [{"key": "m", "title": "M", "lessons": list(lessons)}] * modules
    data = {"key": "c", "title": "C", "summary": "S", "objectives": ["o"], "modules": made}
    return Outline.model_validate(data)


@pytest.mark.parametrize(
    ("plan", "words"),
    [
        (outline(lesson("a", exercise("x"), exercise("x"))), ["2 exercises have the key 'x'"]),
        (outline(lesson("a", exercise("x")), lesson("a")), ["2 lessons have the key 'a'"]),
        (
            outline(lesson("a", exercise("x")), modules=2),
            ["2 modules have", "2 lessons have", "2 exercises have"],
        ),
        (outline(lesson("a", exercise("x"), needs=("b",)), lesson("b")), ["comes after it"]),
        (outline(lesson("a", exercise("x"), needs=("z",))), ["which is no lesson"]),
        (outline(lesson("a")), ["No lesson has an exercise."]),
    ],
)
def test_every_fault_of_a_plan_is_named(plan: Outline, words: list[str]) -> None:
    found = problems(plan)
    assert len(found) == len(words)
    assert all(word in said for word, said in zip(words, found, strict=True))


def test_a_sound_plan_has_no_faults() -> None:
    plan = outline(lesson("a", exercise("x")), lesson("b", exercise("y"), needs=("a",)))
    assert problems(plan) == []


def test_coverage_says_where_each_concept_is_taught_practised_and_asked() -> None:
    found = coverage(outline(lesson("a", exercise("x", "of-a", "loops"))))
    assert found == {
        "of-a": {"lessons": ["a"], "exercises": ["x"], "quizzes": []},
        "loops": {"lessons": [], "exercises": ["x"], "quizzes": ["a-quiz"]},
    }
