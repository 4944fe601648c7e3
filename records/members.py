"""Who belongs to a course, and as what: the list, and how somebody gets or loses a role."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from coursewright.records import courses, events, places, sections
from coursewright.records.errors import Conflict, Denied, Invalid, NotFound
from coursewright.records.tables import ROLES, CourseRow, Enrolment, Person, Section

# What no name at the Hub has: JupyterHub refuses slashes and names of dots only, its
# NativeAuthenticator commas; a comma is most likely a list of names.
NAME = re.compile(r"(?!\.+\Z)[^/,\x00-\x1f\x7f]{1,255}\Z")


@dataclass(frozen=True)
class Member:
    """`since` is when the person joined or was added, whatever their role was then."""

    name: str
    display_name: str
    role: str
    since: datetime
    section: str | None = None
    group: str | None = None


def members(session: Session, course_key: str) -> list[Member]:
    """Instructors, then assistants, then students, each by name. Raises NotFound."""
    if not courses.exists(session, course_key):
        raise _no_course(course_key)
    found = [Member(*row) for row in session.execute(listed().where(CourseRow.key == course_key))]
    return sorted(
        found,
        key=lambda one: (-ROLES.index(one.role), one.display_name.casefold(), one.name),
    )


def listed() -> Select[str, str, str, datetime, str | None, str | None]:
    """Members of all courses, in the order of Member's fields."""
    return (
        select(
            Person.name,
            Person.display_name,
            Enrolment.role,
            Enrolment.created_at,
            Section.name,
            Enrolment.label,
        )
        .join(Enrolment, Enrolment.person_id == Person.id)
        .join(CourseRow, CourseRow.id == Enrolment.course_id)
        .outerjoin(Section, Section.id == Enrolment.section_id)
    )


def teaches(session: Session, person: str, least: str = "assistant") -> bool:
    """Whether the person has at least the role `least` in any course."""
    roles = ROLES[ROLES.index(least) :]
    held = select(Enrolment.id).join(Person).where(Person.name == person, Enrolment.role.in_(roles))
    return session.scalar(select(held.exists())) is True


def set_role(
    session: Session,
    by: str,
    name: str,
    course_key: str,
    role: str | None,
    *,
    admin: bool = False,
    new: bool = False,
    request_id: str | None = None,
) -> Member | None:
    """Give `name` a role in the course, or none: then they no longer belong to it.

    `by` must be an instructor of the course unless they act as an administrator (`admin`). With
    `new`, somebody who belongs to the course already is left as they are (Conflict). Raises
    Invalid, Denied, NotFound, and Conflict when the only instructor would cease to be one by
    their own act. What a person handed in stays, whatever becomes of their role. A student is
    added beyond the course's places, too; a place that becomes free goes to who waits for it.
    """
    if role is not None and role not in ROLES:
        raise Invalid(f"{role!r} is not a role; roles are {', '.join(ROLES)}")
    course = places.lock(session, course_key)
    teaches = courses.role_of(session, by, course_key) == "instructor"
    if not (teaches or admin):
        raise Denied("Only instructors of the course and administrators say who belongs to it")
    name = name_at_hub(session, name)
    held = courses.role_of(session, name, course_key)
    if new and held is not None:
        raise Conflict(f"{name} belongs to this course already, as {held}. Change the role below")
    if role is None and held is None:
        raise NotFound(f"{name} does not belong to this course")
    if held == "instructor" and role != held and not admin:
        refuse_the_last(session, course)
    someone = courses.person(session, name)
    enrolment = _write(session, someone, course, role)
    if role != "assistant":
        sections.dismiss(session, course, someone)
    places.forget(session, course, someone)
    if held != role:
        act = "added" if held is None else "removed" if role is None else "changed"
        capacity = "instructor" if teaches else "administrator"
        detail = {"member": name, "from": held, "to": role, "as": capacity}
        events.record(
            session,
            f"audit.member.{act}",
            courses.person(session, by),
            course_key,
            detail=detail,
            request_id=request_id,
        )
    places.fill(session, course, request_id)
    if enrolment is None:
        return None
    return one(session, course_key, name)


def one(session: Session, course_key: str, name: str) -> Member:
    """Somebody of a course. Raises NotFound."""
    row = session.execute(
        listed().where(CourseRow.key == course_key, Person.name == name)
    ).one_or_none()
    if row is None:
        raise NotFound(f"{name} does not belong to this course")
    return Member(*row)


def name_at_hub(session: Session, text: str) -> str:
    """The name that the Hub knows somebody by who is called `text` here. Raises Invalid.

    JupyterHub writes names in lower case; one in another spelling counts as it is when a person
    has it, for an authenticator may keep capitals.
    """
    name = text.strip()
    if not NAME.match(name):
        raise Invalid(
            "Give one name, as the person signs in with at the Hub: up to 255 characters, "
            "without slashes and commas"
        )
    known = session.scalar(select(Person.id).where(Person.name == name))
    return name if known is not None else name.lower()


def _write(
    session: Session, someone: Person, course: CourseRow, role: str | None
) -> Enrolment | None:
    row = {"person_id": someone.id, "course_id": course.id, "role": role or ROLES[0]}
    session.execute(insert(Enrolment).values(row).on_conflict_do_nothing())
    enrolment = session.scalars(
        select(Enrolment)
        .where(Enrolment.person_id == someone.id, Enrolment.course_id == course.id)
        .with_for_update()
    ).one()
    if role is None:
        session.delete(enrolment)
        session.flush()
        return None
    enrolment.role = role
    session.flush()
    return enrolment


def refuse_the_last(session: Session, course: CourseRow) -> None:
    """Raises Conflict when the course has one instructor; it is they themself who act."""
    instructors = select(func.count()).where(
        Enrolment.course_id == course.id, Enrolment.role == "instructor"
    )
    if session.scalar(instructors) == 1:
        raise Conflict(
            "You are the only instructor of this course. Make somebody else an instructor "
            "first, or ask an administrator of the Hub"
        )


def _no_course(course_key: str) -> NotFound:
    return NotFound(f"There is no course {course_key!r}")
