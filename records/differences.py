"""What a regrade changes: how far it is, and for whom which points become which."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from coursewright.records.errors import NotFound
from coursewright.records.regrades import cells
from coursewright.records.tables import (
    CourseRow,
    Grading,
    Person,
    Proposal,
    Regrade,
    Submission,
)


@dataclass(frozen=True)
class Summary:
    """`state`: grading (some are waiting), ready, applied or discarded; counts of submissions."""

    id: int
    state: str
    lesson: str | None
    person: str | None
    cell: str | None
    requested_by: str | None
    created_at: datetime
    total: int
    done: int
    failed: int


@dataclass(frozen=True)
class CellChange:
    """A cell's points and status before and after; None where there was, or is, no such cell."""

    grade_id: str
    points_before: float | None
    points_after: float | None
    status_before: str | None
    status_after: str | None


@dataclass(frozen=True)
class Difference:
    """One submission: its points before and after; `error` when it could not be graded again."""

    submission_id: int
    person: str
    display_name: str
    lesson: str
    attempt: int
    state: str
    points_before: float | None
    points_after: float | None
    max_points_before: float | None
    max_points_after: float | None
    error: str | None
    cells: tuple[CellChange, ...]

    @property
    def changed(self) -> bool:
        return bool(self.cells) or self.error is not None


def listed(session: Session, course_key: str) -> list[Summary]:
    """A course's regrades, newest first."""
    return _summaries(session, CourseRow.key == course_key)


def summary(session: Session, course_key: str, regrade_id: int) -> Summary:
    """Raises NotFound."""
    found = _summaries(session, CourseRow.key == course_key, Regrade.id == regrade_id)
    if not found:
        raise NotFound(f"There is no regrade {regrade_id} in this course")
    return found[0]


def differences(session: Session, regrade_id: int) -> list[Difference]:
    """Every submission of a regrade, by person, lesson and attempt."""
    rows = session.execute(
        select(Proposal, Submission, Person, Grading)
        .join(Submission, Submission.id == Proposal.submission_id)
        .join(Person, Person.id == Submission.person_id)
        .outerjoin(
            Grading,
            (Grading.submission_id == Submission.id) & (Grading.number == Proposal.base),
        )
        .where(Proposal.regrade_id == regrade_id)
        .order_by(Person.display_name, Person.name, Submission.lesson, Submission.attempt)
        .execution_options(populate_existing=True)
    )
    return [
        _difference(proposal, row, someone, before, cells(session, row.id, proposal.base))
        for proposal, row, someone, before in rows
    ]


def _difference(
    proposal: Proposal,
    row: Submission,
    someone: Person,
    before: Grading | None,
    was: Sequence[Mapping[str, Any]],
) -> Difference:
    graded = before is not None and before.error is None
    after = proposal.result
    return Difference(
        submission_id=row.id,
        person=someone.name,
        display_name=someone.display_name,
        lesson=row.lesson,
        attempt=row.attempt,
        state=proposal.state,
        points_before=before.points if before is not None and graded else None,
        points_after=after["points"] if after else None,
        max_points_before=before.max_points if before is not None and graded else None,
        max_points_after=after["max_points"] if after else None,
        error=proposal.error,
        cells=tuple(_changes(was, after["cells"])) if after else (),
    )


def _changes(
    was: Sequence[Mapping[str, Any]], becomes: Sequence[Mapping[str, Any]]
) -> list[CellChange]:
    before = {cell["grade_id"]: cell for cell in was}
    after = {cell["grade_id"]: cell for cell in becomes}
    found = []
    for name in {**before, **after}:
        old, new = before.get(name, {}), after.get(name, {})
        if any(old.get(key) != new.get(key) for key in ("points", "max_points", "status")):
            found.append(
                CellChange(
                    name,
                    old.get("points"),
                    new.get("points"),
                    old.get("status"),
                    new.get("status"),
                )
            )
    return found


def _summaries(session: Session, *conditions: ColumnElement[bool]) -> list[Summary]:
    about = Person.__table__.alias()
    author = Person.__table__.alias()
    rows = session.execute(
        select(Regrade, about.c.name, author.c.name)
        .join(CourseRow, CourseRow.id == Regrade.course_id)
        .outerjoin(about, about.c.id == Regrade.person_id)
        .outerjoin(author, author.c.id == Regrade.requested_by)
        .where(*conditions)
        .order_by(Regrade.id.desc())
        .execution_options(populate_existing=True)
    ).all()
    counts: dict[int, Counter[str]] = {}
    for regrade_id, state, number in session.execute(
        select(Proposal.regrade_id, Proposal.state, func.count())
        .where(Proposal.regrade_id.in_([row[0].id for row in rows]))
        .group_by(Proposal.regrade_id, Proposal.state)
    ):
        counts.setdefault(regrade_id, Counter())[state] += number
    return [
        _summary(regrade, person, author_name, counts.get(regrade.id, Counter()))
        for regrade, person, author_name in rows
    ]


def _summary(
    regrade: Regrade, person: str | None, author: str | None, states: Counter[str]
) -> Summary:
    waiting = states["waiting"]
    state = regrade.state
    if state == "open":
        state = "grading" if waiting else "ready"
    return Summary(
        regrade.id,
        state,
        regrade.lesson,
        person,
        regrade.grade_id,
        author,
        regrade.created_at,
        total=states.total(),
        done=states.total() - waiting,
        failed=states["failed"],
    )
