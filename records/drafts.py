"""Drafts of courses that are kept here: a new course begins as one, an import replaces it.

An author may as well keep the draft in JupyterLab and publish from there; the two do not meet.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session, aliased

from coursewright.records import authoring, blobs, courses, events, facts, lifecycle
from coursewright.records.authoring import Rights
from coursewright.records.course import KEY, LEVELS, Cell, Course, Lesson, Module
from coursewright.records.documents import documents, to_bytes
from coursewright.records.errors import Conflict, Invalid
from coursewright.records.facts import Facts
from coursewright.records.intake import storable
from coursewright.records.tables import (
    CourseDraft,
    CourseReview,
    CourseRow,
    Enrolment,
    Person,
)

LONGEST_KEY, LONGEST_TITLE = 60, 300
KERNEL = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
WELCOME = "# Welcome\n\nThis is the first lesson. Write it in JupyterLab, or import a course here."


@dataclass(frozen=True)
class Draft:
    """The document that becomes the next version, who changed it last and when."""

    course: Course
    sha: str
    changed_by: str
    changed_at: datetime


@dataclass(frozen=True)
class DraftCard:
    """A course that has a draft here."""

    key: str
    title: str
    changed_by: str
    changed_at: datetime


def starting(key: str, title: str, level: str = "beginner", summary: str = "") -> Course:
    """A course with one lesson that has only a heading. Raises Invalid."""
    if not KEY.match(key) or len(key) > LONGEST_KEY:
        raise Invalid(
            f"The key {key!r} must have up to {LONGEST_KEY} lower-case letters, digits and single "
            "hyphens, such as python-basics: it stands in addresses and names of folders"
        )
    title = title.strip()
    if not title or len(title) > LONGEST_TITLE or not title.isprintable():
        raise Invalid(f"A title is one line of 1 to {LONGEST_TITLE} characters")
    if level not in LEVELS:
        raise Invalid(f"{level!r} is not a level; levels are {', '.join(LEVELS)}")
    if not storable(summary):
        raise Invalid("The summary holds characters that no text can have")
    lesson = Lesson("welcome", "Welcome", (Cell("welcome", "markdown", WELCOME),), metadata=KERNEL)
    modules = (Module("first-steps", "First steps", (lesson,)),)
    return Course(key, title, modules, summary=summary.strip(), level=level)


def create(
    session: Session,
    who: Rights,
    course: Course,
    said: Facts | None = None,
    *,
    request_id: str | None = None,
) -> None:
    """A new course as a draft; whoever makes it is its instructor.

    Raises Denied to those who write no courses, Invalid, and Conflict for a key that is taken.
    """
    authoring.refuse_strangers(session, who)
    _refuse_untellable(course)
    values = {name: getattr(course, name) for name in ("key", "title", "summary", "level")}
    number = session.scalar(
        insert(CourseRow).values(values).on_conflict_do_nothing().returning(CourseRow.id)
    )
    if number is None:
        raise Conflict(f"There is a course {course.key!r} already. Choose another key")
    author = courses.person(session, who.person)
    session.add(Enrolment(person_id=author.id, course_id=number, role="instructor"))
    session.flush()
    _keep(session, number, course, author)
    events.record(
        session,
        "audit.course.created",
        author,
        course.key,
        detail={"title": course.title},
        request_id=request_id,
    )
    if said is not None:
        facts.say(session, who.person, course.key, said, request_id=request_id)


def save(session: Session, who: Rights, course: Course, *, request_id: str | None = None) -> None:
    """Let this be the course's draft. Raises Denied, NotFound, and Conflict while it is fixed."""
    authoring.enter(session, who, course.key)
    _refuse_untellable(course)
    row = lifecycle.locked(session, course.key)
    refuse_fixed(session, row)
    if row.state == "draft":
        row.title, row.summary, row.level = course.title, course.summary, course.level
    author = courses.person(session, who.person)
    sha = _keep(session, row.id, course, author)
    events.record(
        session,
        "audit.course.draft",
        author,
        course.key,
        detail={"document": sha},
        request_id=request_id,
    )


def discard(session: Session, by: str, course_key: str, *, request_id: str | None = None) -> None:
    """Forget the draft of a course that has a version. Raises NotFound and Conflict."""
    row = lifecycle.locked(session, course_key)
    refuse_fixed(session, row)
    if row.state == "draft":
        raise Conflict("This course has nothing but its draft; it can be put into the archive")
    found = session.get(CourseDraft, row.id)
    if found is not None:
        session.delete(found)
        author = courses.person(session, by)
        detail = {"discarded": found.document_sha}
        events.record(
            session, "audit.course.draft", author, course_key, detail=detail, request_id=request_id
        )


def of(session: Session, course_key: str) -> Draft | None:
    """The course's draft, where it has one."""
    found = session.execute(
        select(CourseDraft, Person.name)
        .join(CourseRow, CourseRow.id == CourseDraft.course_id)
        .join(Person, Person.id == CourseDraft.changed_by)
        .where(CourseRow.key == course_key)
        .execution_options(populate_existing=True)
    ).one_or_none()
    if found is None:
        return None
    row, name = found
    return Draft(documents.read(session, row.document_sha), row.document_sha, name, row.changed_at)


def listed(session: Session, person: str) -> list[DraftCard]:
    """Of the courses of which somebody is an instructor, but for those in the archive; by title."""
    who, changed = aliased(Person), aliased(Person)
    rows = session.execute(
        select(CourseRow.key, CourseRow.title, changed.name, CourseDraft.changed_at)
        .join(CourseDraft, CourseDraft.course_id == CourseRow.id)
        .join(changed, changed.id == CourseDraft.changed_by)
        .join(Enrolment, Enrolment.course_id == CourseRow.id)
        .join(who, who.id == Enrolment.person_id)
        .where(who.name == person, Enrolment.role == "instructor", CourseRow.state != "archived")
        .order_by(CourseRow.title, CourseRow.key)
    )
    return [DraftCard(*row) for row in rows]


def refuse_fixed(session: Session, row: CourseRow) -> None:
    """Raises Conflict for a course whose draft nobody may change now."""
    if row.state == "archived":
        raise Conflict("This course is in the archive. Take it out first; nothing was changed")
    waiting = select(CourseReview.id).where(
        CourseReview.course_id == row.id, CourseReview.state == "waiting"
    )
    if session.scalar(waiting) is not None:
        raise Conflict(
            "The draft is in review, and stays as it is until that is settled. Withdraw it first, "
            "or wait for the answer; nothing was changed"
        )


def _keep(session: Session, course_id: int, course: Course, author: Person) -> str:
    sha = blobs.put(session, to_bytes(course))
    values = {"document_sha": sha, "changed_by": author.id}
    session.execute(
        insert(CourseDraft)
        .values(course_id=course_id, **values)
        .on_conflict_do_update(
            index_elements=["course_id"], set_={**values, "changed_at": func.now()}
        )
    )
    return sha


def _refuse_untellable(course: Course) -> None:
    """Raises Invalid for what the columns of a course cannot take."""
    if course.level not in LEVELS:
        raise Invalid(f"{course.level!r} is not a level; levels are {', '.join(LEVELS)}")
    if len(course.key) > LONGEST_KEY:
        raise Invalid(f"The key of a course has up to {LONGEST_KEY} characters")
    if not course.title.strip() or len(course.title) > LONGEST_TITLE:
        raise Invalid(f"A title is one line of 1 to {LONGEST_TITLE} characters")
