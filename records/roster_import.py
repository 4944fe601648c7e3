"""A roster from elsewhere: what it would change in a course, and then the change, all or nothing.

Nobody is taken out of a course by it. Who is new is enrolled whether there is a place or not: it is
an instructor who says so.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ARRAY, TableValuedAlias, Text, cast, column, delete, func, literal, select
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlalchemy.orm import Session

from coursewright.records import courses, deadlines, events, members, places, sections
from coursewright.records.errors import Conflict, CoursewrightError, Denied, Invalid
from coursewright.records.members import Member
from coursewright.records.tables import (
    ROLES,
    CourseRow,
    Enrolment,
    Event,
    InLine,
    Person,
    Section,
)

LONGEST = 255  # characters of a name to show
CHANGED = "The course's people have changed since you looked. Look again, then apply"


@dataclass(frozen=True)
class Line:
    """A line of a roster; what is None is not said and stays as it is, what is empty is none."""

    number: int
    name: str
    display_name: str | None = None
    role: str | None = None
    section: str | None = None
    group: str | None = None


@dataclass(frozen=True)
class Change:
    """What a line does to somebody; `before` is None for who is new."""

    number: int
    before: Member | None
    name: str
    display_name: str
    role: str
    section: str | None
    group: str | None

    @property
    def differs(self) -> dict[str, tuple[str | None, str | None]]:
        """What becomes another, from and to."""
        if self.before is None:
            return {}
        return {
            name: (getattr(self.before, name), getattr(self, name))
            for name in ("display_name", "role", "section", "group")
            if getattr(self.before, name) != getattr(self, name)
        }


@dataclass(frozen=True)
class Wrong:
    """A line that cannot be taken, and why."""

    number: int
    name: str
    reason: str


@dataclass(frozen=True)
class Plan:
    """What a roster would do; nothing is done while there is a wrong line.

    `sections` are those that it makes; `beyond` is by how many students the course would exceed
    its places. `digest` stands for all of it.
    """

    added: tuple[Change, ...]
    changed: tuple[Change, ...]
    unchanged: int
    wrong: tuple[Wrong, ...]
    sections: tuple[str, ...]
    beyond: int

    @property
    def digest(self) -> str:
        told = [
            [one.name, one.display_name, one.role, one.section, one.group, one.before is None]
            for one in (*self.added, *self.changed)
        ]
        return hashlib.sha256(json.dumps(told).encode()).hexdigest()


def plan(
    session: Session,
    by: str,
    course_key: str,
    lines: Sequence[Line | Wrong],
    *,
    admin: bool = False,
) -> Plan:
    """What the lines would do; those that could not be read are in it as they are.

    Raises NotFound, and Denied to who is no instructor.
    """
    if not (admin or courses.role_of(session, by, course_key) == "instructor"):
        raise Denied("Only instructors of the course and administrators say who belongs to it")
    held = {one.name: one for one in members.members(session, course_key)}
    wrong = [line for line in lines if isinstance(line, Wrong)]
    readable = [line for line in lines if isinstance(line, Line)]
    known = _known(session, [line.name.strip() for line in readable])
    changes: dict[str, Change] = {}
    unchanged = 0
    for line in readable:
        try:
            change = _read(line, held, known)
            if change.name in changes:
                raise Invalid(f"The line {changes[change.name].number} is about the same person")
            changes[change.name] = change
            unchanged += change.before is not None and not change.differs
        except CoursewrightError as error:
            wrong.append(Wrong(line.number, line.name, str(error)))
    wrong += _without_instructor(held, changes, admin=admin)
    added = tuple(one for one in changes.values() if one.before is None)
    changed = tuple(one for one in changes.values() if one.differs)
    there = {one.name for one in sections.of_course(session, course_key)}
    named = {one.section for one in (*added, *changed) if one.section}
    return Plan(
        added,
        changed,
        unchanged,
        tuple(sorted(wrong, key=lambda one: one.number)),
        tuple(sorted(named - there, key=str.casefold)),
        _beyond(session, course_key, added, changed),
    )


def carry_out(
    session: Session,
    by: str,
    course_key: str,
    lines: Sequence[Line | Wrong],
    *,
    seen: str | None = None,
    admin: bool = False,
    request_id: str | None = None,
) -> Plan:
    """Do what the lines say: all of it, or nothing. `seen`: the digest of the plan looked at.

    Raises NotFound, Denied, Invalid for a wrong line, and Conflict when the plan is another now.
    """
    course = places.lock(session, course_key)
    found = plan(session, by, course_key, lines, admin=admin)
    if found.wrong:
        first = found.wrong[0]
        raise Invalid(
            f"{len(found.wrong)} lines cannot be taken, so nothing was changed. "
            f"Line {first.number}: {first.reason}"
        )
    if seen is not None and seen != found.digest:
        raise Conflict(CHANGED)
    for name in found.sections:
        session.add(Section(course_id=course.id, name=name))
    session.flush()
    _write(session, course, found)
    _tell(session, by, course, found, request_id)
    places.fill(session, course, request_id)
    return found


def _read(line: Line, held: Mapping[str, Member], known: Mapping[str, str]) -> Change:
    """Raises Invalid."""
    name = _name(line.name, known)
    before = held.get(name)
    role = line.role.strip().lower() if line.role else ""
    if role and role not in ROLES:
        raise Invalid(f"{line.role!r} is not a role; roles are {', '.join(ROLES)}")
    shown = (line.display_name or "").strip()
    if len(shown) > LONGEST or not shown.isprintable():
        raise Invalid(f"A name to show has up to {LONGEST} printable characters")
    # What people or their Hub say they are called is not for one course to change.
    own = known.get(name, name)
    return Change(
        line.number,
        before,
        name,
        own if own != name or not shown else shown,
        role or (before.role if before else ROLES[0]),
        _part(line.section, before.section if before else None, "section"),
        _part(line.group, before.group if before else None, "group"),
    )


def _name(text: str, known: Mapping[str, str]) -> str:
    """As members.name_at_hub, for many. Raises Invalid."""
    name = text.strip()
    if not name:
        raise Invalid("The line says no name")
    if not members.NAME.match(name):
        raise Invalid("A name at the Hub has up to 255 characters, and no slash or comma")
    return name if name in known else name.lower()


def _part(said: str | None, before: str | None, what: str) -> str | None:
    if said is None:
        return before
    return deadlines.label(said, what) if said.strip() else None


def _known(session: Session, names: Sequence[str]) -> dict[str, str]:
    """Names to show by name at the Hub, of those whom the records know."""
    wanted = sorted({*names, *(name.lower() for name in names)})
    listed = _rows(name=wanted)
    query = select(Person.name, Person.display_name).join(listed, Person.name == listed.c.name)
    return {name: shown for name, shown in session.execute(query)}


def _without_instructor(
    held: Mapping[str, Member], changes: Mapping[str, Change], *, admin: bool
) -> list[Wrong]:
    """The lines that leave a course, which has instructors, without any."""
    before = {name for name, one in held.items() if one.role == "instructor"}
    after = {name for name in before if name not in changes} | {
        name for name, one in changes.items() if one.role == "instructor"
    }
    if admin or after or not before:
        return []
    reason = "The course would be left without an instructor"
    return [Wrong(changes[name].number, name, reason) for name in sorted(before)]


def _beyond(
    session: Session, course_key: str, added: Sequence[Change], changed: Sequence[Change]
) -> int:
    course = session.scalars(select(CourseRow).where(CourseRow.key == course_key)).one()
    found = places.standing(session, course)
    if found.capacity is None:
        return 0
    more = sum(one.role == "student" for one in added)
    for one in changed:
        if one.before and one.before.role != one.role:
            more += (one.role == "student") - (one.before.role == "student")
    return max(0, found.taken + more - found.capacity) if more > 0 else 0


def _write(session: Session, course: CourseRow, found: Plan) -> None:
    everybody = [*found.added, *found.changed]
    people = _rows(
        name=[one.name for one in everybody], shown=[one.display_name for one in everybody]
    )
    new = insert(Person).from_select(
        ["name", "display_name"], select(people.c.name, people.c.shown)
    )
    session.execute(
        new.on_conflict_do_update(
            index_elements=["name"], set_={"display_name": new.excluded.display_name}
        )
    )
    listed = _rows(
        name=[one.name for one in everybody],
        role=[one.role for one in everybody],
        section=[one.section for one in everybody],
        label=[one.group for one in everybody],
    )
    part = (Section.course_id == course.id) & (Section.name == listed.c.section)
    wanted = (
        select(Person.id, literal(course.id), listed.c.role, Section.id, listed.c.label)
        .join_from(listed, Person, Person.name == listed.c.name)
        .outerjoin(Section, part)
    )
    columns = ["person_id", "course_id", "role", "section_id", "label"]
    rows = insert(Enrolment).from_select(columns, wanted)
    kept = ("role", "section_id", "label")
    session.execute(
        rows.on_conflict_do_update(
            index_elements=["person_id", "course_id"],
            set_={name: getattr(rows.excluded, name) for name in kept},
        )
    )
    inside = select(Enrolment.person_id).where(Enrolment.course_id == course.id)
    session.execute(
        delete(InLine).where(InLine.course_id == course.id, InLine.person_id.in_(inside))
    )
    for one in found.changed:
        if one.before and one.before.role == "assistant" and one.role != "assistant":
            sections.dismiss(session, course, courses.person(session, one.name))
    session.expire_all()


def _tell(
    session: Session, by: str, course: CourseRow, found: Plan, request_id: str | None
) -> None:
    def told(one: Change) -> dict[str, Any]:
        before = one.before.role if one.before else None
        detail: dict[str, Any] = {"member": one.name, "from": before, "to": one.role}
        if one.differs:
            detail["changed"] = {name: list(pair) for name, pair in one.differs.items()}
        return {**detail, "as": "roster"}

    changes = (*found.added, *found.changed)
    acts = ["added" if one.before is None else "changed" for one in changes]
    rows = _rows(
        name=[f"audit.member.{act}" for act in acts],
        detail=[json.dumps(told(one)) for one in changes],
    )
    who = courses.person(session, by)
    columns = ["person_id", "object", "request_id", "name", "detail"]
    each = select(
        literal(who.id),
        literal(course.key),
        literal(request_id),
        rows.c.name,
        cast(rows.c.detail, JSONB),
    )
    session.execute(insert(Event).from_select(columns, each))
    total = {"added": len(found.added), "changed": len(found.changed)}
    events.record(
        session, "audit.roster.imported", who, course.key, detail=total, request_id=request_id
    )


def _rows(**columns: Sequence[str | None]) -> TableValuedAlias:
    """Lists as the columns of a table: one statement for thousands of lines."""
    lists = (cast(list(values), ARRAY(Text)) for values in columns.values())
    return (
        func.unnest(*lists)
        .table_valued(*(column(name, Text) for name in columns), name="listed")
        .render_derived()
    )
