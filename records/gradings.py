"""A submission's gradings: what the newest says, and the one that a person's mark adds."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from coursewright.records import blobs
from coursewright.records.submissions import newest_number
from coursewright.records.tables import (
    CodeQuality,
    Feedback,
    Grading,
    Mark,
    RubricItem,
    Score,
    Submission,
)


def scores(session: Session, submission: Submission) -> list[Score]:
    query = (
        select(Score)
        .join(Grading, Grading.id == Score.grading_id)
        .where(
            Grading.submission_id == submission.id,
            Grading.number == newest_number(session, submission.id),
        )
        .order_by(Score.position)
    )
    return list(session.scalars(query))


def newest(session: Session, submission_id: int) -> Grading:
    """The one that counts; raises when there is none."""
    number = newest_number(session, submission_id)
    return session.scalars(
        select(Grading).where(Grading.submission_id == submission_id, Grading.number == number)
    ).one()


def items(session: Session, submission: Submission, grade_id: str) -> list[RubricItem]:
    query = select(RubricItem).where(
        RubricItem.course_id == submission.course_id,
        RubricItem.lesson == submission.lesson,
        RubricItem.grade_id == grade_id,
    )
    return list(session.scalars(query.order_by(RubricItem.id)))


def before(session: Session, mark: Mark) -> Score | None:
    """What the answer had before anybody marked it."""
    query = select(Score).join(Grading, Grading.id == Score.grading_id)
    return session.scalars(
        query.where(
            Grading.submission_id == mark.submission_id,
            Grading.number == mark.base,
            Score.grade_id == mark.grade_id,
        )
    ).one_or_none()


def add(session: Session, submission: Submission, marked: Mark) -> None:
    """A new grading like the newest, with this answer as it is marked."""
    old = newest(session, submission.id)
    chosen = [row for row in items(session, submission, marked.grade_id) if row.id in marked.items]
    new = Grading(
        submission_id=submission.id,
        number=old.number + 1,
        mode=old.mode,
        points=0,
        max_points=old.max_points,
        seconds=0,
        repairs=old.repairs,
    )
    known = scores(session, submission)
    session.add(new)
    session.flush()
    for score in known:
        copy = Score(
            grading_id=new.id,
            position=score.position,
            grade_id=score.grade_id,
            exercise=score.exercise,
            points=score.points,
            max_points=score.max_points,
            status=score.status,
            message=score.message,
            promises=score.promises,
        )
        if score.grade_id == marked.grade_id:
            _give(copy, marked, chosen, before(session, marked) if marked.keeps else None)
        new.points += copy.points
        session.add(copy)
    for page in session.scalars(select(Feedback).where(Feedback.grading_id == old.id)):
        kept = {"html_sha": page.html_sha, "outputs_sha": page.outputs_sha}
        session.add(Feedback(grading_id=new.id, **kept))
    for said in session.scalars(select(CodeQuality).where(CodeQuality.grading_id == old.id)):
        session.add(CodeQuality(grading_id=new.id, exercise=said.exercise, findings=said.findings))
    session.flush()


def keep_page(session: Session, submission_id: int, html: bytes) -> None:
    """Let this be the feedback page of the newest grading."""
    grading = newest(session, submission_id)
    page = session.get(Feedback, grading.id)
    if page is None:
        session.add(Feedback(grading_id=grading.id, html_sha=blobs.put(session, html)))
    else:
        page.html_sha = blobs.put(session, html)


def _give(
    score: Score, marked: Mark, chosen: Iterable[RubricItem], kept: Score | None = None
) -> None:
    """`kept` is what the mark adds to."""
    reasons = list(chosen)
    points = sum(item.points for item in reasons) + marked.adjustment
    points += kept.points if kept else 0.0
    score.points = min(max(points, 0.0), score.max_points) + marked.extra_credit
    whole = score.points >= score.max_points
    score.status = "passed" if whole else "partial" if score.points else "failed"
    words = [kept.message if kept else "", *(item.label for item in reasons), marked.comment]
    score.message = "\n".join(word for word in words if word).strip()
