"""What is said of a course beside its document."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
import samples
from sqlalchemy import select
from sqlalchemy.orm import Session

from coursewright.records import courses, facts, joining
from coursewright.records.errors import Denied, Invalid, NotFound
from coursewright.records.facts import Facts
from coursewright.records.tables import Event

SAID = Facts(
    category="Mathematics",
    level="advanced",
    objectives=("Add", "Add more"),
    hours=12.5,
    price="120",
    currency="EUR",
    visibility="code",
    term="Autumn 2026",
    starts=date(2026, 9, 28),
    ends=date(2027, 1, 31),
)


@pytest.fixture
def course(session: Session) -> str:
    courses.publish(session, samples.course(), "First", "ada")
    courses.enrol(session, "ada", "sums", "instructor")
    return "sums"


def test_nothing_is_said_of_a_course_at_first(session: Session, course: str) -> None:
    assert facts.of(session, course) == Facts()


def test_what_is_said_comes_back_and_is_audited_with_what_changed(
    session: Session, course: str
) -> None:
    facts.say(session, "ada", course, SAID, request_id="request-1")
    facts.say(session, "ada", course, SAID)  # nothing new: no event
    assert facts.of(session, course) == SAID
    (event,) = session.scalars(select(Event).where(Event.name == "audit.course.facts"))
    assert event.detail["hours"] == {"from": None, "to": 12.5}
    assert event.detail["starts"] == {"from": None, "to": "2026-09-28"}
    assert event.request_id == "request-1"


def test_the_level_that_is_said_outlasts_a_new_version(session: Session, course: str) -> None:
    facts.say(session, "ada", course, SAID)
    courses.publish(session, samples.course(title="Sums again"), "Second", "ada")
    (card,) = courses.catalogue(session, "ada")
    assert (card.title, card.level) == ("Sums again", "advanced")


@pytest.mark.parametrize(
    ("visibility", "found", "joined"),
    [("open", True, True), ("code", False, True), ("hidden", False, False)],
)
def test_who_finds_a_course_and_who_may_join_it(
    session: Session, course: str, visibility: str, found: bool, joined: bool
) -> None:
    code = joining.make(session, "ada", course).code
    facts.say(session, "ada", course, replace(SAID, visibility=visibility))
    assert [card.key for card in courses.catalogue(session, "kay")] == [course] * found
    if found:
        assert facts.shown(session, "kay", course).hours == 12.5
    else:
        with pytest.raises(NotFound):
            facts.shown(session, "kay", course)
    if joined:
        joined_as = joining.by_code(session, "kay", code)
        assert joined_as is not None
        assert (joined_as.course, joined_as.role) == (course, "student")
    else:
        with pytest.raises(Denied, match="Nobody can join"):
            joining.by_code(session, "kay", code)


def test_opening_a_hidden_course_to_all_shows_it(session: Session, course: str) -> None:
    facts.say(session, "ada", course, replace(SAID, visibility="hidden"))
    joining.set_open(session, "ada", course, True)
    session.flush()
    assert facts.of(session, course).visibility == "open"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"level": "hard"}, "is not a level"),
        ({"hours": 0.0}, "hours are more than 0"),
        ({"hours": float("nan")}, "hours are more than 0"),
        ({"hours": float("inf")}, "hours are more than 0"),
        ({"visibility": "secret"}, "not 'secret'"),
        ({"ends": date(2026, 1, 1)}, "ends before it starts"),
        ({"category": "x" * 81}, "up to 80 characters"),
        ({"term": "a\0b"}, "printable"),
        ({"category": "two\nlines"}, "one line"),
        ({"objectives": ("x",) * 21}, "at most 20 objectives"),
        ({"objectives": (" ",)}, "must not be empty"),
        ({"price": ""}, "currency without a price"),
    ],
)
def test_what_cannot_be_said_is_refused_with_a_reason(
    session: Session, course: str, change: dict[str, object], words: str
) -> None:
    with pytest.raises(Invalid, match=words):
        facts.say(session, "ada", course, replace(SAID, **change))  # type: ignore[arg-type]
    assert facts.of(session, course) == Facts()


def test_there_is_nothing_to_say_of_no_course(session: Session) -> None:
    with pytest.raises(NotFound):
        facts.of(session, "none")
