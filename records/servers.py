"""What a course wants of its students' servers, where each server is a pod of its own.

An image comes from the list that administrators allow (records/settings.py). It is looked at when
a course asks for it and again when a server starts, since the list may have changed in between.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from coursewright.records import courses, events, settings
from coursewright.records.errors import Invalid, NotFound
from coursewright.records.tables import CourseRow, CourseServer, Enrolment, Person

LEAST_CPU, MOST_CPU = 0.1, 2.0
LEAST_MB, MOST_MB = 256, 4096
LEAST_IDLE, MOST_IDLE = 10, 24 * 60


@dataclass(frozen=True)
class Server:
    """Nothing said is the site's usual. `cpu` and `memory_mb` are limits, in cores and in MiB.

    After `idle_minutes` without any activity a server of this course stops by itself.
    """

    image: str = ""
    cpu: float | None = None
    memory_mb: int | None = None
    idle_minutes: int | None = None


@dataclass(frozen=True)
class CourseOfPerson:
    """A course that somebody belongs to, and what it wants of their server."""

    key: str
    title: str
    server: Server


def of(session: Session, course_key: str) -> Server:
    """Raises NotFound."""
    found = session.execute(
        select(CourseRow.id, CourseServer)
        .outerjoin(CourseServer, CourseServer.course_id == CourseRow.id)
        .where(CourseRow.key == course_key)
        .execution_options(populate_existing=True)
    ).one_or_none()
    if found is None:
        raise NotFound(f"There is no course {course_key!r}")
    return _server(found[1])


def of_person(session: Session, person: str) -> list[CourseOfPerson]:
    """Of all that somebody belongs to and that are not archived, by title."""
    rows = session.execute(
        select(CourseRow.key, CourseRow.title, CourseServer)
        .join(Enrolment, Enrolment.course_id == CourseRow.id)
        .join(Person, Person.id == Enrolment.person_id)
        .outerjoin(CourseServer, CourseServer.course_id == CourseRow.id)
        .where(Person.name == person, CourseRow.state != "archived")
        .order_by(CourseRow.title, CourseRow.key)
    )
    return [CourseOfPerson(key, title, _server(row)) for key, title, row in rows]


def say(
    session: Session, by: str, course_key: str, wanted: Server, *, request_id: str | None = None
) -> None:
    """Let servers of this course be so from their next start. Raises Invalid and NotFound."""
    before = of(session, course_key)
    if before == wanted:
        return
    check(wanted, (before.image, *settings.read(session).images))
    course = select(CourseRow.id).where(CourseRow.key == course_key).scalar_subquery()
    values = asdict(wanted)
    session.execute(
        insert(CourseServer)
        .values(course_id=course, **values)
        .on_conflict_do_update(
            index_elements=["course_id"], set_={**values, "changed_at": func.now()}
        )
    )
    detail = {
        name: {"from": old, "to": values[name]}
        for name, old in asdict(before).items()
        if old != values[name]
    }
    author = courses.person(session, by)
    events.record(
        session, "audit.course.server", author, course_key, detail=detail, request_id=request_id
    )


def copy(
    session: Session, by: str, source: str, course_key: str, *, request_id: str | None = None
) -> None:
    """Let a copy of a course have its servers, without an image that is no longer allowed."""
    wanted = of(session, source)
    if wanted.image not in settings.read(session).images:
        wanted = replace(wanted, image="")
    say(session, by, course_key, wanted, request_id=request_id)


def check(wanted: Server, images: Iterable[str]) -> None:
    """Raises Invalid with what a server cannot be."""
    if wanted.image and wanted.image not in images:
        raise Invalid(
            f"The image {wanted.image!r} is not one that administrators allow."
            " Choose one of the list, or ask them to add it"
        )
    _between("The processor's cores are", wanted.cpu, LEAST_CPU, MOST_CPU)
    _between("The memory in MB is", wanted.memory_mb, LEAST_MB, MOST_MB)
    _between("The idle minutes are", wanted.idle_minutes, LEAST_IDLE, MOST_IDLE)


def _between(what: str, value: float | None, least: float, most: float) -> None:
    if value is not None and not (math.isfinite(value) and least <= value <= most):
        raise Invalid(f"{what} between {least:g} and {most:g}, or empty for the usual")


def _server(row: CourseServer | None) -> Server:
    if row is None:
        return Server()
    return Server(row.image, row.cpu, row.memory_mb, row.idle_minutes)
