"""Calendars: whose dates stand in them, who may read them, and what they never say."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import grade_class
import pytest
from banking import fill_bank, make_quiz
from icalendar import Calendar
from school import Client
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from coursewright.records import accommodations, calendar_feeds, courses, deadlines, people
from coursewright.records.policies import Extension, ExtraTime
from coursewright.records.tables import CalendarFeed

Make = sessionmaker[Session]
OPENS = datetime(2099, 3, 1, 9, tzinfo=UTC)
CLOSES = datetime(2099, 3, 1, 10, tzinfo=UTC)
ADDRESS = re.compile(r'value="http://[^"]+/(calendars/[^"/]+)\.ics"')


@pytest.fixture(scope="module", autouse=True)
def dated(client: Client, make: Make) -> None:
    """una learns in two courses; l1 and l2 are due, and in the first there are quizzes."""
    with make.begin() as session:
        grade_class.fill(session, "dated", ("una", "vera"), 3)
        grade_class.fill(session, "second", ("una",), 2)
        bank = fill_bank(session, "dated")
        about: Any = {"course": "dated", "closes_at": CLOSES}
        make_quiz(session, bank, "exam", title="Exam; part 1", opens_at=OPENS, minutes=60, **about)
        make_quiz(session, bank, "closing", title="Closing", **about)
        make_quiz(session, bank, "hidden", title="Not yet", state="draft", **about)
        more = Extension(due=grade_class.FUTURE + timedelta(days=7))
        deadlines.grant(session, "ada", "dated", "l2", more, person="una", reason="secret reason")
        accommodations.give(session, "ada", "dated", "una", ExtraTime(1.5), reason="a secret")


def events(client: Client, who: str | None, path: str) -> dict[str, Any]:
    found = client.get(who, path)
    assert found.status_code == 200, found.text
    assert found.headers["Content-Type"] == "text/calendar; charset=utf-8"
    calendar: Any = Calendar.from_ical(found.content)
    assert not calendar.errors
    return {str(one["summary"]): one for one in calendar.walk("VEVENT")}


def address(client: Client, who: str = "una") -> str:
    page = client.ask("POST", who, "calendar", data={"renew": "yes"})
    assert (page.status_code, page.headers["Cache-Control"]) == (200, "no-store")
    found = ADDRESS.search(page.text)
    assert found
    return found[1]


def test_a_students_own_dates_of_a_course(client: Client) -> None:
    found = events(client, "una", "courses/dated/calendar.ics")
    assert list(found) == [
        "Taking away is due", "Quiz: Exam; part 1", "Quiz: Closing closes", "Loops is due",
    ]  # fmt: skip
    assert found["Loops is due"].start == grade_class.FUTURE + timedelta(days=7)
    exam = found["Quiz: Exam; part 1"]
    assert (exam.start, exam.end) == (OPENS, CLOSES + timedelta(minutes=30))
    assert found["Quiz: Closing closes"].start == CLOSES
    others = events(client, "vera", "courses/dated/calendar.ics")
    assert others["Loops is due"].start == grade_class.FUTURE
    assert others["Quiz: Exam; part 1"].end == CLOSES


def test_all_courses_are_together_with_their_titles(client: Client) -> None:
    found = events(client, "una", "calendar.ics")
    titles = [name for name in found if name.endswith("(Python foundations)")]
    assert len(titles) == len(found) == 4
    text = client.get("una", "calendar.ics").text
    assert text.count("BEGIN:VEVENT") == 5
    assert len(set(re.findall("^UID:.*$", text, re.MULTILINE))) == 5


def test_nothing_about_the_person_is_said(client: Client) -> None:
    secret = address(client)
    for who, path in (("una", "calendar.ics"), (None, f"{secret}.ics")):
        text = client.get(who, path).text.lower()
        assert not [word for word in ("una", "secret reason", "a secret") if word in text]


def test_the_secret_address_is_read_without_signing_in(client: Client, make: Make) -> None:
    secret = address(client)
    assert (
        events(client, None, f"{secret}.ics").keys() == events(client, "una", "calendar.ics").keys()
    )
    assert "Loops is due" in events(client, None, f"{secret}/dated.ics")
    with make() as session:
        kept = list(session.scalars(select(CalendarFeed.secret_sha)))
    assert secret.partition("/")[2] not in kept
    assert "shown this once" not in client.get("una", "calendar").text


def test_a_renewed_or_ended_address_is_gone(client: Client) -> None:
    first, second = address(client), address(client)
    assert client.get(None, f"{first}.ics").status_code == 404
    assert client.get(None, f"{second}.ics").status_code == 200
    assert client.ask("POST", "una", "calendar", data={"end": "yes"}).status_code == 303
    assert client.get(None, f"{second}.ics").status_code == 404


def test_whatever_is_wrong_is_answered_alike(client: Client, make: Make) -> None:
    secret = address(client, "vera")
    wrong = [f"{secret}x.ics", f"{secret}/second.ics", f"{secret}/none.ics", "calendars/x.ics"]
    answers = [client.get(None, path) for path in wrong]
    assert {one.status_code for one in answers} == {404}
    told = {re.sub(r"<code>.*?</code>|[0-9a-f]{16}", "", one.text) for one in answers}
    assert len(told) == 1
    with make.begin() as session:
        people.deactivate(session, "root", "vera", "left")
    assert client.get(None, f"{secret}.ics").status_code == 404


def test_what_has_not_changed_is_not_sent_again(client: Client) -> None:
    path = f"{address(client)}.ics"
    tag = client.get(None, path).headers["ETag"]
    again = client.get(None, path, headers={"If-None-Match": tag})
    # Unless the hour has just become another.
    assert again.status_code == 304 or client.get(None, path).headers["ETag"] != tag


def test_titles_cannot_break_the_file(client: Client, make: Make) -> None:
    with make.begin() as session:
        found = fill_bank(session, "second")
        title = "A\nBEGIN:VEVENT\r\nX:1, 2; \x07"
        make_quiz(session, found, "odd", title=title, course="second", closes_at=CLOSES)
    text = client.get("una", "courses/second/calendar.ics").text
    assert text.count("BEGIN:VEVENT") == 3 - 1 + text.count("A BEGIN:VEVENT")
    assert max(len(line.encode()) for line in text.split("\r\n")) <= 75


def test_who_leaves_a_course_has_its_dates_no_more(client: Client, make: Make) -> None:
    with make.begin() as session:
        courses.enrol(session, "kim", "dated")
        secret = calendar_feeds.renew(session, "kim")
    assert "Loops is due (Python foundations)" in events(client, None, f"calendars/{secret}.ics")
    client.ask("DELETE", "ada", "api/v1/courses/dated/members/kim")
    assert events(client, None, f"calendars/{secret}.ics") == {}
