"""Marks by people: rubric items that all answers to a question share, comments, who and when.

A mark is never changed: saying something else adds another. Whoever marks says which mark they
had before their eyes; when another has come since, theirs is kept but does not count. Each mark
that counts becomes a new grading of the submission, so the earlier ones stay as history.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ARRAY, BigInteger, cast, select
from sqlalchemy.orm import Session

from coursewright.records import courses, events, gradings
from coursewright.records.errors import Conflict, Invalid, NotFound
from coursewright.records.submissions import newest_number
from coursewright.records.tables import (
    CourseRow,
    Mark,
    Person,
    RubricItem,
    Submission,
)

LONGEST = 10_000  # characters of a comment
LABEL = 500
MOST = 10_000.0  # points


@dataclass(frozen=True)
class Item:
    """A rubric item; its points may be negative."""

    id: int
    grade_id: str
    label: str
    points: float


@dataclass(frozen=True)
class Said:
    """What somebody said of an answer; `counts` is False for what came too late to count."""

    number: int
    counts: bool
    items: tuple[int, ...]
    adjustment: float
    extra_credit: float
    keeps: bool
    comment: str
    marked_by: str
    marked_at: datetime


@dataclass(frozen=True)
class Cell:
    """A graded cell of a submission as it counts now; `version` is its last mark's number, or 0.

    `before` is what it had before anybody marked it. `history`: all marks, newest first.
    """

    grade_id: str
    exercise: str | None
    points: float
    max_points: float
    status: str
    message: str
    version: int
    before: float
    history: tuple[Said, ...]


def rubric(session: Session, course_key: str, lesson: str) -> list[Item]:
    """A lesson's rubric items, question by question in the order of their making."""
    rows = session.scalars(
        select(RubricItem)
        .join(CourseRow, CourseRow.id == RubricItem.course_id)
        .where(CourseRow.key == course_key, RubricItem.lesson == lesson)
        .order_by(RubricItem.grade_id, RubricItem.id)
        .execution_options(populate_existing=True)
    )
    return [Item(row.id, row.grade_id, row.label, row.points) for row in rows]


def add_item(
    session: Session,
    by: str,
    course_key: str,
    lesson: str,
    item: Item,
    *,
    request_id: str | None = None,
) -> Item:
    """Add a rubric item (`id` is given here). Raises Invalid, and NotFound for no such cell."""
    version = courses.current_version(session, course_key)
    source = courses.source_lesson(session, version.id, lesson)
    if item.grade_id not in [cell.grade_id for cell in source.cells if cell.points]:
        raise NotFound(f"The lesson {lesson!r} has no graded cell {item.grade_id!r}")
    _check(item)
    course = session.scalars(select(CourseRow).where(CourseRow.key == course_key)).one()
    row = RubricItem(
        course_id=course.id,
        lesson=lesson,
        grade_id=item.grade_id,
        label=item.label,
        points=item.points,
    )
    session.add(row)
    session.flush()
    made = Item(row.id, row.grade_id, row.label, row.points)
    where = f"{course_key}/{lesson}"
    _audit(session, by, "rubric.added", made, object=where, request_id=request_id)
    return made


def item(session: Session, course_key: str, number: int) -> Item:
    """Raises NotFound."""
    row = session.scalars(
        select(RubricItem)
        .join(CourseRow, CourseRow.id == RubricItem.course_id)
        .where(RubricItem.id == number, CourseRow.key == course_key)
        .execution_options(populate_existing=True)
    ).one_or_none()
    if row is None:
        raise NotFound(f"There is no rubric item {number} in this course")
    return Item(row.id, row.grade_id, row.label, row.points)


def change_item(
    session: Session, by: str, course_key: str, item: Item, *, request_id: str | None = None
) -> list[int]:
    """Give a rubric item another label or other points, and every answer marked with it its due.

    `item.grade_id` is left alone. Returns the submissions that got a new grading. Raises NotFound.
    """
    _check(item)
    row = session.scalars(
        select(RubricItem)
        .join(CourseRow, CourseRow.id == RubricItem.course_id)
        .where(RubricItem.id == item.id, CourseRow.key == course_key)
        .with_for_update(of=RubricItem)
    ).one_or_none()
    if row is None:
        raise NotFound(f"There is no rubric item {item.id} in this course")
    row.label, row.points = item.label, item.points
    session.flush()
    where = f"{course_key}/{row.lesson}"
    _audit(session, by, "rubric.changed", item, object=where, request_id=request_id)
    numbers = session.scalars(
        select(Submission.id)
        .where(
            Submission.course_id == row.course_id,
            Submission.lesson == row.lesson,
            Mark.submission_id == Submission.id,
            Mark.grade_id == row.grade_id,
            Mark.items.op("@>")(cast([row.id], ARRAY(BigInteger))),
        )
        .group_by(Submission.id, Submission.person_id)
        # The order of all who lock several submissions; see records/regrades.py.
        .order_by(Submission.person_id, Submission.id)
    ).all()
    changed = []
    for number in numbers:
        submission = _submission(session, course_key, number)
        last = _last(_marks(session, number, row.grade_id))
        if last is not None and row.id in last.items:
            gradings.add(session, submission, last)
            changed.append(number)
    return changed


def mark(
    session: Session,
    by: str,
    course_key: str,
    submission_id: int,
    *,
    grade_id: str,
    seen: int,
    items: Collection[int] = (),
    adjustment: float = 0.0,
    extra_credit: float = 0.0,
    keeps: bool = False,
    comment: str = "",
    request_id: str | None = None,
) -> Said:
    """Mark an answer: the items' points and the adjustment, from 0 to the most it can have.

    With `keeps`, what it had before anybody marked it is added to these. Extra credit comes on
    top, beyond the most too (nbgrader's rule: `Grade.score` in its api.py, 0.9.6).
    `seen` is the cell's version that the marker had before them. When it is not the newest, what
    they said is kept and does not count: the caller sees to it that they are told. Raises
    NotFound, Invalid, and Conflict while there is no grading yet.
    """
    submission = _submission(session, course_key, submission_id)
    _refuse_unfit(session, submission, grade_id, items)
    if len(comment) > LONGEST or "\0" in comment or not abs(adjustment) <= MOST:
        raise Invalid(f"A comment has up to {LONGEST} characters, an adjustment {MOST:g} points")
    if not 0 <= extra_credit <= MOST:
        raise Invalid(f"Extra credit is from 0 to {MOST:g} points")
    before = _marks(session, submission_id, grade_id)
    last = _last(before)
    author = courses.person(session, by)
    row = Mark(
        submission_id=submission_id,
        grade_id=grade_id,
        number=len(before) + 1,
        counts=seen == (last.number if last else 0),
        items=sorted(set(items)),
        adjustment=adjustment,
        extra_credit=extra_credit,
        keeps=keeps,
        base=before[0].base if before else newest_number(session, submission_id),
        comment=comment,
        marked_by=author.id,
    )
    session.add(row)
    session.flush()
    where = f"{course_key}/{submission.lesson}"
    if row.counts:
        gradings.add(session, submission, row)
        student = session.get_one(Person, submission.person_id)
        told = {"submission": submission_id}
        events.record(session, "learning.marked", student, where, detail=told)
    detail = {"submission": submission_id, "cell": grade_id, "mark": row.number}
    detail["counts"] = row.counts
    events.record(session, "audit.marked", author, where, detail=detail, request_id=request_id)
    return _said(row, by)


def _refuse_unfit(
    session: Session, submission: Submission, grade_id: str, items: Collection[int]
) -> None:
    if submission.state != "graded":
        raise Conflict("This submission has not been graded yet; mark it then")
    if grade_id not in [score.grade_id for score in gradings.scores(session, submission)]:
        raise NotFound(f"This submission has no graded cell {grade_id!r}")
    known = {row.id for row in gradings.items(session, submission, grade_id)}
    if not known.issuperset(items):
        raise Invalid("A rubric item of another question cannot be used here")


def sheet(session: Session, course_key: str, submission_id: int) -> list[Cell]:
    """A submission's cells with their marks. Raises NotFound."""
    submission = _submission(session, course_key, submission_id)
    rows = session.execute(
        select(Mark, Person.name)
        .join(Person, Person.id == Mark.marked_by)
        .where(Mark.submission_id == submission_id)
        .order_by(Mark.number.desc())
    ).all()
    found = []
    for score in gradings.scores(session, submission):
        history = tuple(_said(row, name) for row, name in rows if row.grade_id == score.grade_id)
        version = max((said.number for said in history if said.counts), default=0)
        first = next((row for row, _ in rows if row.grade_id == score.grade_id), None)
        before = gradings.before(session, first) if first else score
        found.append(
            Cell(
                score.grade_id,
                score.exercise,
                score.points,
                score.max_points,
                score.status,
                score.message,
                version,
                before.points if before else 0.0,
                history,
            )
        )
    return found


def _submission(session: Session, course_key: str, submission_id: int) -> Submission:
    """Locked, so that two who mark at once come one after the other."""
    found = session.scalars(
        select(Submission)
        .join(CourseRow, CourseRow.id == Submission.course_id)
        .where(Submission.id == submission_id, CourseRow.key == course_key)
        .with_for_update(of=Submission)
        .execution_options(populate_existing=True)
    ).one_or_none()
    if found is None:
        raise NotFound(f"There is no submission {submission_id} in this course")
    return found


def _marks(session: Session, submission_id: int, grade_id: str) -> list[Mark]:
    query = select(Mark).where(Mark.submission_id == submission_id, Mark.grade_id == grade_id)
    return list(session.scalars(query.order_by(Mark.number)))


def _last(marks: list[Mark]) -> Mark | None:
    return next((row for row in reversed(marks) if row.counts), None)


def _said(row: Mark, by: str) -> Said:
    return Said(
        row.number,
        row.counts,
        tuple(row.items),
        row.adjustment,
        row.extra_credit,
        row.keeps,
        row.comment,
        by,
        row.marked_at,
    )


def _check(item: Item) -> None:
    if not item.label.strip() or len(item.label) > LABEL or "\0" in item.label:
        raise Invalid(f"A rubric item has a label of 1 to {LABEL} characters")
    if not abs(item.points) <= MOST:
        raise Invalid(f"A rubric item gives or takes up to {MOST:g} points")


def _audit(session: Session, by: str, act: str, item: Item, **more: Any) -> None:
    """`more`: the event's object and the request's id."""
    detail = {"item": item.id, "label": item.label, "points": item.points}
    author = courses.person(session, by)
    events.record(session, f"audit.{act}", author, detail=detail, **more)
