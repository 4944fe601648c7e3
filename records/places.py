"""The places of a course: who finds one joins, who does not waits, and the line moves by itself.

Students alone take places. Whatever may free one ends with `fill`, in the same transaction; all of
it locks the course's row, so two people never get one place.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from coursewright.records import courses, events
from coursewright.records.errors import Denied, Invalid, NotFound
from coursewright.records.tables import CourseRow, Enrolment, InLine, Person, Places, Section

FULL = "All places of this course are taken, and nobody can wait for one. Ask its instructors"
LARGEST = 100_000


@dataclass(frozen=True)
class Joined:
    """What came of joining: a role, or a `place` in the line, in which `waiting` people stand."""

    course: str
    role: str | None
    place: int | None = None
    waiting: int = 0


@dataclass(frozen=True)
class Standing:
    """Of a course: `capacity` None is no limit; `taken` counts students."""

    capacity: int | None
    may_wait: bool
    taken: int
    waiting: int

    @property
    def free(self) -> int | None:
        return None if self.capacity is None else max(0, self.capacity - self.taken)


def lock(session: Session, course_key: str) -> CourseRow:
    """The course's row; changes of its members come one after the other. Raises NotFound."""
    row = session.scalars(
        select(CourseRow).where(CourseRow.key == course_key).with_for_update(key_share=True)
    ).one_or_none()
    if row is None:
        raise NotFound(f"There is no course {course_key!r}")
    return row


def enter(session: Session, name: str, course_key: str, section: int | None = None) -> Joined:
    """Take a place as a student, or stand in line for one; whoever belongs to it stays as they are.

    Raises NotFound for a course that is not published, and Denied when it is full and nobody
    may wait.
    """
    role = courses.role_of(session, name, course_key)
    if role is not None:
        return Joined(course_key, role)
    course = lock(session, course_key)
    if course.state != "published":
        raise NotFound(f"There is no course {course_key!r} here, or you are not enrolled in it")
    someone = courses.person(session, name)
    if turn(session, course, someone) is None:
        if has_room(session, course, section):
            give(session, course, someone, section)
            role = courses.role_of(session, name, course_key)
            return Joined(course_key, role)
        if not standing(session, course).may_wait:
            raise Denied(FULL)
        _line_up(session, course, someone, section)
    return Joined(course_key, None, *_stands(session, course, someone))


def standing(session: Session, course: CourseRow) -> Standing:
    """How full the course is."""
    rule = session.get(Places, course.id, populate_existing=True)
    waiting = select(func.count()).where(InLine.course_id == course.id)
    return Standing(
        capacity=rule.capacity if rule else None,
        may_wait=rule.may_wait if rule else True,
        taken=_students(session, Enrolment.course_id == course.id),
        waiting=session.scalar(waiting) or 0,
    )


def has_room(session: Session, course: CourseRow, section: int | None) -> bool:
    """Whether one more student finds a place in the course, and in the section."""
    if standing(session, course).free == 0:
        return False
    return section is None or room_in(session, section) != 0


def room_in(session: Session, section: int) -> int | None:
    """Free places of a section; None: no limit."""
    capacity = session.scalar(select(Section.capacity).where(Section.id == section))
    if capacity is None:
        return None
    return max(0, capacity - _students(session, Enrolment.section_id == section))


def fill(session: Session, course: CourseRow, request_id: str | None = None) -> list[str]:
    """Give free places to those who wait, in their turn; the names of those who got one.

    Whoever waits for a section that is full is passed by, and keeps their turn.
    """
    if course.state != "published":
        return []
    session.flush()
    free = standing(session, course).free
    got: list[str] = []
    for row, someone in session.execute(_line(course)).all():
        if free is not None and len(got) >= free:
            break
        if row.section_id is None or room_in(session, row.section_id) != 0:
            give(session, course, someone, row.section_id, waited=True, request_id=request_id)
            got.append(someone.name)
    return got


def give(
    session: Session,
    course: CourseRow,
    someone: Person,
    section: int | None,
    *,
    waited: bool = False,
    request_id: str | None = None,
) -> None:
    """Enrol as a student, room or not, and take them out of the line; tells of it."""
    values = {"person_id": someone.id, "course_id": course.id, "section_id": section}
    session.execute(insert(Enrolment).values(role="student", **values).on_conflict_do_nothing())
    forget(session, course, someone)
    detail: dict[str, Any] = {"role": "student", **({"waited": True} if waited else {})}
    events.record(
        session, "audit.enrolled", someone, course.key, detail=detail, request_id=request_id
    )
    if waited:
        events.record(session, "course.place_given", someone, course.key, request_id=request_id)
    session.flush()


def forget(session: Session, course: CourseRow, someone: Person) -> bool:
    """Take somebody out of the line; False when they do not stand in it."""
    row = turn(session, course, someone)
    if row is None:
        return False
    session.delete(row)
    session.flush()
    return True


def turn(session: Session, course: CourseRow, someone: Person) -> InLine | None:
    return session.scalars(
        select(InLine).where(InLine.course_id == course.id, InLine.person_id == someone.id)
    ).one_or_none()


def set_places(
    session: Session,
    by: str,
    course_key: str,
    capacity: int | None,
    may_wait: bool,
    *,
    request_id: str | None = None,
) -> list[str]:
    """Say how many students the course takes, and whether others may wait; who got a place by it.

    Nobody loses theirs when it gets smaller. Raises NotFound and Invalid.
    """
    if capacity is not None and not 0 <= capacity <= LARGEST:
        raise Invalid(f"A course has between 0 and {LARGEST} places, or no limit")
    course = lock(session, course_key)
    values = {"capacity": capacity, "may_wait": may_wait}
    session.execute(
        insert(Places)
        .values(course_id=course.id, **values)
        .on_conflict_do_update(index_elements=["course_id"], set_=values)
    )
    who = courses.person(session, by)
    events.record(
        session, "audit.places.set", who, course_key, detail=values, request_id=request_id
    )
    return fill(session, course, request_id)


def _line_up(session: Session, course: CourseRow, someone: Person, section: int | None) -> None:
    last = session.scalar(select(func.max(InLine.turn)).where(InLine.course_id == course.id))
    values = {"course_id": course.id, "person_id": someone.id, "section_id": section}
    session.add(InLine(**values, turn=(last or 0) + 1))
    session.flush()
    events.record(session, "audit.waiting.joined", someone, course.key)


def _stands(session: Session, course: CourseRow, someone: Person) -> tuple[int, int]:
    row = turn(session, course, someone)
    counted = select(func.count()).where(InLine.course_id == course.id)
    before = counted.where(InLine.turn <= row.turn) if row else counted
    return session.scalar(before) or 0, session.scalar(counted) or 0


def _students(session: Session, where: ColumnElement[bool]) -> int:
    counted = select(func.count(Enrolment.id)).where(Enrolment.role == "student", where)
    return session.scalar(counted) or 0


def _line(course: CourseRow) -> Select[InLine, Person]:
    return (
        select(InLine, Person)
        .join(Person, Person.id == InLine.person_id)
        .where(InLine.course_id == course.id)
        .order_by(InLine.turn)
        .with_for_update(of=InLine)
    )
