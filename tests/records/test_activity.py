"""What pods tell of people at work: what is kept, what is no news, what is refused."""

from __future__ import annotations

from typing import Any

import pytest
import samples
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from coursewright.records import activity, courses
from coursewright.records.activity import CHECKED, HERE, HINTED, MOST, OPENED, Told
from coursewright.records.errors import Invalid, NotFound
from coursewright.records.tables import Effort, Event, Presence


@pytest.fixture
def told(session: Session) -> Any:
    """Tells something of grace, who learns in sums."""
    lessons = samples.lesson(), samples.lesson("taking")
    courses.publish(session, samples.course("sums", *lessons), "First", by=None)
    courses.enrol(session, "grace", "sums")
    session.commit()

    def tell(name: str, lesson: str = "adding", exercise: str | None = None, **detail: int) -> bool:
        kept = activity.keep(session, "grace", "sums", Told(name, lesson, exercise, detail))
        session.commit()
        return kept

    return tell


def events(session: Session) -> list[tuple[str, str, dict[str, Any]]]:
    names = Event.name.in_(activity.NAMES)
    found = session.scalars(select(Event).where(names).order_by(Event.id))
    return [(one.name, one.object, one.detail) for one in found]


def later(session: Session, **columns: Any) -> None:
    """As if all of this had been a while ago."""
    session.execute(update(Presence).values(**columns))


def test_where_somebody_is_has_one_row_however_often_it_is_told(
    session: Session, told: Any
) -> None:
    assert told(HERE)
    assert not told(HERE)
    assert told(HERE, exercise="add")
    assert told(HERE, "taking")
    (row,) = session.scalars(select(Presence))
    assert (row.lesson, row.exercise) == ("taking", None)
    assert [where for _, where, _ in events(session)] == ["sums/adding", "sums/taking"]


def test_who_comes_back_is_news_again(session: Session, told: Any) -> None:
    told(HERE)
    later(session, seen_at=Presence.seen_at - activity.OFTEN)
    assert told(HERE)
    assert len(events(session)) == 1
    later(session, seen_at=Presence.seen_at - 2 * activity.AWAY)
    assert told(HERE)
    assert len(events(session)) == 2


def test_checks_and_hints_add_up_for_the_exercise(session: Session, told: Any) -> None:
    told(CHECKED, exercise="add", passed=0, of=2)
    told(HINTED, exercise="add", tier=1)
    told(CHECKED, exercise="add", passed=1, of=2)
    (row,) = session.scalars(select(Effort))
    assert (row.checks, row.hints, row.passed, row.total) == (2, 1, 1, 2)
    assert (row.first_at is not None, row.passed_at) == (True, None)
    told(CHECKED, exercise="add", passed=2, of=2)
    session.expire_all()
    assert row.passed_at is not None
    assert events(session)[1] == (HINTED, "sums/adding", {"tier": 1, "exercise": "add"})


def test_a_pod_that_tells_without_end_is_not_listened_to(session: Session, told: Any) -> None:
    kept = [told(OPENED) for _ in range(MOST + 5)]
    assert kept == [True] * MOST + [False] * 5
    assert len(events(session)) == MOST
    later(session, minute=Presence.minute - activity.WINDOW)
    assert told(OPENED)


BAD = [
    (("learning.graded", "adding", None), {}, Invalid),
    ((CHECKED, "adding", None), {"passed": 0, "of": 1}, Invalid),
    ((CHECKED, "adding", "add"), {}, Invalid),
    ((CHECKED, "adding", "add"), {"passed": 3, "of": 2}, Invalid),
    ((CHECKED, "adding", "add"), {"passed": -1, "of": 2}, Invalid),
    ((CHECKED, "adding", "add"), {"passed": True, "of": 2}, Invalid),
    ((CHECKED, "adding", "add"), {"passed": 0, "of": 10**6}, Invalid),
    ((HINTED, "adding", "add"), {"tier": 99}, Invalid),
    ((HERE, "none", None), {}, NotFound),
    ((HERE, "adding", "none"), {}, NotFound),
]


@pytest.mark.parametrize(("about", "detail", "error"), BAD)
def test_what_cannot_be_is_refused(
    session: Session, told: Any, about: Any, detail: dict[str, int], error: type[Exception]
) -> None:
    with pytest.raises(error):
        told(*about, **detail)
    session.rollback()
    assert not events(session)
    assert not list(session.scalars(select(Presence)))


def test_who_does_not_belong_to_the_course_tells_nothing(session: Session, told: Any) -> None:
    courses.person(session, "kay")
    with pytest.raises(NotFound):
        activity.keep(session, "kay", "sums", Told(HERE, "adding"))


def test_only_the_numbers_that_belong_to_a_name_are_kept(session: Session, told: Any) -> None:
    told(CHECKED, exercise="add", passed=0, of=1, secret=42)
    assert events(session)[0][2] == {"passed": 0, "of": 1, "exercise": "add"}
