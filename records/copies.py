"""Copies of saved notebooks, each person's own: the newest ones, and fewer of older days.

A copy is for its person alone: nobody else can ask for it, and bytes that somebody else brought
do not count as kept, for whoever knew a hash would get the work behind it.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, delete, func, select
from sqlalchemy.dialects.postgresql import distinct_on, insert
from sqlalchemy.orm import Session

from coursewright.records import blobs, courses
from coursewright.records.errors import Invalid, NotFound, TooLarge
from coursewright.records.intake import LIMIT, raw_cells
from coursewright.records.tables import Copy, CourseRow, Person

NEWEST = 20  # of one file: so many are kept whatever their age
DAYS = 30  # and of the days before those, the last of each of so many
FILES = 50  # of one lesson, each with its own path; the lesson's file and its duplicates
PERSON = 256 * 2**20  # bytes that one person's copies may take together
LEAST = 4096  # bytes that a copy counts for at least
PATH = 1000  # characters


@dataclass(frozen=True)
class Kept:
    """A copy without its bytes."""

    lesson: str
    path: str
    sha256: str
    size: int
    saved_at: datetime


def has(
    session: Session, person: str, course: str, lesson: str, *, path: str, sha256: str
) -> Kept | None:
    """This very copy of the person's own, which is the file's newest from now on; None: send it.

    Raises NotFound to those who do not belong to the course.
    """
    someone, course_id = _whose(session, person, course, lock=True)
    found = session.scalars(
        _own(someone, course_id)
        .where(Copy.lesson == lesson, Copy.path == path, Copy.sha256 == sha256)
        .with_for_update()
    ).one_or_none()
    if found is None:
        return None
    found.saved_at = func.clock_timestamp()
    session.flush()
    session.refresh(found, ["saved_at"])
    return _told(found)


def keep(
    session: Session,
    person: str,
    course: str,
    lesson: str,
    content: bytes,
    *,
    path: str,
    sha256: str,
    limit: int = LIMIT,
) -> Kept:
    """Keep a notebook as it was saved, and let go of old copies that are in its way.

    Raises Invalid for what is no notebook or has another SHA-256, TooLarge also when the person's
    copies take too much together, NotFound to those who do not belong to the course.
    """
    if blobs.sha256(content) != sha256:
        raise Invalid("The copy did not arrive as it was sent; send it again")
    if len(path) > PATH:
        raise Invalid(f"The path of the notebook has more than {PATH} characters")
    _refuse_what_is_none(content, limit)
    # Their copies come one after the other.
    someone, course_id = _whose(session, person, course, lock=True)
    row = {
        "person_id": someone,
        "course_id": course_id,
        "lesson": lesson,
        "path": path,
        "sha256": sha256,
        "size": len(content),
        "packed": zlib.compress(content),
        # Not the transaction's time: it may have waited for the one before.
        "saved_at": func.clock_timestamp(),
    }
    session.execute(
        insert(Copy)
        .values(row)
        .on_conflict_do_update(
            index_elements=["person_id", "course_id", "lesson", "path", "sha256"],
            set_={"saved_at": func.clock_timestamp()},
        )
    )
    _thin(session, someone, course_id, lesson)
    _make_room(session, someone)
    found = session.scalars(
        _own(someone, course_id).where(
            Copy.lesson == lesson, Copy.path == path, Copy.sha256 == sha256
        )
    ).one()
    return _told(found)


def of_lesson(session: Session, person: str, course: str, lesson: str) -> list[Kept]:
    """One's own copies of a lesson's notebook, newest first. Raises NotFound."""
    someone, course_id = _whose(session, person, course)
    query = _own(someone, course_id).where(Copy.lesson == lesson)
    return [_told(row) for row in session.scalars(query.order_by(*_newest_first()))]


def newest(session: Session, person: str, course: str) -> list[Kept]:
    """The newest copy of each of one's own notebooks of a course, by path. Raises NotFound."""
    someone, course_id = _whose(session, person, course)
    query = _own(someone, course_id).ext(distinct_on(Copy.path, Copy.lesson))
    rows = session.scalars(query.order_by(Copy.path, Copy.lesson, *_newest_first()))
    return [_told(row) for row in rows]


def content(session: Session, person: str, course: str, lesson: str, sha256: str) -> bytes:
    """The bytes of one of one's own copies. Raises NotFound."""
    someone, course_id = _whose(session, person, course)
    packed = session.scalar(
        select(Copy.packed)
        .where(Copy.person_id == someone, Copy.course_id == course_id)
        .where(Copy.lesson == lesson, Copy.sha256 == sha256)
        .limit(1)
    )
    if packed is None:
        raise NotFound("There is no such copy any more; newer ones took its place")
    return zlib.decompress(packed)


def _refuse_what_is_none(content: bytes, limit: int) -> None:
    """Far less strict than for handing in: what a person saved is worth keeping as it is."""
    if len(content) > limit:
        raise TooLarge(f"A copy may have {limit / 2**20:g} MB; clear large outputs and save again")
    try:
        notebook = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise Invalid("This is not a notebook: it cannot be read as JSON") from error
    if not isinstance(notebook, dict) or raw_cells(notebook) is None:
        raise Invalid("This is JSON, but not a notebook")


def _whose(session: Session, person: str, course: str, *, lock: bool = False) -> tuple[int, int]:
    """The numbers of person and course; raises NotFound unless they belong together."""
    query = select(Person.id).where(Person.name == person)
    someone = session.scalar(query.with_for_update(key_share=True) if lock else query)
    if someone is None or courses.role_of(session, person, course) is None:
        raise NotFound(f"There is no course {course!r} here, or you are not enrolled in it")
    return someone, session.scalars(select(CourseRow.id).where(CourseRow.key == course)).one()


def _own(person_id: int, course_id: int) -> Select[Copy]:
    return select(Copy).where(Copy.person_id == person_id, Copy.course_id == course_id)


def _newest_first() -> tuple[ColumnElement[Any], ColumnElement[Any]]:
    return Copy.saved_at.desc(), Copy.id.desc()


def _thin(session: Session, person_id: int, course_id: int, lesson: str) -> None:
    rows = session.execute(
        select(Copy.id, Copy.path, Copy.saved_at)
        .where(Copy.person_id == person_id, Copy.course_id == course_id, Copy.lesson == lesson)
        .order_by(*_newest_first())
    )
    gone = superfluous((number, path, saved_at) for number, path, saved_at in rows)
    if gone:
        session.execute(delete(Copy).where(Copy.id.in_(gone)))


def superfluous(rows: Iterable[tuple[int, str, datetime]]) -> list[int]:
    """Which of a lesson's copies (number, path, time; newest first) make room for the others."""
    count: dict[str, int] = {}
    days: dict[str, set[date]] = {}
    gone = []
    for number, path, saved_at in rows:
        if path not in count and len(count) == FILES:
            gone.append(number)
            continue
        count[path] = count.get(path, 0) + 1
        of_path = days.setdefault(path, set())
        last_of_its_day = saved_at.date() not in of_path and len(of_path) < DAYS
        if count[path] > NEWEST and not last_of_its_day:
            gone.append(number)
        elif count[path] > NEWEST:
            of_path.add(saved_at.date())
    return gone


def _make_room(session: Session, person_id: int) -> None:
    """Let the oldest copies go until the rest fits; the newest of each file stays.

    Raises TooLarge when that does not suffice.
    """
    counted = func.greatest(Copy.size, LEAST)
    own = Copy.person_id == person_id
    taken = session.scalar(select(func.coalesce(func.sum(counted), 0)).where(own)) or 0
    if taken <= PERSON:
        return
    last = func.row_number().over(
        partition_by=(Copy.course_id, Copy.lesson, Copy.path), order_by=_newest_first()
    )
    ranked = select(Copy.id, counted.label("size"), Copy.saved_at, last.label("rank")).where(own)
    table = ranked.subquery()
    old = select(table.c.id, table.c.size).where(table.c.rank > 1).order_by(table.c.saved_at)
    gone = []
    for number, size in session.execute(old):
        if taken <= PERSON:
            break
        gone.append(number)
        taken -= size
    if taken > PERSON:
        raise TooLarge(
            f"Your notebooks take more than the {PERSON // 2**20} MB that copies may take. "
            "Clear large outputs (Edit, Clear Outputs of All Cells) and save again"
        )
    session.execute(delete(Copy).where(Copy.id.in_(gone)))


def _told(row: Copy) -> Kept:
    return Kept(row.lesson, row.path, row.sha256, row.size, row.saved_at)
