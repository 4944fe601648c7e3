"""A bank with a question of every kind, and quizzes that are made from it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import func, update
from sqlalchemy.orm import Session, sessionmaker

from coursewright.grader import bank_questions
from coursewright.records import bank, bank_quizzes
from coursewright.records.bank import Desk
from coursewright.records.bank_quizzes import Pick, Quiz
from coursewright.records.tables import BankAttempt

QUESTIONS: dict[str, dict[str, Any]] = {
    "single": {
        "kind": "single",
        "prompt": "Which colour has the sky?",
        "options": [
            {"text": "blue", "correct": True, "why": "because of scattering"},
            {"text": "green", "correct": False, "why": "because not"},
            {"text": "red", "correct": False},
        ],
        "explanation": "because light scatters",
        "concepts": ["colours"],
    },
    "multiple": {
        "kind": "multiple",
        "prompt": "Which are **even**?",
        "options": [
            {"text": "2", "correct": True},
            {"text": "3", "correct": False},
            {"text": "4", "correct": True},
        ],
        "concepts": ["numbers"],
        "points": 2,
    },
    "numeric": {
        "kind": "numeric",
        "prompt": "How much is a third?",
        "answer": "0.333",
        "relative": 0.01,
        "concepts": ["numbers"],
    },
    "short-text": {
        "kind": "short-text",
        "prompt": "Which word begins a loop?",
        "accepted": ["while", "for"],
        "concepts": ["loops"],
    },
    "code-output": {
        "kind": "code-output",
        "prompt": "What does this print?",
        "code": "print(1 + 1)",
        "answer": "2",
        "concepts": ["numbers"],
    },
    "ordering": {
        "kind": "ordering",
        "prompt": "In which order does a day go by?",
        "options": [{"text": text} for text in ("morning", "noon", "evening", "night")],
        "concepts": ["days"],
        "points": 3,
    },
}
# With options by the author's places.
RIGHT: dict[str, Any] = {
    "single": 0,
    "multiple": [0, 2],
    "numeric": "0.3333",
    "short-text": "FOR",
    "code-output": "2",
    "ordering": [0, 1, 2, 3],
}


def fill_bank(session: Session, course: str = "sums", by: str = "ada") -> dict[str, int]:
    """One question of every kind; their numbers."""
    desk = Desk(by, course)
    return {
        kind: bank.add(session, desk, bank_questions.question(data), None).id
        for kind, data in QUESTIONS.items()
    }


def make_quiz(
    session: Session, numbers: Mapping[str, int], key: str = "week-one", **about: Any
) -> Quiz:
    picks = tuple(Pick(question=number) for number in numbers.values())
    course = about.pop("course", "sums")
    quiz = Quiz(**{"key": key, "title": "Week one", "state": "open", "picks": picks, **about})
    return bank_quizzes.add(session, "ada", course, quiz)


def later(make: sessionmaker[Session], minutes: float) -> None:
    """As if every open attempt had begun so much earlier."""
    ago = timedelta(minutes=minutes)
    with make.begin() as session:
        session.execute(
            update(BankAttempt)
            .where(BankAttempt.submitted_at.is_(None))
            .values(
                started_at=BankAttempt.started_at - ago,
                deadline=BankAttempt.deadline - ago,
                saved_at=func.coalesce(BankAttempt.saved_at - ago, None),
            )
        )


def placed(running: Any, answers: dict[str, Any] = RIGHT) -> dict[str, Any]:
    """Answers as a person gives them who finds the options by their texts."""
    found = {}
    for one in running["questions"]:
        texts = [option["text"] for option in QUESTIONS[one["kind"]].get("options", [])]
        answer = answers[one["kind"]]
        if isinstance(answer, list):
            answer = [one["options"].index(texts[place]) for place in answer]
        elif isinstance(answer, int):
            answer = one["options"].index(texts[answer])
        found[one["key"]] = answer
    return found
