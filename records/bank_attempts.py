"""Attempts at quizzes from the bank: opened once, kept as they go, handed in once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from coursewright.records import bank_quizzes, events
from coursewright.records.bank_quizzes import Quiz
from coursewright.records.bank_tables import BankAnswer, BankAttempt, BankQuiz
from coursewright.records.errors import Conflict, Invalid, NotFound
from coursewright.records.quizzes import KEY_LENGTHS
from coursewright.records.tables import CourseRow, Enrolment, Person

# An answer that was on its way when the time ended still counts.
GRACE = timedelta(seconds=10)


@dataclass(frozen=True)
class Seat:
    """Somebody at a quiz; `counts` is False for those who teach the course.

    The `quiz` is as it holds for them, with more time if they have it: `extra` minutes.
    `over_at`: when it closes for the last of those who have more time.
    `rows` are held on to, so that nothing of the transaction has to read them again.
    """

    person_id: int
    person: str
    course_id: int
    course: str
    quiz: Quiz
    counts: bool
    now: datetime
    rows: tuple[Person, CourseRow, BankQuiz] = field(repr=False, compare=False)
    extra: int = 0
    over_at: datetime | None = None


@dataclass(frozen=True)
class Answered:
    """One question of an attempt that was handed in, and what its answer is worth."""

    question: int
    version: int
    answer: Any
    points: float
    max_points: float


@dataclass(frozen=True)
class Line:
    """An attempt in the list of all of a quiz."""

    person: str
    display_name: str
    attempt: int
    started_at: datetime
    submitted_at: datetime | None
    by_time: bool
    points: float | None
    max_points: float


def seat(session: Session, person: str, course: str, key: str, *, lock: bool = False) -> Seat:
    """With `lock`, what the person does at quizzes comes one after the other until the commit.

    Raises NotFound, also to those who are not enrolled, and to students while it is a draft.
    """
    query = (
        select(Person, CourseRow, BankQuiz, Enrolment.role, func.now())
        .join(Enrolment, Enrolment.person_id == Person.id)
        .join(CourseRow, CourseRow.id == Enrolment.course_id)
        .outerjoin(BankQuiz, and_(BankQuiz.course_id == CourseRow.id, BankQuiz.key == key))
        .where(Person.name == person, CourseRow.key == course)
        .execution_options(populate_existing=True)
    )
    if lock:
        query = query.with_for_update(key_share=True, of=Person)
    found = session.execute(query).one_or_none()
    if found is None:
        raise NotFound(f"There is no course {course!r} here, or you are not enrolled in it")
    someone, place, row, role, moment = found
    counts = role == "student"
    if row is None or (counts and row.state == "draft"):
        raise NotFound(f"This course has no quiz {key[:80]!r}")
    quiz = bank_quizzes.read(row)
    times = bank_quizzes.extra_times(session, place.id) if quiz.minutes is not None else {}
    own = bank_quizzes.extended(quiz, times.get(someone.id))
    closings = [bank_quizzes.extended(quiz, extra).closes_at for extra in (None, *times.values())]
    return Seat(
        someone.id,
        person,
        place.id,
        course,
        own,
        counts,
        moment,
        (someone, place, row),
        (own.minutes or 0) - (quiz.minutes or 0),
        max((at for at in closings if at is not None), default=None),
    )


def earlier(session: Session, at: Seat, key: str) -> BankAttempt | None:
    """The attempt that this key opened before. Raises Invalid, and Conflict for another quiz's."""
    if len(key) not in KEY_LENGTHS:
        raise Invalid("The Idempotency-Key must have 8 to 200 characters")
    query = select(BankAttempt).filter_by(person_id=at.person_id, idempotency_key=key)
    row = session.scalars(query).one_or_none()
    if row is not None and row.quiz_id != at.quiz.id:
        raise Conflict("This Idempotency-Key was used for another quiz. Send a new key")
    return row


def mine(session: Session, at: Seat) -> list[BankAttempt]:
    """The person's attempts, first to last; a student's that count."""
    query = select(BankAttempt).filter_by(quiz_id=at.quiz.id, person_id=at.person_id)
    if at.counts:
        query = query.where(BankAttempt.counts)
    query = query.order_by(BankAttempt.attempt).execution_options(populate_existing=True)
    return list(session.scalars(query))


def one(session: Session, at: Seat, attempt: int, *, lock: bool = False) -> BankAttempt:
    """The person's own of this number. Raises NotFound."""
    query = select(BankAttempt).filter_by(
        quiz_id=at.quiz.id, person_id=at.person_id, attempt=attempt
    )
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    row = session.scalars(query).one_or_none()
    if row is None:
        raise NotFound(f"You have no attempt {attempt} at this quiz")
    return row


def add(
    session: Session,
    at: Seat,
    key: str,
    drawn: tuple[str, Sequence[tuple[int, int]]],
    *,
    concepts: Iterable[str],
    max_points: float,
) -> BankAttempt:
    """Open an attempt; `drawn` are the seed and what came of it. The seat is locked."""
    query = select(func.max(BankAttempt.attempt))
    last = session.scalar(query.filter_by(quiz_id=at.quiz.id, person_id=at.person_id))
    seed, questions = drawn
    row = BankAttempt(
        quiz_id=at.quiz.id,
        person_id=at.person_id,
        attempt=(last or 0) + 1,
        seed=seed,
        questions=[list(pair) for pair in questions],
        concepts=sorted(set(concepts)),
        counts=at.counts,
        idempotency_key=key,
        started_at=at.now,
        # Who teaches the course may try a quiz that has closed.
        deadline=bank_quizzes.deadline(
            at.quiz if at.counts else replace(at.quiz, closes_at=None), at.now
        ),
        answers={},
        spent={},
        by_time=False,
        max_points=max_points,
    )
    session.add(row)
    session.flush()
    detail = {"quiz": at.quiz.key, "attempt": row.attempt, "counts": at.counts}
    events.record(session, "quiz.started", at.rows[0], at.course, detail=detail)
    return row


def keep(
    row: BankAttempt, answers: Mapping[str, Any], spent: Mapping[str, float], at: Seat
) -> None:
    """What has been answered so far, in an attempt that is locked."""
    row.answers = {**row.answers, **answers}
    row.spent = {**row.spent, **spent}
    row.saved_at = at.now


def close(
    session: Session,
    row: BankAttempt,
    answered: Sequence[Answered],
    now: datetime,
    *,
    by_time: bool,
) -> None:
    """Hand in an attempt that is locked and open, with the event of it."""
    row.points = round(sum(one.points for one in answered), 6)
    row.by_time = by_time
    row.submitted_at = min(now, row.deadline) if by_time and row.deadline else now
    session.flush()
    session.execute(
        insert(BankAnswer),
        [
            {
                "attempt_id": row.id,
                "question_id": one.question,
                "number": one.version,
                "answer": one.answer,
                "points": one.points,
                "max_points": one.max_points,
                "seconds": row.spent.get(f"q{one.question}"),
            }
            for one in answered
        ],
    )
    quiz = session.get_one(BankQuiz, row.quiz_id)
    course = session.get_one(CourseRow, quiz.course_id)
    detail = {
        "quiz": quiz.key,
        "attempt": row.attempt,
        "points": row.points,
        "max_points": row.max_points,
        "counts": row.counts,
        "by_time": by_time,
    }
    about = f"{course.key}/{quiz.lesson}" if quiz.lesson else course.key
    events.record(session, "quiz.answered", session.get_one(Person, row.person_id), about,
                  detail=detail)  # fmt: skip


def overdue(session: Session, **which: int) -> list[int]:
    """The attempts whose time is over, by number: of the `quiz_id`, `person_id` or `id` alone.

    Whoever locks several does so in this order, so that two never wait for each other.
    """
    query = select(BankAttempt.id).filter_by(**which)
    query = query.where(
        BankAttempt.submitted_at.is_(None), BankAttempt.deadline + GRACE < func.now()
    )
    return list(session.scalars(query.order_by(BankAttempt.person_id, BankAttempt.id)))


def claim(session: Session, number: int) -> BankAttempt | None:
    """An open attempt, locked after its person; None when it was handed in meanwhile."""
    whose = select(BankAttempt.person_id).filter_by(id=number).scalar_subquery()
    session.execute(
        select(Person.id).where(Person.id == whose).with_for_update(key_share=True, of=Person)
    )
    query = select(BankAttempt).filter_by(id=number, submitted_at=None).with_for_update()
    return session.scalars(query.execution_options(populate_existing=True)).one_or_none()


def lines(session: Session, course: str, key: str) -> list[Line]:
    """Students' attempts at a quiz, by person. Raises NotFound."""
    quiz = bank_quizzes.one(session, course, key)
    rows = session.execute(
        select(Person.name, Person.display_name, BankAttempt)
        .join(BankAttempt, BankAttempt.person_id == Person.id)
        .where(BankAttempt.quiz_id == quiz.id, BankAttempt.counts)
        .order_by(Person.display_name, Person.name, BankAttempt.attempt)
    )
    return [
        Line(
            name,
            shown,
            row.attempt,
            row.started_at,
            row.submitted_at,
            row.by_time,
            row.points,
            row.max_points,
        )
        for name, shown, row in rows
    ]


def course_of(session: Session, row: BankAttempt) -> int:
    return session.get_one(BankQuiz, row.quiz_id).course_id
