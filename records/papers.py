"""Hand-ins that wait for a person: the queue of those who mark, and one paper of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, exists, func, select
from sqlalchemy.orm import Session, aliased

from coursewright.records import courses, gradebook, grading, shown, submissions
from coursewright.records.errors import NotFound
from coursewright.records.gradebook import Reach
from coursewright.records.grading import Cell, Item
from coursewright.records.newest import IS_NEWEST_GRADING
from coursewright.records.tables import (
    CourseRow,
    Enrolment,
    Grading,
    Person,
    Score,
    Submission,
)


@dataclass(frozen=True)
class Waiting:
    """A student's newest attempt at a lesson in which `cells` answers wait for a person."""

    submission: int
    person: str | None
    display_name: str
    lesson: str
    attempt: int
    received_at: datetime
    cells: int


@dataclass(frozen=True)
class Paper:
    """A submission as it is marked; `items` are all of its lesson's."""

    submission: int
    person: str | None
    display_name: str
    lesson: str
    title: str
    attempt: int
    received_at: datetime
    state: str
    cells: tuple[Cell, ...]
    items: tuple[Item, ...]


def waiting(
    session: Session, course_key: str, lesson: str | None = None, after: int | None = None
) -> list[Waiting]:
    """The longest waiting first; those that follow the submission `after`, when it is given."""
    query = _waiting(course_key)
    if lesson is not None:
        query = query.where(Submission.lesson == lesson)
    if after is not None:
        known = select(Submission.received_at).where(Submission.id == after).scalar_subquery()
        # One that is not there has no time; then nothing follows it.
        query = query.where(
            (Submission.received_at > known)
            | and_(Submission.received_at == known, Submission.id > after)
        )
    return [Waiting(*row) for row in session.execute(query)]


def paper(
    session: Session,
    viewer: str,
    course_key: str,
    submission: int,
    reach: Reach,
    *,
    request_id: str,
) -> Paper:
    """A submission with its marks and rubric; opening it is audited. Raises NotFound."""
    cells = grading.sheet(session, course_key, submission)
    whose = gradebook.see(session, viewer, submission, reach, part="answers", request_id=request_id)
    row = session.get_one(Submission, submission)
    someone = session.get_one(Person, row.person_id)
    return Paper(
        submission,
        whose.person,
        someone.display_name,
        row.lesson,
        courses.source_lesson(session, row.version_id, row.lesson).title or row.lesson,
        row.attempt,
        row.received_at,
        row.state,
        tuple(cells),
        tuple(grading.rubric(session, course_key, row.lesson)),
    )


def notebook(
    session: Session,
    viewer: str,
    course_key: str,
    submission: int,
    reach: Reach,
    *,
    request_id: str,
) -> dict[str, Any]:
    """What was handed in, with what its cells showed when they were graded. Raises NotFound.

    What the student's own run had shown is left out: they could have written it themself.
    """
    row = session.get(Submission, submission)
    course = session.get(CourseRow, row.course_id) if row else None
    if row is None or course is None or course.key != course_key:
        raise NotFound(f"There is no submission {submission} in this course")
    gradebook.see(session, viewer, submission, reach, part="notebook", request_id=request_id)
    book = submissions.reading(session, row, row.version_id).notebook
    outputs = shown.shown(session, submission)
    cells = [
        {**cell, "outputs": outputs.get(str(cell.get("id")), []), "execution_count": None}
        if cell.get("cell_type") == "code"
        else cell
        for cell in book.get("cells", ())
    ]
    return {**book, "cells": cells}


def nameless(one: Any) -> Any:
    """A Waiting or a Paper that does not say whose it is."""
    return replace(one, person=None, display_name="")


def _waiting(course_key: str) -> Select[int, str, str, str, int, datetime, int]:
    later = aliased(Submission)
    return (
        select(
            Submission.id,
            Person.name,
            Person.display_name,
            Submission.lesson,
            Submission.attempt,
            Submission.received_at,
            func.count(Score.id),
        )
        .join(Person, Person.id == Submission.person_id)
        .join(CourseRow, CourseRow.id == Submission.course_id)
        .join(
            Enrolment,
            and_(Enrolment.person_id == Person.id, Enrolment.course_id == CourseRow.id),
        )
        .join(Grading, Grading.submission_id == Submission.id)
        .join(Score, Score.grading_id == Grading.id)
        .where(
            CourseRow.key == course_key,
            Enrolment.role == "student",
            Submission.state == "graded",
            IS_NEWEST_GRADING,
            Score.status == "manual",
            ~exists().where(
                later.person_id == Submission.person_id,
                later.course_id == Submission.course_id,
                later.lesson == Submission.lesson,
                later.attempt > Submission.attempt,
            ),
        )
        .group_by(Submission.id, Person.id)
        .order_by(Submission.received_at, Submission.id)
    )
