"""A quiz from the bank as one person gets it: what they are asked, and what they may know."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from coursewright.grader import bank_quizzes as grader
from coursewright.grader.bank_quizzes import places
from coursewright.grader.quizzes import Answer, mark, solution
from coursewright.records import bank_attempts, bank_quizzes, courses, releases
from coursewright.records.bank_attempts import Seat
from coursewright.records.course import Kind, Question
from coursewright.records.errors import CoursewrightError, NotFound
from coursewright.records.tables import BankAttempt
from coursewright.services.quiz_standing import Asked, Reason, Result


@dataclass(frozen=True)
class Open:
    """A question with what has been answered so far."""

    key: str
    kind: Kind
    prompt: str
    code: str
    options: list[str]
    points: float
    answer: Answer


@dataclass(frozen=True)
class Running:
    """The attempt that is open; `seconds_left` is None where nothing ends it."""

    attempt: int
    started_at: datetime
    deadline: datetime | None
    seconds_left: float | None
    saved_at: datetime | None
    questions: list[Open]


@dataclass(frozen=True)
class Tried:
    """An attempt that was handed in; `results` is None until they are told."""

    attempt: int
    started_at: datetime
    submitted_at: datetime
    by_time: bool
    points: float | None
    max_points: float
    results: list[Result] | None
    questions: list[Asked]


@dataclass(frozen=True)
class Standing:
    """`allowed` and `left` are None for those who teach; `closed` says why none can be begun.

    `extra_minutes` of the `minutes` are the person's own (records/accommodations.py).
    """

    key: str
    title: str
    lesson: str | None
    state: str
    asks: int
    minutes: int | None
    extra_minutes: int
    allowed: int | None
    left: int | None
    opens_at: datetime | None
    closes_at: datetime | None
    zone: str
    closed: str | None
    told: str
    best: float | None
    running: Running | None
    tries: list[Tried]


def every(session: Session, person: str, course: str) -> list[Standing]:
    """All quizzes that the person may see, without their questions. Raises NotFound."""
    role = courses.role_of(session, person, course)
    if role is None:
        raise NotFound(f"There is no course {course!r} here, or you are not enrolled in it")
    found = bank_quizzes.listed(session, course, everything=role != "student")
    return [one(session, person, course, quiz.key, full=False) for quiz in found]


def one(session: Session, person: str, course: str, key: str, *, full: bool = True) -> Standing:
    """One quiz; an attempt whose time is over is handed in first. Raises NotFound."""
    return of(session, bank_attempts.seat(session, person, course, key), full=full)


def of(session: Session, at: Seat, *, full: bool = True) -> Standing:
    """The same for somebody who sits at it already."""
    rows = grader.settled(session, at)
    items = _items(session, at, rows) if full else []
    quiz, held = at.quiz, _held(session, at)
    done = [row for row in rows if row.submitted_at is not None]
    shares = [row.points / row.max_points for row in done if row.points and row.max_points]
    most = max((row.max_points for row in done), default=0.0)
    left = max(0, quiz.attempts - len(rows)) if at.counts else None
    told = not held and is_told(at, left)
    return Standing(
        key=quiz.key,
        title=quiz.title,
        lesson=quiz.lesson,
        state=quiz.state,
        asks=quiz.asks,
        minutes=quiz.minutes,
        extra_minutes=at.extra,
        allowed=quiz.attempts if at.counts else None,
        left=left,
        opens_at=quiz.opens_at,
        closes_at=quiz.closes_at,
        zone=quiz.zone,
        closed=_closed(session, at, len(rows)),
        told=quiz.told,
        best=round(max(shares, default=0.0) * most, 6) if done and not held else None,
        running=next((_running(at, *one) for one in items if one[0].submitted_at is None), None),
        tries=[
            _tried(at, *one, told=told, held=held)
            for one in items
            if one[0].submitted_at is not None
        ],
    )


def is_told(at: Seat, left: int | None) -> bool:
    """Whether right answers may be known by now, of attempts that were handed in."""
    # Nobody reads answers while somebody with more time is still at the quiz.
    over = at.over_at is not None and at.now >= at.over_at
    if not at.counts or at.quiz.told == "attempt":
        return True
    return over if at.quiz.told == "closed" else at.quiz.told == "last" and (left == 0 or over)


def seconds_left(row: BankAttempt, now: datetime) -> float | None:
    if row.deadline is None:
        return None
    return round(max(0.0, (row.deadline - now).total_seconds()), 1)


def _closed(session: Session, at: Seat, used: int) -> str | None:
    try:
        grader.refuse(session, at, used)
    except CoursewrightError as refusal:
        return str(refusal)
    return None


def _held(session: Session, at: Seat) -> bool:
    lesson = at.quiz.lesson
    if at.quiz.held and at.counts:
        return True
    return lesson is not None and releases.hides(session, at.person, at.course, lesson)


def _items(
    session: Session, at: Seat, rows: list[BankAttempt]
) -> list[tuple[BankAttempt, list[Question]]]:
    """Each attempt with its questions as the person sees them."""
    return [
        (row, grader.shown(row, quiz, shuffled=at.quiz.shuffled))
        for row, quiz in zip(rows, grader.asked(session, *rows), strict=True)
    ]


def _running(at: Seat, row: BankAttempt, items: list[Question]) -> Running:
    shuffled = at.quiz.shuffled
    found = []
    for item in items:
        asked = _asked(row, item, shuffled=shuffled)
        answer = _as_shown(row, item, row.answers.get(item.key), shuffled=shuffled)
        found.append(Open(**vars(asked), answer=answer))
    left = seconds_left(row, at.now)
    return Running(row.attempt, row.started_at, row.deadline, left, row.saved_at, found)


def _tried(at: Seat, row: BankAttempt, items: list[Question], *, told: bool, held: bool) -> Tried:
    assert row.submitted_at is not None
    shuffled = at.quiz.shuffled
    return Tried(
        attempt=row.attempt,
        started_at=row.started_at,
        submitted_at=row.submitted_at,
        by_time=row.by_time,
        points=None if held else row.points,
        max_points=row.max_points,
        results=list(_results(row, items, row.answers, shuffled=shuffled)) if told else None,
        questions=[_asked(row, item, shuffled=shuffled) for item in items],
    )


def _asked(row: BankAttempt, item: Question, *, shuffled: bool) -> Asked:
    options = [item.options[n].text for n in places(row, item, shuffled=shuffled)]
    return Asked(item.key, item.kind, item.prompt, item.code, options, item.points)


def _as_shown(row: BankAttempt, item: Question, answer: Answer, *, shuffled: bool) -> Answer:
    order = places(row, item, shuffled=shuffled)
    if isinstance(answer, list):
        moved = [order.index(place) for place in answer]
        return moved if item.kind == "ordering" else sorted(moved)
    return order.index(answer) if isinstance(answer, int) else answer


def _results(
    row: BankAttempt, items: list[Question], answers: Mapping[str, Answer], *, shuffled: bool
) -> Iterator[Result]:
    for item in items:
        answer = answers.get(item.key)
        marked = mark(item, answer)
        order = places(row, item, shuffled=shuffled)
        yield Result(
            key=item.key,
            answer=_as_shown(row, item, answer, shuffled=shuffled),
            answered=marked.answered,
            right=marked.right,
            points=marked.points,
            max_points=marked.max_points,
            explanation=item.explanation,
            reasons=[
                Reason(place, item.options[written].why)
                for place, written in enumerate(order)
                if item.options[written].why
            ],
            solution=_as_shown(row, item, solution(item), shuffled=shuffled),
        )
