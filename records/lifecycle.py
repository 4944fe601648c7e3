"""The life of a course: draft, in review, published, archived.

    draft ─► in_review ─► published ─► archived
      ▲──────────┘            ▲────────────┘

A course that has a version stays published while its next one is in review, for its students go
on. An archived one can be read by those who belong to it and by nobody else; its students hand in
nothing more.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import case, or_, select
from sqlalchemy.orm import Session

from coursewright.records import courses, events
from coursewright.records.errors import Conflict, Denied, Invalid, NotFound
from coursewright.records.intake import storable
from coursewright.records.tables import CourseReview, CourseRow, CourseVersion, Enrolment, Person

LONGEST = 2000  # characters of a message


@dataclass(frozen=True)
class InWork:
    """A course that has no version yet, or whose next one is in review."""

    key: str
    title: str
    state: str


def state_of(session: Session, course_key: str) -> str:
    """Raises NotFound."""
    found = session.scalar(select(CourseRow.state).where(CourseRow.key == course_key))
    if found is None:
        raise NotFound(f"There is no course {course_key!r}")
    return found


def has_version(session: Session, course_key: str) -> bool:
    """Whether anything of the course has been published."""
    versions = (
        select(CourseVersion.id)
        .join(CourseRow, CourseRow.id == CourseVersion.course_id)
        .where(CourseRow.key == course_key)
    )
    return session.scalar(select(versions.exists())) is True


def archived(session: Session) -> frozenset[str]:
    """The keys of the courses in the archive."""
    return frozenset(session.scalars(select(CourseRow.key).where(CourseRow.state == "archived")))


def in_work(session: Session, person: str, *, everything: bool = False) -> list[InWork]:
    """The courses without a version, or with one in review, that this person writes, by title.

    With `everything`, all of them.
    """
    published = select(CourseVersion.id).where(CourseVersion.course_id == CourseRow.id).exists()
    waiting = (
        select(CourseReview.id)
        .where(CourseReview.course_id == CourseRow.id, CourseReview.state == "waiting")
        .exists()
    )
    state = case((waiting, "in_review"), else_=CourseRow.state)
    query = select(CourseRow.key, CourseRow.title, state).where(or_(~published, waiting))
    if not everything:
        query = query.where(
            select(Enrolment.id)
            .join(Person, Person.id == Enrolment.person_id)
            .where(
                Enrolment.course_id == CourseRow.id,
                Enrolment.role == "instructor",
                Person.name == person,
            )
            .exists()
        )
    rows = session.execute(query.order_by(CourseRow.title, CourseRow.key))
    return [InWork(*row) for row in rows]


def set_archived(
    session: Session,
    by: str,
    course_key: str,
    archived: bool,
    message: str = "",
    *,
    request_id: str | None = None,
) -> str:
    """Put a course into the archive, or take it out; the state that it then has.

    Raises NotFound, Invalid, and Conflict for a course in review.
    """
    course = locked(session, course_key)
    if course.state == "in_review":
        raise Conflict("This course is in review. Settle the review first; nothing was changed")
    if (course.state == "archived") == archived:
        return course.state
    message = words(message)
    before = course.state
    course.state = "archived" if archived else _awake(session, course)
    detail = {"from": before, "to": course.state, "message": message}
    name = "audit.course.archived" if archived else "audit.course.unarchived"
    author = courses.person(session, by)
    events.record(session, name, author, course_key, detail=detail, request_id=request_id)
    return course.state


def refuse_archived(session: Session, course_key: str) -> None:
    """Raises Denied, in a student's words, for what nobody hands in any more."""
    if state_of(session, course_key) == "archived":
        raise Denied(
            "This course is over: it is in the archive, and nothing is handed in there any more. "
            "You can still read it, with everything that you handed in before"
        )


def locked(session: Session, course_key: str) -> CourseRow:
    """The course's row; changes of its state come one after the other. Raises NotFound."""
    row = session.scalars(
        select(CourseRow)
        .where(CourseRow.key == course_key)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()
    if row is None:
        raise NotFound(f"There is no course {course_key!r}")
    return row


def words(text: str, wish: str | None = None) -> str:
    """A message as it may be kept; with `wish`, it must say something. Raises Invalid."""
    text = text.strip()
    if wish and not text:
        raise Invalid(f"{wish}; nothing was changed")
    if len(text) > LONGEST:
        raise Invalid(f"A message has at most {LONGEST} characters")
    if not storable(text):
        raise Invalid("The message holds characters that no text can have")
    return text


def _awake(session: Session, course: CourseRow) -> str:
    return "published" if has_version(session, course.key) else "draft"
