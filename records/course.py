"""The course document: what a course is, as plain values, to and from JSON.

    Course > Module > Lesson > Cell
                        └─ views over its cells: Exercise, Quiz

A lesson keeps its cells exactly as the source notebook has them, nbgrader's metadata and markers
included, so that the round trip with notebooks loses nothing by construction. What the platform
needs beyond nbgrader stands in the cells' own ``metadata.coursewright``:

* on a solution cell: ``title``, ``promises`` (sentences, numbered from 1), ``concepts``, ``hints``,
  and what proves its tests, ``proof`` (see docs/gates.md)
* on a test cell: ``promises`` (the numbers that it tests) and, where the test does not follow its
  solution cell, ``exercise`` (that cell's grade_id)
* on a markdown cell that stands for a quiz: ``quiz``

Students' pods run this module and the two that it imports, so they use the standard library only.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal, Self

from coursewright.records.plain import Malformed, build, tuples
from coursewright.records.quiz_items import (
    ATTEMPTS,
    KINDS,
    MOST_ATTEMPTS,
    Kind,
    Option,
    Question,
    Quiz,
)

# Who works with courses finds their quizzes here, too.
__all__ = [
    "ATTEMPTS",
    "FORMAT",
    "HIDDEN",
    "KEY",
    "KINDS",
    "LEVELS",
    "MARKERS",
    "MOST_ATTEMPTS",
    "Cell",
    "Course",
    "Exercise",
    "Kind",
    "Lesson",
    "Malformed",
    "Module",
    "Option",
    "Question",
    "Quiz",
    "Role",
    "Test",
    "checksum",
]

FORMAT = 1
KEY = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*\Z")

Role = Literal["text", "example", "solution", "tests", "written", "task", "locked", "quiz"]
LEVELS = ("beginner", "intermediate", "advanced")

MARKERS = re.compile(r"^[ \t]*### (?:BEGIN|END) (?:SOLUTION|HIDDEN TESTS)[ \t]*\n?", re.MULTILINE)
HIDDEN = re.compile(
    r"^[ \t]*### BEGIN HIDDEN TESTS[ \t]*\n(.*?)^[ \t]*### END HIDDEN TESTS[ \t]*\n?",
    re.MULTILINE | re.DOTALL,
)


@dataclass(frozen=True)
class Cell:
    """One cell as the source notebook (nbformat 4.5) has it."""

    id: str
    kind: Literal["code", "markdown", "raw"]
    source: str
    metadata: Mapping[str, Any] = field(default_factory=dict)
    outputs: tuple[Mapping[str, Any], ...] = ()
    execution_count: int | None = None
    attachments: Mapping[str, Any] | None = None

    @property
    def nbgrader(self) -> Mapping[str, Any]:
        return self.metadata.get("nbgrader", {})

    @property
    def own(self) -> Mapping[str, Any]:
        return self.metadata.get("coursewright", {})

    @property
    def grade_id(self) -> str | None:
        return self.nbgrader.get("grade_id")

    @property
    def points(self) -> float:
        return float(self.nbgrader.get("points") or 0)

    @property
    def role(self) -> Role:
        """The part this cell plays; nbgrader's four flags decide (its metadata schema 3)."""
        flags = self.nbgrader
        if "quiz" in self.own:
            return "quiz"
        if flags.get("task"):
            return "task"
        if flags.get("grade"):
            return "written" if flags.get("solution") else "tests"
        if flags.get("solution"):
            return "solution"
        if flags.get("locked"):
            return "locked"
        return "example" if self.kind == "code" else "text"

    @classmethod
    def from_notebook(cls, cell: Mapping[str, Any]) -> Self:
        source = cell["source"]
        return cls(
            id=cell["id"],
            kind=cell["cell_type"],
            source=source if isinstance(source, str) else "".join(source),
            metadata=cell.get("metadata", {}),
            outputs=tuple(cell.get("outputs", ())),
            execution_count=cell.get("execution_count"),
            attachments=cell.get("attachments"),
        )

    def to_notebook(self) -> dict[str, Any]:
        cell: dict[str, Any] = {
            "id": self.id,
            "cell_type": self.kind,
            "metadata": self.metadata,
            "source": self.source,
        }
        if self.kind == "code":
            cell |= {"outputs": list(self.outputs), "execution_count": self.execution_count}
        if self.attachments is not None:
            cell["attachments"] = self.attachments
        return json.loads(json.dumps(cell))


def checksum(cell: Cell) -> str:
    """nbgrader's fingerprint of a cell (`compute_checksum` in its utils.py, 0.9.6)."""
    flags = cell.nbgrader
    grade, solution = bool(flags.get("grade", False)), bool(flags.get("solution", False))
    locked = not solution and (grade or bool(flags.get("locked", False)))
    parts = [cell.source, cell.kind, str(grade), str(solution), str(locked), cell.grade_id or ""]
    parts += [str(cell.points)] if grade else []
    return hashlib.md5("".join(parts).encode("utf-8", "replace"), usedforsecurity=False).hexdigest()


@dataclass(frozen=True)
class Test:
    """One test cell: worth points, and the promises (by number, from 1) that it tests."""

    __test__ = False  # the name is the field's own; pytest must not collect it

    grade_id: str
    points: float
    promises: tuple[int, ...]
    visible: str
    hidden: str


@dataclass(frozen=True)
class Exercise:
    """A solution cell together with the test cells that mark it."""

    key: str
    title: str
    promises: tuple[str, ...]
    source: str
    tests: tuple[Test, ...]
    concepts: tuple[str, ...] = ()
    hints: tuple[str, ...] = ()

    @property
    def points(self) -> float:
        return sum(test.points for test in self.tests)

    @property
    def solution(self) -> str:
        """The author's answer, without nbgrader's markers."""
        return MARKERS.sub("", self.source)


@dataclass(frozen=True)
class Lesson:
    """One notebook of the course, with what its file name cannot say."""

    key: str
    title: str
    cells: tuple[Cell, ...]
    minutes: int = 0
    objectives: tuple[str, ...] = ()
    metadata: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def from_notebook(cls, notebook: Mapping[str, Any], **about: Any) -> Self:
        """`about` gives key, title, minutes and objectives. Needs nbformat 4.5 (cells have ids)."""
        cells = tuple(Cell.from_notebook(cell) for cell in notebook["cells"])
        return cls(cells=cells, metadata=notebook.get("metadata", {}), **about)

    def to_notebook(self) -> dict[str, Any]:
        return {
            "nbformat": 4,
            "nbformat_minor": 5,
            "metadata": json.loads(json.dumps(self.metadata)),
            "cells": [cell.to_notebook() for cell in self.cells],
        }

    def exercises(self) -> Iterator[Exercise]:
        """Solution cells in order, each with its test cells."""
        tests: dict[str, list[Test]] = {}
        answers: dict[str, Cell] = {}
        for cell in self.cells:
            if cell.role == "solution" and cell.grade_id:
                answers[cell.grade_id] = cell
                tests[cell.grade_id] = []
            elif cell.role == "tests" and answers:
                owner = cell.own.get("exercise", next(reversed(answers)))
                if owner in tests:
                    tests[owner].append(_test(cell))
        for key, cell in answers.items():
            yield Exercise(
                key=key,
                title=cell.own.get("title", key),
                promises=tuple(cell.own.get("promises", ())),
                source=cell.source,
                tests=tuple(tests[key]),
                concepts=tuple(cell.own.get("concepts", ())),
                hints=tuple(cell.own.get("hints", ())),
            )

    def quizzes(self) -> Iterator[Quiz]:
        for cell in self.cells:
            if cell.role == "quiz":
                yield Quiz.from_json(cell.own["quiz"])


@dataclass(frozen=True)
class Module:
    """Lessons that belong together."""

    key: str
    title: str
    lessons: tuple[Lesson, ...]


@dataclass(frozen=True)
class Course:
    """The whole document; `format` is the version of this shape."""

    key: str
    title: str
    modules: tuple[Module, ...]
    summary: str = ""
    level: str = "beginner"
    language: str = "en"
    objectives: tuple[str, ...] = ()
    prerequisites: tuple[str, ...] = ()

    def lessons(self) -> Iterator[Lesson]:
        for module in self.modules:
            yield from module.lessons

    def lesson(self, key: str) -> Lesson | None:
        return next((lesson for lesson in self.lessons() if lesson.key == key), None)

    def to_json(self) -> dict[str, Any]:
        return {"format": FORMAT, **json.loads(json.dumps(asdict(self)))}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """Raises Malformed with the place when `data` is not a course of this format."""
        if data.get("format") != FORMAT:
            raise Malformed(f"format is {data.get('format')!r}, this release reads {FORMAT}")
        rest = {name: value for name, value in data.items() if name != "format"}
        modules = tuple(_module(item) for item in data.get("modules", ()))
        course = build(
            cls, {**tuples(rest, "objectives", "prerequisites"), "modules": modules}, "course"
        )
        _check_keys(course)
        return course


def _test(cell: Cell) -> Test:
    return Test(
        grade_id=cell.grade_id or cell.id,
        points=cell.points,
        promises=tuple(cell.own.get("promises", ())),
        visible=HIDDEN.sub("", cell.source),
        hidden="".join(HIDDEN.findall(cell.source)),
    )


def _module(data: Mapping[str, Any]) -> Module:
    lessons = tuple(_lesson(item) for item in data.get("lessons", ()))
    return build(Module, {**data, "lessons": lessons}, f"module {data.get('key')!r}")


def _lesson(data: Mapping[str, Any]) -> Lesson:
    place = f"lesson {data.get('key')!r}"
    cells = tuple(
        build(Cell, tuples(cell, "outputs"), f"{place}, cell {number}")
        for number, cell in enumerate(data.get("cells", ()), 1)
    )
    return build(Lesson, {**tuples(data, "objectives"), "cells": cells}, place)


def _check_keys(course: Course) -> None:
    keys = [course.key, *(m.key for m in course.modules), *(item.key for item in course.lessons())]
    for key in keys:
        if not KEY.match(key):
            raise Malformed(f"key {key!r}: use lower-case letters, digits and single hyphens")
    lessons = [lesson.key for lesson in course.lessons()]
    for key in lessons:
        if lessons.count(key) > 1:
            raise Malformed(f"lesson {key!r} stands twice")
