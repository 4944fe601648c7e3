"""An nbgrader course directory as a course document: a module an assignment, a lesson a notebook.

source/<assignment>/*.ipynb   the notebooks, with nbgrader's markers as its configuration has them
source/header.ipynb           whatever IncludeHeaderFooter names, put before and after each of them
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from coursewright.records import nbgrader_schema, release
from coursewright.records.course import Cell, Course, Lesson, Module
from coursewright.records.errors import CoursewrightError, Invalid
from coursewright.records.intake import CELL_ID, LIMIT, check_notebook
from coursewright.records.nbgrader_config import Config, read_config, slug

HEADING = re.compile(r"^#{1,2}\s+(.+?)\s*#*$", re.MULTILINE)
AUTOTEST = "### AUTOTEST", "### HASHED AUTOTEST"
FAR = 255  # characters of a title


@dataclass(frozen=True)
class Imported:
    """The course; which lesson (assignment, notebook) became, and what did not come along."""

    course: Course
    lessons: Mapping[tuple[str, str], str]
    config: Config
    notes: tuple[str, ...]


def read_nbgrader(directory: Path, key: str | None = None, title: str | None = None) -> Imported:
    """Raises Invalid with every problem, each with its file and cell."""
    config = read_config(directory)
    source = directory / config.text("CourseDirectory.source_directory", "source")
    if not source.is_dir():
        raise Invalid(f"{source} is missing: this is not a course directory of nbgrader")
    name = config.text("CourseDirectory.course_id", directory.resolve().name)
    reader = _Reader(directory, config)
    modules = [reader.module(path) for path in sorted(source.iterdir()) if path.is_dir()]
    modules = [module for module in modules if module.lessons]
    if not modules and not reader.problems:
        reader.problems.append(f"{source} holds no assignment with a notebook")
    if reader.problems:
        raise Invalid("\n".join(reader.problems))
    course = Course(key=key or slug(name), title=title or name, modules=tuple(modules))
    return Imported(
        Course.from_json(course.to_json()),
        reader.lessons,
        config,
        (*config.notes, *reader.notes),
    )


class _Reader:
    """Reads everything, and gathers what is wrong instead of stopping at the first."""

    def __init__(self, directory: Path, config: Config) -> None:
        self.config = config
        self.problems: list[str] = []
        self.notes: list[str] = []
        self.lessons: dict[tuple[str, str], str] = {}
        self.around = {
            part: self._extra(directory, config.options.get(f"IncludeHeaderFooter.{part}"), part)
            for part in ("header", "footer")
        }

    def module(self, folder: Path) -> Module:
        paths = sorted(folder.glob("*.ipynb"))
        others = [path.name for path in folder.iterdir() if path not in paths]
        others = sorted(name for name in others if not name.startswith("."))
        if others:
            self.notes.append(
                f"{folder}: files beside the notebooks do not come along: {', '.join(others)}"
            )
        lessons = [self._lesson(folder, path, len(paths)) for path in paths]
        return Module(slug(folder.name), folder.name, tuple(lesson for lesson in lessons if lesson))

    def _lesson(self, folder: Path, path: Path, many: int) -> Lesson | None:
        key = slug(folder.name) if many == 1 else slug(f"{folder.name} {path.stem}")
        if key in self.lessons.values():
            self.problems.append(f"{path}: another notebook gets the key {key!r} too; rename one")
            return None
        self.lessons[folder.name, path.stem] = key
        try:
            notebook = read_notebook(path)
            cells = [
                *self.around["header"],
                *(self._cell(path, n, cell) for n, cell in enumerate(notebook["cells"], 1)),
                *self.around["footer"],
            ]
            # nbgrader finds cells by their grade_id; an id that says it too finds them sooner.
            named = _named(cells)
            lesson = Lesson(key, _title(named, path.stem), tuple(named), 0, (), _kept(notebook))
        except CoursewrightError as error:
            self.problems.append(_placed(path, error))
            return None
        try:
            release.student_view(Course("c", "C", (Module("m", "M", (lesson,)),)))
        except Invalid as error:
            lines = str(error).splitlines()
            self.problems += [line.replace(f"lesson {key!r}", str(path), 1) for line in lines]
        return lesson

    def _cell(self, path: Path, number: int, raw: Mapping[str, Any]) -> Cell:
        cell = Cell.from_notebook({**raw, "id": raw.get("id", "")})
        if any(mark in cell.source for mark in AUTOTEST):
            self.problems.append(
                f"{path}, cell {number}: {AUTOTEST[0]} makes tests when nbgrader releases it, "
                "which this platform does not; write the tests out"
            )
        return replace(cell, source=self.config.normal(cell.source))

    def _extra(self, directory: Path, name: Any, part: str) -> list[Cell]:
        if not isinstance(name, str) or not name:
            return []
        path = directory / name
        try:
            notebook = read_notebook(path)
        except CoursewrightError as error:
            self.problems.append(_placed(path, error))
            return []
        cells = enumerate(notebook["cells"], 1)
        return [replace(self._cell(path, n, cell), id=f"{part}-{n}") for n, cell in cells]


def read_notebook(path: Path) -> dict[str, Any]:
    """A source notebook as one of nbformat 4.5 with nbgrader's metadata of today, cells' ids apart.

    Raises Invalid.
    """
    import nbformat

    try:
        found = check_notebook(path.read_bytes(), 10 * LIMIT)
    except OSError as error:
        raise Invalid(f"it cannot be read: {error.strerror}") from error
    if found.get("nbformat", 4) < 4:
        try:
            found = json.loads(json.dumps(nbformat.convert(nbformat.from_dict(found), 4)))
        except (AttributeError, KeyError, TypeError, ValueError, nbformat.ValidationError) as error:
            raise Invalid(f"its old format cannot be upgraded: {error}") from error
    for number, cell in enumerate(found["cells"], 1):
        try:
            Cell.from_notebook({"id": "", **cell})
        except (KeyError, TypeError, AttributeError) as error:
            raise Invalid(f"cell {number} is damaged: it lacks or spoils {error}") from error
    return dict(nbgrader_schema.current(found))


def _placed(path: Path, error: CoursewrightError) -> str:
    return f"{path}{',' if str(error).startswith('cell ') else ':'} {error}"


def _named(cells: list[Cell]) -> list[Cell]:
    """The cells with ids: their own, their grade_id, or their number; each only once."""
    taken: set[str] = set()
    found = []
    for number, cell in enumerate(cells, 1):
        for identity in (cell.id, cell.grade_id or "", f"cell-{number}", f"cell-{number}-again"):
            if CELL_ID.match(identity) and identity not in taken:
                break
        taken.add(identity)
        found.append(replace(cell, id=identity, outputs=(), execution_count=None))
    return found


def _title(cells: list[Cell], name: str) -> str:
    texts: Iterator[str] = (cell.source for cell in cells if cell.kind == "markdown")
    heading = next((found[1] for text in texts if (found := HEADING.search(text))), "")
    plain = re.sub(r"[*_`]", "", heading)
    return plain[:FAR] if plain and not plain.lower().startswith("part ") else name


def _kept(notebook: Mapping[str, Any]) -> dict[str, Any]:
    metadata = notebook.get("metadata", {})
    return {name: value for name, value in metadata.items() if name != "coursewright"}
