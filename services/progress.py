"""How far a person is in a course: its outline with their standing in each lesson."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from sqlalchemy.orm import Session

from coursewright.records import courses, submissions
from coursewright.records.course import Lesson
from coursewright.records.gradebook import LessonProgress


@dataclass(frozen=True)
class LessonStanding:
    """`points` can be had; the state and the score are the newest attempt's, if there is one."""

    key: str
    title: str
    minutes: int
    objectives: tuple[str, ...]
    points: float
    state: Literal["new", "submitted", "graded", "failed"] = "new"
    score: float | None = None
    max_score: float | None = None
    attempts: int = 0


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
    course = courses.student_course(session, person, key)
    reached = submissions.progress(session, person, key)
    modules = tuple(
        Module(
            module.key,
            module.title,
            tuple(standing(lesson, reached.get(lesson.key)) for lesson in module.lessons),
        )
        for module in course.modules
    )
    version = courses.current_version(session, key)
    return Outline(course.key, course.title, course.summary, version.number, modules)


def standing(lesson: Lesson, reached: LessonProgress | None) -> LessonStanding:
    bare = LessonStanding(
        key=lesson.key,
        title=lesson.title,
        minutes=lesson.minutes,
        objectives=lesson.objectives,
        points=sum(cell.points for cell in lesson.cells),
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
