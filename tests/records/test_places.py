"""The places of a course: nobody gets one twice, nobody is lost, the line moves by itself."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
import samples
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from coursewright.records import courses, joining, members, places, sections, waiting
from coursewright.records.database import make_engine, sessions
from coursewright.records.errors import Denied, Invalid, NotFound
from coursewright.records.places import Joined
from coursewright.records.tables import Event, Person


def fill(session: Session) -> None:
    courses.publish(session, samples.course(), "", None)
    courses.enrol(session, "ada", "sums", "instructor")


@pytest.fixture
def small(session: Session) -> Session:
    """A course with two places, both taken, and two people in line."""
    fill(session)
    places.set_places(session, "ada", "sums", 2, True)
    for name in ("ann", "ben", "cy", "dee"):
        joining.join(session, name, "sums")
    return session


def students(session: Session) -> list[str]:
    everybody = members.members(session, "sums")
    return [one.name for one in everybody if one.role == "student"]


def in_line(session: Session) -> list[str]:
    return [one.name for one in waiting.line(session, "sums").waiting]


def audit(session: Session, name: str) -> list[tuple[str, dict[str, object]]]:
    rows = session.execute(
        select(Person.name, Event.detail)
        .join(Event, Event.person_id == Person.id)
        .where(Event.name == name)
        .order_by(Event.id)
    )
    return [(who, detail) for who, detail in rows]


def test_whoever_finds_a_course_full_waits_and_knows_where(small: Session) -> None:
    assert (students(small), in_line(small)) == (["ann", "ben"], ["cy", "dee"])
    assert joining.join(small, "eve", "sums") == Joined("sums", None, 3, 3)
    assert joining.join(small, "cy", "sums") == Joined("sums", None, 1, 3)
    assert joining.join(small, "ann", "sums") == Joined("sums", "student")
    (own,) = waiting.mine(small, "dee")
    assert (own.course, own.place, own.waiting) == ("sums", 2, 3)
    assert waiting.mine(small, "ann") == []


def test_a_place_that_becomes_free_goes_to_the_next_in_the_same_step(small: Session) -> None:
    members.set_role(small, "ada", "ann", "sums", None)
    assert (students(small), in_line(small)) == (["ben", "cy"], ["dee"])
    members.set_role(small, "ada", "ben", "sums", "assistant")
    assert (students(small), in_line(small)) == (["cy", "dee"], [])
    about = {"role": "student", "waited": True}
    assert [one for one in audit(small, "audit.enrolled") if one[1] == about] == [
        ("cy", about),
        ("dee", about),
    ]
    assert [who for who, _ in audit(small, "course.place_given")] == ["cy", "dee"]


def test_more_places_let_in_and_fewer_throw_nobody_out(small: Session) -> None:
    assert places.set_places(small, "ada", "sums", 3, True) == ["cy"]
    assert places.set_places(small, "ada", "sums", 1, True) == []
    assert (students(small), in_line(small)) == (["ann", "ben", "cy"], ["dee"])
    members.set_role(small, "ada", "ann", "sums", None)
    assert in_line(small) == ["dee"]
    assert places.set_places(small, "ada", "sums", None, True) == ["dee"]
    with pytest.raises(Invalid):
        places.set_places(small, "ada", "sums", -1, True)


def test_a_closed_line_takes_nobody_more(small: Session) -> None:
    places.set_places(small, "ada", "sums", 2, False)
    with pytest.raises(Denied, match="nobody can wait"):
        joining.join(small, "eve", "sums")
    assert joining.join(small, "dee", "sums").place == 2


MOVES = [
    ("dee", 1, ["dee", "cy", "eve"]),
    ("cy", 2, ["dee", "cy", "eve"]),
    ("cy", 99, ["dee", "eve", "cy"]),
    ("eve", -5, ["eve", "cy", "dee"]),
    ("dee", 2, ["cy", "dee", "eve"]),
]


@pytest.mark.parametrize(("name", "place", "after"), MOVES)
def test_instructors_change_the_order(
    small: Session, name: str, place: int, after: list[str]
) -> None:
    joining.join(small, "eve", "sums")
    waiting.move(small, "ada", "sums", name, place)
    assert in_line(small) == after
    assert joining.join(small, "fay", "sums").place == 4
    assert audit(small, "audit.waiting.moved")[0][1]["member"] == name


def test_instructors_enrol_anyway_and_take_out(small: Session) -> None:
    waiting.admit(small, "ada", "sums", "dee")
    assert (students(small), in_line(small)) == (["ann", "ben", "dee"], ["cy"])
    waiting.drop(small, "ada", "sums", "cy")
    assert in_line(small) == []
    with pytest.raises(NotFound):
        waiting.drop(small, "ada", "sums", "cy")
    with pytest.raises(NotFound):
        waiting.admit(small, "ada", "sums", "nobody")
    assert audit(small, "audit.waiting.admitted") == [("ada", {"member": "dee"})]


def test_whoever_waits_may_leave_the_line(small: Session) -> None:
    waiting.leave(small, "cy", "sums")
    assert in_line(small) == ["dee"]
    with pytest.raises(NotFound, match="do not wait"):
        waiting.leave(small, "cy", "sums")


def test_who_is_added_by_name_no_longer_waits(small: Session) -> None:
    members.set_role(small, "ada", "cy", "sums", "student")
    assert (students(small), in_line(small)) == (["ann", "ben", "cy"], ["dee"])


def test_a_code_of_a_full_section_lets_wait_for_that_section(session: Session) -> None:
    fill(session)
    sections.put(session, "ada", "sums", "Monday", capacity=1)
    sections.put(session, "ada", "sums", "Friday", capacity=1)
    monday = joining.make(session, "ada", "sums", section="Monday").code
    friday = joining.make(session, "ada", "sums", section="Friday").code
    for name, code in (("ann", monday), ("ben", monday), ("cy", monday), ("dee", friday)):
        joining.by_code(session, name, code)
    held = {one.name: one.section for one in members.members(session, "sums")}
    assert held == {"ada": None, "ann": "Monday", "dee": "Friday"}
    assert [(one.name, one.section) for one in waiting.line(session, "sums").waiting] == [
        ("ben", "Monday"),
        ("cy", "Monday"),
    ]
    sections.move(session, "ada", "sums", ["ann"], None)
    assert in_line(session) == ["cy"]
    assert {one.name: one.section for one in members.members(session, "sums")}["ben"] == "Monday"


def test_whoever_waits_for_a_full_section_holds_nobody_up(session: Session) -> None:
    fill(session)
    sections.put(session, "ada", "sums", "Monday", capacity=0)
    code = joining.make(session, "ada", "sums", section="Monday").code
    places.set_places(session, "ada", "sums", 0, True)
    joining.by_code(session, "ann", code)
    joining.join(session, "ben", "sums")
    assert places.set_places(session, "ada", "sums", 5, True) == ["ben"]
    assert in_line(session) == ["ann"]


@pytest.fixture
def busy(fresh_database: str) -> Iterator[Engine]:
    engine = make_engine(fresh_database, pool_size=10)
    with sessions(engine).begin() as session:
        fill(session)
        places.set_places(session, "ada", "sums", 10, True)
    yield engine
    engine.dispose()


def test_fifty_who_join_at_once_get_the_ten_places_and_the_line(busy: Engine) -> None:
    make = sessions(busy)

    def join(number: int) -> Joined:
        with make.begin() as session:
            return joining.join(session, f"student-{number}", "sums")

    with ThreadPoolExecutor(16) as threads:
        joined = list(threads.map(join, range(50)))
    assert sum(one.role == "student" for one in joined) == 10
    assert sorted(one.place for one in joined if one.place) == list(range(1, 41))

    def leave(number: int) -> None:
        with make.begin() as session:
            members.set_role(session, "ada", f"student-{number}", "sums", None)

    inside = [number for number, one in enumerate(joined) if one.role]
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(leave, inside))
    with make() as session:
        assert len(students(session)) == 10
        assert len(in_line(session)) == 30
        first = {f"student-{number}" for number, one in enumerate(joined) if (one.place or 99) < 11}
        assert set(students(session)) == first
