"""Sessions of work: parted by half an hour of nothing, never stored."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
import samples
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, text
from sqlalchemy.orm import Session

from coursewright.records import courses
from coursewright.records.errors import NotFound
from coursewright.records.study_sessions import GAP, sittings
from coursewright.records.tables import Event

BEGAN = datetime.now(UTC).replace(microsecond=0) - timedelta(days=30)
Did = Callable[..., None]


@pytest.fixture
def did(session: Session) -> Did:
    """Events so many minutes after the beginning."""
    for key in ("sums", "sums-more"):
        courses.publish(session, samples.course(key), "First", by=None)
        courses.enrol(session, "grace", key)
    courses.enrol(session, "alan", "sums")

    def did(
        *minutes: float,
        name: str = "code.checked",
        who: str = "grace",
        object: str = "sums/adding",
    ) -> None:
        someone = courses.person(session, who)
        for one in minutes:
            at = BEGAN + timedelta(minutes=one)
            session.add(Event(name=name, person_id=someone.id, object=object, at=at))
        session.flush()

    return did


def found(session: Session) -> list[tuple[float, float, int]]:
    """Oldest first: began and lasted, in minutes, and how many acts."""
    all_of_them = sittings(session, "grace", "sums")
    return [
        ((one.began_at - BEGAN) / timedelta(minutes=1), one.seconds / 60, one.acts)
        for one in reversed(all_of_them)
    ]


CASES = {
    "nothing": ((), []),
    "one act": ((0,), [(0, 0, 1)]),
    "just within": ((0, 30), [(0, 30, 2)]),
    "just apart": ((0, 30.1), [(0, 0, 1), (30.1, 0, 1)]),
    "a chain goes on": ((0, 20, 40, 60, 80), [(0, 80, 5)]),
    "an evening and a morning": ((0, 10, 600, 620), [(0, 10, 2), (600, 20, 2)]),
}


@pytest.mark.parametrize("case", CASES)
def test_sessions_are_parted_where_nothing_came(session: Session, did: Did, case: str) -> None:
    minutes, expected = CASES[case]
    did(*minutes)
    assert found(session) == [pytest.approx(one) for one in expected]


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(minutes=st.lists(st.integers(0, 400), max_size=30))
def test_every_act_is_in_one_session_and_sessions_are_apart(
    session: Session, did: Did, minutes: list[int]
) -> None:
    session.execute(text("ALTER TABLE events DISABLE TRIGGER USER"))
    session.execute(delete(Event))
    did(*minutes)
    told = sorted(sittings(session, "grace", "sums"), key=lambda one: one.began_at)
    assert sum(one.acts for one in told) == len(minutes)
    pairs = itertools.pairwise(told)
    assert all(later.began_at - earlier.ended_at > GAP for earlier, later in pairs)


def test_what_is_done_for_somebody_is_no_work_of_theirs(session: Session, did: Did) -> None:
    did(0, name="learning.submitted")
    did(5, name="learning.graded")
    did(6, who="alan")
    did(7, object="sums-more/adding")
    assert found(session) == [(0, 0, 1)]
    assert sittings(session, "grace", "sums")[0].submitted == 1


def test_they_come_in_pages(session: Session, did: Did) -> None:
    did(0, 100, 200)
    newest = sittings(session, "grace", "sums", limit=2)
    rest = sittings(session, "grace", "sums", limit=2, before=newest[-1].began_at)
    began = [(one.began_at - BEGAN) / timedelta(minutes=1) for one in [*newest, *rest]]
    assert began == [200, 100, 0]


def test_who_is_not_in_the_course_has_none(session: Session, did: Did) -> None:
    with pytest.raises(NotFound):
        sittings(session, "kay", "sums")
