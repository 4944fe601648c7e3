"""Grades that are held back: who sees them, who is told, what is written down."""

from __future__ import annotations

from dataclasses import replace

import pytest
import samples
from school import result
from sqlalchemy import select
from sqlalchemy.orm import Session

from coursewright.grader import reckoning, releasing
from coursewright.records import courses, mastery, releases, submissions
from coursewright.records.errors import NotFound
from coursewright.records.tables import Event


@pytest.fixture
def school(session: Session) -> Session:
    courses.publish(session, samples.course(), "First", by=None)
    for name in ("grace", "alan"):
        courses.enrol(session, name, "sums")
    courses.enrol(session, "ada", "sums", "instructor")
    return session


def hand_in(session: Session, who: str) -> int:
    """Graded by the worker's own way."""
    number = submissions.receive(session, who, "sums", "adding", samples.content(), "a-long-key").id
    submissions.record_grading(session, number, replace(result(), outputs={}), b"<p>")
    reckoning.reckon(session, number, {})
    return number


def hold(session: Session, held: bool) -> releases.Release:
    return releasing.hold(session, "ada", "sums", "adding", held=held, request_id="a-request")


def concepts(session: Session) -> list[str]:
    return [one.concept for one in mastery.standing(session, "grace", "sums")]


def test_a_held_lesson_hides_from_its_students_alone(school: Session) -> None:
    assert not releases.hides(school, "grace", "sums", "adding")
    assert hold(school, True).held
    assert releases.held(school, "sums") == {"adding"}
    assert releases.hides(school, "grace", "sums", "adding")
    assert not releases.hides(school, "ada", "sums", "adding")
    assert not releases.hides(school, "grace", "sums", "other")
    assert not hold(school, False).held
    assert not releases.hides(school, "grace", "sums", "adding")


def test_mastery_tells_nothing_of_held_grades_until_they_are_released(school: Session) -> None:
    hold(school, True)
    hand_in(school, "grace")
    assert concepts(school) == []
    assert hold(school, False).graded == 1
    assert concepts(school) == ["functions"]
    hold(school, True)
    assert concepts(school) == []


def test_every_student_concerned_is_told_once(school: Session) -> None:
    number = hand_in(school, "grace")
    hold(school, False)
    hold(school, True)
    hold(school, True)
    hold(school, False)
    hold(school, False)
    told = list(school.scalars(select(Event).where(Event.name == "exercise.released")))
    assert [(one.object, one.detail) for one in told] == [("sums/adding", {"submission": number})]
    grace = courses.person(school, "grace")
    assert told[0].person_id == grace.id
    names = Event.name.in_(["audit.grades.held", "audit.grades.released"])
    audit = school.scalars(select(Event).where(names).order_by(Event.id))
    assert [one.name for one in audit] == ["audit.grades.held", "audit.grades.released"]


@pytest.mark.parametrize(("course", "lesson"), [("none", "adding"), ("sums", "none")])
def test_there_is_nothing_to_hold_where_there_is_no_lesson(
    school: Session, course: str, lesson: str
) -> None:
    with pytest.raises(NotFound):
        releases.hold(school, "ada", course, lesson, held=True)
    with pytest.raises(NotFound):
        releases.release(school, course, lesson)
