"""Events: written with the change, told when it is committed."""

from __future__ import annotations

import psycopg
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from coursewright.records import courses, events
from coursewright.records.database import make_engine, sessions, without_driver
from coursewright.records.tables import Event


def test_an_event_says_who_what_on_what_and_when(session: Session) -> None:
    ada = courses.person(session, "ada")
    events.record(session, "learning.opened", ada, "sums/adding", detail={"a": 1}, request_id="r")
    row = session.scalars(select(Event)).one()
    assert (row.name, row.person_id, row.object) == ("learning.opened", ada.id, "sums/adding")
    assert (row.detail, row.request_id) == ({"a": 1}, "r")
    assert row.at.tzinfo is not None


@pytest.mark.parametrize("name", ["opened", "learning.", "other.opened", "learning.Opened"])
def test_an_event_has_a_name_of_the_list(session: Session, name: str) -> None:
    with pytest.raises(ValueError, match="not the name of an event"):
        events.record(session, name)


def test_those_who_listen_are_told_the_number_after_the_commit(fresh_database: str) -> None:
    engine = make_engine(fresh_database)
    with psycopg.connect(without_driver(fresh_database), autocommit=True) as listener:
        listener.execute(f"LISTEN {events.CHANNEL}")
        with sessions(engine)() as session:
            events.record(session, "audit.rolled_back")
            session.flush()
            session.rollback()
        with sessions(engine).begin() as session:
            events.record(session, "audit.kept")
        (notice,) = listener.notifies(timeout=30, stop_after=1)
    with sessions(engine)() as session:
        assert session.get_one(Event, int(notice.payload)).name == "audit.kept"
    engine.dispose()
