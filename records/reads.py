"""Which feedback a student has not seen yet."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import distinct_on, insert
from sqlalchemy.orm import Session

from coursewright.records.errors import NotFound
from coursewright.records.tables import CourseRow, FeedbackRead, HeldLesson, Person, Submission


def mark(session: Session, person: str, submission_id: int) -> None:
    """The person has seen the feedback on a submission of theirs. Raises NotFound."""
    own = select(Submission.id).join(Person).where(Person.name == person)
    if session.scalar(own.where(Submission.id == submission_id)) is None:
        raise NotFound(f"There is no submission {submission_id} of yours")
    seen = insert(FeedbackRead).values(submission_id=submission_id)
    session.execute(seen.on_conflict_do_nothing())


def unread(session: Session, person: str, course: str | None = None) -> dict[tuple[str, str], int]:
    """The newest submission of each lesson whose feedback was not seen, by course and lesson.

    An attempt that was not graded yet does not hide the feedback on the one before it. Where grades
    are held back there is nothing to be seen yet.
    """
    held = select(HeldLesson.id).where(
        HeldLesson.course_id == Submission.course_id, HeldLesson.lesson == Submission.lesson
    )
    graded = (
        select(CourseRow.key, Submission.lesson, Submission.id)
        .join(CourseRow, CourseRow.id == Submission.course_id)
        .join(Person, Person.id == Submission.person_id)
        .where(Person.name == person, Submission.state == "graded", ~held.exists())
        .ext(distinct_on(Submission.course_id, Submission.lesson))
        .order_by(Submission.course_id, Submission.lesson, Submission.attempt.desc())
    )
    if course is not None:
        graded = graded.where(CourseRow.key == course)
    newest = graded.subquery()
    seen = select(FeedbackRead.submission_id).where(FeedbackRead.submission_id == newest.c.id)
    rows = session.execute(select(newest).where(~seen.exists()))
    return {(key, lesson): number for key, lesson, number in rows}
