"""Notebooks handed in, and what became of them: taken in once, graded once."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy import func, select, true
from sqlalchemy.orm import Session

from coursewright.records import blobs, courses, events, jobs, lifecycle, shown
from coursewright.records.course import Lesson
from coursewright.records.errors import Conflict, Invalid, NotFound
from coursewright.records.gradebook import feedback, gradebook, one, standing
from coursewright.records.intake import LIMIT, check_notebook, fit
from coursewright.records.tables import (
    CourseRow,
    CourseVersion,
    Enrolment,
    Feedback,
    Grading,
    Person,
    Score,
    Submission,
)

__all__ = [
    "Receipt",
    "Result",
    "Work",
    "check_notebook",
    "feedback",
    "gradebook",
    "one",
    "receive",
    "record_failure",
    "record_grading",
    "standing",
    "work",
]

# Raises what keeps a person from handing in their n-th attempt at a lesson of a course.
Admit = Callable[[Session, str, str, str, int], None]

KEY_LENGTHS = range(8, 201)


class CellResult(Protocol):
    """What the grader says of one cell; grader/result.py has it."""

    @property
    def grade_id(self) -> str: ...
    @property
    def exercise(self) -> str | None: ...
    @property
    def points(self) -> float: ...
    @property
    def max_points(self) -> float: ...
    @property
    def status(self) -> str: ...
    @property
    def message(self) -> str: ...
    @property
    def promises(self) -> Sequence[int]: ...


class Result(Protocol):
    """What the grader says of a notebook; grader/result.py has it."""

    @property
    def score(self) -> float: ...
    @property
    def max_score(self) -> float: ...
    @property
    def cells(self) -> Sequence[CellResult]: ...
    @property
    def mode(self) -> str: ...
    @property
    def repairs(self) -> Sequence[str]: ...
    @property
    def seconds(self) -> float: ...
    @property
    def outputs(self) -> shown.Outputs: ...


@dataclass(frozen=True)
class Receipt:
    """Proof that a notebook was taken in; `repeated` when this key had brought it before."""

    id: int
    attempt: int
    sha256: str
    received_at: datetime
    state: str
    repeated: bool


@dataclass(frozen=True)
class Work:
    """All that grading a submission needs: the source with hidden tests, and the notebook."""

    submission_id: int
    course_key: str
    version_id: int
    lesson: Lesson
    notebook: dict[str, Any]


def receive(  # noqa: PLR0917 (no two of them can be mistaken for each other)
    session: Session,
    person_name: str,
    course_key: str,
    lesson_key: str,
    content: bytes,
    idempotency_key: str,
    limit: int = LIMIT,
    admit: Admit | None = None,
) -> Receipt:
    """Take a notebook in, and ask for its grading in the same transaction.

    Raises Invalid or TooLarge for what is no gradable notebook, NotFound to those who are not
    enrolled, Denied to students of an archived course, Conflict when the key came before with
    something else, and what `admit` raises; what was taken in once is never refused again.
    """
    if len(idempotency_key) not in KEY_LENGTHS:
        raise Invalid("The Idempotency-Key must have 8 to 200 characters")
    content = fit(content, limit)
    notebook = check_notebook(content, limit)
    someone, course, role = _sender(session, person_name, course_key)
    sha = blobs.sha256(content)
    earlier = session.scalars(
        select(Submission).where(
            Submission.person_id == someone.id, Submission.idempotency_key == idempotency_key
        )
    ).one_or_none()
    if earlier:
        return _repeat(earlier, course.id, lesson_key, sha)
    if role == "student" and course.state == "archived":
        lifecycle.refuse_archived(session, course_key)
    version_id = _version(session, course, lesson_key, notebook)
    attempt = _next_attempt(session, someone.id, course.id, lesson_key)
    if admit is not None:
        admit(session, person_name, course_key, lesson_key, attempt)
    row = Submission(
        person_id=someone.id,
        course_id=course.id,
        version_id=version_id,
        lesson=lesson_key,
        attempt=attempt,
        notebook_sha=blobs.put(session, content),
        idempotency_key=idempotency_key,
    )
    session.add(row)
    session.flush()
    jobs.enqueue(session, "grade", submission_id=row.id)
    detail = {"submission": row.id, "attempt": row.attempt, "sha256": sha}
    events.record(
        session, "learning.submitted", someone, f"{course_key}/{lesson_key}", detail=detail
    )
    return Receipt(row.id, row.attempt, sha, row.received_at, row.state, repeated=False)


def work(session: Session, submission_id: int) -> Work | None:
    """What is to be graded; None when that is done already. Raises NotFound."""
    row = session.get(Submission, submission_id)
    if row is None:
        raise NotFound(f"There is no submission {submission_id}")
    return None if row.state == "graded" else reading(session, row, row.version_id)


def reading(session: Session, row: Submission, version_id: int) -> Work:
    """A submission with the source of its lesson in that version."""
    course_key = session.scalars(select(CourseRow.key).where(CourseRow.id == row.course_id)).one()
    lesson = courses.source_lesson(session, version_id, row.lesson)
    notebook = json.loads(blobs.get(session, row.notebook_sha).decode("utf-8-sig"))
    return Work(row.id, course_key, version_id, lesson, notebook)


def record_grading(session: Session, submission_id: int, result: Result, html: bytes) -> bool:
    """Store a grading with its feedback page. False, and nothing stored, when there is one."""
    row = _locked(session, submission_id)
    if row.state == "graded":
        return False
    grading = Grading(
        submission_id=row.id,
        number=newest_number(session, row.id) + 1,
        mode=result.mode,
        points=result.score,
        max_points=result.max_score,
        seconds=result.seconds,
        repairs=list(result.repairs),
    )
    session.add(grading)
    session.flush()
    session.add_all(_score(grading.id, *item) for item in enumerate(result.cells, 1))
    session.add(
        Feedback(
            grading_id=grading.id,
            html_sha=blobs.put(session, html),
            outputs_sha=shown.keep(session, result.outputs),
        )
    )
    row.state = "graded"
    detail = {"submission": row.id, "points": result.score, "max_points": result.max_score}
    _tell(session, "learning.graded", row, detail)
    return True


def record_failure(session: Session, submission_id: int, message: str) -> bool:
    """Say that a submission could not be graded, so that a person looks. False when it was."""
    row = _locked(session, submission_id)
    if row.state != "received":
        return False
    session.add(
        Grading(
            submission_id=row.id,
            number=newest_number(session, row.id) + 1,
            mode=None,
            points=0,
            max_points=0,
            seconds=0,
            repairs=[],
            error=message,
        )
    )
    row.state = "failed"
    _tell(session, "learning.grading_failed", row, {"submission": row.id, "error": message})
    return True


def _sender(session: Session, person_name: str, course_key: str) -> tuple[Person, CourseRow, str]:
    """Who hands in, locked, so that their submissions come one after the other; and their role.

    Raises NotFound.
    """
    query = (
        select(Person, CourseRow, Enrolment.role)
        .join(Enrolment, Enrolment.person_id == Person.id)
        .join(CourseRow, CourseRow.id == Enrolment.course_id)
        .where(Person.name == person_name, CourseRow.key == course_key)
        .with_for_update(key_share=True, of=Person)
    )
    found = session.execute(query).one_or_none()
    if found is None:
        raise NotFound(f"There is no course {course_key!r} here, or you are not enrolled in it")
    return found[0], found[1], found[2]


def _repeat(row: Submission, course_id: int, lesson_key: str, sha: str) -> Receipt:
    if (row.course_id, row.lesson, row.notebook_sha) != (course_id, lesson_key, sha):
        raise Conflict(
            "This Idempotency-Key was used for another notebook, which is kept as it was. "
            "Submit again: each submission needs a new key"
        )
    return Receipt(row.id, row.attempt, sha, row.received_at, row.state, repeated=True)


def _version(session: Session, course: CourseRow, lesson_key: str, notebook: dict[str, Any]) -> int:
    """The version that the notebook says it is of, or else the newest.

    A student who opened a lesson before a new version came is graded by what they had.
    """
    said = notebook.get("metadata", {}).get("coursewright", {})
    said = said if isinstance(said, dict) else {}
    for name, wanted in (("course", course.key), ("lesson", lesson_key)):
        if said.get(name, wanted) != wanted:
            raise Invalid(
                f"This notebook is of the {name} {said[name]!r}, it was submitted as {wanted!r}. "
                "Submit the notebook that you opened from this lesson"
            )
    query = select(CourseVersion.id).where(CourseVersion.course_id == course.id)
    number = said.get("version")
    found = None
    if isinstance(number, int) and 0 < number < 2**31:
        found = session.scalar(query.where(CourseVersion.number == number))
    version_id = found or courses.current_version(session, course.key).id
    courses.source_lesson(session, version_id, lesson_key)  # raises NotFound
    return version_id


def _next_attempt(session: Session, person_id: int, course_id: int, lesson: str) -> int:
    last = session.scalar(
        select(func.max(Submission.attempt)).where(
            Submission.person_id == person_id,
            Submission.course_id == course_id,
            Submission.lesson == lesson,
        )
    )
    return (last or 0) + 1


def newest_number(session: Session, submission_id: int) -> int:
    """The number of the grading that counts; 0 when there is none."""
    query = select(func.max(Grading.number)).where(Grading.submission_id == submission_id)
    return session.scalar(query) or 0


def _locked(session: Session, submission_id: int) -> Submission:
    row = session.get(Submission, submission_id, with_for_update=True, populate_existing=True)
    if row is None:
        raise NotFound(f"There is no submission {submission_id}")
    return row


def _score(grading_id: int, position: int, cell: CellResult) -> Score:
    return Score(
        grading_id=grading_id,
        position=position,
        grade_id=cell.grade_id,
        exercise=cell.exercise,
        points=cell.points,
        max_points=cell.max_points,
        status=cell.status,
        # A student's program can print any character, and text columns take no NUL.
        message=cell.message.replace("\0", "\N{REPLACEMENT CHARACTER}"),
        promises=list(cell.promises),
    )


def _tell(session: Session, name: str, row: Submission, detail: dict[str, Any]) -> None:
    query = select(CourseRow.key, Person).join_from(CourseRow, Person, true())
    found = session.execute(query.where(CourseRow.id == row.course_id, Person.id == row.person_id))
    course_key, someone = found.one()
    events.record(session, name, someone, f"{course_key}/{row.lesson}", detail=detail)
