"""When the class of a course meets every week: said by its instructors, read for the forecast."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from coursewright.records import courses, events
from coursewright.records.errors import Invalid, NotFound
from coursewright.records.tables import CourseRow, MeetingRow

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
SHORTEST, LONGEST = 5, 24 * 60  # minutes
MOST = 40  # in one course


@dataclass(frozen=True, order=True)
class Meeting:
    """Every week on `weekday` (Monday is 0) at `begins` by the clock of `zone`."""

    weekday: int
    begins: time
    minutes: int
    zone: str = "UTC"

    def on(self, day: date) -> tuple[datetime, datetime] | None:
        """From when to when it takes place on a day of its zone; None on another weekday."""
        if day.weekday() != self.weekday:
            return None
        begins = datetime.combine(day, self.begins, ZoneInfo(self.zone))
        # In UTC, for the clock may be changed meanwhile.
        begins = begins.astimezone(ZoneInfo("UTC"))
        return begins, begins + timedelta(minutes=self.minutes)


def of(session: Session, course_key: str) -> tuple[Meeting, ...]:
    """In the order of the week. Raises NotFound."""
    return tuple(sorted(_meeting(row) for row in _rows(session, _course(session, course_key))))


def say(
    session: Session,
    by: str,
    course_key: str,
    wanted: Iterable[Meeting],
    *,
    request_id: str | None = None,
) -> tuple[Meeting, ...]:
    """Let these be all meetings of a course. Raises Invalid and NotFound."""
    new = check(wanted)
    course = _course(session, course_key, lock=True)
    before = tuple(sorted(_meeting(row) for row in _rows(session, course)))
    if new == before:
        return new
    session.execute(delete(MeetingRow).where(MeetingRow.course_id == course.id))
    session.add_all(MeetingRow(course_id=course.id, **asdict(one)) for one in new)
    session.flush()
    detail = {"from": [plain(one) for one in before], "to": [plain(one) for one in new]}
    author = courses.person(session, by)
    name = "audit.course.meetings"
    events.record(session, name, author, course_key, detail=detail, request_id=request_id)
    return new


def check(wanted: Iterable[Meeting]) -> tuple[Meeting, ...]:
    """In the order of the week. Raises Invalid with what cannot be."""
    found = tuple(sorted(wanted))
    if len(found) > MOST:
        raise Invalid(f"A class meets at most {MOST} times a week")
    for one in found:
        if not 0 <= one.weekday < len(WEEKDAYS):
            raise Invalid("A weekday is a number from 0, Monday, to 6, Sunday")
        if not SHORTEST <= one.minutes <= LONGEST:
            raise Invalid(f"A meeting takes between {SHORTEST} and {LONGEST} minutes")
        if one.begins.tzinfo is not None or one.begins.second or one.begins.microsecond:
            raise Invalid("A meeting begins at a time such as 09:30, by the clock of its zone")
        try:
            ZoneInfo(one.zone)
        except (ZoneInfoNotFoundError, ValueError, OSError) as error:
            raise Invalid(f"{one.zone!r} is not a time zone such as Europe/Vienna") from error
    if len({(one.weekday, one.begins) for one in found}) < len(found):
        raise Invalid("Two meetings begin at the same time of the week")
    return found


def plain(one: Meeting) -> dict[str, Any]:
    """As JSON has it."""
    return asdict(one) | {"begins": f"{one.begins:%H:%M}"}


def read(sent: dict[str, Any]) -> Meeting:
    """The same the other way. Raises Invalid."""
    try:
        begins = time.fromisoformat(sent["begins"])
    except ValueError as error:
        raise Invalid(f"{sent['begins']!r} is not a time such as 09:30") from error
    return Meeting(sent["weekday"], begins, sent["minutes"], sent.get("zone", "UTC"))


def _course(session: Session, key: str, *, lock: bool = False) -> CourseRow:
    query = select(CourseRow).where(CourseRow.key == key)
    course = session.scalar(query.with_for_update(key_share=True) if lock else query)
    if course is None:
        raise NotFound(f"There is no course {key!r}")
    return course


def _rows(session: Session, course: CourseRow) -> Iterable[MeetingRow]:
    return session.scalars(select(MeetingRow).where(MeetingRow.course_id == course.id))


def _meeting(row: MeetingRow) -> Meeting:
    return Meeting(row.weekday, row.begins, row.minutes, row.zone)
