"""Work that has failed for good, with its reason, and how it is tried again.

What failed is told by the thing itself (a submission, a draft's check, …), for a job may have
ended well by writing down why it cannot be done.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import Select, Text, cast, literal, null, select, text, union_all
from sqlalchemy.orm import Session

from coursewright.records import courses, events, generations, jobs
from coursewright.records.errors import Conflict, NotFound
from coursewright.records.tables import (
    Check,
    CourseRow,
    Generation,
    Grading,
    Person,
    Proposal,
    Regrade,
    Submission,
)

Row = TypeVar("Row", Submission, Check, Generation, Proposal)

MOST = 500  # that are tried again at once


@dataclass(frozen=True)
class Failure:
    """`kind` and `id` name the thing; `course` is a key, None where there is none yet."""

    kind: str
    id: int
    course: str | None
    whose: str | None
    reason: str
    at: datetime | None


def failures(session: Session, limit: int = 100) -> list[Failure]:
    """Of every kind the newest."""
    parts = [query.limit(limit).subquery() for query in (_grading(), *_others())]
    found = union_all(*(select(part) for part in parts))
    rows = [
        Failure(row[0], row[1], row[2], row[3], row[4] or "", row[5])
        for row in session.execute(found)
    ]
    return sorted(rows, key=lambda one: (one.at is not None, one.at), reverse=True)[:limit]


def _grading() -> Select[Any]:
    newest = (
        select(Grading.error, Grading.graded_at)
        .where(Grading.submission_id == Submission.id)
        .order_by(Grading.number.desc())
        .limit(1)
        .lateral()
    )
    columns = (Submission.id, CourseRow.key, Person.name, newest.c.error, newest.c.graded_at)
    return (
        _told("submission", *columns)
        .join(CourseRow, CourseRow.id == Submission.course_id)
        .join(Person, Person.id == Submission.person_id)
        .outerjoin(newest, literal(True))
        .where(Submission.state == "failed")
        .order_by(Submission.id.desc())
    )


def _others() -> Iterator[Select[Any]]:
    columns = (Check.id, Check.course, Person.name, Check.message, Check.settled_at)
    yield (
        _told("check", *columns)
        .join(Person, Person.id == Check.requested_by)
        .where(Check.state == "failed")
        .order_by(Check.id.desc())
    )
    row = Generation
    yield (
        _told("generation", row.id, cast(null(), Text), Person.name, row.message, row.settled_at)
        .outerjoin(Person, Person.id == Generation.requested_by)
        .where(Generation.state == "failed")
        .order_by(Generation.id.desc())
    )
    columns = (Proposal.id, CourseRow.key, Person.name, Proposal.error, Submission.received_at)
    yield (
        _told("regrade", *columns)
        .join(Regrade, Regrade.id == Proposal.regrade_id)
        .join(Submission, Submission.id == Proposal.submission_id)
        .join(CourseRow, CourseRow.id == Submission.course_id)
        .join(Person, Person.id == Submission.person_id)
        .where(Proposal.state == "failed", Regrade.state == "open")
        .order_by(Proposal.id.desc())
    )


def _told(kind: str, *columns: Any) -> Select[Any]:
    names = ("id", "course", "whose", "reason", "at")
    named = (one.label(name) for one, name in zip(columns, names, strict=True))
    return select(literal(kind).label("kind"), *named)


def retry(session: Session, by: str, kind: str, number: int, request_id: str | None = None) -> None:
    """Have it done once more. Raises NotFound, and Conflict when it has not failed."""
    if kind not in AGAIN:
        raise NotFound(f"There is no work of the kind {kind!r}")
    AGAIN[kind](session, number, by)
    author = courses.person(session, by)
    events.record(session, "audit.job.retried", author, f"{kind} {number}", request_id=request_id)


def retry_all(session: Session, by: str, request_id: str | None = None) -> int:
    """All that have failed, at most MOST; how many."""
    found = failures(session, MOST)
    for one in found:
        retry(session, by, one.kind, one.id, request_id)
    return len(found)


def _submission(session: Session, number: int, _by: str) -> None:
    row = _failed(session.get(Submission, number, with_for_update=True), "submission", number)
    row.state = "received"
    _forget(session, "submission_id", number)
    jobs.enqueue(session, "grade", submission_id=number)


def _check(session: Session, number: int, _by: str) -> None:
    row = _failed(session.get(Check, number, with_for_update=True), "check", number)
    row.state, row.message, row.settled_at = "waiting", None, None
    _forget(session, "check_id", number)
    jobs.enqueue(session, "generate", lock=f"check-{number}", task="check", check_id=number)


def _generation(session: Session, number: int, by: str) -> None:
    _failed(session.get(Generation, number, with_for_update=True), "generation", number)
    _forget(session, "generation_id", number)
    generations.resume(session, number, by)


def _regrade(session: Session, number: int, _by: str) -> None:
    row = _failed(session.get(Proposal, number, with_for_update=True), "regrade", number)
    row.state, row.error = "waiting", None
    _forget(session, "proposal_id", number)
    jobs.enqueue(session, "grade", task="regrade", proposal_id=number)


AGAIN: dict[str, Callable[[Session, int, str], None]] = {
    "submission": _submission,
    "check": _check,
    "generation": _generation,
    "regrade": _regrade,
}


def _failed(row: Row | None, kind: str, number: int) -> Row:
    if row is None:
        raise NotFound(f"There is no {kind} {number}")
    if row.state != "failed":
        raise Conflict(f"The {kind} {number} is {row.state}; only what has failed is tried again")
    return row


def _forget(session: Session, name: str, number: int) -> None:
    """The failed job itself: a new one takes its place."""
    session.execute(
        text(
            "DELETE FROM procrastinate_jobs"
            " WHERE status = 'failed' AND args = jsonb_build_object(CAST(:name AS text), :number)"
        ),
        {"name": name, "number": number},
    )
