"""A course whose only lesson is a quiz with every kind of question, and answers to it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any

from desk_course import SEVERAL, SUM
from small_course import ITEM, PRINTING

from coursewright.grader.quizzes import as_shown
from coursewright.records.course import Cell, Course, Lesson, Module, Question, Quiz

ITEMS = (
    replace(ITEM, concepts=("limits",)),
    replace(SEVERAL, points=2.0, concepts=("comparing",)),
    SUM,
    PRINTING,
)
# With options by the author's places.
RIGHT: dict[str, Any] = {"below": 1, "several": [0, 2], "sum": "0,3", "printing": "True"}
WRONG: dict[str, Any] = {"below": 0, "several": [1], "sum": "3", "printing": "False"}
# What a student must not read before the time: keys and reasons of options not chosen.
SECRETS = ("nearest", "Equal is enough", "other limit", "Three tenths")


def quiz_course(
    key: str = "quizzes", *, items: Sequence[Question] = ITEMS, attempts: int | None = None
) -> Course:
    quiz = Quiz("check", "Check yourself", tuple(items)).to_json()
    del quiz["attempts"]
    if attempts is not None:
        quiz["attempts"] = attempts
    cell = Cell("a-quiz", "markdown", "### Check", {"coursewright": {"quiz": quiz}})
    text = Cell("a-text", "markdown", "# Limits")
    lesson = Lesson("limits", "Limits", (text, cell))
    return Course(key, "Quizzes", (Module("only", "Only", (lesson,)),))


def shown(seed: str, answers: Mapping[str, Any]) -> dict[str, Any]:
    """The answers as the person with this seed gives them."""
    items = {item.key: item for item in ITEMS}
    return {key: as_shown(seed, items[key], answer) for key, answer in answers.items()}


def placed(quiz: Mapping[str, Any], answers: Mapping[str, Any]) -> dict[str, Any]:
    """The same for a quiz as the service tells it, found by the options' texts."""
    items = {item.key: asdict(item) for item in ITEMS}
    found: dict[str, Any] = {}
    for question in quiz["questions"]:
        texts = [option["text"] for option in items[question["key"]]["options"]]
        answer = answers.get(question["key"])
        if isinstance(answer, list):
            answer = sorted(question["options"].index(texts[one]) for one in answer)
        elif isinstance(answer, int):
            answer = question["options"].index(texts[answer])
        found[question["key"]] = answer
    return found
