"""All gates of a course, and those that only the whole shows: what stands in it twice, or not."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial

from coursewright.generator.gates import duplicates, exercise, lessons, quizzes
from coursewright.generator.gates.crossing import passing
from coursewright.generator.gates.gate import Finding, GateResult
from coursewright.generator.gates.subject import subjects
from coursewright.records.course import Course, Lesson

Done = Callable[[str, Sequence[GateResult]], None]


@dataclass(frozen=True)
class Checked:
    """What the gates say of a course, by place; `course` of it as a whole."""

    places: dict[str, tuple[GateResult, ...]]
    course: tuple[GateResult, ...]
    seconds: float

    @property
    def findings(self) -> list[Finding]:
        results = [one for found in self.places.values() for one in found]
        return [finding for result in (*results, *self.course) for finding in result.findings]

    @property
    def passed(self) -> bool:
        return not any(finding.blocks for finding in self.findings)


def check_course(
    course: Course,
    jobs: int = 2,
    libraries: Sequence[str] = (),
    done: Done | None = None,
    seed: int = 0,
) -> Checked:
    """Every gate on every part, `jobs` at a time. Raises Invalid and Unavailable."""
    began = time.monotonic()
    lock = threading.Lock()
    places: dict[str, tuple[GateResult, ...]] = {}

    def work(place: str, gates: Callable[[], Sequence[GateResult]]) -> None:
        found = tuple(gates())
        with lock:
            places[place] = found
            if done is not None:
                done(place, found)

    with ThreadPoolExecutor(jobs, thread_name_prefix="gates") as pool:
        waiting: list[Future[None]] = [
            pool.submit(work, place, gates) for place, gates in parts(course, libraries, seed)
        ]
        try:
            for future in waiting:
                future.result()
        except BaseException:
            pool.shutdown(wait=True, cancel_futures=True)
            raise
        whole = pool.submit(check_whole, course, libraries).result()
    order = [place for place, _ in parts(course, libraries, seed)]
    return Checked({p: places[p] for p in order}, tuple(whole), time.monotonic() - began)


def parts(
    course: Course, libraries: Sequence[str], seed: int
) -> Iterator[tuple[str, Callable[[], Sequence[GateResult]]]]:
    """Each place of the course and how to check it. Raises Invalid."""
    pages = [f"{lesson.key}.ipynb" for lesson in course.lessons()]
    for lesson in course.lessons():
        yield lesson.key, partial(_read, lesson, pages)
        for quiz in lesson.quizzes():
            place = f"{lesson.key}/{quiz.key}"
            for item in quiz.questions:
                yield f"{place}/{item.key}", partial(quizzes.check, place, item)
    for subject in subjects(course, libraries):
        yield subject.place, partial(exercise.check, subject, seed)


def _read(lesson: Lesson, pages: Sequence[str]) -> Sequence[GateResult]:
    return lessons.read(lesson, pages)[1]


def check_whole(course: Course, libraries: Sequence[str] = ()) -> tuple[GateResult, ...]:
    """Raises Invalid and Unavailable."""
    found = list(subjects(course, libraries))
    items = [
        (f"{lesson.key}/{quiz.key}", item)
        for lesson in course.lessons()
        for quiz in lesson.quizzes()
        for item in quiz.questions
    ]
    return (
        exercise.timed(duplicates.check, found, passing),
        quizzes.check_bank(items),
        GateResult("C1", tuple(_uncovered(course))),
    )


def _uncovered(course: Course) -> Iterator[Finding]:
    """Lessons that nothing asks about. A course may have some: this does not block."""
    for lesson in course.lessons():
        asked = any(True for _ in lesson.exercises()) or any(True for _ in lesson.quizzes())
        if not asked:
            said = "Nothing in this lesson asks the student for anything."
            yield Finding("C1", lesson.key, said, blocks=False)
        if not lesson.objectives:
            yield Finding("C1", lesson.key, "The lesson has no objectives.", blocks=False)


def coverage(course: Course) -> dict[str, dict[str, int]]:
    """Of each lesson: how many objectives, exercises, promises and quiz items it has."""
    return {lesson.key: _counts(lesson) for lesson in course.lessons()}


def _counts(lesson: Lesson) -> dict[str, int]:
    exercises = list(lesson.exercises())
    return {
        "objectives": len(lesson.objectives),
        "exercises": len(exercises),
        "promises": sum(len(one.promises) for one in exercises),
        "items": sum(len(quiz.questions) for quiz in lesson.quizzes()),
    }
