"""What is counted from the database: each row once, whoever is still writing."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
import samples
from sqlalchemy import text
from sqlalchemy.orm import Session, sessionmaker

from coursewright.records import courses, events, measures, settled, submissions
from coursewright.records.database import make_engine, sessions
from coursewright.records.measures import Queued, Seen
from coursewright.records.tables import Event


@pytest.fixture
def make(fresh_database: str) -> Iterator[sessionmaker[Session]]:
    engine = make_engine(fresh_database)
    yield sessions(engine)
    engine.dispose()


def wrote(session: Session, name: str) -> int:
    events.record(session, name)
    session.flush()
    return session.scalars(text("SELECT max(id) FROM events")).one()


def test_what_is_there_at_the_first_look_is_no_news(make: sessionmaker[Session]) -> None:
    with make.begin() as session:
        wrote(session, "learning.opened")
    with make() as session:
        seen = measures.now(session)
        assert measures.news(session, seen)[0].events == {}
    with make.begin() as session:
        wrote(session, "learning.opened")
        wrote(session, "code.checked")
    with make() as session:
        found, upto = measures.news(session, seen)
        assert found.events == {"learning.opened": 1, "code.checked": 1}
        assert measures.news(session, upto)[0].events == {}


def test_a_number_is_settled_only_when_those_who_write_have_ended(
    make: sessionmaker[Session], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settled, "TRIES", 2)
    slow, fast = make(), make()
    first = wrote(slow, "learning.opened")
    second = wrote(fast, "code.checked")
    fast.commit()
    with make() as session:
        assert (first < second, settled.settled(session, Event)) == (True, None)
        seen = Seen(0, 0, 0)
        found, upto = measures.news(session, seen)
        assert (found.events, upto) == ({}, seen)
    slow.commit()
    with make() as session:
        assert settled.settled(session, Event) == second
        assert measures.news(session, seen)[0].events == {"learning.opened": 1, "code.checked": 1}
    slow.close()
    fast.close()


def test_those_who_begin_to_write_meanwhile_are_not_waited_for(make: sessionmaker[Session]) -> None:
    """With somebody always writing, there would never be an end."""
    before, after, asked = make(), make(), threading.Event()
    first = wrote(before, "learning.opened")
    before.commit()

    class Late(Session):
        """Somebody begins to write as soon as it is known who writes."""

        def scalars(self, statement: object, *args: object, **more: object) -> object:
            found = list(super().scalars(statement, *args, **more))  # type: ignore[call-overload]
            if statement is settled.WRITERS and not asked.is_set():
                asked.set()
                wrote(after, "code.checked")
            return found

    with Late(before.get_bind()) as session:
        assert settled.settled(session, Event) == first
    assert asked.is_set()
    for one in (before, after):
        one.close()


def test_queues_tell_how_much_waits_and_for_how_long(make: sessionmaker[Session]) -> None:
    with make() as session:
        assert measures.queues(session)["grade"] == Queued()
        assert measures.workers(session) == 0
    with make.begin() as session:
        courses.publish(session, samples.course(), "First", by=None)
        courses.enrol(session, "grace", "sums")
    for key in ("key-of-the-first", "key-of-the-second"):
        with make.begin() as session:
            submissions.receive(session, "grace", "sums", "adding", samples.content(), key)
    with make.begin() as session:
        session.execute(text("UPDATE procrastinate_events SET at = at - interval '90 seconds'"))
    with make() as session:
        found = measures.queues(session)
        assert (found["grade"].waiting, found["grade"].running) == (2, 0)
        assert 90 <= found["grade"].oldest < 600
        assert found["generate"] == Queued()
