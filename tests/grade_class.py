"""A course of several lessons and a class with all kinds of standing in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

import samples
from sqlalchemy import func, insert, literal, select
from sqlalchemy.orm import Session

from coursewright.grader.result import CellResult, Result
from coursewright.records import blobs, courses, deadlines, submissions
from coursewright.records.course import Course, Lesson, Module
from coursewright.records.policies import Policy
from coursewright.records.tables import (
    CourseRow,
    CourseVersion,
    Enrolment,
    Grading,
    Person,
    QuizAttempt,
    Submission,
)

PAST = datetime(2020, 1, 10, 12, tzinfo=UTC)
FUTURE = datetime(2099, 5, 1, 12, tzinfo=UTC)
TITLES = ("Adding", "Taking away", "Loops", "Functions and what they return", "Files", "Classes")


def lessons(number: int) -> tuple[Lesson, ...]:
    found = [samples.lesson(f"l{n}" if n else "adding") for n in range(number)]
    return tuple(replace(one, title=TITLES[n % 6]) for n, one in enumerate(found))


def course(key: str, number: int = 6, title: str = "Python foundations") -> Course:
    return Course(key, title, (Module("first", "First steps", lessons(number)),), "How to add")


def fill(session: Session, key: str, students: Sequence[str], number: int = 6) -> None:
    """ada teaches, olga assists; the second lesson is over, the third is due one day."""
    courses.publish(session, course(key, number), "First", by="ada")
    courses.enrol(session, "ada", key, "instructor")
    courses.enrol(session, "olga", key, "assistant")
    for name in students:
        courses.enrol(session, name, key)
    if number > 1:
        deadlines.set_policy(session, "ada", key, "l1", Policy(due=PAST))
    if number > 2:
        zone = "Europe/Vienna"
        deadlines.set_policy(session, "ada", key, "l2", Policy(due=FUTURE, zone=zone))


def result(points: float, most: float = 6, waiting: float = 0) -> Result:
    cells = [CellResult("add-1", "add", points, most - waiting, "partial", "One is not kept", (1,))]
    if waiting:
        cells.append(CellResult("why", None, 0, waiting, "manual", "A person reads this"))
    return Result(score=points, max_score=most, cells=tuple(cells), mode="isolated", seconds=0.1)


def hand_in(  # noqa: PLR0917
    session: Session, who: str, key: str, lesson: str, points: float | None, waiting: float = 0
) -> int:
    """One attempt, with its grading unless `points` is None."""
    number = session.scalars(select(func.count()).select_from(Submission)).one()
    found = submissions.receive(
        session, who, key, lesson, samples.content(), f"of-the-class-{number}"
    )
    if points is not None:
        submissions.record_grading(
            session, found.id, result(points, waiting=waiting), b"<p>Well done"
        )
    return found.id


def answer(session: Session, who: str, key: str, lesson: str, share: float) -> None:
    """An attempt at the lesson's quiz `colours`."""
    course = session.scalars(select(CourseRow).where(CourseRow.key == key)).one()
    someone = session.scalars(select(Person).where(Person.name == who)).one()
    used = session.scalars(select(func.count()).select_from(QuizAttempt)).one()
    session.add(
        QuizAttempt(
            person_id=someone.id,
            course_id=course.id,
            version_id=courses.current_version(session, key).id,
            lesson=lesson,
            quiz="colours",
            attempt=used + 1,
            answers={},
            points=share,
            max_points=1,
            counts=True,
            idempotency_key=f"quiz-of-the-class-{used}",
            submitted_at=func.now(),
        )
    )
    session.flush()


def crowd(session: Session, key: str, students: int, number: int) -> None:
    """So many students, each with a graded attempt at each of so many lessons."""
    fill(session, key, (), number)
    course = session.scalars(select(CourseRow.id).where(CourseRow.key == key)).one()
    names = [f"{key}-{n:04}" for n in range(students)]
    session.execute(insert(Person), [{"name": one, "display_name": one.title()} for one in names])
    people = select(Person.id).where(Person.name.in_(names))
    session.execute(
        insert(Enrolment).from_select(
            ["person_id", "course_id", "role"],
            people.add_columns(literal(course), literal("student")),
        )
    )
    version = session.scalars(
        select(CourseVersion.id).where(CourseVersion.course_id == course)
    ).one()
    sha = blobs.put(session, samples.content())
    for lesson in lessons(number):
        session.execute(
            insert(Submission).from_select(
                [
                    "person_id", "course_id", "version_id", "lesson", "attempt", "notebook_sha",
                    "idempotency_key", "state",
                ],
                people.add_columns(
                    literal(course),
                    literal(version),
                    literal(lesson.key),
                    literal(1),
                    literal(sha),
                    literal(f"{key}-{lesson.key}"),
                    literal("graded"),
                ),
            )
        )  # fmt: skip
    session.execute(
        insert(Grading).from_select(
            ["submission_id", "number", "mode", "points", "max_points", "seconds"],
            select(
                Submission.id,
                literal(1),
                literal("isolated"),
                literal(4.0),
                literal(6.0),
                literal(0.1),
            ).where(Submission.course_id == course),
        )
    )
