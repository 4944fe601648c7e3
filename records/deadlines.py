"""Due dates and extensions of a course, and the groups of its people: kept, changed, listed.

What they come to is the grader's to say (grader/deadlines.py); nothing here is worked out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from coursewright.records import courses, events
from coursewright.records.errors import Invalid, NotFound
from coursewright.records.policies import Extension, Policy
from coursewright.records.tables import CourseRow, Deadline, Enrolment, ExtensionRow, Person

POLICY = tuple(Policy.__dataclass_fields__)
EXTENSION = tuple(Extension.__dataclass_fields__)
LONGEST = 80  # characters of a group's label
REASON = 500


@dataclass(frozen=True)
class Granted:
    """An extension and whose it is: a person's or a group's."""

    lesson: str
    person: str | None
    group: str | None
    extension: Extension
    reason: str = ""


@dataclass(frozen=True)
class Rules:
    """All that holds in a course; `groups` by person."""

    policies: Mapping[str, Policy]
    granted: tuple[Granted, ...] = ()
    groups: Mapping[str, str] = field(default_factory=dict)

    def of(self, person: str, lesson: str) -> tuple[Policy | None, tuple[Extension, ...]]:
        """The lesson's policy, and what this person is granted beyond it."""
        group = self.groups.get(person)
        return self.policies.get(lesson), tuple(
            one.extension
            for one in self.granted
            if one.lesson == lesson
            and (one.person == person or (group is not None and one.group == group))
        )


def rules(session: Session, course_key: str) -> Rules:
    """What holds in a course now; nothing for one that is not there."""
    course = select(CourseRow.id).where(CourseRow.key == course_key).scalar_subquery()
    policies = {
        row.lesson: Policy(**{name: getattr(row, name) for name in POLICY})
        for row in session.scalars(select(Deadline).where(Deadline.course_id == course))
    }
    rows = session.execute(
        select(ExtensionRow, Person.name)
        .outerjoin(Person, Person.id == ExtensionRow.person_id)
        .where(ExtensionRow.course_id == course)
        .order_by(ExtensionRow.lesson, ExtensionRow.label, Person.name)
    )
    granted = tuple(
        Granted(
            row.lesson,
            name,
            row.label,
            Extension(**{item: getattr(row, item) for item in EXTENSION}),
            row.reason,
        )
        for row, name in rows
    )
    labels = session.execute(
        select(Person.name, Enrolment.label)
        .join(Enrolment, Enrolment.person_id == Person.id)
        .where(Enrolment.course_id == course, Enrolment.label.is_not(None))
    )
    return Rules(policies, granted, {name: label for name, label in labels if label})


def policy(session: Session, course_key: str, lesson: str) -> Policy:
    """What holds for a lesson, which may be nothing. Raises NotFound."""
    version = courses.current_version(session, course_key)
    courses.source_lesson(session, version.id, lesson)
    return rules(session, course_key).policies.get(lesson, Policy())


def now(session: Session) -> datetime:
    """The database's time, which is also that of what is handed in in this transaction."""
    return session.scalars(select(func.now())).one()


def set_policy(
    session: Session,
    by: str,
    course_key: str,
    lesson: str,
    policy: Policy | None,
    *,
    request_id: str | None = None,
) -> None:
    """Let this hold for a lesson, or nothing. Raises NotFound."""
    course = _course(session, course_key, lesson)
    key = {"course_id": course.id, "lesson": lesson}
    if policy is None:
        session.execute(delete(Deadline).filter_by(**key))
    else:
        values = asdict(policy)
        change = {**values, "changed_at": func.now()}
        session.execute(
            insert(Deadline)
            .values(key | values)
            .on_conflict_do_update(index_elements=list(key), set_=change)
        )
    detail = _plain(asdict(policy)) if policy else {"removed": True}
    _audit(session, by, "deadline", f"{course_key}/{lesson}", detail=detail, request_id=request_id)


def grant(
    session: Session,
    by: str,
    course_key: str,
    lesson: str,
    extension: Extension | None,
    *,
    person: str | None = None,
    group: str | None = None,
    reason: str = "",
    request_id: str | None = None,
) -> None:
    """Give a person of the course, or a group, an extension, or take it back.

    One of the two must be named. Raises Invalid, and NotFound for who does not belong to it.
    """
    if (person is None) == (group is None):
        raise Invalid("An extension is for a person or for a group")
    if len(reason) > REASON:
        raise Invalid(f"The reason may have up to {REASON} characters")
    course = _course(session, course_key, lesson)
    key: dict[str, Any] = {"course_id": course.id, "lesson": lesson}
    if person is not None:
        key["person_id"] = _member(session, course, person).person_id
    else:
        key["label"] = label(group or "")
    if extension is None:
        session.execute(delete(ExtensionRow).filter_by(**key))
    else:
        values = asdict(extension) | {"reason": reason}
        session.execute(
            insert(ExtensionRow)
            .values(key | values)
            .on_conflict_do_update(index_elements=list(key), set_=values)
        )
    detail = _plain(asdict(extension)) if extension else {"removed": True}
    detail |= {"person": person, "group": group, "reason": reason}
    _audit(session, by, "extension", f"{course_key}/{lesson}", detail=detail, request_id=request_id)


def set_group(
    session: Session,
    by: str,
    course_key: str,
    person: str,
    group: str | None,
    *,
    request_id: str | None = None,
) -> None:
    """Put somebody into a group, which is no more than its name, or into none."""
    course = session.scalars(select(CourseRow).where(CourseRow.key == course_key)).one_or_none()
    if course is None:
        raise NotFound(f"There is no course {course_key!r}")
    enrolment = _member(session, course, person)
    enrolment.label = label(group) if group is not None else None
    detail = {"member": person, "group": enrolment.label}
    _audit(session, by, "group", course_key, detail=detail, request_id=request_id)


def _course(session: Session, course_key: str, lesson: str) -> CourseRow:
    """The course, locked: changes of its dates come one after the other.

    Raises NotFound when its newest version has no such lesson.
    """
    courses.lock(session, course_key)
    version = courses.current_version(session, course_key)
    courses.source_lesson(session, version.id, lesson)
    return session.scalars(select(CourseRow).where(CourseRow.key == course_key)).one()


def _member(session: Session, course: CourseRow, person: str) -> Enrolment:
    found = session.scalars(
        select(Enrolment)
        .join(Person, Person.id == Enrolment.person_id)
        .where(Person.name == person, Enrolment.course_id == course.id)
    ).one_or_none()
    if found is None:
        raise NotFound(f"{person} does not belong to this course")
    return found


def label(text: str, of: str = "group") -> str:
    """The text as the name of a group, or of what else has such names. Raises Invalid."""
    name = text.strip()
    if not name or len(name) > LONGEST or not name.isprintable() or "/" in name:
        raise Invalid(f"A {of}'s name has 1 to {LONGEST} printable characters and no slash")
    return name


def _plain(values: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: value.isoformat() if isinstance(value, datetime) else value
        for name, value in values.items()
    }


def _audit(session: Session, by: str, what: str, about: str, **more: Any) -> None:
    events.record(session, f"audit.{what}.set", courses.person(session, by), about, **more)
