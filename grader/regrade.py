"""Grades a submission again and proposes what comes of it; nothing counts until it is applied."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy.orm import Session, sessionmaker

from coursewright.grader.feedback import render
from coursewright.grader.grade import grade
from coursewright.grader.limits import DEFAULT, Limits
from coursewright.grader.reckoning import findings, reckon
from coursewright.grader.result import CellResult, Result
from coursewright.records import regrades
from coursewright.records.errors import Invalid


def handle(proposal_id: int, sessions: sessionmaker[Session], limits: Limits = DEFAULT) -> None:
    """Grade once more; a proposal that is made already stays as it is.

    Raises Unavailable where there is no isolation, so that the job is tried again.
    """
    with sessions() as session:
        task = regrades.task(session, proposal_id)
    if task is None:
        return
    work = task.work
    try:
        fresh = grade(work.lesson.to_notebook(), work.notebook, limits)
        result = merge(fresh, task.now, task.grade_id, task.marked)
    except Invalid as error:
        with sessions.begin() as session:
            regrades.record_failure(session, proposal_id, str(error))
        return
    page = render(work.lesson, work.notebook, result)
    said = findings(work.lesson, work.notebook, result)
    with sessions.begin() as session:
        regrades.propose(session, proposal_id, to_json(result), said, page, outputs=result.outputs)


def handle_all(regrade_id: int, sessions: sessionmaker[Session]) -> None:
    """Make all proposals of a regrade here and now; workers that do the same are no harm."""
    with sessions() as session:
        proposals = regrades.waiting(session, regrade_id)
    for proposal_id in proposals:
        handle(proposal_id, sessions)


def apply(
    session: Session,
    course_key: str,
    regrade_id: int,
    by: str | None,
    request_id: str | None = None,
) -> int:
    """Let a regrade's proposals count, mastery included; how many submissions it was.

    Raises NotFound and Conflict.
    """
    done = regrades.apply(session, course_key, regrade_id, by, request_id)
    for submission_id, said in done:
        reckon(session, submission_id, said)
    return len(done)


def merge(
    fresh: Result,
    now: Sequence[Mapping[str, Any]],
    grade_id: str | None,
    marked: Collection[str] = (),
) -> Result:
    """The fresh result, where what a person marked (or has to) stays as it is.

    With `grade_id` only that cell is taken from it; all others stay. Raises Invalid when there is
    no such cell.
    """
    kept = {cell["grade_id"]: cell for cell in now}
    cells = []
    for cell in fresh.cells:
        old = kept.pop(cell.grade_id, None)
        if grade_id is not None and cell.grade_id != grade_id:
            cells += [] if old is None else [_as_it_was(cell, old)]
        elif old is not None and (cell.status == "manual" or cell.grade_id in marked):
            cells.append(_as_it_was(cell, old))
        else:
            cells.append(cell)
    if grade_id is not None:
        if grade_id not in [cell.grade_id for cell in fresh.cells]:
            raise Invalid(f"The lesson has no graded cell {grade_id!r} any more")
        cells += [_as_it_was(CellResult(name, None, 0, 0, "manual"), kept[name]) for name in kept]
    return replace(
        fresh,
        cells=tuple(cells),
        score=sum(cell.points for cell in cells),
        max_score=sum(cell.max_points for cell in cells),
    )


def to_json(result: Result) -> dict[str, Any]:
    """As a proposal keeps it: the cells in their order, without what they printed."""
    return {
        "points": result.score,
        "max_points": result.max_score,
        "mode": result.mode,
        "seconds": result.seconds,
        "repairs": list(result.repairs),
        "cells": [
            {
                "grade_id": cell.grade_id,
                "exercise": cell.exercise,
                "points": cell.points,
                "max_points": cell.max_points,
                "status": cell.status,
                "message": cell.message,
                "promises": list(cell.promises),
            }
            for cell in result.cells
        ],
    }


def _as_it_was(cell: CellResult, old: Mapping[str, Any]) -> CellResult:
    return replace(
        cell,
        exercise=old["exercise"],
        points=old["points"],
        max_points=old["max_points"],
        status=old["status"],
        message=old["message"],
        promises=tuple(old["promises"]),
    )
