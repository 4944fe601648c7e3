"""How far a person is in a course: its outline with their standing in each lesson."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Literal

from sqlalchemy.orm import Session

from coursewright.grader.deadlines import extended, lateness
from coursewright.records import courses, outlines
from coursewright.records.course import Lesson
from coursewright.records.errors import NotFound
from coursewright.records.outlines import Known, LessonProgress
from coursewright.records.policies import Extension, Policy
from coursewright.services.scopes import STAFF


@dataclass(frozen=True)
class Late:
    """Why the newest attempt counts less than its `raw_score`; `penalty` is in percent."""

    days: int
    penalty: float
    raw_score: float | None
    sentence: str


@dataclass(frozen=True)
class LessonStanding:
    """`points` can be had; the state and the score are the newest attempt's, if there is one.

    The score is what counts now, with the dates as they are now. `due` and `cut_off` are the
    person's own, extensions included; `allowed` is the number of attempts. None: no limit.
    `changed_in` is the newest version in which students see another lesson than before.
    `unread` is the submission whose feedback was not seen yet.
    """

    key: str
    title: str
    minutes: int
    objectives: tuple[str, ...]
    points: float
    state: Literal["new", "submitted", "graded", "failed", "held"] = "new"
    score: float | None = None
    max_score: float | None = None
    attempts: int = 0
    due: datetime | None = None
    cut_off: datetime | None = None
    zone: str | None = None
    allowed: int | None = None
    late: Late | None = None
    changed_in: int = 1
    unread: int | None = None


@dataclass(frozen=True)
class Module:
    key: str
    title: str
    lessons: tuple[LessonStanding, ...]


@dataclass(frozen=True)
class Outline:
    """A course as its student sees it."""

    key: str
    title: str
    summary: str
    version: int
    modules: tuple[Module, ...]

    @property
    def lessons(self) -> list[LessonStanding]:
        return [lesson for module in self.modules for lesson in module.lessons]

    @property
    def score(self) -> float:
        return sum(lesson.score or 0 for lesson in self.lessons)

    @property
    def points(self) -> float:
        return sum(lesson.points for lesson in self.lessons)

    @property
    def handed_in(self) -> int:
        """Lessons with at least one attempt."""
        return sum(lesson.attempts > 0 for lesson in self.lessons)


def outline(session: Session, person: str, key: str) -> Outline:
    """Raises NotFound when there is no such course, or the person does not belong to it."""
    found = outlines.known(session, person, [key])
    if key not in found:
        courses.student_course(session, person, key)  # says what is missing
        raise NotFound(f"There is no course {key!r} that you belong to")
    return drawn(person, found[key])


def all_outlines(session: Session, person: str) -> dict[str, Outline]:
    """By course, of all published ones that the person belongs to."""
    return {key: drawn(person, one) for key, one in outlines.known(session, person).items()}


def drawn(person: str, known: Known) -> Outline:
    free = known.role in STAFF

    def stand(lesson: Lesson) -> LessonStanding:
        policy, extensions = known.rules.of(person, lesson.key)
        reached = known.reached.get(lesson.key)
        bare = standing(lesson, reached, known.unseen.get(lesson.key))
        if not free and lesson.key in known.held and bare.state == "graded":
            bare = replace(bare, state="held", score=None, max_score=None)
        newest = replace(bare, changed_in=known.changed.get(lesson.key, 1))
        dated = with_dates(newest, policy, extensions)
        return dated if free else counted(dated, reached, policy, extensions)

    course = known.course
    modules = tuple(
        Module(module.key, module.title, tuple(map(stand, module.lessons)))
        for module in course.modules
    )
    return Outline(course.key, course.title, course.summary, known.version, modules)


def standing(
    lesson: Lesson, reached: LessonProgress | None, unread: int | None = None
) -> LessonStanding:
    bare = LessonStanding(
        key=lesson.key,
        title=lesson.title,
        minutes=lesson.minutes,
        objectives=lesson.objectives,
        points=sum(cell.points for cell in lesson.cells),
        unread=unread,
    )
    if reached is None:
        return bare
    return replace(
        bare,
        state=reached.state,
        score=reached.points,
        max_score=reached.max_points,
        attempts=reached.attempts,
    )


def with_dates(
    bare: LessonStanding, policy: Policy | None, extensions: Sequence[Extension]
) -> LessonStanding:
    """With what holds for this person."""
    if policy is None:
        return bare
    held = extended(policy, extensions)
    return replace(bare, due=held.due, cut_off=held.cut_off, zone=held.zone, allowed=held.attempts)


def counted(
    raw: LessonStanding,
    reached: LessonProgress | None,
    policy: Policy | None,
    extensions: Sequence[Extension],
) -> LessonStanding:
    """With the score that counts, and why it is less than the raw one."""
    if reached is None:
        return raw
    found = lateness(policy, extensions, reached.received_at)
    if not found.days and found.accepted:
        return raw
    late = Late(found.days, round(100 * (1 - found.factor), 6), raw.score, found.sentence)
    score = None if raw.score is None else round(raw.score * found.factor, 6)
    return replace(raw, score=score, late=late)


def left(moment: datetime, now: datetime | None = None) -> str:
    """How long it is until then, in words and in one unit; "past" when it is over."""
    seconds = (moment - (now or datetime.now(UTC))).total_seconds()
    if seconds < 0:
        return "past"
    for size, unit in ((86400, "day"), (3600, "hour"), (60, "minute")):
        if seconds >= size:
            number = int(seconds // size)
            return f"{number} {unit}{'' if number == 1 else 's'} left"
    return "less than a minute left"
