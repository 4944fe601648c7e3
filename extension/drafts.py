"""A draft of a course: the facts in its course.json and its source notebooks, as JSON.

The layout is that of `coursewright publish DIR`: course.json, and `<lesson>.ipynb` beside it or in
the folder notebooks/. What is wrong is said with the name of the file that it is in.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from coursewright.extension.errors import WorkError
from coursewright.extension.work import runnable
from coursewright.records.course import FORMAT, KEY, Course, Malformed

ABOUT = "course.json"
# Beside a draft: what it was made from. The list of files in JupyterLab leaves it out.
MARK = ".coursewright.json"
Json = dict[str, Any]


def parse_about(content: bytes, place: str) -> Json:
    """What course.json says, without its `format`. Raises WorkError."""
    about = parse(content, place)
    shape = about.pop("format", FORMAT)
    if shape != FORMAT:
        raise WorkError(f"{place}: format is {shape!r}, this release reads {FORMAT}.")
    try:
        modules = [
            {**module, "lessons": [{**lesson, "cells": ()} for lesson in module["lessons"]]}
            for module in about["modules"]
        ]
        Course.from_json({**about, "format": FORMAT, "modules": modules})
        if not all(KEY.match(key) for key, _ in lessons(about)):
            raise Malformed("a lesson's key is none")
    except Malformed as error:
        raise WorkError(f"{place}: {error}.") from error
    except (KeyError, TypeError, AttributeError) as error:
        raise WorkError(f"{place} does not describe a course: {error}.") from error
    return about


def lessons(about: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Keys and titles, in their order."""
    return [
        (lesson["key"], lesson["title"])
        for module in about["modules"]
        for lesson in module["lessons"]
    ]


def parse_notebook(content: bytes, path: str) -> Json:
    """A source notebook. Raises WorkError."""
    notebook = parse(content, path)
    if (notebook.get("nbformat"), notebook.get("nbformat_minor")) != (4, 5):
        raise WorkError(
            f"{path} has nbformat {notebook.get('nbformat')}.{notebook.get('nbformat_minor')}; 4.5"
            " is needed. Open it, change something, save it and try again."
        )
    cells = notebook.get("cells")
    if not isinstance(cells, list) or not isinstance(notebook.setdefault("metadata", {}), dict):
        raise WorkError(f"{path} is not a notebook: it lacks its cells or its metadata.")
    for number, cell in enumerate(cells, 1):
        if not isinstance(cell, dict) or not isinstance(cell.get("id"), str):
            raise WorkError(f"{path}: cell {number} has no id. Save it in JupyterLab 4 first.")
    return notebook


def files(source: Mapping[str, Any], mark: Mapping[str, Any]) -> dict[str, bytes]:
    """What a draft's folder holds at first, by name; sources by lines, as Jupyter writes them."""
    found = {
        f"{key}.ipynb": to_bytes(runnable(by_lines(notebook)))
        for key, notebook in source["notebooks"].items()
        if KEY.match(key)
    }
    found[ABOUT] = to_bytes({"format": FORMAT, **source["course"]})
    found[MARK] = to_bytes(mark)
    return found


def by_lines(notebook: Mapping[str, Any]) -> Json:
    cells = [
        {**cell, "source": cell["source"].splitlines(keepends=True)}
        if isinstance(cell.get("source"), str)
        else cell
        for cell in notebook["cells"]
    ]
    return {**notebook, "cells": cells}


def in_one(notebook: Mapping[str, Any]) -> Json:
    """With each source as one text, as the course service has them."""
    cells = [
        {**cell, "source": "".join(map(str, cell["source"]))}
        if isinstance(cell.get("source"), list)
        else cell
        for cell in notebook["cells"]
    ]
    return {**notebook, "cells": cells}


def to_bytes(data: Mapping[str, Any]) -> bytes:
    text = json.dumps(data, ensure_ascii=False, indent=1) + "\n"
    return text.encode("utf-8", "backslashreplace")


def parse(content: bytes, place: str) -> Json:
    """The JSON object in a file. Raises WorkError."""
    try:
        data = json.loads(content)
    except (ValueError, RecursionError) as error:
        line = getattr(error, "lineno", None)
        where = f" in line {line}" if line else ""
        raise WorkError(
            f"{place} cannot be read: it is not JSON{where}. Mend it, or bring it back from an"
            " earlier version."
        ) from error
    if not isinstance(data, dict):
        raise WorkError(f"{place} cannot be read: it holds no JSON object.", HTTPStatus.CONFLICT)
    return data
