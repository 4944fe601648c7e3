"""A course's people as a list to look through: searched, sorted, page by page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, case, func, or_, select
from sqlalchemy.orm import Session

from coursewright.records import courses, members
from coursewright.records.errors import Invalid, NotFound
from coursewright.records.members import Member
from coursewright.records.tables import ROLES, CourseRow, Enrolment, Person, Section

SORTS = ("role", "name", "section", "group", "since")
NONE = "-"  # as a section or a group: those who are in none
MOST = 200  # on a page


@dataclass(frozen=True)
class Wanted:
    """Whom one looks for; empty words are no condition."""

    text: str = ""
    role: str = ""
    section: str = ""
    group: str = ""
    sort: str = "role"
    descending: bool = False


@dataclass(frozen=True)
class Found:
    """A page of those found; `total` counts all of them, `roles` everybody in the course."""

    people: list[Member]
    total: int
    roles: dict[str, int]
    groups: list[str]


def look(
    session: Session, course_key: str, wanted: Wanted, limit: int = 50, offset: int = 0
) -> Found:
    """Raises NotFound, and Invalid for an order that there is not."""
    if wanted.sort not in SORTS:
        raise Invalid(f"There is no order {wanted.sort!r}; orders are {', '.join(SORTS)}")
    if not courses.exists(session, course_key):
        raise NotFound(f"There is no course {course_key!r}")
    where = _where(course_key, wanted)
    rows = session.execute(
        members.listed()
        .where(*where)
        .order_by(*_order(wanted))
        .limit(min(limit, MOST))
        .offset(offset)
    )
    own = CourseRow.key == course_key
    counted = select(Enrolment.role, func.count()).join(CourseRow).where(own)
    roles = dict.fromkeys(reversed(ROLES), 0)
    roles |= {role: count for role, count in session.execute(counted.group_by(Enrolment.role))}
    groups = select(Enrolment.label).join(CourseRow).where(own, Enrolment.label.is_not(None))
    return Found(
        [Member(*row) for row in rows],
        session.scalar(_counted().where(*where)) or 0,
        roles,
        sorted((name for name in session.scalars(groups.distinct()) if name), key=str.casefold),
    )


def names(session: Session, course_key: str, wanted: Wanted) -> list[str]:
    """Everybody found, whatever page they stand on."""
    query = members.listed().with_only_columns(Person.name).where(*_where(course_key, wanted))
    return list(session.scalars(query))


def _counted() -> Any:
    return members.listed().with_only_columns(func.count(Enrolment.id))


def _where(course_key: str, wanted: Wanted) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [CourseRow.key == course_key]
    if text := wanted.text.strip():
        found.append(
            or_(
                Person.name.icontains(text, autoescape=True),
                Person.display_name.icontains(text, autoescape=True),
            )
        )
    if wanted.role:
        found.append(Enrolment.role == wanted.role)
    for column, word in ((Section.name, wanted.section), (Enrolment.label, wanted.group)):
        if word:
            found.append(column.is_(None) if word == NONE else column == word)
    return found


def _order(wanted: Wanted) -> list[ColumnElement[Any]]:
    shown = func.lower(Person.display_name)
    ranks = {role: rank for rank, role in enumerate(reversed(ROLES))}
    first: dict[str, Any] = {
        "role": case(ranks, value=Enrolment.role),
        "name": shown,
        "section": func.lower(Section.name),
        "group": func.lower(Enrolment.label),
        "since": Enrolment.created_at,
    }
    chosen = first[wanted.sort]
    leading = chosen.desc().nulls_last() if wanted.descending else chosen.asc().nulls_last()
    return [leading, shown, Person.name]
