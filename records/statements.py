"""The events that become statements, and how far each store of them has been sent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from coursewright.records import events
from coursewright.records.study_sessions import ACTS, GAP
from coursewright.records.tables import (
    CourseRow,
    Event,
    Grading,
    Person,
    StatementAside,
    StatementFeed,
)
from coursewright.records.xapi import KINDS, Happened

SCORED = ("learning.graded", "learning.marked", "learning.regraded")
FIRST_PAUSE, LONGEST_PAUSE = timedelta(minutes=1), timedelta(hours=1)


@dataclass(frozen=True)
class Feed:
    """How far a store is; `resting` while it is left alone after a failure."""

    last_event: int
    failures: int
    resting: bool


@dataclass(frozen=True)
class Wanted:
    """Which events: of a course, since a time; all of them otherwise."""

    course: str | None = None
    since: datetime | None = None

    def conditions(self) -> list[ColumnElement[bool]]:
        found: list[ColumnElement[bool]] = []
        if self.course is not None:
            below = Event.object.startswith(f"{self.course}/", autoescape=True)
            found.append(or_(Event.object == self.course, below))
        if self.since is not None:
            found.append(Event.at >= self.since)
        return found


def happened(
    session: Session, after: int, upto: int, limit: int, wanted: Wanted | None = None
) -> list[Happened]:
    """The first `limit` events behind `after` that have a statement, in order."""
    course = func.split_part(Event.object, "/", 1)
    rows = session.execute(
        select(Event, Person.name, CourseRow.title)
        .join(Person, Person.id == Event.person_id)
        .outerjoin(CourseRow, CourseRow.key == course)
        .where(
            Event.id > after,
            Event.id <= upto,
            Event.name.in_(list(KINDS)),
            *(wanted or Wanted()).conditions(),
        )
        .order_by(Event.id)
        .limit(limit)
    ).all()
    return [_happened(session, event, person, title or "") for event, person, title in rows]


def _happened(session: Session, event: Event, person: str, title: str) -> Happened:
    return Happened(
        event.id,
        event.name,
        event.at,
        person,
        event.object,
        title,
        event.detail,
        _points(session, event) if event.name in SCORED else None,
        _worked(session, event) if event.name == "learning.submitted" else None,
    )


def _points(session: Session, event: Event) -> tuple[float, float] | None:
    """What the grading of that moment gave: its transaction wrote the event."""
    found = session.execute(
        select(Grading.points, Grading.max_points)
        .where(
            Grading.submission_id == event.detail.get("submission"), Grading.graded_at <= event.at
        )
        .order_by(Grading.number.desc())
        .limit(1)
    ).one_or_none()
    return None if found is None else (found[0], found[1])


def _worked(session: Session, event: Event) -> float:
    """Seconds of work on the lesson since the hand-in before, without what was a pause."""
    of_lesson = or_(
        Event.object == event.object,
        Event.object.startswith(f"{event.object}/", autoescape=True),
    )
    of_person = Event.person_id == event.person_id
    before = (
        select(func.coalesce(func.max(Event.id), 0))
        .where(
            of_person,
            Event.name == event.name,
            Event.object == event.object,
            Event.id < event.id,
        )
        .scalar_subquery()
    )
    pause = Event.at - func.lag(Event.at).over(order_by=Event.id)
    acts = (
        select(pause.label("pause"))
        .where(of_person, of_lesson, Event.name.in_(ACTS), Event.id >= before, Event.id <= event.id)
        .subquery()
    )
    seconds = func.extract("epoch", func.sum(acts.c.pause))
    return float(session.scalar(select(seconds).where(acts.c.pause <= GAP)) or 0.0)


def feed(session: Session, endpoint: str) -> Feed:
    """How far the store at `endpoint` is; a new one begins with the first event."""
    session.execute(insert(StatementFeed).values(endpoint=endpoint).on_conflict_do_nothing())
    row, resting = session.execute(
        select(StatementFeed, func.coalesce(StatementFeed.not_before > func.now(), False)).where(
            StatementFeed.endpoint == endpoint
        )
    ).one()
    return Feed(row.last_event, row.failures, resting)


def keep_sent(
    session: Session, endpoint: str, last_event: int, sent: int, aside: Mapping[int, str]
) -> None:
    """All up to `last_event` is done; `aside`: events with the reason why theirs was not taken."""
    row = _locked(session, endpoint)
    row.last_event = max(row.last_event, last_event)
    row.sent += sent
    row.failures, row.not_before, row.problem = 0, None, None
    for event, reason in aside.items():
        about = {"endpoint": endpoint, "event_id": event, "reason": reason}
        session.execute(insert(StatementAside).values(**about).on_conflict_do_nothing())


def keep_failure(session: Session, endpoint: str, problem: str, wait: float = 0.0) -> None:
    """The store cannot be reached: it is left alone for longer each time, `wait` at least."""
    row = _locked(session, endpoint)
    pause = min(FIRST_PAUSE * 2 ** min(row.failures, 10), LONGEST_PAUSE)
    row.failures += 1
    row.problem = problem
    now = session.scalars(select(func.now())).one()
    row.not_before = now + max(pause, timedelta(seconds=wait))


def set_aside(session: Session, endpoint: str) -> list[tuple[int, str]]:
    """The events whose statements were not taken, with the reasons."""
    query = select(StatementAside.event_id, StatementAside.reason)
    found = session.execute(query.where(StatementAside.endpoint == endpoint).order_by("event_id"))
    return [(event, reason) for event, reason in found]


def note_export(session: Session, wanted: Wanted, statements: int) -> None:
    """Write down that people's work was taken out of the platform."""
    detail: dict[str, Any] = {
        "statements": statements,
        "since": wanted.since.isoformat() if wanted.since else None,
    }
    events.record(session, "audit.statements.exported", None, wanted.course or "", detail=detail)


def _locked(session: Session, endpoint: str) -> StatementFeed:
    return session.get_one(StatementFeed, endpoint, with_for_update=True)
