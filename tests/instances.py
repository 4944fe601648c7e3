"""Instances of the bank's families, and what its tests say of an answer, in this process."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from random import Random
from types import FrameType

import pytest

from coursewright.generator.assemble import lesson_notebook
from coursewright.generator.bank.catalogue import TOPICS, with_needs
from coursewright.generator.bank.family import Family, Topic
from coursewright.generator.bank.runs import define
from coursewright.generator.drafts import ExerciseDraft, LessonDraft, LessonPlan
from coursewright.generator.gates.subject import Subject, proof
from coursewright.records.course import Lesson

SEEDS = (0, 1, 2)
FAMILIES = [
    pytest.param(topic, family, id=f"{topic.key}/{family.key}")
    for topic in TOPICS
    for family in topic.families
]
QUIZZES = [
    pytest.param(topic, family, id=f"{topic.key}/{family.key}")
    for topic in TOPICS
    for family in topic.quizzes
]
every_family = pytest.mark.parametrize(("topic", "family"), FAMILIES)
every_quiz = pytest.mark.parametrize(("topic", "family"), QUIZZES)
every_topic = pytest.mark.parametrize("topic", TOPICS, ids=lambda topic: topic.key)
every_seed = pytest.mark.parametrize("seed", SEEDS)


class Endless(BaseException):
    """An answer took more than its share of the processor."""


@contextmanager
def at_most(seconds: float) -> Iterator[None]:
    """Of processor time. pytest-timeout has the other clock."""

    def stop(signum: int, frame: FrameType | None) -> None:
        raise Endless

    before = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def broken(answer: str, draft: ExerciseDraft) -> set[int]:
    """The numbers of the promises whose tests this answer does not pass."""
    found = set()
    for test in draft.tests.tests:
        try:
            with at_most(0.1):
                names = define(answer)
                exec(test.source, names)
        except (Exception, Endless):  # noqa: BLE001 - a wrong answer fails in its own way
            found.add(test.promise)
    return found


@cache
def made(family: Family, seed: int) -> ExerciseDraft:
    """Kept, since many tests look at the same instance."""
    return family.make(Random(seed))


def planned(topic: Topic) -> LessonPlan:
    return LessonPlan(
        key=topic.key,
        title=topic.title,
        minutes=topic.minutes,
        objectives=list(topic.objectives),
        concepts=list(topic.concepts),
        needs=[],
        exercises=[],
        quiz=None,
    )


@cache
def _text(topic: Topic) -> LessonDraft:
    return topic.lesson(Random(0))


def lesson(topic: Topic, *drafts: ExerciseDraft) -> Lesson:
    """The topic's lesson with these exercises."""
    return lesson_notebook(planned(topic), _text(topic), drafts, None)


def subject(topic: Topic, draft: ExerciseDraft) -> Subject:
    """The exercise in its lesson, behind all lessons that it needs."""
    whole = lesson(topic, draft)
    (exercise,) = whole.exercises()
    before = tuple(map(lesson, [one for one in with_needs([topic]) if one is not topic]))
    return Subject(whole, exercise, proof(whole, exercise.key), before)
