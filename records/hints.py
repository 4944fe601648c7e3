"""Hints to an exercise, given one after another; which were given stands in the events."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from coursewright.records import courses, events
from coursewright.records.course import Lesson
from coursewright.records.errors import Conflict, NotFound
from coursewright.records.tables import CourseRow, Enrolment, Event, Person

GIVEN = "exercise.hint"


@dataclass(frozen=True)
class Hints:
    """How many hints an exercise has, and the texts of those that a person was given."""

    tiers: int
    given: tuple[str, ...]


def of_lesson(session: Session, person: str, course: str, lesson: str) -> dict[str, Hints]:
    """By exercise, for those that have hints. Raises NotFound."""
    source = _source(session, person, course, lesson)
    far = _given(session, person, f"{course}/{lesson}/")
    return {
        exercise.key: _shown(exercise.hints, far.get(f"{course}/{lesson}/{exercise.key}", 0))
        for exercise in source.exercises()
        if exercise.hints
    }


def of_exercise(session: Session, person: str, course: str, lesson: str, exercise: str) -> Hints:
    """Raises NotFound."""
    texts = _texts(session, person, course, lesson, exercise)
    object = f"{course}/{lesson}/{exercise}"
    return _shown(texts, _given(session, person, object).get(object, 0))


def give(
    session: Session, person: str, course: str, lesson: str, exercise: str, *, tier: int
) -> Hints:
    """Give hint number `tier`, from 1; asking again for one that was given changes nothing.

    Raises NotFound, also for a hint beyond the last, and Conflict when an earlier one was not
    given yet.
    """
    texts = _texts(session, person, course, lesson, exercise)
    if tier > len(texts):
        raise NotFound(f"This exercise has {_count(len(texts))}; there is no hint {tier}")
    someone = _alone(session, person, course)
    object = f"{course}/{lesson}/{exercise}"
    far = _given(session, person, object).get(object, 0)
    if tier > far + 1:
        raise Conflict(f"Hint {tier} comes after hint {far + 1}; ask for that one first")
    if tier > far:
        events.record(session, GIVEN, someone, object, detail={"tier": tier})
    return _shown(texts, max(tier, far))


def _texts(
    session: Session, person: str, course: str, lesson: str, exercise: str
) -> tuple[str, ...]:
    source = _source(session, person, course, lesson)
    found = next((one for one in source.exercises() if one.key == exercise), None)
    if found is None:
        raise NotFound(f"The lesson {lesson!r} has no exercise {exercise!r}")
    return found.hints


def _source(session: Session, person: str, course: str, lesson: str) -> Lesson:
    """The author's lesson, which alone has hints, for those who belong to the course."""
    if courses.student_course(session, person, course).lesson(lesson) is None:
        raise NotFound(f"The course {course!r} has no lesson {lesson!r}")
    version = courses.current_version(session, course)
    return courses.source_lesson(session, version.id, lesson)


def _alone(session: Session, person: str, course: str) -> Person:
    """The person, whose enrolment is locked so that two requests at once give one hint."""
    session.scalars(
        select(Enrolment)
        .join(Person, Person.id == Enrolment.person_id)
        .join(CourseRow, CourseRow.id == Enrolment.course_id)
        .where(Person.name == person, CourseRow.key == course)
        .with_for_update(of=Enrolment)
    ).one()
    return courses.person(session, person)


def _given(session: Session, person: str, start: str) -> dict[str, int]:
    """How far the person is, by object, for the objects that begin with `start`."""
    rows = session.execute(
        select(Event.object, func.max(Event.detail["tier"].as_integer()))
        .join(Person, Person.id == Event.person_id)
        .where(
            Person.name == person,
            Event.name == GIVEN,
            Event.object.startswith(start, autoescape=True),
        )
        .group_by(Event.object)
    )
    return {object: tier for object, tier in rows}


def _shown(texts: tuple[str, ...], far: int) -> Hints:
    """A newer version may have fewer hints than were given of the one before."""
    return Hints(len(texts), texts[:far])


def _count(number: int) -> str:
    return {0: "no hints", 1: "one hint"}.get(number, f"{number} hints")
