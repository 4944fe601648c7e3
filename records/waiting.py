"""The line before a full course, as those see it who stand in it and those who look after it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from coursewright.records import courses, events, places
from coursewright.records.errors import NotFound
from coursewright.records.tables import CourseRow, InLine, Person, Section


@dataclass(frozen=True)
class Waits:
    """Somebody in the line of a course; the first one's `place` is 1."""

    name: str
    display_name: str
    section: str | None
    place: int
    since: datetime


@dataclass(frozen=True)
class Mine:
    """Where one stands oneself, among `waiting` people."""

    course: str
    title: str
    place: int
    waiting: int
    since: datetime


@dataclass(frozen=True)
class Line:
    """A course's places and who waits for one."""

    capacity: int | None
    taken: int
    may_wait: bool
    waiting: list[Waits]


def line(session: Session, course_key: str) -> Line:
    """Raises NotFound."""
    course = _course(session, course_key)
    found = places.standing(session, course)
    rows = session.execute(
        select(Person.name, Person.display_name, Section.name, InLine.since)
        .join(InLine, InLine.person_id == Person.id)
        .outerjoin(Section, Section.id == InLine.section_id)
        .where(InLine.course_id == course.id)
        .order_by(InLine.turn)
    )
    waiting = [
        Waits(name, shown, section, place, since)
        for place, (name, shown, section, since) in enumerate(rows, 1)
    ]
    return Line(found.capacity, found.taken, found.may_wait, waiting)


def mine(session: Session, name: str) -> list[Mine]:
    """Everywhere one waits, by the course's title."""
    own = select(InLine.course_id).join(Person).where(Person.name == name)
    spot = func.row_number().over(partition_by=InLine.course_id, order_by=InLine.turn)
    size = func.count().over(partition_by=InLine.course_id)
    lines = (
        select(
            InLine.course_id, InLine.person_id, InLine.since, spot.label("spot"), size.label("n")
        )
        .where(InLine.course_id.in_(own))
        .subquery()
    )
    rows = session.execute(
        select(CourseRow.key, CourseRow.title, lines.c.spot, lines.c.n, lines.c.since)
        .join(lines, lines.c.course_id == CourseRow.id)
        .join(Person, Person.id == lines.c.person_id)
        .where(Person.name == name)
        .order_by(CourseRow.title, CourseRow.key)
    )
    return [Mine(*row) for row in rows]


def leave(session: Session, name: str, course_key: str) -> None:
    """Give up one's own turn. Raises NotFound."""
    course = places.lock(session, course_key)
    someone = courses.person(session, name)
    if not places.forget(session, course, someone):
        raise NotFound("You do not wait for a place in this course")
    events.record(session, "audit.waiting.left", someone, course_key)


def move(
    session: Session,
    by: str,
    course_key: str,
    name: str,
    place: int,
    *,
    request_id: str | None = None,
) -> None:
    """Let somebody stand at another place; behind the last is last. Raises NotFound."""
    course = places.lock(session, course_key)
    row = _row(session, course, name)
    rows = list(
        session.scalars(select(InLine).where(InLine.course_id == course.id).order_by(InLine.turn))
    )
    before = rows.index(row) + 1
    rows.remove(row)
    rows.insert(max(0, place - 1), row)
    for number, one in enumerate(rows, 1):
        one.turn = number
    session.flush()
    after = rows.index(row) + 1
    _audit(session, by, "moved", course_key, request_id, member=name, was=before, place=after)


def admit(
    session: Session, by: str, course_key: str, name: str, *, request_id: str | None = None
) -> None:
    """Enrol somebody who waits, though the course is full. Raises NotFound."""
    course = places.lock(session, course_key)
    row = _row(session, course, name)
    someone = session.get_one(Person, row.person_id)
    places.give(session, course, someone, row.section_id, waited=True, request_id=request_id)
    _audit(session, by, "admitted", course_key, request_id, member=name)


def drop(
    session: Session, by: str, course_key: str, name: str, *, request_id: str | None = None
) -> None:
    """Take somebody out of the line. Raises NotFound."""
    course = places.lock(session, course_key)
    session.delete(_row(session, course, name))
    session.flush()
    _audit(session, by, "removed", course_key, request_id, member=name)


def _row(session: Session, course: CourseRow, name: str) -> InLine:
    found = session.scalars(
        select(InLine)
        .join(Person, Person.id == InLine.person_id)
        .where(InLine.course_id == course.id, Person.name == name)
    ).one_or_none()
    if found is None:
        raise NotFound(f"{name} does not wait for a place in this course")
    return found


def _course(session: Session, course_key: str) -> CourseRow:
    found = session.scalars(select(CourseRow).where(CourseRow.key == course_key)).one_or_none()
    if found is None:
        raise NotFound(f"There is no course {course_key!r}")
    return found


def _audit(
    session: Session,
    by: str,
    act: str,
    course_key: str,
    request_id: str | None,
    **detail: object,
) -> None:
    who = courses.person(session, by)
    name = f"audit.waiting.{act}"
    events.record(session, name, who, course_key, detail=detail, request_id=request_id)
