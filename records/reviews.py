"""Reviews of drafts: somebody sends one, somebody else approves it or gives it back.

    waiting ─► approved    it is the course's next version
       ├─────► returned    with what is to be mended
       └─────► withdrawn   by whoever sent it

What is sent is put to every gate, and approving is publishing: it needs the check's end, and a
reason where that blocks (records/authoring.py).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, aliased

from coursewright.records import authoring, checks, courses, drafts, events, lifecycle
from coursewright.records.authoring import Publication, Rights
from coursewright.records.documents import documents
from coursewright.records.errors import Conflict, Denied, Invalid, NotFound
from coursewright.records.tables import (
    CourseDraft,
    CourseReview,
    CourseRow,
    CourseVersion,
    Person,
)

DECISIONS = {"approve": "approved", "return": "returned", "withdraw": "withdrawn"}


@dataclass(frozen=True)
class Review:
    """A draft in review; `answer` is the reviewer's, `version` what was published of it."""

    id: int
    state: str
    message: str
    check: int
    asked_by: str
    asked_at: datetime
    reviewer: str | None
    answer: str
    settled_at: datetime | None
    version: int | None


@dataclass(frozen=True)
class Decision:
    """`act` is a key of DECISIONS; `despite`: why, although the check blocks."""

    act: str
    answer: str = ""
    despite: str | None = None


def listed(session: Session, course_key: str, limit: int | None = 20) -> list[Review]:
    """A course's reviews, the newest first; with `limit` None, all."""
    query = _reviews(course_key).order_by(CourseReview.id.desc()).limit(limit)
    return [_told(*row) for row in session.execute(query)]


def one(session: Session, course_key: str, number: int) -> Review:
    """Raises NotFound."""
    query = _reviews(course_key).where(CourseReview.id == number)
    found = session.execute(query).one_or_none()
    if found is None:
        raise NotFound(f"This course has no review {number}")
    return _told(*found)


def ask(
    session: Session, who: Rights, course_key: str, message: str, *, request_id: str | None = None
) -> Review:
    """Send the draft to review, and to the gates. Raises NotFound, Conflict and Invalid."""
    authoring.enter(session, who, course_key)
    course = lifecycle.locked(session, course_key)
    drafts.refuse_fixed(session, course)
    message = lifecycle.words(message, "Say in a message what is to be reviewed")
    draft = drafts.of(session, course_key)
    if draft is None:
        raise Conflict("This course has no draft. Import one, then send it to review")
    newest = _newest(session, course.id)
    if newest is not None and newest.document_sha == draft.sha:
        raise Conflict(f"The draft is what version {newest.number} is already")
    check, _ = checks.request(session, draft.course, who.person, request_id)
    sender = courses.person(session, who.person)
    row = CourseReview(
        course_id=course.id,
        document_sha=draft.sha,
        check_id=check,
        message=message,
        asked_by=sender.id,
    )
    session.add(row)
    if course.state == "draft":
        course.state = "in_review"
    session.flush()
    detail = {"review": row.id, "message": message, "document": draft.sha, "check": check}
    events.record(
        session, "audit.course.in_review", sender, course_key, detail=detail, request_id=request_id
    )
    return one(session, course_key, row.id)


def settle(
    session: Session,
    who: Rights,
    course_key: str,
    number: int,
    decision: Decision,
    *,
    request_id: str | None = None,
) -> Review:
    """Approve, return or withdraw. Raises NotFound, Denied, Invalid and Conflict."""
    authoring.enter(session, who, course_key)
    course = lifecycle.locked(session, course_key)
    review = one(session, course_key, number)
    if decision.act not in DECISIONS:
        raise Invalid(f"A review is settled by {', '.join(DECISIONS)}")
    if review.state != "waiting":
        raise Conflict(f"This review is settled already: {review.state}")
    _refuse_others(who, review, decision.act)
    wish = "Say what is to be mended" if decision.act == "return" else None
    answer = lifecycle.words(decision.answer, wish)
    row = session.get_one(CourseReview, number)
    if decision.act == "approve":
        row.version = _publish(session, who, row, decision.despite, request_id)
    elif course.state == "in_review":
        course.state = "draft"
    settler = courses.person(session, who.person)
    row.state, row.answer, row.reviewer = DECISIONS[decision.act], answer, settler.id
    row.settled_at = session.scalars(select(func.now())).one()
    session.flush()
    detail = {"review": row.id, "sender": review.asked_by, "message": answer}
    detail |= {"version": row.version} if row.version else {}
    events.record(
        session,
        f"audit.course.{row.state}",
        settler,
        course_key,
        detail=detail,
        request_id=request_id,
    )
    return one(session, course_key, number)


def _refuse_others(who: Rights, review: Review, act: str) -> None:
    """Raises Denied: nobody approves what they have sent themself, unless as administrator."""
    own = review.asked_by == who.person
    if act == "withdraw" and not (own or who.admin):
        raise Denied("Whoever sent a draft to review withdraws it. You can return it, and say why")
    if act != "withdraw" and own and not who.admin:
        raise Denied(
            "Somebody else must look at what you have sent: another instructor of the course, or "
            "an administrator. You can withdraw it"
        )


def _publish(
    session: Session,
    who: Rights,
    row: CourseReview,
    despite: str | None,
    request_id: str | None,
) -> int:
    """Publish what was sent, and forget the draft; the number of the version."""
    newest = _newest(session, row.course_id)
    if newest is not None and newest.published_at > row.asked_at:
        raise Conflict(
            f"Version {newest.number} was published after this was sent to review: "
            f"{newest.message}. Return it, so that its author takes that up; nothing was published"
        )
    document = documents.read(session, row.document_sha)
    wanted = Publication(document, row.message, row.check_id, despite)
    version = authoring.publish(session, who, wanted, request_id)
    draft = session.get(CourseDraft, row.course_id)
    if draft is not None and draft.document_sha == row.document_sha:
        session.delete(draft)
    return version.number


def _reviews(course_key: str) -> Select[CourseReview, str, str | None]:
    sender, reviewer = aliased(Person), aliased(Person)
    return (
        select(CourseReview, sender.name, reviewer.name)
        .join(CourseRow, CourseRow.id == CourseReview.course_id)
        .join(sender, sender.id == CourseReview.asked_by)
        .outerjoin(reviewer, reviewer.id == CourseReview.reviewer)
        .where(CourseRow.key == course_key)
        .execution_options(populate_existing=True)
    )


def _told(row: CourseReview, asked_by: str, reviewer: str | None) -> Review:
    return Review(
        row.id,
        row.state,
        row.message,
        row.check_id,
        asked_by,
        row.asked_at,
        reviewer,
        row.answer,
        row.settled_at,
        row.version,
    )


def _newest(session: Session, course_id: int) -> CourseVersion | None:
    return session.scalars(
        select(CourseVersion)
        .where(CourseVersion.course_id == course_id)
        .order_by(CourseVersion.number.desc())
        .limit(1)
    ).one_or_none()
