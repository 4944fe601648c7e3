"""How people come into a course by themselves: by a click where it is open, or by a code.

A code is eight letters and digits of which none can be taken for another, drawn from 31, so about
8.5e11 of them; with ten wrong ones in a quarter of an hour per person, none is found by trying.
"""

from __future__ import annotations

import math
import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from coursewright.records import courses, events, places, sections
from coursewright.records.errors import Denied, Invalid, NotFound, TooMany
from coursewright.records.places import Joined
from coursewright.records.tables import CourseRow, JoinCode, Person, Section, WrongCodes

LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
LENGTH = 8
TRIES = 10
WINDOW = timedelta(minutes=15)
UNKNOWN = "No course has this code. Look at it again, or ask whoever gave it to you"


@dataclass(frozen=True)
class Code:
    """`left` is None where there is no limit to its uses; `valid` says whether it opens now.

    Whoever joins by it comes into the `section`, if there is one.
    """

    code: str
    uses: int
    left: int | None
    expires_at: datetime | None
    valid: bool
    section: str | None = None


def join(session: Session, person: str, course: str) -> Joined:
    """Join as a student by a click, or wait for a place.

    Raises NotFound, and Denied where it needs a code, or is full and nobody may wait.
    """
    row = session.scalars(select(CourseRow).where(CourseRow.key == course)).one_or_none()
    if row is not None and not row.open and courses.role_of(session, person, course) is None:
        raise Denied("This course is joined with a code. Enter the one that your instructor gave")
    return places.enter(session, person, course)


def by_code(session: Session, person: str, text: str) -> Joined | None:
    """Join by a code, or wait for a place; None for a code that no course has.

    Which is counted, so the caller must let the transaction be committed and then raise NotFound.
    Raises TooMany after TRIES wrong ones, and Denied for a code that is over or used up.
    """
    someone = courses.person(session, person)
    _refuse_guessing(session, someone)
    key = session.scalar(
        select(CourseRow.key)
        .join(JoinCode, JoinCode.course_id == CourseRow.id)
        .where(JoinCode.code == plain(text), CourseRow.state == "published")
    )
    # The course before its code, as everybody locks them.
    course = places.lock(session, key) if key is not None else None
    code = session.scalars(
        select(JoinCode)
        .where(JoinCode.code == plain(text))
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()
    if course is None or code is None:
        _count_wrong(session, someone)
        return None
    held = courses.role_of(session, person, course.key)
    if held is not None:
        return Joined(course.key, held)
    if course.hidden:
        raise Denied("Nobody can join this course by a code now. Ask your instructor")
    waits = places.turn(session, course, someone) is not None
    if not waits:
        _refuse_ended(session, code)
        code.uses += 1
    return places.enter(session, person, course.key, code.section_id)


def codes(session: Session, course: str) -> list[Code]:
    """A course's codes, newest first."""
    rows = session.execute(
        select(JoinCode, Section.name)
        .join(CourseRow, CourseRow.id == JoinCode.course_id)
        .outerjoin(Section, Section.id == JoinCode.section_id)
        .where(CourseRow.key == course)
        .order_by(JoinCode.id.desc())
    )
    moment = now(session)
    return [_told(row, moment, section) for row, section in rows]


def make(
    session: Session,
    by: str,
    course: str,
    expires_at: datetime | None = None,
    most_uses: int | None = None,
    *,
    section: str | None = None,
) -> Code:
    """A new code. Raises NotFound, and Invalid for one that could never be used."""
    moment = now(session)
    if expires_at is not None and expires_at <= moment:
        raise Invalid("The code would be over already: choose a time that is still to come")
    if most_uses is not None and most_uses < 1:
        raise Invalid("A code must be good for at least one person")
    author = courses.person(session, by)
    held = _course(session, course)
    part = sections.one(session, held, section) if section else None
    row = JoinCode(
        course_id=held.id,
        section_id=part.id if part else None,
        code="".join(secrets.choice(LETTERS) for _ in range(LENGTH)),
        made_by=author.id,
        uses=0,
        most_uses=most_uses,
        expires_at=expires_at,
    )
    session.add(row)
    events.record(session, "audit.code.made", author, course, detail={"most_uses": most_uses})
    return _told(row, moment, part.name if part else None)


def withdraw(session: Session, by: str, course: str, text: str) -> None:
    """End a code; who came by it stays. Raises NotFound."""
    row = session.scalars(
        select(JoinCode)
        .join(CourseRow, CourseRow.id == JoinCode.course_id)
        .where(CourseRow.key == course, JoinCode.code == plain(text))
    ).one_or_none()
    if row is None:
        raise NotFound("This course has no such code")
    session.delete(row)
    author = courses.person(session, by)
    events.record(session, "audit.code.withdrawn", author, course, detail={"uses": row.uses})


def set_open(session: Session, by: str, course: str, is_open: bool) -> None:
    """Whether everybody finds the course and may join it. Raises NotFound."""
    row = _course(session, course)
    if row.open != is_open:
        row.open = is_open
        row.hidden = row.hidden and not is_open
        author = courses.person(session, by)
        events.record(session, "audit.course.opened", author, course, detail={"open": is_open})


def is_open(session: Session, course: str) -> bool:
    """Raises NotFound."""
    return _course(session, course).open


def plain(text: str) -> str:
    """A code as it is kept, however somebody wrote it down."""
    return re.sub(r"[\s-]", "", text).upper()


def _told(row: JoinCode, now: datetime, section: str | None) -> Code:
    left = None if row.most_uses is None else max(0, row.most_uses - row.uses)
    over = row.expires_at is not None and row.expires_at <= now
    return Code(row.code, row.uses, left, row.expires_at, not over and left != 0, section)


def _refuse_ended(session: Session, code: JoinCode) -> None:
    if code.expires_at is not None and code.expires_at <= now(session):
        raise Denied("This code is no longer good. Ask your instructor for a new one")
    if code.most_uses is not None and code.uses >= code.most_uses:
        raise Denied("All places of this code are taken. Ask your instructor for a new one")


def _refuse_guessing(session: Session, someone: Person) -> None:
    row = session.get(WrongCodes, someone.id, with_for_update=True)
    if row is None:
        return
    waited = now(session) - row.since
    if waited >= WINDOW:
        session.delete(row)
        session.flush()
    elif row.tries >= TRIES:
        raise TooMany(
            "That were too many wrong codes. Wait a quarter of an hour, then try again",
            math.ceil((WINDOW - waited).total_seconds()),
        )


def _count_wrong(session: Session, someone: Person) -> None:
    statement = insert(WrongCodes).values(person_id=someone.id, tries=1)
    session.execute(
        statement.on_conflict_do_update(
            index_elements=["person_id"], set_={"tries": WrongCodes.tries + 1}
        )
    )


def now(session: Session) -> datetime:
    """The database's time."""
    return session.scalars(select(func.now())).one()


def _course(session: Session, key: str) -> CourseRow:
    row = session.scalars(select(CourseRow).where(CourseRow.key == key)).one_or_none()
    if row is None:
        raise NotFound(f"There is no course {key!r}")
    return row
