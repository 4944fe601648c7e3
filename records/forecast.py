"""How many servers students will want, by the course calendar: class times and due dates.

The shares are what one expects, not what was measured: they are an administrator's to change
(`coursewright capacity --help`), and the page that shows the forecast says them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from math import ceil
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from coursewright.records.meetings import Meeting
from coursewright.records.tables import (
    CourseFacts,
    CourseRow,
    Deadline,
    Enrolment,
    MeetingRow,
)

STEP = timedelta(minutes=5)  # between two moments that are looked at
# The same for a whole week; people come ten minutes early, so no meeting is passed over.
STRIDE = timedelta(minutes=10)


@dataclass(frozen=True)
class Habits:
    """Shares of a course's students who have a server, and how long before they come.

    `attendance`: while the class meets, and from `early` minutes before. `rush`: in the last
    `rush_hours` before a due date. `everyday`: at any other time.

    All are expected in class: who was not expected waits for minutes, and room costs little
    (benchmarks/stampede.py).
    """

    attendance: float = 1.0
    early: int = 10
    rush: float = 0.25
    rush_hours: float = 3.0
    everyday: float = 0.02


@dataclass(frozen=True)
class Calendar:
    """What is known ahead of a course; its meetings lie between `starts` and `ends`, where set."""

    key: str
    students: int
    meetings: tuple[Meeting, ...] = ()
    due: tuple[datetime, ...] = ()
    starts: date | None = None
    ends: date | None = None


@dataclass(frozen=True)
class Demand:
    """Seats that are expected at a moment, and of which courses."""

    at: datetime
    seats: int
    by_course: dict[str, int] = field(default_factory=dict)


def calendars(session: Session, now: datetime, ahead: timedelta) -> list[Calendar]:
    """Of every published course that has students; due dates until `ahead` from now."""
    students = (
        select(Enrolment.course_id, func.count().label("many"))
        .where(Enrolment.role == "student")
        .group_by(Enrolment.course_id)
        .subquery()
    )
    rows = session.execute(
        select(CourseRow.id, CourseRow.key, students.c.many, CourseFacts.starts, CourseFacts.ends)
        .join(students, students.c.course_id == CourseRow.id)
        .outerjoin(CourseFacts, CourseFacts.course_id == CourseRow.id)
        .where(CourseRow.state == "published")
        .order_by(CourseRow.key)
    ).all()
    meetings = defaultdict(list)
    for row in session.scalars(select(MeetingRow)):
        meetings[row.course_id].append(Meeting(row.weekday, row.begins, row.minutes, row.zone))
    due: dict[int, list[datetime]] = defaultdict(list)
    near = select(Deadline.course_id, Deadline.due).where(Deadline.due.between(now, now + ahead))
    for course, at in session.execute(near):
        if at is not None:
            due[course].append(at)
    return [
        Calendar(key, many, tuple(meetings[number]), tuple(due[number]), starts, ends)
        for number, key, many, starts, ends in rows
    ]


def at(found: Iterable[Calendar], moment: datetime, habits: Habits) -> Demand:
    """The seats that are wanted at a moment; of what a course expects the most counts."""
    seats = {one.key: ceil(one.students * _share(one, moment, habits)) for one in found}
    wanted = {key: many for key, many in seats.items() if many}
    return Demand(moment, sum(wanted.values()), wanted)


def between(
    found: Sequence[Calendar],
    begin: datetime,
    end: datetime,
    habits: Habits,
    step: timedelta = STEP,
) -> Demand:
    """The busiest of the moments from `begin` to before `end`, at steps."""
    moments = ceil((end - begin) / step)
    return max(
        (at(found, begin + number * step, habits) for number in range(max(1, moments))),
        key=lambda demand: demand.seats,
    )


def hourly(
    found: Sequence[Calendar], now: datetime, hours: int, habits: Habits
) -> list[tuple[datetime, Demand]]:
    """The busiest moment of each hour from the one that runs."""
    first = now.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
    starts = [first + timedelta(hours=number) for number in range(hours)]
    hour = timedelta(hours=1)
    return [(first, between(found, first, first + hour, habits, STRIDE)) for first in starts]


def spare(
    found: Sequence[Calendar],
    now: datetime,
    habits: Habits,
    *,
    lead: timedelta,
    running: int,
) -> int:
    """Seats to keep warm now: what will be wanted within `lead`, less the servers that run."""
    return max(0, between(found, now, now + lead + STEP, habits).seats - running)


def _share(course: Calendar, moment: datetime, habits: Habits) -> float:
    if not course.meetings and not course.due:
        return habits.everyday
    share = habits.everyday
    if any(_meets(course, one, moment, habits) for one in course.meetings):
        share = max(share, habits.attendance)
    hours = timedelta(hours=habits.rush_hours)
    if any(due - hours <= moment < due for due in course.due):
        share = max(share, habits.rush)
    return share


def _meets(course: Calendar, meeting: Meeting, moment: datetime, habits: Habits) -> bool:
    """Whether people are there for it at a moment, or on their way.

    A meeting may begin before midnight and end after it, so yesterday's and tomorrow's count too.
    """
    today = moment.astimezone(ZoneInfo(meeting.zone)).date()
    for day in (today - timedelta(1), today, today + timedelta(1)):
        if (course.starts and day < course.starts) or (course.ends and day > course.ends):
            continue
        found = meeting.on(day)
        if found and found[0] - timedelta(minutes=habits.early) <= moment < found[1]:
            return True
    return False
