"""People of the whole site: who may not come in, and which courses somebody is in."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from coursewright.records import courses, events
from coursewright.records.errors import Conflict, Invalid, NotFound
from coursewright.records.tables import CourseRow, Deactivation, Enrolment, Person

LONGEST = 500


@dataclass(frozen=True)
class Standing:
    """What the records know of a name at the Hub; `courses` are (key, title, role)."""

    name: str
    display_name: str
    courses: tuple[tuple[str, str, str], ...] = ()
    deactivated: datetime | None = None
    reason: str = ""


@dataclass
class _Found:
    display_name: str
    deactivated: datetime | None
    reason: str
    courses: list[tuple[str, str, str]] = field(default_factory=list)


def standings(session: Session, names: Collection[str]) -> Mapping[str, Standing]:
    """Of those of the names whom the records know."""
    rows = session.execute(
        select(Person, Deactivation.at, Deactivation.reason, CourseRow, Enrolment.role)
        .outerjoin(Deactivation, Deactivation.person_id == Person.id)
        .outerjoin(Enrolment, Enrolment.person_id == Person.id)
        .outerjoin(CourseRow, CourseRow.id == Enrolment.course_id)
        .where(Person.name.in_(names))
        .order_by(CourseRow.title)
    )
    found: dict[str, _Found] = {}
    for person, at, reason, course, role in rows:
        one = found.setdefault(person.name, _Found(person.display_name, at, reason or ""))
        if course is not None:
            one.courses.append((course.key, course.title, role))
    return {
        name: Standing(name, one.display_name, tuple(one.courses), one.deactivated, one.reason)
        for name, one in found.items()
    }


def deactivate(
    session: Session, by: str, name: str, reason: str, request_id: str | None = None
) -> None:
    """Let nobody of this name in; what they did stays. Raises Invalid and Conflict."""
    if name == by:
        raise Conflict("Nobody can lock themself out; ask another administrator")
    if len(reason) > LONGEST or "\0" in reason:
        raise Invalid(f"A reason has at most {LONGEST} characters")
    author, someone = courses.person(session, by), courses.person(session, name)
    row = {"person_id": someone.id, "reason": reason, "by": author.id}
    made = session.scalar(
        insert(Deactivation).values(row).on_conflict_do_nothing().returning(Deactivation.person_id)
    )
    if made is None:
        raise Conflict(f"{name} is deactivated already")
    detail = {"reason": reason}
    note(session, "person.deactivated", by, name, detail=detail, request_id=request_id)


def reactivate(session: Session, by: str, name: str, request_id: str | None = None) -> None:
    """Raises NotFound when they may come in already."""
    row = session.scalars(
        select(Deactivation)
        .join(Person, Person.id == Deactivation.person_id)
        .where(Person.name == name)
    ).one_or_none()
    if row is None:
        raise NotFound(f"{name} is not deactivated")
    session.delete(row)
    note(session, "person.reactivated", by, name, request_id=request_id)


def note(
    session: Session,
    what: str,
    by: str,
    name: str,
    *,
    detail: Mapping[str, Any] | None = None,
    request_id: str | None = None,
) -> None:
    """That something was done to somebody, such as `person.created`; the Hub keeps no such log."""
    author = courses.person(session, by)
    events.record(session, f"audit.{what}", author, name, detail=detail, request_id=request_id)


def deactivated(session: Session, limit: int = 500) -> Iterator[Standing]:
    """Those who may not come in, the newest first."""
    names = session.scalars(
        select(Person.name)
        .join(Deactivation, Deactivation.person_id == Person.id)
        .order_by(Deactivation.at.desc())
        .limit(limit)
    ).all()
    found = standings(session, names)
    return (found[name] for name in names)


def everybody(session: Session, after: str = "", limit: int = 1000) -> list[Standing]:
    """All whom the records know, by name, those behind `after`."""
    names = session.scalars(
        select(Person.name).where(Person.name > after).order_by(Person.name).limit(limit)
    ).all()
    found = standings(session, names)
    return [found[name] for name in names]
