"""From the author's course to the student's: checked, and without what gives answers away.

nbgrader's own preprocessors make the student's notebooks, in the order of its generate_assignment.
They are imported when first used: a student's pod imports this package too, and has no nbgrader.
"""

from __future__ import annotations

import json
import logging
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from coursewright.records.course import Cell, Course, Lesson, Malformed, Module, Quiz
from coursewright.records.errors import Invalid
from coursewright.records.intake import CELL_ID, storable, texts

if TYPE_CHECKING:
    from nbformat import NotebookNode

Step = Callable[["NotebookNode"], None]

# What a student may know of an exercise. Everything else in metadata.coursewright stays behind.
SHOWN = ("title", "promises", "concepts", "exercise")
# What a notebook's metadata may hold of what its cells showed when the author ran them.
KEPT_BACK = ("coursewright", "widgets")
# How comments begin in languages that nbgrader has no starter of, where that is not by "#".
MARKS = {
    **dict.fromkeys(("c", "c#", "c++", "c++17", "f#", "go", "javascript", "kotlin", "rust"), "//"),
    **dict.fromkeys(("scala", "swift", "typescript"), "//"),
    **dict.fromkeys(("haskell", "lua", "sql"), "--"),
    **dict.fromkeys(("clojure", "common lisp", "scheme"), ";"),
}
GRADED = ("solution", "tests", "written", "task")
ATTACHED = re.compile(r"attachment:([^)\s\"']+)")

# nbgrader logs the cells that it refuses, with their solutions: nobody may read those in a log.
# Not one of logging's own tree, since whoever configures that may wake it again.
_silent = logging.Logger("silent", level=logging.CRITICAL + 1)


def student_view(course: Course) -> Course:
    """The course as students get it. Raises Invalid with lesson and cell."""
    check(course)
    modules = tuple(
        Module(module.key, module.title, tuple(_release(lesson) for lesson in module.lessons))
        for module in course.modules
    )
    return replace(course, modules=modules)


def check(course: Course) -> None:
    """Raises Invalid with everything that keeps this course from being published."""
    problems = [problem for lesson in course.lessons() for problem in _problems(lesson)]
    if not any(True for _ in course.lessons()):
        problems.append(f"course {course.key!r} has no lessons")
    if problems:
        raise Invalid("\n".join(problems))


def _problems(lesson: Lesson) -> list[str]:
    found = [
        f"cell {number}: {problem}"
        for number, cell in enumerate(lesson.cells, 1)
        for problem in _problems_of(cell)
    ]
    found += [*_repeated(lesson), *_unproven(lesson)]
    found = found or list(_format_errors(lesson))
    return [f"lesson {lesson.key!r}, {problem}" for problem in found]


def _problems_of(cell: Cell) -> Iterator[str]:
    if not all(storable(text) for text in texts(cell.to_notebook())):
        yield "it holds NUL bytes or broken characters"
    if not CELL_ID.match(cell.id):
        yield f"its id {cell.id!r} is not one that notebooks allow"
    if (cell.role in GRADED or cell.role == "locked") and not cell.grade_id:
        yield "a graded or locked cell needs a grade_id"
    if cell.role == "quiz":
        try:
            Quiz.from_json(cell.own["quiz"])
        except (Malformed, TypeError, AttributeError) as error:
            yield f"the quiz is malformed: {error}"


def _repeated(lesson: Lesson) -> Iterator[str]:
    for what, names in (
        ("grade_id", [cell.grade_id for cell in lesson.cells if cell.grade_id]),
        ("cell id", [cell.id for cell in lesson.cells]),
    ):
        for name, times in Counter(names).items():
            if times > 1:
                cells = ", ".join(
                    str(number)
                    for number, cell in enumerate(lesson.cells, 1)
                    if name == (cell.id if what == "cell id" else cell.grade_id)
                )
                yield f"cells {cells} share the {what} {name!r}"


def _unproven(lesson: Lesson) -> Iterator[str]:
    """Promises without a test, and tests of promises that nobody made."""
    for exercise in lesson.exercises():
        made = set(range(1, len(exercise.promises) + 1))
        tested = {number for test in exercise.tests for number in test.promises}
        for number in sorted(made - tested):
            yield f"exercise {exercise.key!r}: no test has promise {number}"
        for number in sorted(tested - made):
            yield f"exercise {exercise.key!r}: there is no promise {number}, yet a test names it"


def _format_errors(lesson: Lesson) -> Iterator[str]:
    from nbformat import ValidationError, from_dict, validate

    notebook = from_dict(lesson.to_notebook())
    try:
        validate(notebook, version=4, version_minor=5)
    except ValidationError as error:
        yield f"which is not a notebook: {str(error).splitlines()[0]}"


def _release(lesson: Lesson) -> Lesson:
    from nbformat import from_dict

    notebook = from_dict(lesson.to_notebook())
    for step in _steps(_language(lesson)):
        notebook = _apply(step, notebook, lesson.key)
    released = Lesson.from_notebook(
        json.loads(json.dumps(notebook)),
        key=lesson.key,
        title=lesson.title,
        minutes=lesson.minutes,
        objectives=lesson.objectives,
    )
    metadata = {n: value for n, value in released.metadata.items() if n not in KEPT_BACK}
    return replace(released, metadata=metadata, cells=tuple(map(_stripped, released.cells)))


def _language(lesson: Lesson) -> str:
    spec = lesson.metadata.get("kernelspec")
    language = spec.get("language") if isinstance(spec, Mapping) else None
    return language if isinstance(language, str) and language else "python"


def _steps(language: str) -> Iterator[Step]:
    from nbgrader import preprocessors
    from nbgrader.nbgraderformat import MetadataValidator

    yield lambda notebook: MetadataValidator().validate_nb(notebook)
    for name in (
        "LockCells",
        "ClearSolutions",
        "ClearOutput",
        "ClearHiddenTests",
        "ClearMarkScheme",
        "ComputeChecksums",  # of what is released, so after everything that clears
    ):
        preprocessor = getattr(preprocessors, name)(log=_silent)
        if name == "ClearSolutions":
            mark = MARKS.get(language.lower(), "#")
            preprocessor.code_stub.setdefault(language, f"{mark} YOUR CODE HERE")
        yield partial(_preprocess, preprocessor)
    yield lambda notebook: MetadataValidator().validate_nb(notebook)


def _preprocess(preprocessor: Any, notebook: NotebookNode) -> None:
    preprocessor.preprocess(notebook, {})


def _apply(step: Step, notebook: NotebookNode, lesson: str) -> NotebookNode:
    """The notebook after the step. nbgrader's steps change it in place, also before they raise."""
    after = deepcopy(notebook)
    try:
        step(after)
    except Exception as error:
        raise Invalid(f"lesson {lesson!r}, {_place(step, notebook)}: {_words(error)}") from error
    return after


def _place(step: Step, notebook: NotebookNode) -> str:
    """Which cell this step refuses, found by giving it one at a time."""
    for number, cell in enumerate(notebook.cells, 1):
        alone = deepcopy(notebook)
        alone.cells = [deepcopy(cell)]
        try:
            step(alone)
        except Exception:  # noqa: BLE001 (as above)
            return f"cell {number}"
    return "the notebook as a whole"


def _words(error: Exception) -> str:
    message = " ".join((str(error).splitlines() or [""])[:3]).strip()
    return message or type(error).__name__


def _stripped(cell: Cell) -> Cell:
    """The cell without the parts of it that nbgrader does not know of."""
    own = _shown(cell.own)
    metadata = {name: value for name, value in cell.metadata.items() if name != "coursewright"}
    if own:
        metadata["coursewright"] = own
    attachments = cell.attachments
    if attachments is not None and cell.role in GRADED:  # a picture in an answer is an answer
        named = set(ATTACHED.findall(cell.source))
        attachments = {name: item for name, item in attachments.items() if name in named}
    return replace(cell, metadata=metadata, attachments=attachments)


def _shown(own: Mapping[str, Any]) -> dict[str, Any]:
    shown = {name: own[name] for name in SHOWN if name in own}
    if "quiz" in own:
        shown["quiz"] = Quiz.from_json(own["quiz"]).student_view().to_json()
    return shown
