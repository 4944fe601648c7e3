"""Where people stand: attempts with their scores, for a student and for a class."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import Row, Select, and_, select, true
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session

from coursewright.records import blobs, courses, events, sections
from coursewright.records.errors import NotFound
from coursewright.records.newest import IS_NEWEST_GRADING
from coursewright.records.tables import (
    CourseRow,
    ExerciseRow,
    Feedback,
    Grading,
    Person,
    Score,
    Submission,
)

Found = Select[Submission, Person, Grading]
# Whose work somebody may open: their own, that of the courses that they teach too, everybody's.
Reach = Literal["own", "taught", "all"]
TEACHERS = ("assistant", "instructor")


@dataclass(frozen=True)
class CellScore:
    """What one graded cell earned, under its exercise's title."""

    grade_id: str
    exercise: str | None
    title: str
    points: float
    max_points: float
    status: str
    message: str


@dataclass(frozen=True)
class Attempt:
    """A submission with its newest grading; points are None until there is one."""

    id: int
    attempt: int
    received_at: datetime
    state: str
    points: float | None
    max_points: float | None
    mode: str | None
    cells: tuple[CellScore, ...]
    sha256: str = ""


@dataclass(frozen=True)
class GradebookRow:
    """A person's newest attempt at a lesson."""

    submission_id: int
    person: str
    display_name: str
    lesson: str
    attempt: int
    points: float | None
    max_points: float | None
    state: str
    mode: str | None
    received_at: datetime


@dataclass(frozen=True)
class Whose:
    """Whose submission it is, and of what."""

    person: str
    course: str
    lesson: str
    attempt: int


def standing(session: Session, person_name: str, course_key: str, lesson_key: str) -> list[Attempt]:
    """A person's attempts at a lesson, newest first. Raises NotFound when not enrolled."""
    _enrolled(session, person_name, course_key)
    query = (
        _attempts()
        .where(
            Person.name == person_name,
            CourseRow.key == course_key,
            Submission.lesson == lesson_key,
        )
        .order_by(Submission.attempt.desc())
    )
    return _with_scores(session, query)


def one(
    session: Session,
    person_name: str,
    submission_id: int,
    reach: Reach = "taught",
    request_id: str | None = None,
) -> Attempt:
    """One attempt, as far as `reach` goes; NotFound beyond. Another's leaves `audit.viewed`."""
    see(session, person_name, submission_id, reach, part="scores", request_id=request_id)
    return standing_of(session, submission_id)


def standing_of(session: Session, submission_id: int) -> Attempt:
    """One attempt, for who may see it already."""
    return _with_scores(session, _attempts().where(Submission.id == submission_id))[0]


def feedback(
    session: Session,
    person_name: str,
    submission_id: int,
    reach: Reach = "taught",
    request_id: str | None = None,
) -> bytes:
    """The feedback page of the newest grading, to those who may see the attempt (see `one`)."""
    see(session, person_name, submission_id, reach, part="feedback", request_id=request_id)
    sha = session.scalar(
        select(Feedback.html_sha)
        .join(Grading, Grading.id == Feedback.grading_id)
        .where(Grading.submission_id == submission_id)
        .order_by(Grading.number.desc())
        .limit(1)
    )
    if sha is None:
        raise NotFound("There is no feedback yet; it comes with the score")
    return blobs.get(session, sha)


def gradebook(session: Session, course_key: str) -> list[GradebookRow]:
    """Everybody's newest attempts, by person and lesson."""
    newest = (
        select(
            Submission.id,
            Submission.person_id,
            Submission.lesson,
            Submission.attempt,
            Submission.state,
            Submission.received_at,
        )
        .join(CourseRow, CourseRow.id == Submission.course_id)
        .where(CourseRow.key == course_key)
        .ext(distinct_on(Submission.person_id, Submission.lesson))
        .order_by(Submission.person_id, Submission.lesson, Submission.attempt.desc())
        .subquery()
    )
    grading = (
        select(Grading.points, Grading.max_points, Grading.mode)
        .where(Grading.submission_id == newest.c.id)
        .order_by(Grading.number.desc())
        .limit(1)
        .lateral()
    )
    query = (
        select(newest, Person.name, Person.display_name, grading)
        .select_from(newest)
        .join(Person, Person.id == newest.c.person_id)
        .outerjoin(grading, true())
        .order_by(Person.name, newest.c.lesson)
    )
    found = []
    for number, _, lesson, attempt, state, at, name, display, *given in session.execute(query):
        points, most, mode = given
        points, most = (points, most) if state == "graded" else (None, None)
        row = number, name, display, lesson, attempt, points, most, state, mode, at
        found.append(GradebookRow(*row))
    return found


def _attempts() -> Found:
    """Submissions with their newest grading, if there is one."""
    return (
        select(Submission, Person, Grading)
        .join(Person, Person.id == Submission.person_id)
        .join(CourseRow, CourseRow.id == Submission.course_id)
        .outerjoin(Grading, and_(Grading.submission_id == Submission.id, IS_NEWEST_GRADING))
    )


def _points(row: Row[Submission, Person, Grading]) -> tuple[float | None, float | None]:
    """A regrading may be under way, or have failed: then there are none to show."""
    if row.Submission.state != "graded" or row.Grading is None:
        return None, None
    return row.Grading.points, row.Grading.max_points


def _with_scores(session: Session, query: Found) -> list[Attempt]:
    rows = session.execute(query).all()
    scores = _scores(session, [row.Grading.id for row in rows if row.Grading])
    return [
        Attempt(
            row.Submission.id,
            row.Submission.attempt,
            row.Submission.received_at,
            row.Submission.state,
            *_points(row),
            row.Grading.mode if row.Grading else None,
            tuple(scores.get(row.Grading.id, ())) if row.Grading else (),
            row.Submission.notebook_sha,
        )
        for row in rows
    ]


def _scores(session: Session, gradings: list[int]) -> dict[int, list[CellScore]]:
    if not gradings:
        return {}
    query = (
        select(Score, ExerciseRow.title)
        .join(Grading, Grading.id == Score.grading_id)
        .join(Submission, Submission.id == Grading.submission_id)
        .outerjoin(
            ExerciseRow,
            and_(
                ExerciseRow.version_id == Submission.version_id,
                ExerciseRow.lesson == Submission.lesson,
                ExerciseRow.key == Score.exercise,
            ),
        )
        .where(Score.grading_id.in_(gradings))
        .order_by(Score.grading_id, Score.position)
    )
    found: dict[int, list[CellScore]] = {}
    for score, title in session.execute(query):
        found.setdefault(score.grading_id, []).append(
            CellScore(
                score.grade_id,
                score.exercise,
                title or score.exercise or score.grade_id,
                score.points,
                score.max_points,
                score.status,
                score.message,
            )
        )
    return found


def _enrolled(session: Session, person_name: str, course_key: str) -> None:
    if courses.role_of(session, person_name, course_key) is None:
        raise NotFound(f"There is no course {course_key!r} here, or you are not enrolled in it")


def whose(session: Session, submission_id: int) -> Whose:
    """Raises NotFound."""
    row = session.execute(
        select(Person.name, CourseRow.key, Submission.lesson, Submission.attempt)
        .join(Submission, Submission.person_id == Person.id)
        .join(CourseRow, CourseRow.id == Submission.course_id)
        .where(Submission.id == submission_id)
    ).one_or_none()
    if row is None:
        raise NotFound(f"There is no submission {submission_id} that you may see")
    return Whose(*row)


def see(
    session: Session,
    viewer: str,
    submission_id: int,
    reach: Reach,
    *,
    part: str,
    request_id: str | None,
) -> Whose:
    """Raises NotFound to those who may not see the submission; notes who sees another's."""
    found = whose(session, submission_id)
    if found.person == viewer:
        return found
    _refuse_beyond(session, viewer, submission_id, found, reach)
    events.record(
        session,
        "audit.viewed",
        courses.person(session, viewer),
        f"{found.course}/{found.lesson}",
        detail={"submission": submission_id, "of": found.person, "what": part},
        request_id=request_id,
    )
    return found


def refuse_beyond(session: Session, viewer: str, submission_id: int, reach: Reach) -> None:
    """Raises NotFound to those who may not see the submission; for acts that tell of themselves."""
    found = whose(session, submission_id)
    if found.person != viewer:
        _refuse_beyond(session, viewer, submission_id, found, reach)


def _refuse_beyond(
    session: Session, viewer: str, submission_id: int, found: Whose, reach: Reach
) -> None:
    if reach == "all":
        return
    if reach == "taught" and courses.role_of(session, viewer, found.course) in TEACHERS:
        seen = sections.visible(session, viewer, found.course)
        if seen is None or found.person in seen:
            return
    raise NotFound(f"There is no submission {submission_id} that you may see")
