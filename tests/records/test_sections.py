"""Sections: made, changed, ended; who is moved where; whose work an assistant of one sees."""

from __future__ import annotations

import pytest
import samples
from sqlalchemy import select
from sqlalchemy.orm import Session

from coursewright.records import courses, deadlines, members, places, sections
from coursewright.records.errors import Conflict, CoursewrightError, Invalid, NotFound
from coursewright.records.tables import Event


@pytest.fixture
def parted(session: Session) -> Session:
    """Monday has ann and ben and the assistant olga, Friday has nobody, cy is in none."""
    courses.publish(session, samples.course(), "", None)
    courses.enrol(session, "ada", "sums", "instructor")
    for name in ("olga", "otto"):
        courses.enrol(session, name, "sums", "assistant")
    for name in ("ann", "ben", "cy"):
        courses.enrol(session, name, "sums")
    sections.put(session, "ada", "sums", "Monday", capacity=2, assistants=["olga"])
    sections.put(session, "ada", "sums", "Friday")
    sections.move(session, "ada", "sums", ["ann", "ben"], "Monday")
    return session


def test_sections_are_listed_with_their_people(parted: Session) -> None:
    assert sections.of_course(parted, "sums") == [
        sections.Facts("Friday", None, 0, ()),
        sections.Facts("Monday", 2, 2, ("olga",)),
    ]


SEEN = [("olga", {"ann", "ben"}), ("otto", None), ("ada", None), ("ann", None), ("kay", None)]


@pytest.mark.parametrize(("name", "seen"), SEEN)
def test_an_assistant_with_a_section_sees_its_students_only(
    parted: Session, name: str, seen: set[str] | None
) -> None:
    assert sections.visible(parted, name, "sums") == (None if seen is None else frozenset(seen))


def test_an_assistant_of_an_empty_section_sees_nobody(parted: Session) -> None:
    sections.put(parted, "ada", "sums", "Friday", assistants=["otto"])
    assert sections.visible(parted, "otto", "sums") == frozenset()


def test_who_ceases_to_be_an_assistant_has_no_section_left(parted: Session) -> None:
    members.set_role(parted, "ada", "olga", "sums", "student")
    members.set_role(parted, "ada", "olga", "sums", "assistant")
    assert sections.visible(parted, "olga", "sums") is None


def test_a_section_gets_another_name_and_keeps_its_people(parted: Session) -> None:
    sections.put(parted, "ada", "sums", "Monday", rename="Tuesday", capacity=9)
    assert [one.name for one in sections.of_course(parted, "sums")] == ["Friday", "Tuesday"]
    assert sections.visible(parted, "olga", "sums") == {"ann", "ben"}


def test_an_ended_section_leaves_its_students_in_the_course(parted: Session) -> None:
    sections.drop(parted, "ada", "sums", "Monday")
    assert members.one(parted, "sums", "ann").section is None
    assert sections.visible(parted, "olga", "sums") is None
    names = parted.scalars(select(Event.name).where(Event.name.like("audit.section.%")))
    assert set(names) == {"audit.section.set", "audit.section.moved", "audit.section.ended"}


REFUSED: list[tuple[str, type[CoursewrightError], str]] = [
    ("too many", Conflict, "has 0 free places, not 1"),
    ("a stranger", NotFound, "Not in this course: kay"),
    ("no such section", NotFound, "no section 'Sunday'"),
    ("no assistant", Invalid, "Not an assistant of this course: ann"),
    ("a taken name", Conflict, "already"),
    ("an empty name", Invalid, "A section's name has 1 to 80"),
    ("less than nobody", Invalid, "between 0 and"),
]


@pytest.mark.parametrize(("case", "error", "said"), REFUSED)
def test_what_is_refused(
    parted: Session, case: str, error: type[CoursewrightError], said: str
) -> None:
    by, course = "ada", "sums"
    acts = {
        "too many": lambda: sections.move(parted, by, course, ["ann", "cy"], "Monday"),
        "a stranger": lambda: sections.move(parted, by, course, ["ann", "kay"], "Friday"),
        "no such section": lambda: sections.move(parted, by, course, ["ann"], "Sunday"),
        "no assistant": lambda: sections.put(parted, by, course, "Friday", assistants=["ann"]),
        "a taken name": lambda: sections.put(parted, by, course, "Friday", rename="Monday"),
        "an empty name": lambda: sections.put(parted, by, course, " "),
        "less than nobody": lambda: sections.put(parted, by, course, "Friday", capacity=-1),
    }
    with pytest.raises(error, match=said):
        acts[case]()


def test_a_section_takes_more_when_that_is_wanted(parted: Session) -> None:
    assert sections.move(parted, "ada", "sums", ["ann", "cy"], "Monday", beyond=True) == 1
    assert sections.of_course(parted, "sums")[1].students == 3


def test_a_group_of_a_selection_is_the_one_of_extensions(parted: Session) -> None:
    assert sections.group(parted, "ada", "sums", ["ann", "cy"], " team 1 ") == 2
    assert deadlines.rules(parted, "sums").groups == {"ann": "team 1", "cy": "team 1"}
    assert sections.group(parted, "ada", "sums", ["ann", "ben"], None) == 1
    assert deadlines.rules(parted, "sums").groups == {"cy": "team 1"}


def test_places_of_a_course_count_students_only(parted: Session) -> None:
    course = places.lock(parted, "sums")
    assert places.standing(parted, course).taken == 3
