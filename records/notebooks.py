"""A course as a folder of notebooks, in nbgrader's format: what authors edit and keep in git.

course.json         the course's and its lessons' facts, in order
<lesson-key>.ipynb  nbformat 4.5, cells exactly as the course document has them; beside
                    course.json, or else in the folder notebooks/
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from coursewright.records.course import FORMAT, KEY, Course, Lesson, Malformed
from coursewright.records.errors import Invalid
from coursewright.records.intake import storable, texts

ABOUT_COURSE = ("key", "title", "summary", "level", "language", "objectives", "prerequisites")
APART = "notebooks"
ABOUT_LESSON = ("key", "title", "minutes", "objectives")


def read_course(directory: Path) -> Course:
    """Raises Invalid, naming the file, when the folder does not hold a course."""
    about = _read(directory / "course.json")
    modules = [_read_module(directory, module) for module in about.get("modules", ())]
    try:
        return Course.from_json({"format": about.get("format"), **about, "modules": modules})
    except Malformed as error:
        raise Invalid(f"{directory / 'course.json'}: {error}") from error


def taken_apart(course: Course) -> dict[str, Any]:
    """What course.json holds (`course`), and the lessons' `notebooks` by key."""
    document = course.to_json()
    about = {name: document[name] for name in ABOUT_COURSE}
    modules = [
        {
            "key": module["key"],
            "title": module["title"],
            "lessons": [{name: item[name] for name in ABOUT_LESSON} for item in module["lessons"]],
        }
        for module in document["modules"]
    ]
    notebooks = {lesson.key: lesson.to_notebook() for lesson in course.lessons()}
    return {"course": {**about, "modules": modules}, "notebooks": notebooks}


def put_together(about: Mapping[str, Any], notebooks: Mapping[str, Any]) -> Course:
    """The course of what `taken_apart` gives. Raises Invalid with the lesson that is not right."""
    if not all(storable(text) for text in texts(about)):
        raise Invalid("The course's titles and texts hold NUL bytes or broken characters")
    try:
        modules = [
            {**module, "lessons": [_lesson(item, notebooks) for item in module["lessons"]]}
            for module in about["modules"]
        ]
        course = Course.from_json({**about, "format": FORMAT, "modules": modules})
        for lesson in course.lessons():
            _refuse_unreadable(lesson)
    except Malformed as error:
        raise Invalid(str(error)) from error
    except (KeyError, TypeError, AttributeError) as error:
        raise Invalid(f"The course cannot be read: it lacks or spoils {error}") from error
    left = sorted(notebooks.keys() - {lesson.key for lesson in course.lessons()})
    if left:
        raise Invalid(f"No lesson of the course is called {', '.join(left)}")
    return course


def write_course(course: Course, directory: Path, apart: bool = False) -> None:
    """Write the folder; notebooks of lessons that the course does not have are left alone.

    `apart` puts the notebooks into a folder of their own.
    """
    place = directory / APART if apart else directory
    place.mkdir(parents=True, exist_ok=True)
    source = taken_apart(course)
    for key, notebook in source["notebooks"].items():
        _write(place / f"{key}.ipynb", _by_lines(notebook))
    _write(directory / "course.json", {"format": FORMAT, **source["course"]})


def _read_module(directory: Path, module: Any) -> Any:
    if not isinstance(module, Mapping):
        return module
    lessons = [_read_lesson(directory, lesson) for lesson in module.get("lessons", ())]
    return {**module, "lessons": lessons}


def _read_lesson(directory: Path, about: Any) -> Any:
    key = about.get("key") if isinstance(about, Mapping) else None
    if not isinstance(key, str) or not KEY.match(key):  # it becomes the name of a file
        raise Invalid(
            f"{directory / 'course.json'}: the lesson key {key!r} must be of lower-case letters, "
            "digits and single hyphens"
        )
    path = directory / f"{key}.ipynb"
    if not path.exists() and (directory / APART).is_dir():
        path = directory / APART / f"{key}.ipynb"
    return _with_cells(about, _read(path), str(path))


def _lesson(about: Mapping[str, Any], notebooks: Mapping[str, Any]) -> Any:
    key = about["key"]
    if key not in notebooks:
        raise Invalid(f"The lesson {key!r} has no notebook")
    return _with_cells(about, notebooks[key], f"lesson {key!r}")


def _with_cells(about: Mapping[str, Any], notebook: Mapping[str, Any], place: str) -> Any:
    if (notebook.get("nbformat"), notebook.get("nbformat_minor")) != (4, 5):
        raise Invalid(
            f"{place} has nbformat {notebook.get('nbformat')}.{notebook.get('nbformat_minor')}; "
            "4.5 is needed. Open it in JupyterLab 4 and save it"
        )
    try:
        lesson = Lesson.from_notebook(notebook, key=about["key"], title="")
        return {**about, "cells": asdict(lesson)["cells"], "metadata": lesson.metadata}
    except (KeyError, TypeError, AttributeError) as error:
        raise Invalid(f"{place}: a cell lacks or spoils {error}") from error


def _refuse_unreadable(lesson: Lesson) -> None:
    """Raises Invalid for what stands in metadata and is nothing that an exercise can have."""
    try:
        found = list(lesson.exercises())
    except (TypeError, ValueError, AttributeError) as error:
        raise Invalid(f"lesson {lesson.key!r}: the metadata of an exercise says {error}") from error
    for exercise in found:
        texts = (exercise.title, *exercise.promises, *exercise.concepts, *exercise.hints)
        if not all(isinstance(text, str) for text in texts):
            raise Invalid(
                f"lesson {lesson.key!r}, exercise {exercise.key!r}: its title, promises, concepts "
                "and hints must be texts"
            )


def _read(path: Path) -> dict[str, Any]:
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise Invalid(f"{path} is missing") from error
    except (ValueError, RecursionError) as error:
        raise Invalid(f"{path} is not JSON: {error}") from error
    if not isinstance(data, dict):
        raise Invalid(f"{path} must hold a JSON object")
    return data


def _write(path: Path, data: Mapping[str, Any]) -> None:
    text = json.dumps(data, ensure_ascii=False, indent=1) + "\n"
    path.write_text(text, encoding="utf-8")


def _by_lines(notebook: dict[str, Any]) -> dict[str, Any]:
    """Sources as lists of lines, as Jupyter writes them: a change then touches one line in git."""
    for cell in notebook["cells"]:
        cell["source"] = cell["source"].splitlines(keepends=True)
    return notebook
