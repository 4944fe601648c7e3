"""What is said of a course beside its document: category, hours, price, term, who may find it.

The document says a level too; what is said here goes before that, and stays when another version
is published. A price is shown and nothing more.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, fields
from datetime import date
from typing import Any

from sqlalchemy import ARRAY, Text, any_, cast, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from coursewright.records import courses, events
from coursewright.records.errors import Invalid, NotFound
from coursewright.records.intake import storable
from coursewright.records.tables import LEVELS, CourseFacts, CourseRow

VISIBILITIES = ("open", "code", "hidden")
SHORT, LONG = 80, 300  # characters of a name, of an objective
MOST_OBJECTIVES = 20
MOST_HOURS = 10_000.0


@dataclass(frozen=True)
class Facts:
    """`level` None: as the document says. `hours` of work for a student.

    `visibility`: everybody finds the course and joins it (open), whoever has a code joins it
    (code), or only those come in whom an instructor adds (hidden).
    """

    category: str = ""
    level: str | None = None
    objectives: tuple[str, ...] = ()
    hours: float | None = None
    price: str = ""
    currency: str = ""
    visibility: str = "open"
    term: str = ""
    starts: date | None = None
    ends: date | None = None


STORED = tuple(item.name for item in fields(Facts) if item.name != "visibility")


def of(session: Session, course_key: str) -> Facts:
    """What is said of a course. Raises NotFound."""
    found = of_many(session, [course_key])
    if course_key not in found:
        raise NotFound(f"There is no course {course_key!r}")
    return found[course_key]


def of_many(session: Session, course_keys: Iterable[str]) -> Mapping[str, Facts]:
    """The same of many courses, by key, those left out that are not there."""
    stored = [getattr(CourseFacts, name) for name in STORED]
    rows = session.execute(
        select(CourseRow.key, CourseRow.open, CourseRow.hidden, CourseFacts.course_id, *stored)
        .outerjoin(CourseFacts, CourseFacts.course_id == CourseRow.id)
        .where(CourseRow.key == any_(cast(list(course_keys), ARRAY(Text))))
    )
    found = {}
    for key, is_open, hidden, known, *values in rows:
        visibility = "hidden" if hidden else "open" if is_open else "code"
        said = dict(zip(STORED, values, strict=True)) if known is not None else {}
        if said:
            said["objectives"] = tuple(said["objectives"])
        found[key] = Facts(**said, visibility=visibility)
    return found


def shown(session: Session, person: str, course_key: str) -> Facts:
    """As anybody reads them who belongs to the course or may join it. Raises NotFound."""
    card = next(
        (card for card in courses.catalogue(session, person) if card.key == course_key), None
    )
    if card is None and courses.role_of(session, person, course_key) is None:
        raise NotFound(f"There is no course {course_key!r} here, or you are not enrolled in it")
    return of(session, course_key)


def say(
    session: Session, by: str, course_key: str, said: Facts, *, request_id: str | None = None
) -> None:
    """Let this be said of a course. Raises Invalid and NotFound."""
    check(said)
    before = of(session, course_key)
    if before == said:
        return
    course = session.scalars(
        select(CourseRow).where(CourseRow.key == course_key).with_for_update(key_share=True)
    ).one()
    course.open, course.hidden = said.visibility == "open", said.visibility == "hidden"
    values = {name: getattr(said, name) for name in STORED}
    values["objectives"] = list(said.objectives)
    session.execute(
        insert(CourseFacts)
        .values(course_id=course.id, **values)
        .on_conflict_do_update(
            index_elements=["course_id"], set_={**values, "changed_at": func.now()}
        )
    )
    detail = {
        name: {"from": old, "to": new}
        for (name, old), new in zip(plain(before).items(), plain(said).values(), strict=True)
        if old != new
    }
    author = courses.person(session, by)
    events.record(
        session, "audit.course.facts", author, course_key, detail=detail, request_id=request_id
    )


def check(said: Facts) -> None:
    """Raises Invalid with what cannot be said so."""
    for name in ("category", "price", "currency", "term"):
        _refuse(name, getattr(said, name), SHORT)
    if len(said.objectives) > MOST_OBJECTIVES:
        raise Invalid(f"A course has at most {MOST_OBJECTIVES} objectives")
    for objective in said.objectives:
        _refuse("objective", objective, LONG)
        if not objective.strip():
            raise Invalid("An objective must not be empty")
    if said.level is not None and said.level not in LEVELS:
        raise Invalid(f"{said.level!r} is not a level; levels are {', '.join(LEVELS)}")
    if said.visibility not in VISIBILITIES:
        raise Invalid(f"A course is {', '.join(VISIBILITIES)}; not {said.visibility!r}")
    if said.hours is not None and not (math.isfinite(said.hours) and 0 < said.hours <= MOST_HOURS):
        raise Invalid(f"The hours are more than 0 and at most {MOST_HOURS:g}")
    if said.starts and said.ends and said.ends < said.starts:
        raise Invalid("The term ends before it starts")
    if said.currency and not said.price:
        raise Invalid("There is a currency without a price")


def plain(said: Facts) -> dict[str, Any]:
    """As JSON has it, days as ISO 8601."""
    found = asdict(said) | {"objectives": list(said.objectives)}
    return {
        name: item.isoformat() if isinstance(item, date) else item for name, item in found.items()
    }


def day(text: str | None) -> date | None:
    """A day as ISO 8601 writes it; nothing is None. Raises Invalid."""
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise Invalid(f"{text!r} is not a day such as 2026-09-28") from error


def _refuse(name: str, text: str, longest: int) -> None:
    if len(text) > longest:
        raise Invalid(f"The {name} may have up to {longest} characters")
    if not storable(text) or not text.isprintable():
        raise Invalid(f"The {name} must be one line of printable characters")
