"""A quiz as one person gets it: in their own order, with what they may know of their answers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from coursewright.grader import answering
from coursewright.grader.answering import Sent
from coursewright.grader.quizzes import Answer, as_shown, mark, option_order, order, solution
from coursewright.records import courses, quizzes, releases
from coursewright.records.course import Kind, Question, Quiz
from coursewright.records.quizzes import Place, Tried


@dataclass(frozen=True)
class Asked:
    """A question with its options as this person sees them."""

    key: str
    kind: Kind
    prompt: str
    code: str
    options: list[str]
    points: float


@dataclass(frozen=True)
class Try:
    """`points` are None while the grades of the lesson are held back."""

    attempt: int
    submitted_at: datetime
    points: float | None
    max_points: float


@dataclass(frozen=True)
class Reason:
    """What the author says about an option, by its place among those shown."""

    option: int
    text: str


@dataclass(frozen=True)
class Result:
    """What became of an answer; `solution` is None while it is not to be known."""

    key: str
    answer: Answer
    answered: bool
    right: bool
    points: float
    max_points: float
    explanation: str
    reasons: list[Reason]
    solution: Answer


@dataclass(frozen=True)
class Standing:
    """`allowed` and `left` are None for those whose attempts do not count.

    `best` counts (in `max_points`); `closed` says why no more answers are taken; `results` are the
    newest attempt's, for the questions that stand as they were then. While the grades of the
    lesson are `held` back, nothing of this is told to its students.
    """

    key: str
    title: str
    questions: list[Asked]
    allowed: int | None
    left: int | None
    closed: str | None
    best: float | None
    max_points: float
    tries: list[Try]
    results: list[Result]
    held: bool


@dataclass(frozen=True)
class Lesson:
    lesson: str
    version: int
    quizzes: list[Standing]


@dataclass(frozen=True)
class Receipt:
    """Proof that answers were taken in; `repeated` when their key had brought them before."""

    attempt: int
    submitted_at: datetime
    points: float | None
    max_points: float
    repeated: bool
    version: int
    quiz: Standing


def of_lesson(
    session: Session, person: str, course: str, lesson: str, version: int | None
) -> Lesson:
    """The quizzes of a lesson in that version, or in the newest. Raises NotFound."""
    at = quizzes.place(session, person, course, lesson, version)
    found = [standing(session, at, person, quiz) for quiz in at.lesson.quizzes()]
    return Lesson(at.lesson.key, at.version, found)


def answered(  # noqa: PLR0917 (no two of them can be mistaken for each other)
    session: Session, person: str, course: str, lesson: str, quiz: str, sent: Sent
) -> Receipt:
    """Take answers in, and tell what became of them. Raises what grader/answering.py does."""
    taken = answering.take(session, person, course, lesson, quiz, sent)
    found = standing(session, taken.at, person, taken.quiz)
    return Receipt(
        taken.tried.attempt,
        taken.tried.submitted_at,
        None if found.held else taken.tried.points,
        taken.tried.max_points,
        taken.repeated,
        taken.at.version,
        found,
    )


def standing(session: Session, at: Place, person: str, quiz: Quiz) -> Standing:
    """One quiz with the person's attempts at it."""
    seed = quizzes.seed(session, at, quiz.key)
    tries = quizzes.tried(session, at, quiz.key)
    left = answering.left(session, at, quiz)
    most = sum(max(0.0, float(item.points)) for item in quiz.questions)
    shares = [one.points / one.max_points for one in tries if one.max_points]
    held = releases.hides(session, person, at.course, at.lesson.key)
    return Standing(
        key=quiz.key,
        title=quiz.title,
        questions=[_asked(seed, quiz.questions[n]) for n in order(seed, len(quiz.questions))],
        allowed=None if left is None else quizzes.allowed(session, at, quiz),
        left=left,
        closed=answering.closed(session, at, person),
        best=round(max(shares, default=0.0) * most, 6) if tries and not held else None,
        max_points=most,
        tries=[
            Try(one.attempt, one.submitted_at, None if held else one.points, one.max_points)
            for one in tries
        ],
        results=(
            list(_results(session, at, quiz, seed, tries[-1], known=left == 0))
            if tries and not held
            else []
        ),
        held=held,
    )


def _asked(seed: str, item: Question) -> Asked:
    options = [item.options[n].text for n in option_order(seed, item)]
    return Asked(item.key, item.kind, item.prompt, item.code, options, max(0.0, float(item.points)))


def _results(
    session: Session, at: Place, quiz: Quiz, seed: str, last: Tried, *, known: bool
) -> Iterator[Result]:
    then = {item.key: item for item in quiz.questions}
    if last.version_id != at.version_id:
        lesson = courses.source_lesson(session, last.version_id, at.lesson.key)
        then = {q.key: q for one in lesson.quizzes() if one.key == quiz.key for q in one.questions}
    for n in order(seed, len(quiz.questions)):
        item = quiz.questions[n]
        if then.get(item.key) == item:
            yield _result(seed, item, last.answers.get(item.key), known=known)


def _result(seed: str, item: Question, answer: Answer, *, known: bool) -> Result:
    marked = mark(item, answer)
    known = known or marked.right
    chosen = answer if isinstance(answer, list) else [answer]
    places = option_order(seed, item)
    return Result(
        key=item.key,
        answer=as_shown(seed, item, answer),
        answered=marked.answered,
        right=marked.right,
        points=marked.points,
        max_points=marked.max_points,
        explanation=item.explanation if marked.answered or known else "",
        reasons=[
            Reason(shown, item.options[written].why)
            for shown, written in enumerate(places)
            if item.options[written].why and (known or written in chosen)
        ],
        solution=as_shown(seed, item, solution(item)) if known else None,
    )
