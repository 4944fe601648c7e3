"""Grading again: what a regrade would change is proposed first, then applied or discarded.

A proposal is compared with the grading that counted when the regrade was asked for. When another
has come since, by a person's marks or another regrade, the proposal is outdated and changes
nothing. Applied, it becomes the submission's next grading; earlier ones stay.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from coursewright.records import blobs, courses, events, jobs, shown
from coursewright.records.errors import Conflict, Invalid, NotFound
from coursewright.records.intake import NOT_THERE
from coursewright.records.submissions import Work, newest_number, reading
from coursewright.records.tables import (
    CourseRow,
    Feedback,
    Grading,
    Mark,
    Person,
    Proposal,
    Regrade,
    Score,
    Submission,
)

Cell = Mapping[str, Any]

LEFT_OUT = (
    "Left out, its marks stay: they were imported, and the notebook that was handed in was not kept"
)


@dataclass(frozen=True)
class Task:
    """A submission to grade again: by which lesson, what counts now, and which cell is meant.

    `marked`: the cells that a person has marked.
    """

    work: Work
    now: tuple[dict[str, Any], ...]
    grade_id: str | None
    marked: frozenset[str] = frozenset()


def request(
    session: Session,
    course_key: str,
    by: str | None,
    *,
    lesson: str | None = None,
    person: str | None = None,
    grade_id: str | None = None,
    request_id: str | None = None,
) -> int:
    """Ask for a regrade, by the newest version, of every attempt that it is about; its number.

    Raises NotFound for what is not there, Invalid when there is nothing to grade again.
    """
    version = courses.current_version(session, course_key)
    source = courses.source_course(session, version.id)
    course = session.scalars(select(CourseRow).where(CourseRow.key == course_key)).one()
    if lesson is not None and source.lesson(lesson) is None:
        raise NotFound(f"The course {course_key!r} has no lesson {lesson!r}")
    if grade_id is not None and lesson is None:
        raise Invalid("Say which lesson the cell is in")
    someone = session.scalars(select(Person).where(Person.name == person)).one_or_none()
    if person is not None and someone is None:
        raise NotFound(f"{person} has handed in nothing")
    lessons = [lesson] if lesson is not None else [item.key for item in source.lessons()]
    found = _attempts(session, course, lessons, someone)
    if not found:
        raise Invalid("There is nothing to grade again: nothing has been graded there yet")
    author = courses.person(session, by) if by else None
    regrade = Regrade(
        course_id=course.id,
        lesson=lesson,
        person_id=someone.id if someone else None,
        grade_id=grade_id,
        requested_by=author.id if author else None,
    )
    session.add(regrade)
    session.flush()
    for row in found:
        _propose(session, regrade.id, row, version.id)
    detail = {"regrade": regrade.id, "lesson": lesson, "person": person, "cell": grade_id}
    detail["submissions"] = len(found)
    events.record(
        session,
        "audit.regrade.requested",
        author,
        course_key,
        detail=detail,
        request_id=request_id,
    )
    return regrade.id


def _attempts(
    session: Session, course: CourseRow, lessons: Sequence[str], someone: Person | None
) -> Sequence[Submission]:
    """What has been graded in these lessons, of one person or of all."""
    query = select(Submission).where(
        Submission.course_id == course.id,
        Submission.state != "received",
        Submission.lesson.in_(lessons),
    )
    if someone is not None:
        query = query.where(Submission.person_id == someone.id)
    return session.scalars(query.order_by(Submission.id)).all()


def _propose(session: Session, regrade_id: int, row: Submission, version_id: int) -> None:
    """A proposal to be made by a job of its own, where there is something to grade."""
    proposal = Proposal(
        regrade_id=regrade_id,
        submission_id=row.id,
        version_id=version_id,
        base=newest_number(session, row.id),
    )
    session.add(proposal)
    if row.notebook_sha == blobs.sha256(NOT_THERE):
        proposal.state, proposal.error = "failed", LEFT_OUT
        return
    session.flush()
    jobs.enqueue(session, "grade", task="regrade", proposal_id=proposal.id)


def waiting(session: Session, regrade_id: int) -> list[int]:
    """The proposals that have not been made yet, in order."""
    query = select(Proposal.id).where(
        Proposal.regrade_id == regrade_id, Proposal.state == "waiting"
    )
    return list(session.scalars(query.order_by(Proposal.id)))


def task(session: Session, proposal_id: int) -> Task | None:
    """What is to be graded; None when that is done or no longer wanted. Raises NotFound."""
    proposal = _proposal(session, proposal_id)
    regrade = session.get_one(Regrade, proposal.regrade_id)
    if proposal.state != "waiting" or regrade.state != "open":
        return None
    row = session.get_one(Submission, proposal.submission_id)
    marked = session.scalars(select(Mark.grade_id).where(Mark.submission_id == row.id, Mark.counts))
    return Task(
        reading(session, row, proposal.version_id),
        tuple(cells(session, row.id, proposal.base)),
        regrade.grade_id,
        frozenset(marked),
    )


def propose(
    session: Session,
    proposal_id: int,
    result: Mapping[str, Any],
    findings: Mapping[str, Sequence[str]],
    html: bytes,
    *,
    outputs: shown.Outputs | None = None,
) -> bool:
    """Keep what grading again came to. False, and nothing kept, when there is something."""
    proposal = _proposal(session, proposal_id, lock=True)
    if proposal.state != "waiting":
        return False
    proposal.state = "proposed"
    # A student's program can print any character, and text columns take no NUL.
    text = json.dumps(dict(result)).replace("\\u0000", "\\ufffd")
    proposal.result = json.loads(text)
    proposal.findings = {name: list(items) for name, items in findings.items()}
    proposal.html_sha = blobs.put(session, html)
    proposal.outputs_sha = shown.keep(session, outputs or {})
    return True


def record_failure(session: Session, proposal_id: int, message: str) -> bool:
    """Say that a submission could not be graded again; what counts stays."""
    proposal = _proposal(session, proposal_id, lock=True)
    if proposal.state != "waiting":
        return False
    proposal.state, proposal.error = "failed", message.replace("\0", "\N{REPLACEMENT CHARACTER}")
    return True


def apply(
    session: Session, course_key: str, regrade_id: int, by: str | None, request_id: str | None
) -> list[tuple[int, dict[str, list[str]]]]:
    """Let all proposals count; which submissions changed, with what was found in their code.

    Raises NotFound, and Conflict while some are waiting or when it is settled already. Belongs
    together with grader/regrade.py's `apply`, which sees to the mastery.
    """
    regrade = _open(session, course_key, regrade_id)
    proposals = session.scalars(
        select(Proposal)
        .join(Submission, Submission.id == Proposal.submission_id)
        .where(Proposal.regrade_id == regrade.id)
        # All who lock several rows do it in this order, so that none waits for another in a ring.
        .order_by(Submission.person_id, Submission.id)
    ).all()
    still = sum(item.state == "waiting" for item in proposals)
    if still:
        raise Conflict(f"Submissions that have still to be graded again: {still}. Apply it then")
    done = [item for item in proposals if item.state == "proposed" and _count(session, item)]
    detail = {"regrade": regrade.id, "submissions": len(done)}
    about = {"object": course_key, "detail": detail, "request_id": request_id}
    _settle(session, regrade, "applied", by, **about)
    return [(item.submission_id, item.findings) for item in done]


def discard(
    session: Session, course_key: str, regrade_id: int, by: str | None, request_id: str | None
) -> None:
    """Leave everything as it is. Raises NotFound and Conflict."""
    regrade = _open(session, course_key, regrade_id)
    session.execute(
        update(Proposal)
        .where(Proposal.regrade_id == regrade.id, Proposal.state.in_(("waiting", "proposed")))
        .values(state="discarded")
    )
    about = {"object": course_key, "detail": {"regrade": regrade.id}, "request_id": request_id}
    _settle(session, regrade, "discarded", by, **about)


def cells(session: Session, submission_id: int, number: int) -> list[dict[str, Any]]:
    """The cells of a grading, in order, as they stand in a proposal's result."""
    names = ("grade_id", "exercise", "points", "max_points", "status", "message", "promises")
    rows = session.scalars(
        select(Score)
        .join(Grading, Grading.id == Score.grading_id)
        .where(Grading.submission_id == submission_id, Grading.number == number)
        .order_by(Score.position)
    )
    return [{name: getattr(row, name) for name in names} for row in rows]


def _count(session: Session, proposal: Proposal) -> bool:
    """Make the proposal the submission's next grading; False when it is outdated."""
    row = session.get_one(Submission, proposal.submission_id, with_for_update=True)
    if newest_number(session, row.id) != proposal.base or proposal.result is None:
        proposal.state = "outdated"
        return False
    result = proposal.result
    grading = Grading(
        submission_id=row.id,
        number=proposal.base + 1,
        mode=result["mode"],
        points=result["points"],
        max_points=result["max_points"],
        seconds=result["seconds"],
        repairs=result["repairs"],
    )
    session.add(grading)
    session.flush()
    session.add_all(
        Score(grading_id=grading.id, position=position, **cell)
        for position, cell in enumerate(result["cells"], 1)
    )
    if proposal.html_sha is not None:
        page = Feedback(grading_id=grading.id, html_sha=proposal.html_sha)
        page.outputs_sha = proposal.outputs_sha
        session.add(page)
    row.state, row.version_id = "graded", proposal.version_id
    proposal.state = "applied"
    someone = session.get_one(Person, row.person_id)
    course = session.get_one(CourseRow, row.course_id)
    detail = {"submission": row.id, "regrade": proposal.regrade_id, "points": result["points"]}
    events.record(
        session, "learning.regraded", someone, f"{course.key}/{row.lesson}", detail=detail
    )
    return True


def _settle(session: Session, regrade: Regrade, state: str, by: str | None, **more: Any) -> None:
    """`more`: the event's object and detail, and the request's id."""
    regrade.state = state
    regrade.settled_at = session.scalars(select(func.now())).one()
    author = courses.person(session, by) if by else None
    events.record(session, f"audit.regrade.{state}", author, **more)


def _open(session: Session, course_key: str, regrade_id: int) -> Regrade:
    found = session.scalars(
        select(Regrade)
        .join(CourseRow, CourseRow.id == Regrade.course_id)
        .where(Regrade.id == regrade_id, CourseRow.key == course_key)
        .with_for_update(of=Regrade)
    ).one_or_none()
    if found is None:
        raise NotFound(f"There is no regrade {regrade_id} in this course")
    if found.state != "open":
        raise Conflict(f"This regrade has been {found.state} already")
    return found


def _proposal(session: Session, proposal_id: int, *, lock: bool = False) -> Proposal:
    found = session.get(Proposal, proposal_id, with_for_update=lock, populate_existing=True)
    if found is None:
        raise NotFound(f"There is no proposal {proposal_id}")
    return found
