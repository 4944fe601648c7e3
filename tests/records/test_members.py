"""Who belongs to a course, who may say so, and what is kept of it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from samples import course
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from coursewright.records import courses, members
from coursewright.records.database import make_engine, sessions
from coursewright.records.errors import Conflict, CoursewrightError, Denied, Invalid, NotFound
from coursewright.records.tables import Event, Person


def fill(session: Session) -> None:
    courses.publish(session, course(), "First", by=None)
    for name, role in (("ada", "instructor"), ("olga", "assistant"), ("grace", "student")):
        courses.enrol(session, name, "sums", role)


@pytest.fixture
def taught(session: Session) -> Session:
    fill(session)
    return session


def listed(session: Session) -> list[tuple[str, str]]:
    return [(member.name, member.role) for member in members.members(session, "sums")]


def audit(session: Session) -> list[tuple[str, str | None, str, dict[str, object]]]:
    rows = session.execute(
        select(Event.name, Person.name, Event.object, Event.detail)
        .outerjoin(Person, Person.id == Event.person_id)
        .where(Event.name.like("audit.member.%"))
        .order_by(Event.id)
    )
    return [tuple(row) for row in rows]


def test_teachers_come_first_in_the_list(taught: Session) -> None:
    courses.enrol(taught, "alan", "sums")
    assert listed(taught) == [
        ("ada", "instructor"),
        ("olga", "assistant"),
        ("alan", "student"),
        ("grace", "student"),
    ]


def test_there_is_no_list_of_a_course_that_is_not_there(session: Session) -> None:
    with pytest.raises(NotFound):
        members.members(session, "sums")
    with pytest.raises(NotFound):
        members.set_role(session, "root", "ada", "sums", "instructor", admin=True)


def test_adding_changing_and_removing_leave_their_events(taught: Session) -> None:
    added = members.set_role(taught, "ada", "hopper", "sums", "student", new=True)
    changed = members.set_role(taught, "root", "hopper", "sums", "instructor", admin=True)
    assert added
    assert changed
    assert (added.role, changed.role, changed.since) == ("student", "instructor", added.since)
    members.set_role(taught, "ada", "hopper", "sums", "instructor")  # nothing new, nothing told
    assert members.set_role(taught, "ada", "hopper", "sums", None) is None
    assert "hopper" not in dict(listed(taught))
    about = {"member": "hopper", "as": "instructor"}
    assert audit(taught) == [
        ("audit.member.added", "ada", "sums", {**about, "from": None, "to": "student"}),
        (
            "audit.member.changed",
            "root",
            "sums",
            {**about, "from": "student", "to": "instructor", "as": "administrator"},
        ),
        ("audit.member.removed", "ada", "sums", {**about, "from": "instructor", "to": None}),
    ]


REFUSED: list[tuple[str, str, str | None, bool, type[CoursewrightError], str]] = [
    # by, name, role, new, error, what it says
    ("olga", "hopper", "student", False, Denied, "Only instructors"),
    ("grace", "grace", "instructor", False, Denied, "Only instructors"),
    ("nobody", "nobody", "instructor", False, Denied, "Only instructors"),
    ("ada", "grace", "god", False, Invalid, "roles are student, assistant, instructor"),
    ("ada", "grace", "", False, Invalid, "is not a role"),
    ("ada", "grace", "assistant", True, Conflict, "already, as student"),
    ("ada", "hopper", None, False, NotFound, "hopper does not belong"),
    ("ada", "ada", None, False, Conflict, "only instructor"),
    ("ada", "ada", "student", False, Conflict, "only instructor"),
    ("ada", "", "student", False, Invalid, "Give one name"),
    ("ada", "   ", "student", False, Invalid, "Give one name"),
    ("ada", "..", "student", False, Invalid, "Give one name"),
    ("ada", "a/b", "student", False, Invalid, "Give one name"),
    ("ada", "alan, kay", "student", False, Invalid, "Give one name"),
    ("ada", "a\0b", "student", False, Invalid, "Give one name"),
    ("ada", "a" * 256, "student", False, Invalid, "Give one name"),
]


@pytest.mark.parametrize("case", REFUSED, ids=lambda case: f"{case[0]} {case[1][:9]!r} {case[2]}")
def test_what_is_refused_changes_nothing(
    taught: Session, case: tuple[str, str, str | None, bool, type[CoursewrightError], str]
) -> None:
    by, name, role, new, error, said = case
    before = listed(taught)
    with pytest.raises(error, match=said):
        members.set_role(taught, by, name, "sums", role, new=new)
    assert (listed(taught), audit(taught)) == (before, [])


def test_an_administrator_may_take_the_last_instructor(taught: Session) -> None:
    members.set_role(taught, "ada", "ada", "sums", None, admin=True)
    assert listed(taught)[0] == ("olga", "assistant")


def test_one_of_two_instructors_may_leave(taught: Session) -> None:
    members.set_role(taught, "ada", "olga", "sums", "instructor")
    members.set_role(taught, "ada", "ada", "sums", None)
    assert listed(taught)[0] == ("olga", "instructor")


SPELLINGS = [("Hopper", "hopper"), (" hopper ", "hopper"), ("Kay", "Kay"), ("h@x.org", "h@x.org")]


@pytest.mark.parametrize(("given", "kept"), SPELLINGS)
def test_a_name_is_written_as_the_hub_does(taught: Session, given: str, kept: str) -> None:
    courses.person(taught, "Kay")  # of a Hub that keeps capitals
    found = members.set_role(taught, "ada", given, "sums", "student")
    assert found
    assert found.name == kept


@pytest.fixture
def busy(fresh_database: str) -> Engine:
    engine = make_engine(fresh_database, pool_size=10)
    with sessions(engine).begin() as session:
        fill(session)
        courses.enrol(session, "olga", "sums", "instructor")
    return engine


def test_two_instructors_who_leave_at_once_leave_one_behind(busy: Engine) -> None:
    def leave(name: str) -> bool:
        try:
            with sessions(busy).begin() as session:
                members.set_role(session, name, name, "sums", None)
        except Conflict:
            return False
        return True

    with ThreadPoolExecutor(2) as threads:
        left = list(threads.map(leave, ("ada", "olga")))
    with sessions(busy)() as session:
        assert sum(role == "instructor" for _, role in listed(session)) == 1
    busy.dispose()
    assert sorted(left) == [False, True]
