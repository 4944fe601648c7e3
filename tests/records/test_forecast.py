"""How many servers will be wanted."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
import samples
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from coursewright.records import courses, deadlines, facts, forecast, meetings
from coursewright.records.facts import Facts
from coursewright.records.forecast import Calendar, Habits
from coursewright.records.meetings import Meeting
from coursewright.records.policies import Policy

HABITS = Habits(attendance=0.9, early=10, rush=0.25, rush_hours=3, everyday=0.02)
MONDAY = datetime(2026, 11, 23, tzinfo=UTC)
CLASS = Calendar("sums", 100, (Meeting(0, time(9), 90),))
DUE = Calendar("prose", 40, due=(MONDAY + timedelta(hours=12),))
LATE = Calendar("stars", 10, (Meeting(0, time(23), 120),))


@pytest.mark.parametrize(
    ("calendar", "hours", "seats"),
    [
        (CLASS, 8, 2),  # one in fifty
        (CLASS, 8 + 49 / 60, 2),
        (CLASS, 8 + 50 / 60, 90),  # on their way
        (CLASS, 10, 90),
        (CLASS, 10.5, 2),  # it has ended
        (CLASS, 24 + 9.5, 2),  # a Tuesday
        (CLASS, 7 * 24 + 9.5, 90),
        (DUE, 8, 1),
        (DUE, 9, 10),
        (DUE, 12, 1),
        (LATE, 24 + 0.5, 9),  # past midnight
        (Calendar("sums", 100, CLASS.meetings, ends=date(2026, 11, 22)), 9.5, 2),
        (Calendar("sums", 100, CLASS.meetings, starts=date(2026, 11, 24)), 9.5, 2),
        (Calendar("none", 0, CLASS.meetings), 9.5, 0),
    ],
)
def test_a_course_wants_seats_by_its_calendar(calendar: Calendar, hours: float, seats: int) -> None:
    assert forecast.at([calendar], MONDAY + timedelta(hours=hours), HABITS).seats == seats


def test_courses_add_up_and_of_a_time_the_busiest_moment_counts() -> None:
    found = [CLASS, DUE]
    busy = forecast.between(found, MONDAY, MONDAY + timedelta(hours=12), HABITS)
    assert (busy.seats, busy.by_course) == (100, {"sums": 90, "prose": 10})
    hours = forecast.hourly(found, MONDAY + timedelta(minutes=20), 24, HABITS)
    assert [demand.seats for _, demand in hours[7:12]] == [3, 91, 100, 100, 12]
    assert hours[0][0] == MONDAY


@pytest.mark.parametrize(
    ("minutes", "running", "spare"), [(0, 0, 2), (35, 0, 90), (35, 80, 10), (60, 95, 0)]
)
def test_what_is_kept_warm_is_what_comes_less_what_runs(
    minutes: int, running: int, spare: int
) -> None:
    now = MONDAY + timedelta(hours=8, minutes=minutes)
    lead = timedelta(minutes=15)
    assert forecast.spare([CLASS], now, HABITS, lead=lead, running=running) == spare


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.integers(0, 2000),
    st.builds(
        Meeting,
        st.integers(0, 6),
        st.times(),
        st.integers(5, 1440),
        st.sampled_from(["UTC", "Europe/Vienna", "Asia/Kathmandu", "America/New_York"]),
    ),
    st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC)),
)
def test_nobody_is_counted_twice_and_a_meeting_is_seen_wherever_it_is(
    students: int, meeting: Meeting, moment: datetime
) -> None:
    calendar = Calendar("one", students, (meeting, meeting))
    assert forecast.at([calendar], moment, HABITS).seats <= students
    days = (moment.date() + timedelta(days) for days in range(8))
    when = next(found for found in map(meeting.on, days) if found)
    whole = Habits(attendance=1, everyday=0)
    assert forecast.at([calendar], when[0], whole).seats == students


def test_the_calendar_is_read_from_published_courses(session: Session) -> None:
    now = MONDAY
    for key in ("seen", "empty", "hidden"):
        courses.publish(session, samples.course(key), "First", "ada")
    courses.enrol(session, "ada", "seen", "instructor")
    courses.enrol(session, "grace", "seen")
    courses.enrol(session, "kay", "seen")
    meetings.say(session, "ada", "seen", CLASS.meetings)
    meetings.say(session, "ada", "empty", CLASS.meetings)
    term = Facts(starts=date(2026, 10, 1), ends=date(2027, 1, 31))
    facts.say(session, "ada", "seen", term)
    due = now + timedelta(hours=5)
    deadlines.set_policy(session, "ada", "seen", "adding", Policy(due=due))
    found = {one.key: one for one in forecast.calendars(session, now, timedelta(hours=6))}
    assert found["seen"] == Calendar("seen", 2, CLASS.meetings, (due,), term.starts, term.ends)
    assert "empty" not in found
    near = forecast.calendars(session, now, timedelta(hours=4))
    assert next(one for one in near if one.key == "seen").due == ()
