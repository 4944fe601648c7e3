"""Messages to a selection of a course's students: sent, shown to each of them, read."""

from __future__ import annotations

import math
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, and_, func, insert, select, update
from sqlalchemy.orm import Session

from coursewright.records import classroom, courses, events
from coursewright.records.class_work import course_id
from coursewright.records.errors import Invalid, NotFound, TooMany
from coursewright.records.tables import (
    CourseRow,
    Enrolment,
    Event,
    Message,
    MessageCopy,
    Person,
    Submission,
)

LONGEST = 4000  # characters
MOST = 20  # messages of one person within WINDOW
WINDOW = timedelta(hours=1)
PAGE = 20

_sender = Person.__table__.alias()


@dataclass(frozen=True)
class Addressee:
    """A student who may be written to."""

    person: str
    display_name: str


@dataclass(frozen=True)
class Sent:
    """A message as those who teach see it; `read` of `people` have read it."""

    id: int
    sent_by: str
    text: str
    created_at: datetime
    people: int
    read: int


@dataclass(frozen=True)
class Received:
    """A message as one of those sees it to whom it was sent."""

    id: int
    course: str
    course_title: str
    sent_by: str
    text: str
    created_at: datetime
    read_at: datetime | None


def send(
    session: Session,
    by: str,
    course_key: str,
    people: Collection[str],
    text: str,
    *,
    request_id: str | None = None,
) -> int:
    """Send it to these students of the course; gives its number.

    Raises Invalid without text or people and for those who are no students of the course,
    NotFound, and TooMany after MOST in an hour.
    """
    text = text.replace("\0", "").strip()
    if not text:
        raise Invalid("Write something; an empty message was not sent")
    if len(text) > LONGEST:
        raise Invalid(f"A message has at most {LONGEST} characters; this one has {len(text)}")
    course = course_id(session, course_key)
    rows = session.execute(_students(course).where(Person.name.in_(people)))
    students = {name: number for name, number in rows}
    unknown = sorted(set(people) - students.keys())
    if unknown:
        raise Invalid(f"Not among the students of this course: {', '.join(unknown[:5])}")
    if not students:
        raise Invalid("Choose at least one student")
    sender = courses.person(session, by)
    # One after the other, so that the limit holds.
    session.execute(select(Person.id).where(Person.id == sender.id).with_for_update(key_share=True))
    _refuse_too_many(session, sender.id)
    row = Message(course_id=course, sent_by=sender.id, text=text)
    session.add(row)
    session.flush()
    copies = [{"message_id": row.id, "person_id": number} for number in students.values()]
    session.execute(insert(MessageCopy), copies)
    session.execute(
        insert(Event),
        [
            {
                "name": "course.message",
                "person_id": number,
                "object": course_key,
                "detail": {"message": row.id},
                "request_id": request_id,
            }
            for number in students.values()
        ],
    )
    detail = {"message": row.id, "to": sorted(students)}
    events.record(
        session, "audit.message.sent", sender, course_key, detail=detail, request_id=request_id
    )
    return row.id


def stuck(session: Session, course_key: str) -> list[Addressee]:
    """Those who are here and have not passed where they are."""
    _, pupils = classroom.pupils(session, course_key)
    return [
        Addressee(one.person, one.display_name)
        for one in pupils
        if one.here and one.stuck_since is not None
    ]


def missing(session: Session, course_key: str, lesson: str) -> list[Addressee]:
    """Those who have not handed in a lesson. Raises NotFound."""
    course = course_id(session, course_key)
    handed = select(Submission.id).where(
        Submission.course_id == course,
        Submission.person_id == Person.id,
        Submission.lesson == lesson,
    )
    return _addressees(session, course, ~handed.exists())


def chosen(session: Session, course_key: str, people: Collection[str]) -> list[Addressee]:
    """Those of `people` who are students of the course. Raises NotFound."""
    return _addressees(session, course_id(session, course_key), Person.name.in_(people))


def sent(session: Session, course_key: str, before: int | None = None) -> list[Sent]:
    """A course's messages, PAGE of them, newest first; those before the one numbered `before`."""
    people, read = func.count(MessageCopy.person_id), func.count(MessageCopy.read_at)
    query = (
        select(Message.id, Person.display_name, Message.text, Message.created_at, people, read)
        .join(Person, Person.id == Message.sent_by)
        .join(MessageCopy, MessageCopy.message_id == Message.id)
        .where(Message.course_id == course_id(session, course_key))
        .group_by(Message.id, Person.display_name)
        .order_by(Message.id.desc())
        .limit(PAGE)
    )
    if before is not None:
        query = query.where(Message.id < before)
    return [Sent(*row) for row in session.execute(query)]


def received(
    session: Session, person: str, *, unread: bool = False, before: int | None = None
) -> list[Received]:
    """What was sent to somebody, PAGE of it, newest first; with `unread`, that alone."""
    query = (
        select(
            Message.id,
            CourseRow.key,
            CourseRow.title,
            _sender.c.display_name,
            Message.text,
            Message.created_at,
            MessageCopy.read_at,
        )
        .select_from(MessageCopy)
        .join(Person, Person.id == MessageCopy.person_id)
        .join(Message, Message.id == MessageCopy.message_id)
        .join(CourseRow, CourseRow.id == Message.course_id)
        .join(_sender, _sender.c.id == Message.sent_by)
        .where(Person.name == person)
        .order_by(Message.id.desc())
        .limit(PAGE)
    )
    if unread:
        query = query.where(MessageCopy.read_at.is_(None))
    if before is not None:
        query = query.where(Message.id < before)
    return [Received(*row) for row in session.execute(query)]


def mark_read(session: Session, person: str, message: int) -> None:
    """Raises NotFound for a message that was not sent to this person."""
    someone = select(Person.id).where(Person.name == person).scalar_subquery()
    own = and_(MessageCopy.message_id == message, MessageCopy.person_id == someone)
    if session.scalar(select(MessageCopy.message_id).where(own)) is None:
        raise NotFound(f"There is no message {message} to you")
    session.execute(
        update(MessageCopy).where(own, MessageCopy.read_at.is_(None)).values(read_at=func.now())
    )


def _students(course: int) -> Select[str, int]:
    return (
        select(Person.name, Person.id)
        .join(Enrolment, Enrolment.person_id == Person.id)
        .where(Enrolment.course_id == course, Enrolment.role == "student")
    )


def _addressees(session: Session, course: int, which: ColumnElement[bool]) -> list[Addressee]:
    rows = session.execute(
        select(Person.name, Person.display_name)
        .join(Enrolment, Enrolment.person_id == Person.id)
        .where(Enrolment.course_id == course, Enrolment.role == "student", which)
        .order_by(func.lower(Person.display_name), Person.name)
    )
    return [Addressee(*row) for row in rows]


def _refuse_too_many(session: Session, sender: int) -> None:
    since = func.now() - WINDOW
    count, first, now = session.execute(
        select(func.count(), func.min(Message.created_at), func.now()).where(
            Message.sent_by == sender, Message.created_at > since
        )
    ).one()
    if count >= MOST and first is not None:
        raise TooMany(
            f"{MOST} messages in an hour are enough. Wait, then send it again",
            math.ceil((first + WINDOW - now).total_seconds()),
        )
