"""Taking answers to a quiz: marked once, kept once, counted for the concepts that it asks about."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from coursewright.grader import reckoning
from coursewright.grader.admission import admit
from coursewright.grader.quizzes import as_written, checked, mark
from coursewright.records import quizzes as records
from coursewright.records.course import Quiz
from coursewright.records.errors import Conflict, Denied
from coursewright.records.mastery import Touched
from coursewright.records.quizzes import Place, Tried


@dataclass(frozen=True)
class Sent:
    """What somebody answered; `version` is that of the quiz they saw, None for the newest."""

    answers: Mapping[str, Any]
    key: str
    version: int | None = None


@dataclass(frozen=True)
class Taken:
    """What became of it; `repeated` when its key had brought it before."""

    at: Place
    quiz: Quiz
    tried: Tried
    repeated: bool


def take(  # noqa: PLR0917 (no two of them can be mistaken for each other)
    session: Session, person: str, course: str, lesson: str, quiz_key: str, sent: Sent
) -> Taken:
    """Mark answers and keep them, exactly once for their key.

    Raises Invalid for what is no answer, NotFound for who or what does not belong there, Conflict
    when no attempt is left or the key came with other answers, and Denied after the cut-off.
    """
    at = records.place(session, person, course, lesson, sent.version, lock=True)
    if sent.version not in (None, at.version):
        raise Conflict(
            f"There is no version {sent.version} of this course. Your answers were not counted; "
            "open the lesson again to see its quizzes"
        )
    quiz = at.quiz(quiz_key)
    seed = records.seed(session, at, quiz.key)
    answers = as_written(seed, quiz, checked(quiz, sent.answers))
    before = records.earlier(session, at, quiz.key, answers, sent.key)
    if before is not None:
        return Taken(at, quiz, before, repeated=True)
    if left(session, at, quiz) == 0:
        raise Conflict(
            "All attempts at this quiz have been used. What you answered before is kept and "
            "counts; these answers were not counted"
        )
    if at.counts:
        admit(session, person, course, lesson, 1)
    marks = [mark(item, answers[item.key]) for item in quiz.questions]
    points = sum(one.points for one in marks), sum(one.max_points for one in marks)
    tried = records.keep(session, at, quiz.key, answers, points, key=sent.key)
    if at.counts:
        _reckon(session, at, quiz, tried)
    return Taken(at, quiz, tried, repeated=False)


def left(session: Session, at: Place, quiz: Quiz) -> int | None:
    """How many attempts are left; None when they do not count."""
    if not at.counts:
        return None
    return max(0, records.allowed(session, at, quiz) - records.used(session, at, quiz.key))


def closed(session: Session, at: Place, person: str) -> str | None:
    """Why no more answers are taken; None while they are."""
    if at.counts:
        try:
            admit(session, person, at.course, at.lesson.key, 1)
        except Denied as refusal:
            return str(refusal)
    return None


def _reckon(session: Session, at: Place, quiz: Quiz, tried: Tried) -> None:
    concepts = {concept for item in quiz.questions for concept in item.concepts}
    about = Touched(at.person_id, at.course_id, tuple(sorted(concepts)))
    because = {"quiz": f"{at.lesson.key}/{quiz.key}", "attempt": tried.attempt}
    reckoning.refresh(session, about, because)
