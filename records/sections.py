"""The sections of a course: their students, their places, and the assistants who look after them.

An assistant who has sections sees the work of their students alone; one who has none, everybody's.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from coursewright.records import courses, deadlines, events, places
from coursewright.records.errors import Conflict, Invalid, NotFound
from coursewright.records.tables import (
    CourseRow,
    Enrolment,
    InLine,
    JoinCode,
    Person,
    Section,
    SectionAssistant,
)


@dataclass(frozen=True)
class Facts:
    """A section; `students` counts them, `assistants` are names at the Hub."""

    name: str
    capacity: int | None
    students: int
    assistants: tuple[str, ...]


def of_course(session: Session, course_key: str) -> list[Facts]:
    """By name. Raises NotFound."""
    if not courses.exists(session, course_key):
        raise NotFound(f"There is no course {course_key!r}")
    held = (
        select(func.count())
        .where(Enrolment.section_id == Section.id, Enrolment.role == "student")
        .scalar_subquery()
    )
    rows = session.execute(
        select(Section.id, Section.name, Section.capacity, held)
        .join(CourseRow, CourseRow.id == Section.course_id)
        .where(CourseRow.key == course_key)
        .order_by(func.lower(Section.name), Section.name)
    ).all()
    helpers: dict[int, list[str]] = {}
    for number, name in session.execute(
        select(SectionAssistant.section_id, Person.name)
        .join(Person, Person.id == SectionAssistant.person_id)
        .where(SectionAssistant.section_id.in_([row.id for row in rows]))
        .order_by(Person.name)
    ):
        helpers.setdefault(number, []).append(name)
    return [
        Facts(name, capacity, count, tuple(helpers.get(number, ())))
        for number, name, capacity, count in rows
    ]


def visible(session: Session, person: str, course_key: str) -> frozenset[str] | None:
    """The students whose work an assistant with sections may see; None: those of the whole course.

    It narrows a role and gives none: ask for the role first.
    """
    if courses.role_of(session, person, course_key) != "assistant":
        return None
    own = list(
        session.scalars(
            select(Section.id)
            .join(SectionAssistant, SectionAssistant.section_id == Section.id)
            .join(CourseRow, CourseRow.id == Section.course_id)
            .join(Person, Person.id == SectionAssistant.person_id)
            .where(CourseRow.key == course_key, Person.name == person)
        )
    )
    if not own:
        return None
    names = select(Person.name).join(Enrolment).where(Enrolment.section_id.in_(own))
    return frozenset(session.scalars(names))


def names(session: Session, course_key: str) -> list[str]:
    """Of the sections of a course."""
    query = select(Section.name).join(CourseRow, CourseRow.id == Section.course_id)
    query = query.where(CourseRow.key == course_key)
    return list(session.scalars(query.order_by(func.lower(Section.name), Section.name)))


def within(
    session: Session,
    course_key: str,
    only: Collection[str] | None,
    *,
    section: str = "",
    group: str = "",
) -> frozenset[str] | None:
    """Of these people (None: all) those in the section and in the group; empty is no condition."""
    if not section and not group:
        return None if only is None else frozenset(only)
    query = (
        select(Person.name)
        .join(Enrolment, Enrolment.person_id == Person.id)
        .join(CourseRow, CourseRow.id == Enrolment.course_id)
        .where(CourseRow.key == course_key)
    )
    if section:
        query = query.join(Section, Section.id == Enrolment.section_id)
        query = query.where(Section.name == section)
    if group:
        query = query.where(Enrolment.label == group)
    found = frozenset(session.scalars(query))
    return found if only is None else found & frozenset(only)


def put(
    session: Session,
    by: str,
    course_key: str,
    name: str,
    *,
    capacity: int | None = None,
    assistants: Collection[str] | None = None,
    rename: str | None = None,
    request_id: str | None = None,
) -> None:
    """Make a section, or change it; `assistants` None leaves them. Who waits may get a place.

    Raises NotFound, Invalid, and Conflict for a name that another section has.
    """
    if capacity is not None and not 0 <= capacity <= places.LARGEST:
        raise Invalid(f"A section has between 0 and {places.LARGEST} places, or no limit")
    course = places.lock(session, course_key)
    row = find(session, course, name)
    wanted = deadlines.label(name if rename is None else rename, "section")
    if row is None:
        row = Section(course_id=course.id, name=wanted)
        session.add(row)
    elif wanted != row.name and find(session, course, wanted) is not None:
        raise Conflict(f"This course has a section {wanted!r} already")
    row.name, row.capacity = wanted, capacity
    session.flush()
    if assistants is not None:
        _set_assistants(session, course, row, assistants)
    told = {"section": name, "name": wanted, "capacity": capacity}
    helpers = None if assistants is None else sorted(assistants)
    _audit(session, by, "set", course_key, request_id, **told, assistants=helpers)
    places.fill(session, course, request_id)


def drop(
    session: Session, by: str, course_key: str, name: str, *, request_id: str | None = None
) -> None:
    """End a section; its students stay in the course, in none. Raises NotFound."""
    course = places.lock(session, course_key)
    row = one(session, course, name)
    for table in (Enrolment, InLine, JoinCode):
        session.execute(update(table).where(table.section_id == row.id).values(section_id=None))
    session.execute(delete(SectionAssistant).where(SectionAssistant.section_id == row.id))
    session.delete(row)
    session.flush()
    _audit(session, by, "ended", course_key, request_id, section=name)
    places.fill(session, course, request_id)


def move(
    session: Session,
    by: str,
    course_key: str,
    names: Collection[str],
    section: str | None,
    *,
    beyond: bool = False,
    request_id: str | None = None,
) -> int:
    """Put people of the course into a section, or into none; how many were elsewhere before.

    Raises NotFound for who does not belong to it, and Conflict when the section has too few
    places, unless they are to go `beyond` them.
    """
    course = places.lock(session, course_key)
    row = None if section is None else one(session, course, section)
    target = None if row is None else row.id
    rows = _members(session, course, names)
    moved = [found for found in rows if found.section_id != target]
    coming = sum(found.role == "student" for found in moved)
    if row is not None and not beyond:
        room = places.room_in(session, row.id)
        if room is not None and coming > room:
            raise Conflict(f"The section {row.name!r} has {room} free places, not {coming}")
    for found in moved:
        found.section_id = target
    session.flush()
    if moved:
        who = sorted(_names(session, moved))
        _audit(session, by, "moved", course_key, request_id, section=section, members=who)
        places.fill(session, course, request_id)
    return len(moved)


def group(
    session: Session,
    by: str,
    course_key: str,
    names: Collection[str],
    label: str | None,
    *,
    request_id: str | None = None,
) -> int:
    """Put people of the course into a group, or into none; how many were elsewhere before."""
    course = places.lock(session, course_key)
    wanted = None if label is None else deadlines.label(label)
    moved = [found for found in _members(session, course, names) if found.label != wanted]
    for found in moved:
        found.label = wanted
    session.flush()
    if moved:
        detail = {"group": wanted, "members": sorted(_names(session, moved))}
        who = courses.person(session, by)
        events.record(
            session, "audit.group.set", who, course_key, detail=detail, request_id=request_id
        )
    return len(moved)


def find(session: Session, course: CourseRow, name: str) -> Section | None:
    return session.scalars(
        select(Section).where(Section.course_id == course.id, Section.name == name.strip())
    ).one_or_none()


def one(session: Session, course: CourseRow, name: str) -> Section:
    """Raises NotFound."""
    found = find(session, course, name)
    if found is None:
        raise NotFound(f"This course has no section {name!r}")
    return found


def dismiss(session: Session, course: CourseRow, someone: Person) -> None:
    """Take the course's sections from somebody who is no longer its assistant."""
    own = select(Section.id).where(Section.course_id == course.id)
    session.execute(
        delete(SectionAssistant).where(
            SectionAssistant.person_id == someone.id, SectionAssistant.section_id.in_(own)
        )
    )


def _set_assistants(
    session: Session, course: CourseRow, row: Section, names: Collection[str]
) -> None:
    found = _members(session, course, names)
    others = [member for member in found if member.role != "assistant"]
    if others:
        raise Invalid(
            f"Not an assistant of this course: {', '.join(sorted(_names(session, others)))}"
        )
    session.execute(delete(SectionAssistant).where(SectionAssistant.section_id == row.id))
    for member in found:
        values = {"section_id": row.id, "person_id": member.person_id}
        session.execute(insert(SectionAssistant).values(values))


def _members(session: Session, course: CourseRow, names: Collection[str]) -> list[Enrolment]:
    """Raises NotFound with the first names that do not belong to the course."""
    rows = session.execute(
        select(Person.name, Enrolment)
        .join(Enrolment, Enrolment.person_id == Person.id)
        .where(Enrolment.course_id == course.id, Person.name.in_(names))
    ).all()
    missing = sorted(set(names) - {name for name, _ in rows})
    if missing:
        raise NotFound(f"Not in this course: {', '.join(missing[:5])}")
    return [enrolment for _, enrolment in rows]


def _names(session: Session, rows: Collection[Enrolment]) -> list[str]:
    ids = [row.person_id for row in rows]
    return list(session.scalars(select(Person.name).where(Person.id.in_(ids))))


def _audit(
    session: Session,
    by: str,
    act: str,
    course_key: str,
    request_id: str | None,
    **detail: object,
) -> None:
    who = courses.person(session, by)
    name = f"audit.section.{act}"
    events.record(session, name, who, course_key, detail=detail, request_id=request_id)
