"""The weights of a course's final grade, and exceptions from it: kept, changed, written down."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from math import isfinite
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from coursewright.records import bank_grades, bank_quizzes, courses, events
from coursewright.records.errors import Invalid, NotFound
from coursewright.records.schemes import Category, Exempt, Item, Scheme
from coursewright.records.tables import (
    CourseRow,
    Enrolment,
    GradeCategory,
    GradeException,
    GradeItem,
    Person,
)

MOST = 30  # categories
NAME = 80
HEAVIEST = 1000.0
MOST_DROPPED = 100
REASON = 500
MOST_POINTS = 10_000.0


def scheme(session: Session, course_key: str) -> Scheme:
    """How a course's final grade is put together; empty for one that says nothing."""
    course = select(CourseRow.id).where(CourseRow.key == course_key).scalar_subquery()
    rows = session.scalars(
        select(GradeCategory)
        .where(GradeCategory.course_id == course)
        .order_by(GradeCategory.position, GradeCategory.id)
        .execution_options(populate_existing=True)
    ).all()
    names = {row.id: row.name for row in rows}
    items = session.execute(
        select(GradeItem.lesson, GradeItem.quiz, GradeItem.category_id).where(
            GradeItem.course_id == course
        )
    )
    return Scheme(
        tuple(Category(row.name, row.weight, row.drop_lowest) for row in rows),
        {(lesson, quiz): names[number] for lesson, quiz, number in items},
    )


def set_scheme(
    session: Session, by: str, course_key: str, wanted: Scheme, *, request_id: str | None = None
) -> None:
    """Let this decide, from now on and for what was done before. Raises Invalid and NotFound."""
    course = _locked(session, course_key)
    _check(wanted)
    there = items_of(session, course_key)
    gone = [item for item in wanted.items if item not in there]
    if gone:
        raise NotFound(f"This course has no {_told(gone[0])}")
    session.execute(delete(GradeCategory).where(GradeCategory.course_id == course.id))
    rows = [
        GradeCategory(course_id=course.id, position=position, **vars(category))
        for position, category in enumerate(wanted.categories)
    ]
    session.add_all(rows)
    session.flush()
    numbers = {row.name: row.id for row in rows}
    session.add_all(
        GradeItem(course_id=course.id, category_id=numbers[name], lesson=lesson, quiz=quiz)
        for (lesson, quiz), name in wanted.items.items()
    )
    detail = {
        "categories": [vars(category) for category in wanted.categories],
        "items": {_told(item): name for item, name in wanted.items.items()},
    }
    author = courses.person(session, by)
    events.record(
        session, "audit.weights.set", author, course_key, detail=detail, request_id=request_id
    )


def items_of(session: Session, course_key: str) -> dict[Item, float]:
    """What gives points in a course, with how many: lessons and their quizzes, then the bank's."""
    version = courses.current_version(session, course_key)
    found: dict[Item, float] = {}
    for lesson in courses.source_course(session, version.id).lessons():
        points = float(sum(cell.points for cell in lesson.cells))
        if points > 0:
            found[lesson.key, ""] = points
        for quiz in lesson.quizzes():
            most = sum(max(0.0, float(item.points)) for item in quiz.questions)
            if most > 0:
                found[lesson.key, quiz.key] = most
    for one in bank_grades.counted(session, bank_quizzes.course_id(session, course_key)):
        if one.most > 0:
            found[one.item] = one.most
    return found


def exceptions(
    session: Session, course_key: str, people: Collection[int] | None = None
) -> Mapping[int, dict[Item, Exempt]]:
    """By person (their row) and item, of these people or of all."""
    query = (
        select(GradeException, Person.name)
        .join(CourseRow, CourseRow.id == GradeException.course_id)
        .join(Person, Person.id == GradeException.made_by)
        .where(CourseRow.key == course_key)
        .execution_options(populate_existing=True)
    )
    if people is not None:
        query = query.where(GradeException.person_id.in_(people))
    found: dict[int, dict[Item, Exempt]] = {}
    for row, by in session.execute(query):
        word = Exempt(row.excused, row.points, row.reason, by, row.made_at)
        found.setdefault(row.person_id, {})[row.lesson, row.quiz] = word
    return found


def exempt(
    session: Session,
    by: str,
    course_key: str,
    person: str,
    item: Item,
    *,
    excused: bool = False,
    points: float | None = None,
    reason: str,
    request_id: str | None = None,
) -> None:
    """Excuse a student's item, or let it count these points whatever was handed in.

    Raises Invalid without a reason or with both, and NotFound.
    """
    if excused == (points is not None):
        raise Invalid("An exception either excuses the work or says how many points it counts")
    if points is not None and not (isfinite(points) and 0 <= points <= MOST_POINTS):
        raise Invalid(f"The points must be between 0 and {MOST_POINTS:g}")
    reason = _reason(reason)
    course, student = _student(session, course_key, person)
    if item not in items_of(session, course_key):
        raise NotFound(f"This course has no {_told(item)}")
    author = courses.person(session, by)
    key: dict[str, Any] = {"course_id": course.id, "person_id": student.id}
    key |= {"lesson": item[0], "quiz": item[1]}
    word = {"excused": excused, "points": points, "reason": reason, "made_by": author.id}
    session.execute(
        insert(GradeException)
        .values(key | word)
        .on_conflict_do_update(index_elements=list(key), set_={**word, "made_at": func.now()})
    )
    act = "excused" if excused else "set"
    detail = {"of": student.name, "quiz": item[1], "points": points, "reason": reason}
    _tell(session, act, author, student, _place(course_key, item), detail, request_id)


def end_exception(
    session: Session,
    by: str,
    course_key: str,
    person: str,
    item: Item,
    *,
    request_id: str | None = None,
) -> None:
    """Let what was handed in count again. Raises NotFound when there is no exception."""
    course, student = _student(session, course_key, person)
    gone = session.scalar(
        delete(GradeException)
        .where(
            GradeException.course_id == course.id,
            GradeException.person_id == student.id,
            GradeException.lesson == item[0],
            GradeException.quiz == item[1],
        )
        .returning(GradeException.id)
    )
    if gone is None:
        raise NotFound(f"There is no exception of {person} for the {_told(item)}")
    author = courses.person(session, by)
    detail = {"of": student.name, "quiz": item[1]}
    _tell(session, "cleared", author, student, _place(course_key, item), detail, request_id)


def _tell(  # noqa: PLR0917 (no two of them can be mistaken for each other)
    session: Session,
    act: str,
    author: Person,
    student: Person,
    where: str,
    detail: Mapping[str, Any],
    request_id: str | None,
) -> None:
    events.record(
        session, f"audit.grade.{act}", author, where, detail=detail, request_id=request_id
    )
    events.record(session, "learning.grade_changed", student, where)


def _check(wanted: Scheme) -> None:
    names = [category.name for category in wanted.categories]
    if len(names) > MOST:
        raise Invalid(f"A course has up to {MOST} categories")
    if len({name.casefold() for name in names}) != len(names):
        raise Invalid("Two categories have the same name")
    for category in wanted.categories:
        name = category.name
        if not name or name != name.strip() or len(name) > NAME or not name.isprintable():
            raise Invalid(f"A category has a name of 1 to {NAME} printable characters")
        if not (isfinite(category.weight) and 0 <= category.weight <= HEAVIEST):
            raise Invalid(f"The weight of {name!r} must be between 0 and {HEAVIEST:g}")
        if not 0 <= category.drop_lowest <= MOST_DROPPED:
            raise Invalid(f"{name!r} can drop between 0 and {MOST_DROPPED} items")
    if names and not any(category.weight for category in wanted.categories):
        raise Invalid("At least one category must have a weight above 0")
    unknown: Sequence[str] = [name for name in wanted.items.values() if name not in names]
    if unknown:
        raise Invalid(f"There is no category {unknown[0]!r}")


def _reason(text: str) -> str:
    found = text.strip()
    if not found or len(found) > REASON or "\0" in found:
        raise Invalid(f"Give a reason of 1 to {REASON} characters; it is kept with the exception")
    return found


def _student(session: Session, course_key: str, person: str) -> tuple[CourseRow, Person]:
    row = session.execute(
        select(CourseRow, Person)
        .join(Enrolment, Enrolment.course_id == CourseRow.id)
        .join(Person, Person.id == Enrolment.person_id)
        .where(CourseRow.key == course_key, Person.name == person, Enrolment.role == "student")
    ).one_or_none()
    if row is None:
        raise NotFound(f"{person} is no student of this course")
    return row[0], row[1]


def _locked(session: Session, course_key: str) -> CourseRow:
    found = session.scalars(
        select(CourseRow).where(CourseRow.key == course_key).with_for_update(key_share=True)
    ).one_or_none()
    if found is None:
        raise NotFound(f"There is no course {course_key!r}")
    return found


def _place(course_key: str, item: Item) -> str:
    return f"{course_key}/{item[0]}" if item[0] else course_key


def _told(item: Item) -> str:
    lesson, quiz = item
    return f"quiz {'/'.join(filter(None, item))}" if quiz else f"lesson {lesson}"
