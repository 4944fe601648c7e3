"""Taking a quiz from the bank: drawn by chance, ended by the server's clock, marked once.

What was saved when the time ends is what counts. A worker hands it in then (`handle`); so does
whoever looks at the quiz first (`settle`), so that nothing waits for a worker.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session, sessionmaker

from coursewright.grader import reckoning
from coursewright.grader.admission import admit
from coursewright.grader.quizzes import Answer, as_written, checked, mark, option_order, order
from coursewright.records import bank, bank_attempts, bank_quizzes, jobs
from coursewright.records.bank_attempts import GRACE, Answered, Seat
from coursewright.records.bank_quizzes import Pick
from coursewright.records.course import Question, Quiz
from coursewright.records.errors import Conflict, Denied, Invalid
from coursewright.records.mastery import Touched
from coursewright.records.tables import BankAttempt

TIME_IS_OVER = (
    "The time of this attempt is over. What had been saved until then was handed in; what came "
    "after it does not count"
)


@dataclass(frozen=True)
class Kept:
    """What became of answers: `wrong` are sentences, by question, about those that are none.

    `late`: the time was over, so nothing was taken.
    """

    at: Seat
    row: BankAttempt
    wrong: Mapping[str, str]
    late: bool = False
    repeated: bool = False


def start(session: Session, person: str, course: str, key: str, sent: str) -> Kept:
    """Open an attempt, or find the one that is open, or that this key (`sent`) opened before.

    Raises NotFound, Denied while the quiz is not open, and Conflict when no attempt is left.
    """
    at = bank_attempts.seat(session, person, course, key, lock=True)
    rows = settled(session, at)
    before = bank_attempts.earlier(session, at, sent)
    if before is not None:
        return Kept(at, before, {}, repeated=True)
    for row in rows:
        if row.submitted_at is None:
            return Kept(at, row, {}, repeated=True)
    refuse(session, at, len(rows))
    seed = secrets.token_hex(8)
    drawn = draw(session, at.course, at.quiz.picks, seed)
    items = bank.questions(session, drawn).values()
    concepts = {name for item in items for name in item.concepts}
    points = sum(item.points for item in items)
    row = bank_attempts.add(session, at, sent, (seed, drawn), concepts=concepts, max_points=points)
    if row.deadline is not None:
        _wake(session, row)
    return Kept(at, row, {})


def refuse(session: Session, at: Seat, used: int) -> None:
    """Raises Denied and Conflict where a student may not begin another attempt now."""
    if not at.counts:
        return
    quiz = at.quiz
    if quiz.state != "open":
        raise Denied("This quiz takes no answers any more")
    if quiz.opens_at is not None and at.now < quiz.opens_at:
        raise Denied("This quiz is not open yet")
    if quiz.closes_at is not None and at.now >= quiz.closes_at:
        raise Denied("This quiz has closed")
    if used >= quiz.attempts:
        raise Conflict("All attempts at this quiz have been used")
    if quiz.lesson is not None:
        admit(session, at.person, at.course, quiz.lesson, 1)


def draw(session: Session, course: str, picks: Sequence[Pick], seed: str) -> list[tuple[int, int]]:
    """Questions with their newest versions, in the order of the picks; none twice.

    Raises Conflict when the bank has not enough of them any more.
    """
    found = [pick.question for pick in picks if pick.question is not None]
    drawn: list[int] = []
    for place, pick in enumerate(picks):
        if pick.question is not None:
            drawn.append(pick.question)
            continue
        taken = {*found, *drawn}
        free = [n for n in bank_quizzes.pool(session, course, pick.concept or "") if n not in taken]
        if len(free) < pick.count:
            raise Conflict(
                "The bank has not enough questions for this quiz any more. Tell your instructor"
            )
        drawn += [free[n] for n in order(f"{seed}/{place}", len(free))[: pick.count]]
    newest = bank_quizzes.newest(session, course, drawn)
    return [(number, newest[number]) for number in drawn if number in newest]


def asked(session: Session, *rows: BankAttempt) -> list[Quiz]:
    """The questions of each attempt as they were when it began, in the order of the picks."""
    drawn = [[(number, version) for number, version in row.questions] for row in rows]
    found = bank.versions(session, {pair for pairs in drawn for pair in pairs})
    return [
        Quiz(str(row.quiz_id), "", tuple(found[pair] for pair in pairs))
        for row, pairs in zip(rows, drawn, strict=True)
    ]


def shown(row: BankAttempt, quiz: Quiz, *, shuffled: bool) -> list[Question]:
    """The same in the order in which this person is asked."""
    if not shuffled:
        return list(quiz.questions)
    return [quiz.questions[n] for n in order(row.seed, len(quiz.questions))]


def places(row: BankAttempt, item: Question, *, shuffled: bool) -> list[int]:
    """By place among what the person sees, the author's place of an option."""
    if shuffled or item.kind == "ordering":
        return option_order(row.seed, item)
    return list(range(len(item.options)))


def save(  # noqa: PLR0917 (no two of them can be mistaken for each other)
    session: Session, person: str, course: str, key: str, attempt: int, answers: Mapping[str, Any]
) -> Kept:
    """Keep answers, with options as that person sees them; those left out stay as they were.

    Raises NotFound, Conflict when it was handed in, and Invalid for questions that it has not.
    """
    at = bank_attempts.seat(session, person, course, key, lock=True)
    row = bank_attempts.one(session, at, attempt, lock=True)
    return _keep(session, at, row, answers)[0]


def hand_in(  # noqa: PLR0917 (no two of them can be mistaken for each other)
    session: Session, person: str, course: str, key: str, attempt: int, answers: Mapping[str, Any]
) -> Kept:
    """Keep the answers and mark the attempt, once; a second time it is `repeated`.

    While one of them is no answer nothing is handed in, but the others are kept.
    """
    at = bank_attempts.seat(session, person, course, key, lock=True)
    row = bank_attempts.one(session, at, attempt, lock=True)
    if row.submitted_at is not None:
        return Kept(at, row, {}, repeated=True)
    kept, quiz = _keep(session, at, row, answers)
    if not kept.late and not kept.wrong:
        _close(session, row, quiz, at.now, by_time=False)
    return kept


def _keep(
    session: Session, at: Seat, row: BankAttempt, answers: Mapping[str, Any]
) -> tuple[Kept, Quiz]:
    """Raises Conflict and Invalid."""
    if row.submitted_at is not None and not row.by_time:
        raise Conflict("This attempt has been handed in. These answers were not counted")
    quiz = asked(session, row)[0]
    late = row.by_time or _is_over(row, at.now)
    if late:
        if not row.by_time:
            _close(session, row, quiz, at.now, by_time=True)
        return Kept(at, row, {}, late=True), quiz
    good, wrong = read(row, quiz, answers, shuffled=at.quiz.shuffled)
    if good:
        bank_attempts.keep(row, good, _spent(row, good, at.now), at)
    return Kept(at, row, wrong), quiz


def read(
    row: BankAttempt, quiz: Quiz, answers: Mapping[str, Any], *, shuffled: bool
) -> tuple[dict[str, Answer], dict[str, str]]:
    """By question, the answers with the author's places, and sentences about what is none.

    Raises Invalid for a question that the attempt does not have.
    """
    items = {item.key: item for item in quiz.questions}
    unknown = sorted(answers.keys() - items.keys())
    if unknown:
        raise Invalid(f"This attempt has no question {unknown[0][:80]!r}; nothing was kept")
    good: dict[str, Answer] = {}
    wrong: dict[str, str] = {}
    for key, answer in answers.items():
        alone = Quiz(quiz.key, "", (items[key],))
        try:
            one = checked(alone, {key: answer})
        except Invalid as error:
            wrong[key] = str(error)
            continue
        moved = shuffled or items[key].kind == "ordering"
        good[key] = (as_written(row.seed, alone, one) if moved else one)[key]
    return good, wrong


def settle(session: Session, **which: int) -> int:
    """Hand in what was saved in attempts whose time is over; how many there were.

    `which` of them: those of a `quiz_id`, of a `person_id`, or the one with this `id`.
    """
    closed = 0
    for one in bank_attempts.overdue(session, **which):
        row = bank_attempts.claim(session, one)
        if row is not None:
            _close(session, row, asked(session, row)[0], bank_quizzes.now(session), by_time=True)
            closed += 1
    return closed


def settled(session: Session, at: Seat) -> list[BankAttempt]:
    """The person's attempts, first to last; those whose time is over were handed in first."""
    rows = bank_attempts.mine(session, at)
    if any(row.submitted_at is None and _is_over(row, at.now) for row in rows):
        settle(session, quiz_id=at.quiz.id, person_id=at.person_id)
        rows = bank_attempts.mine(session, at)
    return rows


def handle(attempt_id: int, sessions: sessionmaker[Session]) -> None:
    """A worker's part: once an attempt's time is over. A later deadline has it asked again."""
    with sessions.begin() as session:
        if settle(session, id=attempt_id):
            return
        row = bank_attempts.claim(session, attempt_id)
        if row is not None and row.deadline is not None:
            _wake(session, row)


def _wake(session: Session, row: BankAttempt) -> None:
    assert row.deadline is not None
    when = row.deadline + GRACE * 1.1
    jobs.enqueue(session, "grade", task="quiz", at=when, attempt_id=row.id)


def _is_over(row: BankAttempt, now: datetime) -> bool:
    return row.deadline is not None and now > row.deadline + GRACE


def _spent(row: BankAttempt, good: Mapping[str, Answer], now: datetime) -> dict[str, float]:
    """Seconds since the last save, for the one question whose answer has changed since."""
    changed = [key for key, answer in good.items() if row.answers.get(key) != answer]
    if len(changed) != 1:
        return {}
    since = (now - (row.saved_at or row.started_at)).total_seconds()
    return {changed[0]: round(row.spent.get(changed[0], 0.0) + max(0.0, since), 1)}


def _close(session: Session, row: BankAttempt, quiz: Quiz, now: datetime, *, by_time: bool) -> None:
    versions = {number: version for number, version in row.questions}
    answered = []
    for item in quiz.questions:
        number = int(item.key.removeprefix("q"))
        answer = row.answers.get(item.key)
        marked = mark(item, answer)
        answered.append(
            Answered(number, versions[number], answer, marked.points, marked.max_points)
        )
    bank_attempts.close(session, row, answered, now, by_time=by_time)
    if row.counts:
        course = bank_attempts.course_of(session, row)
        about = Touched(row.person_id, course, tuple(row.concepts))
        reckoning.refresh(session, about, {"quiz": row.quiz_id, "attempt": row.attempt})
