"""When a person marks: the feedback page and the mastery follow, in the same transaction."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from coursewright.grader.feedback import render
from coursewright.grader.recall import recall
from coursewright.grader.reckoning import refresh
from coursewright.records import grading, gradings, mastery
from coursewright.records.grading import Item, Said


def mark(session: Session, /, by: str, course_key: str, submission_id: int, **about: Any) -> Said:
    """As records/grading.py's `mark`, with all that follows from it."""
    said = grading.mark(session, by, course_key, submission_id, **about)
    if said.counts:
        settle(session, submission_id)
    return said


def change_item(
    session: Session, by: str, course_key: str, item: Item, request_id: str | None = None
) -> int:
    """As records/grading.py's `change_item`; how many submissions have a new grading."""
    changed = grading.change_item(session, by, course_key, item, request_id=request_id)
    for number in changed:
        settle(session, number)
    return len(changed)


def settle(session: Session, submission_id: int) -> None:
    """Render the page anew, and reckon the concepts that the submission touches."""
    work, result = recall(session, submission_id)
    gradings.keep_page(session, submission_id, render(work.lesson, work.notebook, result))
    refresh(session, mastery.touched(session, submission_id), {"submission": submission_id})
