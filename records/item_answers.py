"""What students answered to questions, as it is stored: the first attempt of each at each quiz."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session

from coursewright.records import bank
from coursewright.records.bank_quizzes import course_id
from coursewright.records.bank_tables import BankAnswer, BankAttempt, BankQuestion, BankQuiz
from coursewright.records.course import Question
from coursewright.records.tables import QuizAttempt


@dataclass(frozen=True)
class BankItem:
    """A bank's question in its newest version, with the quizzes that asked it."""

    number: int
    question: Question


@dataclass(frozen=True)
class BankRow:
    """An answer to it; `total` and `most` are of the whole attempt, the question included."""

    person_id: int
    number: int
    answer: Any
    points: float
    max_points: float
    total: float
    most: float
    seconds: float | None


@dataclass(frozen=True)
class LessonRow:
    """A whole attempt at a notebook's quiz."""

    person_id: int
    version_id: int
    lesson: str
    quiz: str
    answers: dict[str, Any]


def bank_items(session: Session, course: str) -> list[BankItem]:
    """The questions of the course's bank that somebody has been asked, archived ones too."""
    asked = select(BankAnswer.id).where(BankAnswer.question_id == BankQuestion.id)
    rows = session.execute(
        select(BankQuestion.id, BankQuestion.number)
        .where(BankQuestion.course_id == course_id(session, course), asked.exists())
        .order_by(BankQuestion.id)
    )
    found = bank.questions(session, [(number, version) for number, version in rows])
    return [BankItem(number, item) for number, item in sorted(found.items())]


def bank_rows(session: Session, course: str) -> Iterator[BankRow]:
    """Answers to the newest versions, of each student the first attempt at each quiz."""
    first = (
        select(BankAttempt.id, BankAttempt.person_id, BankAttempt.points, BankAttempt.max_points)
        .join(BankQuiz, BankQuiz.id == BankAttempt.quiz_id)
        .where(
            BankQuiz.course_id == course_id(session, course),
            BankAttempt.counts,
            BankAttempt.submitted_at.is_not(None),
        )
        .ext(distinct_on(BankAttempt.quiz_id, BankAttempt.person_id))
        .order_by(BankAttempt.quiz_id, BankAttempt.person_id, BankAttempt.attempt)
        .subquery()
    )
    rows = session.execute(
        select(
            first.c.person_id,
            BankAnswer.question_id,
            BankAnswer.answer,
            BankAnswer.points,
            BankAnswer.max_points,
            first.c.points,
            first.c.max_points,
            BankAnswer.seconds,
        )
        .join(first, first.c.id == BankAnswer.attempt_id)
        .join(
            BankQuestion,
            (BankQuestion.id == BankAnswer.question_id)
            & (BankQuestion.number == BankAnswer.number),
        )
        .order_by(BankAnswer.id)
    )
    return (BankRow(*row) for row in rows)


def lesson_rows(session: Session, course: str) -> list[LessonRow]:
    """Of each student the first attempt at each quiz of a notebook, as far as it counts."""
    rows = session.execute(
        select(
            QuizAttempt.person_id,
            QuizAttempt.version_id,
            QuizAttempt.lesson,
            QuizAttempt.quiz,
            QuizAttempt.answers,
        )
        .where(
            QuizAttempt.course_id == course_id(session, course),
            QuizAttempt.counts,
            QuizAttempt.points.is_not(None),
        )
        .ext(distinct_on(QuizAttempt.lesson, QuizAttempt.quiz, QuizAttempt.person_id))
        .order_by(QuizAttempt.lesson, QuizAttempt.quiz, QuizAttempt.person_id, QuizAttempt.attempt)
    )
    return [LessonRow(*row) for row in rows]
