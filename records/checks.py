"""Checks of an author's drafts: asked for, done by a worker, read while they are under way.

    waiting ─► running ─► done       every place has been looked at
                   └────► failed     it cannot be checked so; the message says why

A check is of one document, so what it found counts for that document alone. A worker that dies
leaves the job to another one, which writes the same places again.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from coursewright.records import blobs, courses, events, jobs, release
from coursewright.records.course import Course
from coursewright.records.documents import documents, to_bytes
from coursewright.records.errors import NotFound
from coursewright.records.tables import Check, CheckPlace, Person

NUL, INSTEAD = "\0", "\N{REPLACEMENT CHARACTER}"
WHOLE = "course"  # the place of what concerns no lesson alone


@dataclass(frozen=True)
class Finding:
    """What a gate says of a place. `cell` is the id of the cell to look at, where one is known."""

    gate: str
    place: str
    message: str
    blocks: bool
    cell: str | None = None


@dataclass(frozen=True)
class Place:
    """A lesson, or an exercise or quiz item in it, that was looked at."""

    place: str
    lesson: str | None
    exercise: str | None
    passed: bool
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True)
class Told:
    """How far a check is. `accepted` is None until it is done."""

    id: int
    course: str
    document_sha: str
    state: str
    message: str | None
    done: int
    total: int
    accepted: bool | None
    places: tuple[Place, ...]

    @property
    def blocking(self) -> list[Finding]:
        return [one for place in self.places for one in place.findings if one.blocks]


def request(
    session: Session, course: Course, by: str, request_id: str | None = None
) -> tuple[int, bool]:
    """Ask for a check: its number, and whether it is a new one.

    What this person is having checked already is not checked twice at the same time. Raises
    Invalid with what keeps the course from being read by the gates at all.
    """
    release.check(course)
    person = courses.person(session, by)
    sha = blobs.put(session, to_bytes(course))
    same = select(Check.id).where(
        Check.course == course.key,
        Check.document_sha == sha,
        Check.requested_by == person.id,
        Check.state.in_(("waiting", "running")),
    )
    known = session.scalars(same.limit(1)).one_or_none()
    if known is not None:
        return known, False
    row = Check(course=course.key, document_sha=sha, requested_by=person.id)
    session.add(row)
    session.flush()
    jobs.enqueue(session, "generate", lock=f"check-{row.id}", task="check", check_id=row.id)
    detail = {"check": row.id, "document": sha}
    events.record(
        session, "course.check.requested", person, course.key, detail=detail, request_id=request_id
    )
    return row.id, True


def begin(session: Session, number: int) -> Course | None:
    """What a worker is to check; None when that has been done. Raises NotFound."""
    row = _row(session, number, lock=True)
    if row.state not in ("waiting", "running"):
        return None
    row.state = "running"
    return documents.read(session, row.document_sha)


def plan(session: Session, number: int, total: int) -> None:
    """Keep how many places there are."""
    _row(session, number, lock=True).total = total


def keep(
    session: Session, number: int, position: int, place: str, findings: Iterable[Finding]
) -> None:
    """Write down what was found at a place; an earlier run's word on it is forgotten."""
    found = [{**asdict(one), "message": _plain(one.message)} for one in findings]
    new = {"position": position, "findings": json.dumps(found), "checked_at": func.now()}
    names = {"check_id": number, "place": place}
    statement = insert(CheckPlace).values(**names, **new)
    session.execute(statement.on_conflict_do_update(index_elements=list(names), set_=new))


def finish(session: Session, number: int) -> bool:
    """Every place has been looked at. False when it has ended already."""
    return _settle(session, number, "done", None)


def record_failure(session: Session, check_id: int, message: str) -> bool:
    """End it without a verdict. False when it has ended already."""
    return _settle(session, check_id, "failed", _plain(message))


def told(session: Session, number: int) -> Told:
    """How far it is, and what was found. Raises NotFound."""
    row = _row(session, number)
    query = select(CheckPlace).where(CheckPlace.check_id == number).order_by(CheckPlace.position)
    rows = list(session.scalars(query))
    found = [Finding(**one) for kept in rows for one in json.loads(kept.findings)]
    places = _by_place(
        [kept.place for kept in rows], found, documents.read(session, row.document_sha)
    )
    done = row.state == "done"
    return Told(
        id=row.id,
        course=row.course,
        document_sha=row.document_sha,
        state=row.state,
        message=row.message,
        done=len(rows),
        total=max(row.total, len(rows)),
        accepted=all(place.passed for place in places) if done else None,
        places=places,
    )


def requester(session: Session, number: int) -> str:
    """Who asked for it. Raises NotFound."""
    row = _row(session, number)
    return session.get_one(Person, row.requested_by).name


def _by_place(
    looked_at: Sequence[str], found: Sequence[Finding], course: Course
) -> tuple[Place, ...]:
    """What is said at one place of another one, such as of a twin, stands with the other one."""
    exercises = {
        f"{lesson.key}/{exercise.key}": exercise.key
        for lesson in course.lessons()
        for exercise in lesson.exercises()
    }
    places: dict[str, list[Finding]] = {place: [] for place in looked_at}
    for finding in found:
        places.setdefault(finding.place, []).append(finding)
    return tuple(
        Place(
            place,
            None if place == WHOLE else place.partition("/")[0],
            exercises.get(place),
            not any(one.blocks for one in findings),
            tuple(findings),
        )
        for place, findings in places.items()
    )


def _settle(session: Session, number: int, state: str, message: str | None) -> bool:
    row = _row(session, number, lock=True)
    if row.state not in ("waiting", "running"):
        return False
    row.state, row.message = state, message
    row.settled_at = session.scalars(select(func.now())).one()
    detail: Mapping[str, Any] = {"check": row.id, "state": state}
    person = session.get_one(Person, row.requested_by)
    events.record(session, "course.check.finished", person, row.course, detail=detail)
    return True


def _plain(text: str) -> str:
    """As a text column takes it."""
    return text.replace(NUL, INSTEAD).encode("utf-8", "replace").decode()


def _row(session: Session, number: int, *, lock: bool = False) -> Check:
    found = session.get(Check, number, with_for_update=lock, populate_existing=True)
    if found is None:
        raise NotFound(f"There is no check {number}")
    return found
