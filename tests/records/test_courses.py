"""Publishing, the catalogue and enrolment."""

from __future__ import annotations

import json

import pytest
from samples import SECRETS, course, lesson
from sqlalchemy import select
from sqlalchemy.orm import Session

from coursewright.records import courses
from coursewright.records.course import Course
from coursewright.records.errors import Invalid, NotFound
from coursewright.records.tables import Event, ExerciseRow


def names_of_events(session: Session) -> list[str]:
    return list(session.scalars(select(Event.name).order_by(Event.id)))


def test_a_published_course_comes_back_whole(session: Session) -> None:
    version = courses.publish(session, course(), "First", by="ada")
    assert (version.number, version.created) == (1, True)
    assert courses.source_course(session, version.id) == course()
    assert courses.source_lesson(session, version.id, "adding") == lesson()


def test_publishing_the_same_content_again_makes_no_version(session: Session) -> None:
    first = courses.publish(session, course(), "First", by="ada")
    again = courses.publish(session, course(), "Again", by="ada")
    assert (again.id, again.number, again.created) == (first.id, 1, False)


def test_a_change_makes_the_next_version_and_the_catalogue_shows_it(session: Session) -> None:
    courses.publish(session, course(), "First", by=None)
    changed = course("sums", lesson(), lesson("more"), title="More sums")
    assert courses.publish(session, changed, "Second", by=None).number == 2
    (card,) = courses.catalogue(session, "grace")
    assert (card.title, card.version, card.lessons, card.role) == ("More sums", 2, 2, None)


def test_exercises_of_two_lessons_may_have_one_key(session: Session) -> None:
    version = courses.publish(session, course("sums", lesson(), lesson("more")), "", by=None)
    rows = session.scalars(select(ExerciseRow).where(ExerciseRow.version_id == version.id)).all()
    assert [(row.lesson, row.key, row.points) for row in rows] == [
        ("adding", "add", 2),
        ("more", "add", 2),
    ]


def test_a_course_that_cannot_be_released_is_not_published(session: Session) -> None:
    with pytest.raises(Invalid, match="has no lessons"):
        courses.publish(session, Course("empty", "Empty", ()), "", None)
    assert courses.catalogue(session, "ada") == []


def test_a_student_sees_the_course_after_enrolling_and_never_its_answers(session: Session) -> None:
    courses.publish(session, course(), "First", by="ada")
    with pytest.raises(NotFound):
        courses.student_course(session, "grace", "sums")
    assert courses.enrol(session, "grace", "sums") == "student"
    seen = json.dumps(courses.student_course(session, "grace", "sums").to_json())
    assert [secret for secret in SECRETS if secret in seen] == []
    assert courses.catalogue(session, "grace")[0].role == "student"


def test_enrolling_twice_is_enrolling_once(session: Session) -> None:
    courses.publish(session, course(), "First", by=None)
    courses.enrol(session, "grace", "sums")
    courses.enrol(session, "grace", "sums")
    assert names_of_events(session) == ["audit.course.published", "audit.enrolled"]


ROLES = [
    ("student", "instructor", "instructor"),
    ("instructor", "student", "instructor"),
    ("assistant", "instructor", "instructor"),
    ("assistant", "assistant", "assistant"),
]


@pytest.mark.parametrize(("first", "then", "held"), ROLES)
def test_enrolling_never_lowers_a_role(session: Session, first: str, then: str, held: str) -> None:
    courses.publish(session, course(), "First", by=None)
    courses.enrol(session, "grace", "sums", first)
    assert courses.enrol(session, "grace", "sums", then) == held
    assert courses.role_of(session, "grace", "sums") == held


def test_there_is_no_other_role(session: Session) -> None:
    with pytest.raises(Invalid, match="roles are student, assistant, instructor"):
        courses.enrol(session, "grace", "sums", "god")


def test_nobody_enrols_in_a_course_that_is_not_there(session: Session) -> None:
    with pytest.raises(NotFound):
        courses.enrol(session, "grace", "nothing")
    assert courses.role_of(session, "grace", "nothing") is None


def test_a_person_is_made_once_and_keeps_the_newest_display_name(session: Session) -> None:
    first = courses.person(session, "grace")
    again = courses.person(session, "grace", "Grace H.")
    assert first.id == again.id
    assert again.display_name == "Grace H."
    assert courses.person(session, "grace").display_name == "Grace H."
