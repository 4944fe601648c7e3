"""What quizzes from the bank count in the final grade: for how many points, and who got what."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ARRAY, Text, and_, case, cast, func, or_, select
from sqlalchemy.orm import Session

from coursewright.records import bank_quizzes
from coursewright.records.bank_quizzes import Pick, Quiz
from coursewright.records.bank_tables import BankAttempt, BankQuestion, BankQuiz
from coursewright.records.grade_facts import Answered
from coursewright.records.mastery import Touched
from coursewright.records.schemes import Item


@dataclass(frozen=True)
class Counted:
    """A quiz that counts for `most` points; `concepts` are those that it may ask about.

    An attempt counts by the share of its own points, so that luck in the draw changes nothing.
    """

    quiz: Quiz
    most: float
    concepts: frozenset[str]

    @property
    def item(self) -> Item:
        return item(self.quiz.key)


def item(quiz: str) -> Item:
    """As an item of the final grade it is in no lesson: keys are the course's own."""
    return "", quiz


def counted(session: Session, course: int) -> list[Counted]:
    """The open quizzes of a course (its row), and the archived ones that somebody took, by title.

    `most` is what the picked questions give now; of those drawn by chance, what they give on
    average.
    """
    taken = select(BankAttempt.id).where(
        BankAttempt.quiz_id == BankQuiz.id, BankAttempt.counts, BankAttempt.points.is_not(None)
    )
    rows = session.scalars(
        select(BankQuiz)
        .where(
            BankQuiz.course_id == course,
            or_(BankQuiz.state == "open", and_(BankQuiz.state == "archived", taken.exists())),
        )
        .order_by(BankQuiz.title, BankQuiz.key)
        .execution_options(populate_existing=True)
    )
    quizzes = [bank_quizzes.read(row) for row in rows]
    asked = _questions(session, course, [pick for quiz in quizzes for pick in quiz.picks])
    return [_counted(quiz, asked) for quiz in quizzes]


def answered(
    session: Session, course: int, people: Collection[int]
) -> dict[int, dict[Item, Answered]]:
    """The best share of each of these people's attempts, by person and quiz."""
    share = case(
        (BankAttempt.max_points > 0, BankAttempt.points / BankAttempt.max_points), else_=0.0
    )
    rows = session.execute(
        select(
            BankAttempt.person_id,
            BankQuiz.key,
            func.max(share),
            func.count(),
            func.max(BankAttempt.submitted_at),
        )
        .join(BankQuiz, BankQuiz.id == BankAttempt.quiz_id)
        .where(
            BankQuiz.course_id == course,
            BankAttempt.person_id.in_(people),
            BankAttempt.counts,
            BankAttempt.points.is_not(None),
        )
        .group_by(BankAttempt.person_id, BankQuiz.key)
    )
    found: dict[int, dict[Item, Answered]] = {}
    for person, key, best, number, last in rows:
        found.setdefault(person, {})[item(key)] = Answered(best, number, last)
    return found


def touched(
    session: Session, course: int, *, quiz: str | None = None, lesson: str | None = None
) -> list[Touched]:
    """Whose answers to the quiz, or to those of the lesson, count, with what those ask about."""
    which = BankQuiz.key == quiz if quiz is not None else BankQuiz.lesson == lesson
    rows = session.execute(
        select(BankAttempt.person_id, BankAttempt.concepts)
        .join(BankQuiz, BankQuiz.id == BankAttempt.quiz_id)
        .where(
            BankQuiz.course_id == course,
            which,
            BankAttempt.counts,
            BankAttempt.points.is_not(None),
        )
        .order_by(BankAttempt.person_id)
    )
    concerned: dict[int, set[str]] = {}
    for person, concepts in rows:
        concerned.setdefault(person, set()).update(concepts)
    return [Touched(person, course, tuple(sorted(names))) for person, names in concerned.items()]


@dataclass(frozen=True)
class _Asked:
    points: float
    concepts: frozenset[str]
    archived: bool


def _questions(session: Session, course: int, picks: Sequence[Pick]) -> dict[int, _Asked]:
    """By number, those that are picked, and those that can be drawn."""
    if not picks:
        return {}
    fixed = {pick.question for pick in picks if pick.question is not None}
    concepts = sorted({pick.concept for pick in picks if pick.concept is not None})
    drawn = BankQuestion.concepts.op("&&", is_comparison=True)(cast(concepts, ARRAY(Text)))
    rows = session.execute(
        select(BankQuestion.id, BankQuestion.points, BankQuestion.concepts, BankQuestion.archived)
        .where(BankQuestion.course_id == course)
        .where(or_(BankQuestion.id.in_(fixed), and_(drawn, ~BankQuestion.archived)))
    )
    return {
        number: _Asked(max(0.0, points), frozenset(names), archived)
        for number, points, names, archived in rows
    }


def _counted(quiz: Quiz, asked: Mapping[int, _Asked]) -> Counted:
    fixed = {pick.question for pick in quiz.picks if pick.question is not None}
    most = sum(asked[number].points for number in fixed if number in asked)
    concepts = set().union(*(asked[number].concepts for number in fixed if number in asked))
    for pick in quiz.picks:
        if pick.concept is not None:
            own = (one.points for one in _pool(pick.concept, asked, fixed))
            most += pick.count * _mean(own)
            concepts.add(pick.concept)
    return Counted(quiz, round(most, 6), frozenset(concepts))


def _pool(
    concept: str, asked: Mapping[int, _Asked], fixed: Collection[int | None]
) -> Iterable[_Asked]:
    return (
        one
        for number, one in asked.items()
        if concept in one.concepts and not one.archived and number not in fixed
    )


def _mean(points: Iterable[float]) -> float:
    found = list(points)
    return sum(found) / len(found) if found else 0.0
