"""What speaks of a person's command of concepts, as it is stored, and where they stand.

The rules are the grader's (grader/mastery.py); here are the facts that they are applied to. Of an
exercise the best attempt counts, over all versions of the course; of a lesson whose grades are held
back nothing does, since mastery would tell them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import ARRAY, Row, Select, Text, and_, cast, delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from coursewright.records import courses, events
from coursewright.records.errors import NotFound
from coursewright.records.newest import IS_NEWEST_GRADING
from coursewright.records.tables import (
    BankAttempt,
    BankQuiz,
    CodeQuality,
    CourseRow,
    ExerciseRow,
    Grading,
    HeldLesson,
    Mastery,
    Person,
    QuizAttempt,
    Score,
    Submission,
)


@dataclass(frozen=True)
class Touched:
    """Whose command of which concepts a submission is about."""

    person_id: int
    course_id: int
    concepts: tuple[str, ...]


@dataclass(frozen=True)
class Tried:
    """The best attempt at an exercise, or at a quiz (then `findings` is None).

    `findings`: how many things there are to say about the code; None unless all its tests passed.
    """

    key: str
    concepts: tuple[str, ...]
    points: float
    max_points: float
    findings: int | None = None


@dataclass(frozen=True)
class Evidence:
    """`days` (UTC) on which the person handed in something in this course; `today` is one too."""

    exercises: tuple[Tried, ...]
    quizzes: tuple[Tried, ...]
    days: frozenset[date]
    today: date


@dataclass(frozen=True)
class Standing:
    """Where somebody stands in a concept; `evidence` as it was written with the score."""

    concept: str
    score: float
    evidence: dict[str, Any]
    updated_at: datetime


def keep_findings(session: Session, submission_id: int, found: Mapping[str, Iterable[str]]) -> None:
    """Write down, with the submission's newest grading, what was found in which exercise."""
    grading = session.scalar(
        select(Grading.id).where(Grading.submission_id == submission_id, IS_NEWEST_GRADING)
    )
    if grading is None:
        raise NotFound(f"Submission {submission_id} has no grading")
    session.add_all(
        CodeQuality(grading_id=grading, exercise=exercise, findings=list(items))
        for exercise, items in found.items()
    )
    session.flush()


def touched(session: Session, submission_id: int) -> Touched:
    """The concepts of the exercises of the submitted lesson, by name. Raises NotFound."""
    row = session.get(Submission, submission_id)
    if row is None:
        raise NotFound(f"There is no submission {submission_id}")
    lists = session.scalars(
        select(ExerciseRow.concepts).where(
            ExerciseRow.version_id == row.version_id, ExerciseRow.lesson == row.lesson
        )
    )
    concepts = {concept for concepts in lists for concept in concepts}
    return Touched(row.person_id, row.course_id, tuple(sorted(concepts)))


def touched_by_quizzes(session: Session, course_key: str, lesson: str) -> list[Touched]:
    """Everybody whose answers to quizzes of the lesson count, with what those ask about."""
    rows = session.scalars(
        select(QuizAttempt)
        .join(CourseRow, CourseRow.id == QuizAttempt.course_id)
        .where(
            CourseRow.key == course_key,
            QuizAttempt.lesson == lesson,
            QuizAttempt.points.is_not(None),
            QuizAttempt.counts,
        )
        .order_by(QuizAttempt.person_id)
    )
    asked: dict[tuple[int, str], set[str]] = {}
    concerned: dict[tuple[int, int], set[str]] = {}
    for row in rows:
        about = row.version_id, row.quiz
        if about not in asked:
            asked[about] = _quiz_concepts(session, row)
        concerned.setdefault((row.person_id, row.course_id), set()).update(asked[about])
    return [Touched(*who, tuple(sorted(concepts))) for who, concepts in concerned.items()]


def evidence(session: Session, about: Touched) -> Evidence:
    """All that is stored about these concepts. Locks the person's row until the commit.

    Two gradings of one person at once are thus reckoned one after the other, and the later one
    knows of the earlier.
    """
    lock = select(func.now()).where(Person.id == about.person_id)
    today = _day(session.scalars(lock.with_for_update(key_share=True, of=Person)).one())
    in_lessons = session.execute(_quiz_attempts(about)).all()
    in_bank = session.execute(_bank_attempts(about)).all()
    handed_in = session.scalars(
        select(Submission.received_at).where(
            Submission.person_id == about.person_id, Submission.course_id == about.course_id
        )
    )
    answered = (row.submitted_at for row in (*in_lessons, *in_bank))
    return Evidence(
        exercises=tuple(_exercises(session, about)),
        quizzes=tuple(_quizzes(session, about, in_lessons, in_bank)),
        days=frozenset(_day(moment) for moment in (*handed_in, *answered) if moment is not None),
        today=today,
    )


def keep(
    session: Session,
    about: Touched,
    found: Mapping[str, tuple[float, Mapping[str, Any]]],
    because: Mapping[str, Any],
) -> None:
    """Write scores (0 to 100) with their evidence, by concept, and the event of it."""
    was = {
        row.concept: row.score
        for row in session.scalars(
            select(Mastery).where(
                Mastery.person_id == about.person_id,
                Mastery.course_id == about.course_id,
                Mastery.concept.in_(found),
            )
        )
    }
    if found:
        rows = [
            {
                "person_id": about.person_id,
                "course_id": about.course_id,
                "concept": concept,
                "score": score,
                "evidence": dict(facts),
            }
            for concept, (score, facts) in found.items()
        ]
        write = insert(Mastery).values(rows)
        change = {name: write.excluded[name] for name in ("score", "evidence")}
        key = ["person_id", "course_id", "concept"]
        session.execute(
            write.on_conflict_do_update(
                index_elements=key, set_={**change, "updated_at": func.now()}
            )
        )
    changed = {
        concept: {"score": score, "before": was.get(concept)}
        for concept, (score, _) in found.items()
        if was.get(concept) != score
    }
    if changed:
        someone = session.get_one(Person, about.person_id)
        course = session.get_one(CourseRow, about.course_id)
        detail = {**because, "concepts": changed}
        events.record(session, "learning.mastery", someone, course.key, detail=detail)


def forget(session: Session, about: Touched, concepts: Collection[str]) -> None:
    """Take away the scores of concepts of which nothing speaks any more."""
    if concepts:
        session.execute(
            delete(Mastery).where(
                Mastery.person_id == about.person_id,
                Mastery.course_id == about.course_id,
                Mastery.concept.in_(concepts),
            )
        )


def standing(session: Session, person_name: str, course_key: str) -> list[Standing]:
    """A person's concepts by name. Raises NotFound when they do not belong to the course."""
    if courses.role_of(session, person_name, course_key) is None:
        raise NotFound(f"There is no course {course_key!r} here, or you are not enrolled in it")
    rows = session.execute(
        select(Mastery.concept, Mastery.score, Mastery.evidence, Mastery.updated_at)
        .join(Person, Person.id == Mastery.person_id)
        .join(CourseRow, CourseRow.id == Mastery.course_id)
        .where(Person.name == person_name, CourseRow.key == course_key)
        .execution_options(populate_existing=True)
    )
    found = [Standing(*row) for row in rows]
    return sorted(found, key=lambda one: (one.concept.casefold(), one.concept))


def _exercises(session: Session, about: Touched) -> Iterable[Tried]:
    """The best attempt at each exercise with one of the concepts; of equals the better written."""
    name = (Submission.lesson, ExerciseRow.key)
    query = (
        select(
            *name,
            ExerciseRow.concepts,
            func.sum(Score.points),
            func.sum(Score.max_points),
            func.bool_and(Score.status == "passed"),
            func.max(func.coalesce(func.cardinality(CodeQuality.findings), -1)),
        )
        .join(Grading, Grading.submission_id == Submission.id)
        .join(Score, Score.grading_id == Grading.id)
        .join(
            ExerciseRow,
            and_(
                ExerciseRow.version_id == Submission.version_id,
                ExerciseRow.lesson == Submission.lesson,
                ExerciseRow.key == Score.exercise,
            ),
        )
        .outerjoin(
            CodeQuality,
            and_(CodeQuality.grading_id == Grading.id, CodeQuality.exercise == Score.exercise),
        )
        .where(
            Submission.person_id == about.person_id,
            Submission.course_id == about.course_id,
            Submission.state == "graded",
            IS_NEWEST_GRADING,
            Submission.lesson.not_in(
                select(HeldLesson.lesson).where(HeldLesson.course_id == about.course_id)
            ),
            ExerciseRow.concepts.op("&&")(cast(list(about.concepts), ARRAY(Text))),
        )
        .group_by(Submission.id, *name, ExerciseRow.concepts)
    )
    tried = [
        Tried(
            f"{lesson}/{key}",
            tuple(concepts),
            points,
            most,
            found if passed and found >= 0 else None,
        )
        for lesson, key, concepts, points, most, passed, found in session.execute(query)
    ]
    return _best(tried)


def _quizzes(
    session: Session,
    about: Touched,
    in_lessons: Iterable[Row[*tuple[Any, ...]]],
    in_bank: Iterable[Row[*tuple[Any, ...]]],
) -> Iterable[Tried]:
    """The best attempt at each quiz that asks about one of the concepts."""
    wanted = set(about.concepts)
    tried = []
    for row in in_lessons:
        concepts = _quiz_concepts(session, row)
        if concepts & wanted:
            key = f"{row.lesson}/{row.quiz}"
            tried.append(Tried(key, tuple(sorted(concepts)), row.points, row.max_points))
    for row in in_bank:
        if wanted & set(row.concepts):
            key = f"quiz {row.quiz_id}"
            tried.append(Tried(key, tuple(row.concepts), row.points, row.max_points))
    return _best(tried)


def _bank_attempts(about: Touched) -> Select[*tuple[Any, ...]]:
    """Those that were handed in and count, at quizzes whose results are not held back."""
    held = select(HeldLesson.lesson).where(HeldLesson.course_id == about.course_id)
    one = BankAttempt
    return (
        select(one.quiz_id, one.concepts, one.points, one.max_points, one.submitted_at)
        .join(BankQuiz, BankQuiz.id == BankAttempt.quiz_id)
        .where(
            BankAttempt.person_id == about.person_id,
            BankQuiz.course_id == about.course_id,
            BankAttempt.points.is_not(None),
            BankAttempt.counts,
            ~BankQuiz.held,
            BankQuiz.lesson.is_(None) | BankQuiz.lesson.not_in(held),
        )
    )


def _quiz_attempts(about: Touched) -> Select[*tuple[Any, ...]]:
    """Those that were handed in and count."""
    one = QuizAttempt
    about_it = one.version_id, one.lesson, one.quiz
    return select(*about_it, one.points, one.max_points, one.submitted_at).where(
        QuizAttempt.person_id == about.person_id,
        QuizAttempt.course_id == about.course_id,
        QuizAttempt.points.is_not(None),
        QuizAttempt.counts,
        QuizAttempt.lesson.not_in(
            select(HeldLesson.lesson).where(HeldLesson.course_id == about.course_id)
        ),
    )


def _quiz_concepts(session: Session, row: QuizAttempt | Row[*tuple[Any, ...]]) -> set[str]:
    """What the answered quiz asks about."""
    lesson = courses.source_lesson(session, row.version_id, row.lesson)
    return {
        concept
        for quiz in lesson.quizzes()
        if quiz.key == row.quiz
        for question in quiz.questions
        for concept in question.concepts
    }


def _best(tried: Collection[Tried]) -> Iterable[Tried]:
    found: dict[str, Tried] = {}
    for one in sorted(tried, key=_worth):
        found[one.key] = one
    return found.values()


def _worth(one: Tried) -> tuple[float, float]:
    share = one.points / one.max_points if one.max_points else 0
    # Code about which nothing is known stands behind code about which much is to be said.
    return share, -float("inf") if one.findings is None else -one.findings


def _day(moment: datetime) -> date:
    return moment.astimezone(UTC).date()
