"""After a grading: what it says about the student's command of the concepts that it touched."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from sqlalchemy.orm import Session

from coursewright.grader import lint, mastery
from coursewright.grader.assemble import Assembly, assemble
from coursewright.grader.kernelspecs import wanted
from coursewright.grader.result import Result
from coursewright.records import mastery as records
from coursewright.records.course import Lesson
from coursewright.records.mastery import Evidence, Tried


def findings(
    lesson: Lesson,
    notebook: Mapping[str, Any],
    result: Result,
    assembly: Assembly | None = None,
) -> dict[str, list[str]]:
    """By exercise, what is to be said about answers in Python whose tests have all passed.

    `assembly` is the two notebooks', when it is at hand.
    """
    if wanted({"metadata": lesson.metadata}) is not None:
        return {}
    passing = {}
    # Whatever became of the cells.
    assembly = assembly or assemble(lesson.to_notebook(), notebook)
    for exercise in lesson.exercises():
        cells = [cell for cell in result.cells if cell.exercise == exercise.key]
        answer = assembly.answer(exercise.key)
        if answer is not None and cells and all(cell.status == "passed" for cell in cells):
            passing[exercise.key] = answer.source
    return lint.findings(passing) if passing else {}


def reckon(session: Session, submission_id: int, found: Mapping[str, list[str]]) -> None:
    """Write down `found` and the mastery of the concepts that the graded submission touches.

    Belongs into the transaction of the grading.
    """
    records.keep_findings(session, submission_id, found)
    refresh(session, records.touched(session, submission_id), {"submission": submission_id})


def refresh(session: Session, about: records.Touched, because: Mapping[str, Any]) -> None:
    """Write the mastery of these concepts anew, by all that is stored now."""
    if not about.concepts:
        return
    facts = records.evidence(session, about)
    kept = {}
    for concept in about.concepts:
        parts = evaluate(facts, concept)
        score = mastery.score(parts)
        if score is not None and (parts.exercise is not None or parts.quiz is not None):
            kept[concept] = score, asdict(parts)
    records.keep(session, about, kept, because)
    # What spoke of a concept may be held back now.
    records.forget(session, about, [name for name in about.concepts if name not in kept])


def evaluate(facts: Evidence, concept: str) -> mastery.Parts:
    """The four parts of a concept's score."""
    exercises = _about(facts.exercises, concept)
    return mastery.Parts(
        exercise=mastery.share(_points(exercises)),
        quiz=mastery.share(_points(_about(facts.quizzes, concept))),
        quality=mastery.quality(
            tried.findings for tried in exercises if tried.findings is not None
        ),
        consistency=mastery.consistency(facts.days, facts.today),
    )


def _points(tried: list[Tried]) -> list[tuple[float, float]]:
    return [(one.points, one.max_points) for one in tried]


def _about(tried: tuple[Tried, ...], concept: str) -> list[Tried]:
    return [one for one in tried if concept in one.concepts]
