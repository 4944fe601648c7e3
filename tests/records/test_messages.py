"""Messages to a selection of a class: who gets them, who has read them, how many may be sent."""

from __future__ import annotations

from datetime import timedelta

import pytest
import samples
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from coursewright.records import activity, courses, live, messages, submissions
from coursewright.records.activity import Told
from coursewright.records.errors import Invalid, NotFound, TooMany
from coursewright.records.tables import Event, Message, Person


@pytest.fixture
def course(session: Session) -> str:
    courses.publish(session, samples.course(), "First", by="ada")
    courses.enrol(session, "ada", "sums", "instructor")
    for name in ("grace", "hopper", "kay"):
        courses.enrol(session, name, "sums")
    return "sums"


def send(session: Session, *people: str, text: str = "Hello") -> int:
    return messages.send(session, "ada", "sums", people, text, request_id="of-a-test")


def test_each_gets_a_copy_and_says_when_it_was_read(session: Session, course: str) -> None:
    number = send(session, "grace", "hopper")
    (sent,) = messages.sent(session, course)
    assert (sent.id, sent.people, sent.read) == (number, 2, 0)
    (got,) = messages.received(session, "grace", unread=True)
    assert (got.text, got.course_title, got.sent_by, got.read_at) == ("Hello", "Sums", "ada", None)
    messages.mark_read(session, "grace", number)
    messages.mark_read(session, "grace", number)
    assert messages.received(session, "grace", unread=True) == []
    assert messages.received(session, "grace")[0].read_at is not None
    assert messages.sent(session, course)[0].read == 1
    assert messages.received(session, "kay") == []


def test_nobody_reads_what_was_sent_to_somebody_else(session: Session, course: str) -> None:
    number = send(session, "grace")
    for name in ("kay", "ada", "nobody"):
        with pytest.raises(NotFound):
            messages.mark_read(session, name, number)


@pytest.mark.parametrize(
    ("people", "text"),
    [
        ((), "Hello"),
        (("stranger",), "Hello"),
        (("grace", "stranger"), "Hello"),
        (("ada",), "Hello"),
        (("grace",), "  \n"),
        (("grace",), "\0"),
        (("grace",), "x" * 4001),
    ],
    ids=str,
)
def test_what_is_not_sent(
    session: Session, course: str, people: tuple[str, ...], text: str
) -> None:
    with pytest.raises(Invalid):
        send(session, *people, text=text)
    assert messages.sent(session, course) == []


def test_it_is_told_to_those_whom_it_is_for_and_to_nobody_who_watches(
    session: Session, course: str
) -> None:
    before = live.newest(session)
    number = send(session, "grace")
    (told,) = live.of_person(session, "grace", before, 10)
    own = told.own()
    assert own is not None
    assert (own["name"], own["course"], own["detail"]) == (
        "course.message",
        "sums",
        {"message": number},
    )
    assert told.taught() is None
    assert live.of_person(session, "kay", before, 10) == []


def test_that_it_was_sent_stands_in_the_audit_log(session: Session, course: str) -> None:
    number = send(session, "kay", "grace")
    event = session.scalars(select(Event).where(Event.name == "audit.message.sent")).one()
    assert event.detail == {"message": number, "to": ["grace", "kay"]}
    assert event.request_id == "of-a-test"


def test_twenty_in_an_hour_are_enough(session: Session, course: str) -> None:
    for _ in range(messages.MOST):
        send(session, "grace")
    with pytest.raises(TooMany) as refusal:
        send(session, "grace")
    assert 0 < refusal.value.wait <= 3600
    session.execute(update(Message).values(created_at=Message.created_at - timedelta(hours=1)))
    assert send(session, "grace")


def test_pages_of_messages(session: Session, course: str) -> None:
    numbers = [send(session, "grace") for _ in range(messages.MOST)]
    session.execute(update(Message).values(created_at=Message.created_at - timedelta(hours=2)))
    numbers.append(send(session, "grace"))
    newest = messages.sent(session, course)
    assert [one.id for one in newest] == numbers[:0:-1]
    assert [one.id for one in messages.sent(session, course, newest[-1].id)] == numbers[:1]
    assert [one.id for one in messages.received(session, "grace", before=numbers[1])] == numbers[:1]


def test_whom_a_choice_means(session: Session, course: str) -> None:
    told = Told("code.checked", "adding", "add", {"passed": 1, "of": 3})
    activity.keep(session, "hopper", course, told)
    submissions.receive(session, "kay", course, "adding", samples.content(), "a-key-of-a-test")

    def names(found: list[messages.Addressee]) -> list[str]:
        return [one.person for one in found]

    assert names(messages.stuck(session, course)) == ["hopper"]
    assert names(messages.missing(session, course, "adding")) == ["grace", "hopper"]
    assert names(messages.chosen(session, course, {"grace", "ada", "nobody"})) == ["grace"]
    with pytest.raises(NotFound):
        messages.missing(session, "none", "adding")
    assert session.scalar(select(Person.id).where(Person.name == "nobody")) is None
