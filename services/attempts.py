"""An attempt as it is shown: with what it counts by the dates, and with its feedback."""

from __future__ import annotations

from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from coursewright.grader import feedback, feedback_notebook
from coursewright.grader.deadlines import lateness
from coursewright.grader.recall import recall
from coursewright.records import blobs, courses, deadlines, gradebook, releases
from coursewright.records.errors import NotFound
from coursewright.records.gradebook import Attempt, Reach, Whose
from coursewright.records.tables import Submission
from coursewright.services.progress import Late
from coursewright.services.scopes import STAFF


@dataclass(frozen=True)
class Counted(Attempt):
    """`points` are what counts, with the dates as they are now; `raw_points` are the grader's.

    `late` says why the two differ.
    """

    raw_points: float | None = None
    late: Late | None = None


def standing(session: Session, person: str, course: str, lesson: str) -> list[Counted]:
    """A person's attempts at a lesson, newest first. Raises NotFound when not enrolled."""
    attempts = gradebook.standing(session, person, course, lesson)
    if releases.hides(session, person, course, lesson):
        attempts = [held(attempt) for attempt in attempts]
    return [counted(session, attempt, person, course, lesson) for attempt in attempts]


def one(
    session: Session, viewer: str, submission_id: int, reach: Reach, request_id: str
) -> Counted:
    """One attempt, as far as `reach` goes. Raises NotFound."""
    attempt = gradebook.one(session, viewer, submission_id, reach, request_id)
    whose = gradebook.whose(session, submission_id)
    if whose.person == viewer and releases.hides(session, viewer, whose.course, whose.lesson):
        attempt = held(attempt)
    return counted(session, attempt, whose.person, whose.course, whose.lesson)


def held(attempt: Attempt) -> Attempt:
    """What a student sees of an attempt while the grades of its lesson are held back."""
    if attempt.state != "graded":
        return attempt
    return replace(attempt, state="held", points=None, max_points=None, mode=None, cells=())


def refuse_held(session: Session, viewer: str, whose: Whose) -> None:
    """Raises NotFound to a student while the grades of the lesson are held back."""
    if whose.person == viewer and releases.hides(session, viewer, whose.course, whose.lesson):
        raise NotFound(releases.NOT_YET)


def counted(session: Session, attempt: Attempt, person: str, course: str, lesson: str) -> Counted:
    bare = Counted(**vars(attempt), raw_points=attempt.points)
    if courses.role_of(session, person, course) in STAFF:
        return bare
    found = lateness(*deadlines.rules(session, course).of(person, lesson), attempt.received_at)
    if not found.days and found.accepted:
        return bare
    penalty = round(100 * (1 - found.factor), 6)
    points = None if attempt.points is None else round(attempt.points * found.factor, 6)
    late = Late(found.days, penalty, attempt.points, found.sentence)
    return Counted(**{**vars(bare), "points": points, "late": late})


def page(
    session: Session,
    viewer: str,
    submission_id: int,
    reach: Reach,
    request_id: str | None = None,
    *,
    prefix: str = "",
) -> bytes:
    """The feedback page, with what counts now and a link to the notebook (below `prefix`).

    Raises NotFound, also until there is one.
    """
    html = gradebook.feedback(session, viewer, submission_id, reach, request_id)
    whose = gradebook.whose(session, submission_id)
    refuse_held(session, viewer, whose)
    attempt = gradebook.standing_of(session, submission_id)
    seen = counted(session, attempt, whose.person, whose.course, whose.lesson)
    link = f"{prefix}submissions/{submission_id}/feedback.ipynb"
    learns = courses.role_of(session, viewer, whose.course) == "student"
    asks = learns and whose.person == viewer and bool(prefix) and attempt.state == "graded"
    ask = f"{prefix}courses/{whose.course}/submissions/{submission_id}/ask" if asks else ""
    cells = [cell.grade_id for cell in attempt.cells]
    return feedback.placed(html, late=sentence(seen), notebook=link, ask=ask, cells=cells)


def newest_page(session: Session, person: str, course: str, lesson: str, prefix: str) -> bytes:
    """The page of one's newest graded attempt. Raises NotFound when none has been graded."""
    for attempt in gradebook.standing(session, person, course, lesson):
        if attempt.state == "graded":
            return page(session, person, attempt.id, "own", prefix=prefix)
    raise NotFound("There is no feedback yet; it comes with the score")


def notebook(
    session: Session, viewer: str, submission_id: int, reach: Reach, request_id: str
) -> tuple[str, bytes]:
    """The feedback as a notebook, and a name for its file. Raises NotFound."""
    whose = gradebook.see(
        session, viewer, submission_id, reach, part="feedback", request_id=request_id
    )
    refuse_held(session, viewer, whose)
    work, result = recall(session, submission_id)
    name = f"{whose.lesson}-{whose.attempt}-feedback.ipynb"
    return name, feedback_notebook.render(work.lesson, work.notebook, result)


def handed_in(
    session: Session, viewer: str, submission_id: int, reach: Reach, request_id: str
) -> tuple[str, bytes]:
    """The notebook as it was handed in, and a name for its file. Raises NotFound."""
    whose = gradebook.see(
        session, viewer, submission_id, reach, part="notebook", request_id=request_id
    )
    row = session.get_one(Submission, submission_id)
    return f"{whose.lesson}-{whose.attempt}.ipynb", blobs.get(session, row.notebook_sha)


def sentence(attempt: Counted) -> str:
    """What a late attempt counts."""
    if attempt.late is None or attempt.points is None or attempt.max_points is None:
        return ""
    return f"{attempt.late.sentence}: {attempt.points:g} of {attempt.max_points:g} points count."
