"""What a question of a bank must be, to be asked at all."""

from __future__ import annotations

from typing import Any

import pytest
from banking import QUESTIONS

from coursewright.grader import bank_questions
from coursewright.records.course import KINDS
from coursewright.records.errors import Invalid


def of(kind: str, **change: Any) -> dict[str, Any]:
    return {**QUESTIONS[kind], **change}


def test_there_is_a_question_of_every_kind() -> None:
    assert set(QUESTIONS) == set(KINDS)


@pytest.mark.parametrize("kind", QUESTIONS)
def test_a_good_question_is_taken(kind: str) -> None:
    found = bank_questions.question(QUESTIONS[kind])
    assert (found.kind, found.prompt) == (kind, QUESTIONS[kind]["prompt"])
    assert bank_questions.question(found.to_json()) == found


REFUSED = {
    "no kind": ({"prompt": "?"}, "kind must be one of"),
    "a field of another world": (of("single", colour="red"), "unknown colour"),
    "no text": (of("single", prompt=" "), "no text"),
    "no points": (of("single", points=0), "more than 0"),
    "no options": (of("single", options=[]), "no options"),
    "two keys": (
        of("single", options=[{"text": "a", "correct": True}, {"text": "b", "correct": True}]),
        "one of them is right",
    ),
    "no key": (of("multiple", options=[{"text": "a"}, {"text": "b"}]), "right and others"),
    "an option twice": (
        of("multiple", options=[{"text": "a", "correct": True}, {"text": "a "}]),
        "are the same",
    ),
    "an empty option": (of("single", options=[{"text": ""}, {"text": "b"}]), "has a text"),
    "two entries": (of("ordering", options=[{"text": "a"}, {"text": "b"}]), "at least 3"),
    "no entries": (of("ordering", options=[]), "at least 3"),
    "no number": (of("numeric", answer="many"), "is no number"),
    "no key at all": (of("numeric", answer=None), "is a number"),
    "an endless key": (of("numeric", answer=float("inf")), "is a number"),
    "a tolerance below 0": (of("numeric", tolerance=-1.0), "not below 0"),
    "no forms": (of("short-text", accepted=[" "]), "at least one accepted form"),
    "a form of a full stop": (of("short-text", accepted=["."]), "says something"),
    "no code": (of("code-output", code=""), "needs the code"),
    "NUL": (of("single", prompt="a\0b"), "characters that are none"),
    "too many concepts": (of("single", concepts=[f"c{n}" for n in range(21)]), "up to 20 concepts"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_question_that_cannot_be_asked_is_refused_with_the_reason(case: str) -> None:
    data, words = REFUSED[case]
    with pytest.raises(Invalid, match=words):
        bank_questions.question(data)


def test_what_does_not_belong_to_the_kind_is_left_out() -> None:
    found = bank_questions.question(of("short-text", answer="7", tolerance=1.0, code="x"))
    assert (found.answer, found.tolerance) == (None, 0)
    assert bank_questions.question(of("single", concepts=[" a  b ", "a b", ""])).concepts == (
        "a b",
    )


def test_a_difficulty_is_one_of_three_or_none() -> None:
    assert bank_questions.difficulty("") is None
    assert bank_questions.difficulty("easy") == "easy"
    with pytest.raises(Invalid, match="easy, medium, hard"):
        bank_questions.difficulty("brutal")
