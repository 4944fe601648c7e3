"""Quizzes made from a course's bank: what they are made of, when they are open, how often."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, and_, func, select
from sqlalchemy.orm import Session

from coursewright.records import courses, events
from coursewright.records.bank import asks_about
from coursewright.records.bank_tables import QUIZ_STATES, TOLD, BankAttempt, BankQuestion, BankQuiz
from coursewright.records.course import KEY, MOST_ATTEMPTS
from coursewright.records.errors import Conflict, Invalid, NotFound
from coursewright.records.policies import ExtraTime
from coursewright.records.tables import Accommodation, CourseRow

LONGEST_TITLE = 200
MOST_MINUTES = 7 * 24 * 60
MOST_PICKS = 100
MOST_QUESTIONS = 200


@dataclass(frozen=True)
class Pick:
    """One question, or `count` questions about a concept, drawn for each attempt."""

    question: int | None = None
    concept: str | None = None
    count: int = 1

    def to_json(self) -> dict[str, Any]:
        if self.question is not None:
            return {"question": self.question}
        return {"concept": self.concept, "count": self.count}


@dataclass(frozen=True)
class Quiz:
    """A quiz with its settings; `id` and `version` are 0 for one that is yet to be made.

    While it is `held` its students do not see their results (see records/quiz_releases.py).

    `minutes` None is no limit of time; `told` says when right answers are. Times are shown in the
    `zone`.
    """

    key: str
    title: str
    lesson: str | None = None
    state: str = "draft"
    picks: tuple[Pick, ...] = ()
    minutes: int | None = None
    attempts: int = 1
    shuffled: bool = True
    told: str = "last"
    opens_at: datetime | None = None
    closes_at: datetime | None = None
    zone: str = "UTC"
    id: int = 0
    version: int = 0
    held: bool = False

    @property
    def asks(self) -> int:
        """How many questions an attempt has."""
        return sum(pick.count for pick in self.picks)


COLUMNS = (
    "title", "lesson", "state", "minutes", "attempts", "shuffled", "told", "opens_at", "closes_at",
    "zone",
)  # fmt: skip


def listed(session: Session, course: str, *, everything: bool = False) -> list[Quiz]:
    """By title; drafts and archived ones only with `everything`. Raises NotFound."""
    query = select(BankQuiz).where(BankQuiz.course_id == course_id(session, course))
    if not everything:
        query = query.where(BankQuiz.state == "open")
    return [read(row) for row in session.scalars(query.order_by(BankQuiz.title, BankQuiz.key))]


def one(session: Session, course: str, key: str, *, lock: bool = False) -> Quiz:
    """In whatever state. Raises NotFound."""
    return read(_row(session, course, key, lock=lock))


def add(session: Session, by: str, course: str, quiz: Quiz, request_id: str | None = None) -> Quiz:
    """Raises NotFound, Invalid, and Conflict when the course has a quiz of this key."""
    number = course_id(session, course, lock=True)
    check(session, course, quiz)
    if session.scalar(select(BankQuiz.id).filter_by(course_id=number, key=quiz.key)) is not None:
        raise Conflict(f"The course has a quiz {quiz.key!r} already. Choose another key")
    row = BankQuiz(course_id=number, key=quiz.key, picks=[], version=1)
    _write(row, quiz)
    session.add(row)
    session.flush()
    _tell(session, by, (course, quiz), "made", request_id)
    return read(row)


def change(
    session: Session, by: str, course: str, quiz: Quiz, request_id: str | None = None
) -> Quiz:
    """Write the settings; attempts under way get the new times at once.

    Raises NotFound, Invalid, and Conflict when somebody changed it since `quiz.version`.
    """
    row = _row(session, course, quiz.key, lock=True)
    check(session, course, quiz)
    if quiz.version and quiz.version != row.version:
        raise Conflict(
            "Somebody has changed this quiz since you opened it. Nothing of yours was kept: load "
            "it again, and repeat your change"
        )
    changed = replace(quiz, id=row.id, version=row.version, held=row.held) != read(row)
    if changed:
        _write(row, quiz)
        row.version += 1
        session.flush()
        move_deadlines(session, row.course_id, quiz=row.id)
        _tell(session, by, (course, quiz), "changed", request_id)
    return read(row)


def check(session: Session, course: str, quiz: Quiz) -> None:
    """Raises Invalid with what to mend, also for questions that the bank does not have."""
    if not KEY.match(quiz.key) or len(quiz.key) > LONGEST_TITLE:
        raise Invalid("The key of a quiz is lower-case letters, digits and single hyphens")
    if not 0 < len(quiz.title.strip()) <= LONGEST_TITLE:
        raise Invalid(f"A quiz has a title of up to {LONGEST_TITLE} characters")
    if quiz.state not in QUIZ_STATES or quiz.told not in TOLD:
        raise Invalid(f"States are {', '.join(QUIZ_STATES)}; answers are told {', '.join(TOLD)}")
    if quiz.minutes is not None and not 1 <= quiz.minutes <= MOST_MINUTES:
        raise Invalid(f"The time is 1 to {MOST_MINUTES} minutes, or no limit")
    if not 1 <= quiz.attempts <= MOST_ATTEMPTS:
        raise Invalid(f"A quiz allows 1 to {MOST_ATTEMPTS} attempts")
    if quiz.opens_at and quiz.closes_at and quiz.opens_at >= quiz.closes_at:
        raise Invalid("The quiz would close before it opens")
    if quiz.told == "closed" and quiz.closes_at is None:
        raise Invalid("Right answers are to be told when the quiz has closed: say when that is")
    if quiz.lesson is not None:
        version = courses.current_version(session, course).id
        courses.source_lesson(session, version, quiz.lesson)
    _check_picks(session, course, quiz)


def pool(session: Session, course: str, concept: str) -> list[int]:
    """The course's questions about a concept that can be drawn, by number."""
    query = _bank(course).where(asks_about(concept), ~BankQuestion.archived)
    return list(session.scalars(query.order_by(BankQuestion.id)))


def newest(session: Session, course: str, numbers: Sequence[int]) -> dict[int, int]:
    """The newest versions of those of these questions that are in the course's bank."""
    query = _bank(course).add_columns(BankQuestion.number).where(BankQuestion.id.in_(numbers))
    return {number: version for number, version in session.execute(query)}


def picks(data: Sequence[Mapping[str, Any]]) -> tuple[Pick, ...]:
    return tuple(Pick(**one) for one in data)


def course_id(session: Session, key: str, *, lock: bool = False) -> int:
    """Raises NotFound."""
    query = select(CourseRow.id).where(CourseRow.key == key)
    found = session.scalar(query.with_for_update(key_share=True) if lock else query)
    if found is None:
        raise NotFound(f"There is no course {key!r}")
    return found


def _bank(course: str) -> Select[int]:
    """The numbers of the questions of the course's own."""
    of_course = and_(CourseRow.id == BankQuestion.course_id, CourseRow.key == course)
    return select(BankQuestion.id).join(CourseRow, of_course)


def _check_picks(session: Session, course: str, quiz: Quiz) -> None:
    if len(quiz.picks) > MOST_PICKS or quiz.asks > MOST_QUESTIONS:
        raise Invalid(f"A quiz has up to {MOST_PICKS} picks and {MOST_QUESTIONS} questions")
    if quiz.state == "open" and not quiz.picks:
        raise Invalid("A quiz without questions cannot be opened. Pick some first")
    fixed = [pick.question for pick in quiz.picks if pick.question is not None]
    missing = set(fixed) - newest(session, course, fixed).keys()
    if missing:
        raise Invalid(f"The course's bank has no question {min(missing)}")
    if len(set(fixed)) < len(fixed):
        raise Invalid("A question is picked twice")
    taken = set(fixed)
    for pick in quiz.picks:
        if pick.concept is not None:
            free = [one for one in pool(session, course, pick.concept) if one not in taken]
            if not 1 <= pick.count <= len(free):
                raise Invalid(
                    f"The bank has {len(free)} more questions about {pick.concept!r}; "
                    f"{pick.count} cannot be drawn from them"
                )
            # However the draws of other picks fall, enough must be left for each.
            taken |= set(free[: pick.count])


def move_deadlines(session: Session, course: int, **which: int) -> None:
    """Give attempts under way in a course (its row) the times that hold now.

    `which` of them: those at a `quiz` (its row), or of a `person` (theirs).
    """
    running = (
        select(BankAttempt, BankQuiz)
        .join(BankQuiz, BankQuiz.id == BankAttempt.quiz_id)
        .where(BankQuiz.course_id == course)
        .where(BankAttempt.submitted_at.is_(None), BankAttempt.counts)
        .order_by(BankAttempt.person_id, BankAttempt.id)
    )
    if "quiz" in which:
        running = running.where(BankAttempt.quiz_id == which["quiz"])
    if "person" in which:
        running = running.where(BankAttempt.person_id == which["person"])
    times = extra_times(session, course)
    for row, quiz in session.execute(running.with_for_update(of=BankAttempt)):
        own = extended(read(quiz), times.get(row.person_id))
        row.deadline = deadline(own, row.started_at)
    session.flush()


def extra_times(session: Session, course: int) -> dict[int, ExtraTime]:
    """Who has more time in the course's timed quizzes, by person (their rows)."""
    rows = session.execute(
        select(Accommodation.person_id, Accommodation.factor, Accommodation.minutes).where(
            Accommodation.course_id == course
        )
    )
    return {person: ExtraTime(factor, minutes) for person, factor, minutes in rows}


def extended(quiz: Quiz, extra: ExtraTime | None) -> Quiz:
    """The quiz as it holds for somebody with more time: it closes as much later.

    Otherwise nobody could use their time in a quiz that is open for as long as it takes.
    """
    if extra is None or quiz.minutes is None:
        return quiz
    more = extra.beyond(quiz.minutes)
    closes = quiz.closes_at and quiz.closes_at + timedelta(minutes=more)
    return replace(quiz, minutes=quiz.minutes + more, closes_at=closes)


def deadline(quiz: Quiz, started_at: datetime) -> datetime | None:
    """When an attempt that began then is over: its time is up, or the quiz closes."""
    limits = [quiz.closes_at] if quiz.closes_at else []
    if quiz.minutes is not None:
        limits.append(started_at + timedelta(minutes=quiz.minutes))
    return min(limits, default=None)


def now(session: Session) -> datetime:
    """The database's time."""
    return session.scalars(select(func.now())).one()


def _write(row: BankQuiz, quiz: Quiz) -> None:
    for name in COLUMNS:
        setattr(row, name, getattr(quiz, name))
    row.picks = [pick.to_json() for pick in quiz.picks]


def read(row: BankQuiz) -> Quiz:
    kept = (*COLUMNS, "id", "version", "held")
    about = {name: getattr(row, name) for name in kept}
    return Quiz(key=row.key, **about, picks=picks(row.picks))


def _row(session: Session, course: str, key: str, *, lock: bool = False) -> BankQuiz:
    query = (
        select(BankQuiz)
        .join(CourseRow, CourseRow.id == BankQuiz.course_id)
        .where(CourseRow.key == course, BankQuiz.key == key)
    )
    if lock:
        query = query.with_for_update(of=BankQuiz)
    found = session.scalars(query.execution_options(populate_existing=True)).one_or_none()
    if found is None:
        raise NotFound(f"This course has no quiz {key[:80]!r}")
    return found


def _tell(
    session: Session, by: str, about: tuple[str, Quiz], act: str, request_id: str | None
) -> None:
    course, quiz = about
    detail = {"quiz": quiz.key, "state": quiz.state}
    events.record(
        session,
        f"audit.quiz.{act}",
        courses.person(session, by),
        course,
        detail=detail,
        request_id=request_id,
    )
