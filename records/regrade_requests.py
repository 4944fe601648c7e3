"""Requests about a mark: a student asks about one cell, and those who teach answer.

A request is `open` while the student waits, `answered` when somebody who teaches has written last,
`settled` when one of them says so. Whatever the student writes opens it again.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, case, extract, func, select, tuple_
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from coursewright.records import courses, events, gradebook, releases, sections
from coursewright.records.errors import Conflict, Invalid, NotFound
from coursewright.records.gradebook import TEACHERS, Reach
from coursewright.records.tables import (
    REQUEST_STATES,
    CourseRow,
    ExerciseRow,
    Grading,
    Person,
    RegradeMessage,
    RegradeRequest,
    Score,
    Submission,
)

LONGEST = 5_000  # characters of a message
MOST = 100  # messages about one cell


@dataclass(frozen=True)
class Asked:
    """A request as it stands in a list."""

    id: int
    course: str
    lesson: str
    cell: str
    title: str
    submission: int
    attempt: int
    person: str
    display_name: str
    state: str
    created_at: datetime
    changed_at: datetime


@dataclass(frozen=True)
class Message:
    """`text` is Markdown as it was written."""

    author: str
    display_name: str
    teaches: bool
    text: str
    written_at: datetime


@dataclass(frozen=True)
class Thread:
    """A request with all that was written, first to last."""

    about: Asked
    messages: tuple[Message, ...]


def ask(
    session: Session,
    person: str,
    submission_id: int,
    cell: str,
    text: str,
    *,
    request_id: str | None = None,
) -> Thread:
    """Ask about a cell of one's own submission; asked again, it goes on in the same thread.

    Raises Invalid, NotFound, and Conflict for what is not graded, or held back.
    """
    text = _checked(text)
    row = _own(session, person, submission_id, cell)
    course = session.get_one(CourseRow, row.course_id)
    key = {"submission_id": row.id, "grade_id": cell}
    session.execute(
        insert(RegradeRequest)
        .values(**key, course_id=row.course_id, person_id=row.person_id)
        .on_conflict_do_nothing()
    )
    number = session.scalars(select(RegradeRequest.id).filter_by(**key)).one()
    return write(session, person, course.key, number, text, reach="own", request_id=request_id)


def may_ask(session: Session, person: str, submission_id: int, cell: str) -> int | None:
    """The request about this cell, None for none yet. Raises what `ask` does."""
    row = _own(session, person, submission_id, cell)
    key = {"submission_id": row.id, "grade_id": cell}
    return session.scalar(select(RegradeRequest.id).filter_by(**key))


def write(
    session: Session,
    by: str,
    course_key: str,
    number: int,
    text: str,
    *,
    reach: Reach,
    settle: bool = False,
    request_id: str | None = None,
) -> Thread:
    """Write into a thread that one may see; the same words twice are one message.

    Raises Invalid, NotFound, and Conflict when the thread is full.
    """
    text = _checked(text)
    row = _seen(session, by, course_key, number, reach)
    author = courses.person(session, by)
    asks = author.id == row.person_id
    written = session.scalars(
        select(RegradeMessage)
        .where(RegradeMessage.request_id == row.id)
        .order_by(RegradeMessage.id.desc())
    ).all()
    if not (written and (written[0].author_id, written[0].text) == (author.id, text)):
        if len(written) >= MOST:
            raise Conflict(f"There are {MOST} messages about this cell; talk to each other instead")
        session.add(RegradeMessage(request_id=row.id, author_id=author.id, text=text))
    row.state = "settled" if settle else "open" if asks else "answered"
    _changed(session, row, author, "asked" if asks else "answered", request_id)
    return thread(session, by, course_key, number, reach, note=False)


def settle(
    session: Session,
    by: str,
    course_key: str,
    number: int,
    *,
    reach: Reach,
    settled: bool = True,
    request_id: str | None = None,
) -> Thread:
    """Close a request, or open it again. Raises NotFound."""
    row = _seen(session, by, course_key, number, reach)
    state = "settled" if settled else "open"
    if row.state != state:
        row.state = state
        act = "settled" if settled else "opened"
        _changed(session, row, courses.person(session, by), act, request_id)
    return thread(session, by, course_key, number, reach, note=False)


def thread(  # noqa: PLR0917 (no two of them can be mistaken for each other)
    session: Session,
    viewer: str,
    course_key: str,
    number: int,
    reach: Reach,
    request_id: str | None = None,
    *,
    note: bool = True,
) -> Thread:
    """A request with its messages; another's leaves `audit.viewed`. Raises NotFound."""
    row = _seen(session, viewer, course_key, number, reach)
    about = Asked(*session.execute(_asked().where(RegradeRequest.id == row.id)).one())
    if note and about.person != viewer:
        detail = {"of": about.person, "request": row.id, "what": "request"}
        author = courses.person(session, viewer)
        where = f"{course_key}/{about.lesson}"
        events.record(session, "audit.viewed", author, where, detail=detail, request_id=request_id)
    rows = session.execute(
        select(
            Person.name,
            Person.display_name,
            Person.id != row.person_id,
            RegradeMessage.text,
            RegradeMessage.written_at,
        )
        .join(Person, Person.id == RegradeMessage.author_id)
        .where(RegradeMessage.request_id == row.id)
        .order_by(RegradeMessage.id)
    )
    return Thread(about, tuple(Message(*one) for one in rows))


def listed(
    session: Session,
    course_key: str,
    *,
    state: str | None = None,
    person: str | None = None,
    limit: int = 50,
    after: int | None = None,
) -> list[Asked]:
    """Open ones first, of those the longest waiting; then the others, the newest first.

    With `person` only theirs. Raises Invalid for no such state, NotFound for no such `after`.
    """
    if state is not None and state not in REQUEST_STATES:
        raise Invalid(f"{state!r} is no state; states are {', '.join(REQUEST_STATES)}")
    query = _asked().where(CourseRow.key == course_key)
    if state is not None:
        query = query.where(RegradeRequest.state == state)
    if person is not None:
        query = query.where(Person.name == person)
    rank = _rank()
    if after is not None:
        last = session.execute(select(*rank).where(RegradeRequest.id == after)).one_or_none()
        if last is None:
            raise NotFound(f"There is no request {after} to go on after")
        query = query.where(tuple_(*rank) > tuple_(*last))
    return [Asked(*row) for row in session.execute(query.order_by(*rank).limit(limit))]


def waiting(session: Session, course_key: str) -> int:
    """How many are open."""
    query = select(func.count(RegradeRequest.id)).join(CourseRow)
    found = session.scalar(query.where(CourseRow.key == course_key, RegradeRequest.state == "open"))
    return found or 0


def _rank() -> tuple[Any, Any, Any]:
    moment = extract("epoch", RegradeRequest.changed_at)
    is_open = RegradeRequest.state == "open"
    return (
        case((is_open, 0), (RegradeRequest.state == "answered", 1), else_=2),
        case((is_open, moment), else_=-moment),
        RegradeRequest.id,
    )


def _asked() -> Any:
    return (
        select(
            RegradeRequest.id,
            CourseRow.key,
            Submission.lesson,
            RegradeRequest.grade_id,
            func.coalesce(
                select(ExerciseRow.title)
                .join(Score, Score.exercise == ExerciseRow.key)
                .where(
                    ExerciseRow.version_id == Submission.version_id,
                    ExerciseRow.lesson == Submission.lesson,
                    Score.grade_id == RegradeRequest.grade_id,
                    Score.grading_id == _grading(),
                )
                .limit(1)
                .scalar_subquery(),
                RegradeRequest.grade_id,
            ),
            RegradeRequest.submission_id,
            Submission.attempt,
            Person.name,
            Person.display_name,
            RegradeRequest.state,
            RegradeRequest.created_at,
            RegradeRequest.changed_at,
        )
        .join(Submission, Submission.id == RegradeRequest.submission_id)
        .join(CourseRow, CourseRow.id == RegradeRequest.course_id)
        .join(Person, Person.id == RegradeRequest.person_id)
    )


def _grading() -> Any:
    """The newest grading of the request's submission."""
    return (
        select(Grading.id)
        .where(Grading.submission_id == RegradeRequest.submission_id)
        .order_by(Grading.number.desc())
        .limit(1)
        .correlate(RegradeRequest)
        .scalar_subquery()
    )


def _own(session: Session, person: str, submission_id: int, cell: str) -> Submission:
    """Somebody's own graded submission that has the cell."""
    row = session.scalars(
        select(Submission)
        .join(Person, Person.id == Submission.person_id)
        .where(Submission.id == submission_id, Person.name == person)
    ).one_or_none()
    if row is None:
        raise NotFound(f"There is no submission {submission_id} of yours")
    course = session.get_one(CourseRow, row.course_id)
    if courses.role_of(session, person, course.key) != "student":
        raise NotFound(f"You are no student of the course of submission {submission_id}")
    if row.state != "graded" or releases.hides(session, person, course.key, row.lesson):
        raise Conflict("There is no mark to ask about yet; ask when the grades are there")
    scores = gradebook.standing_of(session, submission_id).cells
    if cell not in [score.grade_id for score in scores]:
        raise NotFound(f"This submission has no graded cell {cell!r}")
    return row


def _seen(
    session: Session, viewer: str, course_key: str, number: int, reach: Reach
) -> RegradeRequest:
    """The request, locked, for its student and for those whose reach goes so far."""
    row = session.execute(
        select(RegradeRequest, Person.name)
        .join(CourseRow, CourseRow.id == RegradeRequest.course_id)
        .join(Person, Person.id == RegradeRequest.person_id)
        .where(and_(CourseRow.key == course_key, RegradeRequest.id == number))
        .with_for_update(of=RegradeRequest)
        .execution_options(populate_existing=True)
    ).one_or_none()
    if row is not None:
        role = courses.role_of(session, viewer, course_key)
        own = row[1] == viewer and role is not None
        taught = reach == "all" or (reach == "taught" and role in TEACHERS)
        only = sections.visible(session, viewer, course_key) if taught and not own else None
        taught = taught and (reach == "all" or only is None or row[1] in only)
        if own or taught:
            return row[0]
    raise NotFound(f"There is no request {number} that you may see")


def _changed(
    session: Session, row: RegradeRequest, author: Person, act: str, request_id: str | None
) -> None:
    row.changed_at = session.scalars(select(func.now())).one()
    session.flush()
    course = session.get_one(CourseRow, row.course_id)
    lesson = session.get_one(Submission, row.submission_id).lesson
    where, detail = f"{course.key}/{lesson}", {"request": row.id, "cell": row.grade_id}
    if author.id == row.person_id:
        events.record(
            session, f"learning.request_{act}", author, where, detail=detail, request_id=request_id
        )
        return
    events.record(
        session, f"audit.request.{act}", author, where, detail=detail, request_id=request_id
    )
    student = session.get_one(Person, row.person_id)
    events.record(session, "learning.request_answered", student, where, detail=detail)


def _checked(text: str) -> str:
    found = text.replace("\r\n", "\n").strip()
    if not found or len(found) > LONGEST or "\0" in found:
        raise Invalid(f"Write 1 to {LONGEST} characters")
    return found
