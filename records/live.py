"""What is told of events while they happen: which, to whom, and how much of each.

A person hears at once what concerns their own work; those who teach a course, what happens in it.
`audit.*` is told to nobody; those of a course's members make the service ask anew who may watch.
Of an event's detail only the fields that are named here leave the database, and never points to the
student: the API gives them, by the dates and once released.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from coursewright.records.tables import Event, Person

SUBMISSION = ("submission",)
# Names that a person hears of their own work, each with the fields that are told.
OWN: Mapping[str, tuple[str, ...]] = {
    "course.message": ("message",),
    "exercise.graded": SUBMISSION,
    "exercise.released": SUBMISSION,
    "learning.submitted": ("submission", "attempt"),
    "learning.graded": SUBMISSION,
    "learning.grading_failed": SUBMISSION,
    "learning.marked": SUBMISSION,
    "learning.regraded": SUBMISSION,
    "learning.mastery": (),
    "learning.grade_changed": (),
    "learning.request_answered": ("request",),
}
# What teachers hear is every name that is neither `audit.*` nor PRIVATE; a name that is not here,
# without detail.
PRIVATE = frozenset({"course.message"})
RIGHTS = ("audit.member.%", "audit.enrolled")  # as LIKE has them
POINTS = ("submission", "points", "max_points")
TAUGHT: Mapping[str, tuple[str, ...]] = {
    "code.checked": ("exercise", "passed", "of"),
    "exercise.graded": POINTS,
    "exercise.hinted": ("exercise", "tier"),
    "learning.graded": POINTS,
    "learning.grading_failed": SUBMISSION,
    "learning.here": ("exercise",),
    "learning.marked": SUBMISSION,
    "learning.opened": ("exercise",),
    "learning.regraded": SUBMISSION,
    "learning.submitted": ("submission", "attempt"),
}


@dataclass(frozen=True)
class Happening:
    """One event; `course` and `lesson` are keys, `person` is a name at the Hub."""

    id: int
    name: str
    at: datetime
    course: str | None
    lesson: str | None
    person: str | None
    detail: Mapping[str, Any]

    def own(self) -> dict[str, Any] | None:
        """As its person hears it; None when it is nothing to hear."""
        return self._told(None, OWN[self.name]) if self.name in OWN else None

    def taught(self) -> dict[str, Any] | None:
        """As those who teach the course hear it; None when they do not."""
        if self.name in PRIVATE or self.whose_right is not None:
            return None
        return self._told(self.person, TAUGHT.get(self.name, ()))

    @property
    def whose_right(self) -> str | None:
        """Who may now do more or less in the course than before; None where nobody may."""
        if self.name == "audit.enrolled":
            return self.person
        return str(self.detail.get("member", "")) if self.name.startswith("audit.member.") else None

    def _told(self, person: str | None, fields: Iterable[str]) -> dict[str, Any]:
        return {
            "id": self.id,
            "name": self.name,
            "at": self.at.isoformat(),
            "course": self.course,
            "lesson": self.lesson,
            "person": person,
            "detail": {name: self.detail[name] for name in fields if name in self.detail},
        }


def newest(session: Session) -> int:
    """The number of the newest event; 0 when there is none."""
    return session.scalar(select(func.max(Event.id))) or 0


def these(session: Session, numbers: Iterable[int]) -> list[Happening]:
    """The events of these numbers that anybody may hear of or that change rights, in order."""
    return _happenings(session, Event.id.in_(list(numbers)), rights=True)


def since(session: Session, after: int, limit: int) -> list[Happening]:
    """The first `limit` events after the one with the number `after`; as `these`."""
    return _happenings(session, Event.id > after, limit=limit, rights=True)


def of_person(session: Session, person: str, after: int, limit: int) -> list[Happening]:
    """What `person` would have heard of themself after `after`, the first `limit`."""
    own = Event.name.in_(list(OWN)), Person.name == person
    return _happenings(session, Event.id > after, *own, limit=limit)


def in_course(session: Session, course: str, after: int, limit: int) -> list[Happening]:
    """What those who teach `course` would have heard after `after`, the first `limit`."""
    return _happenings(session, Event.id > after, _about(course), limit=limit)


def at_work_since(session: Session, course: str, after: int, most: int) -> set[str] | None:
    """Whom the course's events after `after` are about; None when more than `most` came since."""
    if newest(session) - after > most:
        return None
    found = session.scalars(
        select(Person.name)
        .join(Event, Event.person_id == Person.id)
        .where(Event.id > after, _about(course))
        .distinct()
    )
    return set(found)


def _about(course: str) -> ColumnElement[bool]:
    return or_(Event.object == course, Event.object.startswith(f"{course}/", autoescape=True))


def _happenings(
    session: Session,
    *conditions: ColumnElement[bool],
    limit: int | None = None,
    rights: bool = False,
) -> list[Happening]:
    allowed = [Event.name.not_like("audit.%")]
    if rights:
        allowed += [Event.name.like(name) for name in RIGHTS]
    rows = session.execute(
        select(Event, Person.name)
        .outerjoin(Person, Person.id == Event.person_id)
        .where(*conditions, or_(*allowed))
        .order_by(Event.id)
        .limit(limit)
    )
    return [_happening(event, person) for event, person in rows]


def _happening(event: Event, person: str | None) -> Happening:
    course, _, rest = event.object.partition("/")
    lesson, _, exercise = rest.partition("/")
    detail = {**({"exercise": exercise} if exercise else {}), **event.detail}
    return Happening(event.id, event.name, event.at, course or None, lesson or None, person, detail)
