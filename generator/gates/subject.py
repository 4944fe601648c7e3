"""One exercise as the gates see it: its place in the course, its tests, and what proves it."""

from __future__ import annotations

import builtins
import json
import symtable
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Self

from coursewright.grader.starters import starter
from coursewright.records.course import MARKERS, Cell, Course, Exercise, Lesson
from coursewright.records.errors import Invalid, NotFound


@dataclass(frozen=True)
class Proof:
    """What proves an exercise, from its solution cell's ``metadata.coursewright.proof``.

    `wrong` are answers by number of the one promise that each breaks; `inputs` the source of
    ``def inputs(random)``; `second` an independent answer. A person's notebook may have none of it.
    """

    wrong: Mapping[int, str] = field(default_factory=dict)
    inputs: str | None = None
    imports: tuple[str, ...] = ()
    required: tuple[str, ...] = ()
    forbidden: tuple[str, ...] = ()
    second: str | None = None

    @classmethod
    def read(cls, data: Any, place: str) -> Self:
        """Raises Invalid with the field that is not as it should be."""
        if not isinstance(data, Mapping):
            raise Invalid(f"{place}: `proof` must be an object.")
        wrong = data.get("wrong") or {}
        if not isinstance(wrong, Mapping):
            raise Invalid(f"{place}: `proof.wrong` must be an object, by number of the promise.")
        try:
            numbered = {int(number): source for number, source in wrong.items()}
        except ValueError:
            raise Invalid(f"{place}: `proof.wrong` must be named by numbers of promises.") from None
        lists = {name: data.get(name) or [] for name in ("imports", "required", "forbidden")}
        for name, items in (*lists.items(), ("wrong", list(numbered.values()))):
            if not isinstance(items, list) or not all(isinstance(item, str) for item in items):
                raise Invalid(f"{place}: `proof.{name}` must hold texts.")
        for name in ("inputs", "second"):
            if not isinstance(data.get(name), str | None):
                raise Invalid(f"{place}: `proof.{name}` must be a text.")
        return cls(
            wrong=numbered,
            inputs=data.get("inputs"),
            second=data.get("second"),
            **{name: tuple(items) for name, items in lists.items()},
        )


@dataclass(frozen=True)
class Subject:
    """`before` are the course's earlier lessons; `libraries` what the whole course may import."""

    lesson: Lesson
    exercise: Exercise
    proof: Proof = Proof()
    before: tuple[Lesson, ...] = ()
    level: str = "beginner"
    language: str = "en"
    libraries: tuple[str, ...] = ()
    prerequisites: tuple[str, ...] = ()

    @property
    def place(self) -> str:
        return f"{self.lesson.key}/{self.exercise.key}"

    @property
    def reference(self) -> str:
        return self.exercise.solution

    @cached_property
    def cell(self) -> Cell:
        """The solution cell."""
        return next(cell for cell in self.lesson.cells if cell.grade_id == self.exercise.key)

    @cached_property
    def starter(self) -> str:
        """The solution cell's text as students get it."""
        return starter(self.cell)

    @cached_property
    def statement(self) -> str:
        """The prose right above the solution cell, up to the code or the heading before it."""
        texts: list[str] = []
        for cell in reversed(self.lesson.cells[: self.lesson.cells.index(self.cell)]):
            if cell.kind != "markdown" or "quiz" in cell.own:
                break
            texts.insert(0, cell.source)
            if cell.source.lstrip().startswith("#"):
                break
        return "\n\n".join(texts)

    @cached_property
    def cells(self) -> tuple[Cell, ...]:
        """The code that its tests need: its own cells, and earlier ones only if they use a name
        that those do not give."""
        mine = {self.exercise.key, *(test.grade_id for test in self.exercise.tests)}
        code = [cell for cell in self.lesson.cells if cell.kind == "code"]
        own = [cell for cell in code if cell.grade_id in mine]
        needed = missing(own)
        if needed is not None and not needed:
            return tuple(own)
        upto = code[: code.index(own[-1]) + 1]
        given = [cell for cell in upto if cell.role != "tests" or cell.grade_id in mine]
        left = missing(given)
        return tuple(upto if left is None or left else given)

    @cached_property
    def tests(self) -> tuple[Cell, ...]:
        mine = {test.grade_id for test in self.exercise.tests}
        return tuple(cell for cell in self.cells if cell.grade_id in mine)

    def promised(self) -> range:
        """The numbers of the promises."""
        return range(1, len(self.exercise.promises) + 1)

    def tested(self, promise: int) -> frozenset[str]:
        """The grade_ids of the tests of this promise."""
        tests = self.exercise.tests
        return frozenset(test.grade_id for test in tests if promise in test.promises)

    def notebook(self, cells: Iterable[Cell] | None = None) -> dict[str, Any]:
        """The source for trials: `cells`, else those that the tests need."""
        return replace(
            self.lesson, cells=tuple(self.cells if cells is None else cells)
        ).to_notebook()

    def answered(self, answer: str, source: Mapping[str, Any]) -> dict[str, Any]:
        """A submission of this source notebook, with this text in the exercise's cell."""
        notebook: dict[str, Any] = json.loads(json.dumps(source))
        for cell in notebook["cells"]:
            if cell["metadata"].get("nbgrader", {}).get("grade_id") == self.exercise.key:
                cell["source"] = answer
        return notebook


def subjects(course: Course, libraries: Iterable[str] = ()) -> Iterator[Subject]:
    """Every exercise of the course in order. Raises Invalid for a proof that cannot be read."""
    before: tuple[Lesson, ...] = ()
    for lesson in course.lessons():
        for exercise in lesson.exercises():
            yield Subject(
                lesson=lesson,
                exercise=exercise,
                proof=proof(lesson, exercise.key),
                before=before,
                level=course.level,
                language=course.language,
                libraries=tuple(libraries),
                prerequisites=course.prerequisites,
            )
        before = (*before, lesson)


def subject(course: Course, lesson: str, exercise: str, libraries: Iterable[str] = ()) -> Subject:
    """One of them. Raises NotFound, and Invalid as above."""
    for one in subjects(course, libraries):
        if (one.lesson.key, one.exercise.key) == (lesson, exercise):
            return one
    raise NotFound(f"The course {course.key!r} has no exercise {lesson}/{exercise}.")


def proof(lesson: Lesson, exercise: str) -> Proof:
    """Raises Invalid."""
    cell = next(cell for cell in lesson.cells if cell.grade_id == exercise)
    given = cell.own.get("proof")
    return Proof() if given is None else Proof.read(given, f"{lesson.key}/{exercise}")


def bare(source: str) -> str:
    """A cell's text without markers and lines of magic."""
    lines = MARKERS.sub("", source).splitlines()
    return "\n".join("" if line.lstrip().startswith(("%", "!")) else line for line in lines)


def missing(cells: Iterable[Cell]) -> set[str] | None:
    """The global names that these cells use and do not give; None where that cannot be said."""
    used: set[str] = set()
    given = set(dir(builtins)) | {"__name__", "__file__"}
    for cell in cells:
        source = bare(cell.source)
        if "import *" in source:
            return None
        try:
            table = symtable.symtable(source, "cell", "exec")
        except (SyntaxError, ValueError, RecursionError):
            return None
        for symbol in table.get_symbols():
            if symbol.is_assigned() or symbol.is_imported():
                given.add(symbol.get_name())
            elif symbol.is_referenced():
                used.add(symbol.get_name())
        used |= set(_global(table))
    return used - given


def _global(table: symtable.SymbolTable) -> Iterator[str]:
    for child in table.get_children():
        yield from (symbol.get_name() for symbol in child.get_symbols() if symbol.is_global())
        yield from _global(child)
