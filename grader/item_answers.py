"""Answers to a course's questions, from the bank and from notebooks, as their statistics take them.

An answer speaks only of the question that it was given to: one to an earlier version is left out.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Literal

from sqlalchemy.orm import Session

from coursewright.grader.item_statistics import Given, Statistics, statistics_of
from coursewright.grader.quizzes import mark
from coursewright.records import courses, item_answers
from coursewright.records.course import Question, Quiz
from coursewright.records.errors import NotFound


@dataclass(frozen=True)
class Item:
    """A question with what its answers say; `place` is lesson/quiz, or the bank."""

    source: Literal["bank", "lesson"]
    place: str
    question: Question
    found: Statistics


def items(session: Session, course: str) -> list[Item]:
    """All questions that somebody has answered. Raises NotFound for no such course."""
    return [*_of_bank(session, course), *_of_lessons(session, course)]


def _of_bank(session: Session, course: str) -> Iterator[Item]:
    given: dict[int, dict[int, Given]] = {}
    for row in item_answers.bank_rows(session, course):
        share = row.points / row.max_points if row.max_points else 0.0
        rest = row.most - row.max_points
        other = (row.total - row.points) / rest if rest > 1e-9 else None
        # Who met the question in several quizzes speaks once.
        one = Given(row.answer, share, other, row.seconds)
        given.setdefault(row.number, {}).setdefault(row.person_id, one)
    for item in item_answers.bank_items(session, course):
        answers = list(given.get(item.number, {}).values())
        yield Item("bank", "bank", item.question, statistics_of(item.question, answers))


def _of_lessons(session: Session, course: str) -> Iterator[Item]:
    newest = _quizzes(session, courses.current_version(session, course).id)

    @cache
    def asked(version: int) -> dict[tuple[str, str], Quiz]:
        return _quizzes(session, version)

    given: dict[tuple[str, str, str], list[Given]] = {}
    for row in item_answers.lesson_rows(session, course):
        quiz = newest.get((row.lesson, row.quiz))
        then = asked(row.version_id).get((row.lesson, row.quiz))
        if quiz is None or then is None:
            continue
        now = {item.key: item for item in quiz.questions}
        marks = {item.key: mark(item, row.answers.get(item.key)) for item in then.questions}
        points = sum(one.points for one in marks.values())
        most = sum(one.max_points for one in marks.values())
        for item in then.questions:
            if now.get(item.key) != item:
                continue
            own = marks[item.key]
            rest = most - own.max_points
            other = (points - own.points) / rest if rest > 1e-9 else None
            share = own.points / own.max_points if own.max_points else 0.0
            one = Given(row.answers.get(item.key), share, other)
            given.setdefault((row.lesson, row.quiz, item.key), []).append(one)
    for (lesson, key), quiz in newest.items():
        for item in quiz.questions:
            if (lesson, key, item.key) in given:
                found = statistics_of(item, given[lesson, key, item.key])
                yield Item("lesson", f"{lesson}/{key}", item, found)


def _quizzes(session: Session, version: int) -> dict[tuple[str, str], Quiz]:
    try:
        course = courses.source_course(session, version)
    except NotFound:
        return {}
    return {
        (lesson.key, quiz.key): quiz for lesson in course.lessons() for quiz in lesson.quizzes()
    }
