"""When a class meets."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

import pytest
import samples
from sqlalchemy import select
from sqlalchemy.orm import Session

from coursewright.records import courses, meetings
from coursewright.records.errors import Invalid, NotFound
from coursewright.records.meetings import Meeting
from coursewright.records.tables import Event

MONDAY = Meeting(0, time(9, 30), 90, "Europe/Vienna")
FRIDAY = Meeting(4, time(13), 45, "UTC")


@pytest.fixture
def course(session: Session) -> str:
    courses.publish(session, samples.course("met"), "First", "ada")
    return "met"


def test_meetings_are_kept_in_the_order_of_the_week_and_changes_are_noted(
    session: Session, course: str
) -> None:
    assert meetings.say(session, "ada", course, [FRIDAY, MONDAY]) == (MONDAY, FRIDAY)
    assert meetings.of(session, course) == (MONDAY, FRIDAY)
    meetings.say(session, "ada", course, [FRIDAY, MONDAY])
    meetings.say(session, "ada", course, [FRIDAY])
    query = select(Event.detail).where(Event.name == "audit.course.meetings").order_by(Event.id)
    assert [len(detail["to"]) for detail in session.scalars(query)] == [2, 1]
    with pytest.raises(NotFound):
        meetings.of(session, "none")


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        ([Meeting(7, time(9), 90)], "weekday"),
        ([Meeting(0, time(9), 4)], "minutes"),
        ([Meeting(0, time(9), 1441)], "minutes"),
        ([Meeting(0, time(9, 0, 1), 90)], "09:30"),
        ([Meeting(0, time(9), 90, "Atlantis/Center")], "time zone"),
        ([Meeting(0, time(9), 90), Meeting(0, time(9), 45)], "same time"),
        ([Meeting(0, time(n // 60, n % 60), 90) for n in range(41)], "at most 40"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_changed(
    session: Session, course: str, wanted: list[Meeting], said: str
) -> None:
    meetings.say(session, "ada", course, [MONDAY])
    with pytest.raises(Invalid, match=said):
        meetings.say(session, "ada", course, wanted)
    assert meetings.of(session, course) == (MONDAY,)


def test_a_meeting_follows_the_clock_of_its_zone() -> None:
    summer = MONDAY.on(date(2026, 7, 6))
    winter = MONDAY.on(date(2026, 12, 7))
    assert summer is not None
    assert winter is not None
    assert summer[0] == datetime(2026, 7, 6, 7, 30, tzinfo=UTC)
    assert winter == (
        datetime(2026, 12, 7, 8, 30, tzinfo=UTC),
        datetime(2026, 12, 7, 10, 0, tzinfo=UTC),
    )
    assert MONDAY.on(date(2026, 12, 8)) is None


def test_as_json_and_back_it_is_the_same() -> None:
    assert meetings.read(meetings.plain(MONDAY)) == MONDAY
    with pytest.raises(Invalid, match="noon"):
        meetings.read({**meetings.plain(MONDAY), "begins": "noon"})
