"""A roster from elsewhere: what it would change, all of it or nothing, and what is kept of it."""

from __future__ import annotations

import pytest
import samples
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from coursewright.records import courses, joining, members, places, roster
from coursewright.records import waiting as lines_of
from coursewright.records.errors import Conflict, Denied, Invalid
from coursewright.records.roster import Wanted
from coursewright.records.roster_import import Line, Wrong, carry_out, plan
from coursewright.records.tables import Event


@pytest.fixture
def taught(session: Session) -> Session:
    courses.publish(session, samples.course(), "", None)
    courses.enrol(session, "ada", "sums", "instructor")
    courses.enrol(session, "olga", "sums", "assistant")
    courses.enrol(session, "ann", "sums")
    courses.person(session, "kay", "Kay of the Hub")
    return session


LINES = [
    Line(2, "ann", "Ann Example", "student", "Monday", "team 1"),
    Line(3, "NEW", "New Person", "", "Monday", ""),
    Line(4, "kay", "Another Name", "student"),
    Line(5, "olga"),
]


def everybody(session: Session) -> dict[str, tuple[str, str, str | None, str | None]]:
    return {
        one.name: (one.display_name, one.role, one.section, one.group)
        for one in members.members(session, "sums")
    }


def test_a_plan_tells_everything_and_changes_nothing(taught: Session) -> None:
    before = everybody(taught)
    found = plan(taught, "ada", "sums", LINES)
    assert [one.name for one in found.added] == ["new", "kay"]
    (changed,) = found.changed
    assert changed.differs == {
        "display_name": ("ann", "Ann Example"),
        "section": (None, "Monday"),
        "group": (None, "team 1"),
    }
    assert (found.unchanged, found.wrong, found.sections, found.beyond) == (1, (), ("Monday",), 0)
    assert everybody(taught) == before


def test_a_roster_is_carried_out_and_told_person_by_person(taught: Session) -> None:
    carry_out(taught, "ada", "sums", LINES, request_id="the-roster")
    assert everybody(taught) == {
        "ada": ("ada", "instructor", None, None),
        "olga": ("olga", "assistant", None, None),
        "ann": ("Ann Example", "student", "Monday", "team 1"),
        "new": ("New Person", "student", "Monday", None),
        # What somebody is called at the Hub stays.
        "kay": ("Kay of the Hub", "student", None, None),
    }
    told = taught.execute(
        select(Event.name, Event.detail["member"].astext).where(Event.request_id == "the-roster")
    )
    assert sorted((name, who) for name, who in told if who) == [
        ("audit.member.added", "kay"),
        ("audit.member.added", "new"),
        ("audit.member.changed", "ann"),
    ]
    again = plan(taught, "ada", "sums", LINES)
    assert (again.added, again.changed, again.unchanged) == ((), (), 4)


def test_an_empty_cell_takes_out_and_a_missing_column_leaves(taught: Session) -> None:
    carry_out(taught, "ada", "sums", LINES)
    carry_out(taught, "ada", "sums", [Line(2, "ann", section="")])
    assert everybody(taught)["ann"] == ("Ann Example", "student", None, "team 1")


WRONG = [
    (Line(2, " "), "says no name"),
    (Line(2, "a/b"), "no slash or comma"),
    (Line(2, "ann", role="boss"), "'boss' is not a role"),
    (Line(2, "ann", "x\0y"), "printable"),
    (Line(2, "ann", section="x" * 81), "section's name has 1 to 80"),
    (Line(2, "ann", group="a/b"), "group's name has 1 to 80"),
    (Line(2, "ada", role="student"), "without an instructor"),
    (Wrong(2, "ann", "unreadable"), "unreadable"),
]


@pytest.mark.parametrize(("line", "said"), WRONG)
def test_one_wrong_line_and_nothing_is_changed(
    taught: Session, line: Line | Wrong, said: str
) -> None:
    lines = [line, Line(3, "somebody")]
    (wrong,) = plan(taught, "ada", "sums", lines).wrong
    assert (wrong.number, said in wrong.reason) == (2, True)
    before = everybody(taught)
    with pytest.raises(Invalid, match=r"nothing was changed\. Line 2"):
        carry_out(taught, "ada", "sums", lines)
    assert everybody(taught) == before


def test_somebody_twice_is_wrong(taught: Session) -> None:
    (wrong,) = plan(taught, "ada", "sums", [Line(2, "ann"), Line(3, "ANN")]).wrong
    assert wrong == Wrong(3, "ANN", "The line 2 is about the same person")


def test_what_changed_since_it_was_looked_at_is_looked_at_again(taught: Session) -> None:
    seen = plan(taught, "ada", "sums", LINES).digest
    members.set_role(taught, "ada", "new", "sums", "student")
    with pytest.raises(Conflict, match="Look again"):
        carry_out(taught, "ada", "sums", LINES, seen=seen)
    carry_out(taught, "ada", "sums", LINES, seen=plan(taught, "ada", "sums", LINES).digest)


@pytest.mark.parametrize("who", ["olga", "ann", "kay"])
def test_only_instructors_import(taught: Session, who: str) -> None:
    with pytest.raises(Denied):
        plan(taught, who, "sums", LINES)


def test_an_import_may_exceed_the_places_and_takes_people_out_of_the_line(
    taught: Session,
) -> None:
    places.set_places(taught, "ada", "sums", 1, True)
    joining.join(taught, "new", "sums")
    assert plan(taught, "ada", "sums", LINES).beyond == 2
    carry_out(taught, "ada", "sums", LINES)
    assert lines_of.line(taught, "sums").waiting == []


def test_ten_thousand_lines_are_one_import(taught: Session) -> None:
    many = [
        Line(number, f"student-{number}", f"Student {number}", "student", f"lab {number % 40}")
        for number in range(10_000)
    ]
    carry_out(taught, "ada", "sums", many)
    found = roster.look(taught, "sums", Wanted(section="lab 7", text="STUDENT 9"), 50, 0)
    assert (len(found.people), found.total) == (27, 27)
    added = select(func.count()).where(Event.name == "audit.member.added")
    assert taught.scalar(added) == 10_000


def test_the_list_is_searched_as_text_and_sorted(taught: Session) -> None:
    carry_out(taught, "ada", "sums", LINES)
    found = roster.look(taught, "sums", Wanted(text="%"), 50, 0)
    assert found.total == 0
    named = roster.look(taught, "sums", Wanted(sort="name", descending=True), 2, 0)
    assert [one.name for one in named.people] == ["olga", "new"]
    assert named.roles == {"instructor": 1, "assistant": 1, "student": 3}
    assert named.groups == ["team 1"]
    assert roster.names(taught, "sums", Wanted(section="-", role="student")) == ["kay"]
    with pytest.raises(Invalid):
        roster.look(taught, "sums", Wanted(sort="size"))
