"""A submission as cells, whatever became of the file on its way.

Old formats are upgraded with nbformat; what is damaged beyond reading is left out, never guessed.
Nothing here raises over a student's cell: a notebook that shows but one readable cell is graded.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Literal

from coursewright.records.course import Cell
from coursewright.records.errors import Invalid
from coursewright.records.intake import CELL_ID, DROPPED, KINDS, raw_cells

Kind = Literal["code", "markdown", "raw"]
OURS = ("nbgrader", "coursewright")  # parts of a cell's metadata that must be objects


def read(notebook: Mapping[str, Any]) -> tuple[list[Cell], list[str]]:
    """The submission's cells with what was put right, in sentences for the student.

    A cell without an id of its own has the empty one. Raises Invalid when there are no cells.
    """
    found, repairs = _upgraded(notebook)
    if found is None:
        raise Invalid("The submission has no list of cells: it is not a notebook.")
    own = notebook.get("metadata")
    about = own.get("coursewright") if isinstance(own, Mapping) else None
    if isinstance(about, Mapping) and about.get(DROPPED):
        repairs.append("The notebook was too large; it was taken in without its outputs.")
    cells = []
    for number, cell in enumerate(found, 1):
        if isinstance(cell, Mapping):
            cells.append(_cell(number, cell, repairs))
        else:
            repairs.append(f"Cell {number} could not be read and was left out.")
    return cells, repairs


def named(cells: list[Cell]) -> list[Cell]:
    """The cells with an id each, all different; of two with one id the first keeps it."""
    taken = {cell.id for cell in cells}
    seen: set[str] = set()
    found = []
    for number, cell in enumerate(cells, 1):
        identity = cell.id
        if not identity or identity in seen:
            identity = f"cell-{number}"
            while identity in taken:
                identity += "x"
            taken.add(identity)
        seen.add(identity)
        found.append(replace(cell, id=identity))
    return found


def repeated(cells: list[Cell]) -> list[str]:
    """A sentence when several cells have the same id."""
    times = Counter(cell.id for cell in cells if cell.id)
    twice = sum(count > 1 for count in times.values())
    return [f"{twice} cell ids stood more than once; the copies got new ones."] if twice else []


def kernel(source: Mapping[str, Any], submission: Mapping[str, Any]) -> list[str]:
    """A sentence when the submission names another language than the lesson's, or is damaged."""
    wanted, given = _language(source) or "python", _language(submission)
    if given in (None, wanted):
        return []
    return [f"The notebook named the kernel {given!r}; it was graded with the lesson's, {wanted}."]


def _language(notebook: Mapping[str, Any]) -> str | None:
    metadata = notebook.get("metadata")
    metadata = metadata if isinstance(metadata, Mapping) else {}
    spec = metadata.get("kernelspec")
    if not isinstance(spec, Mapping):
        return None
    language, name = spec.get("language"), spec.get("name")
    if isinstance(language, str) and language:
        return language.lower()
    # A name is the site's own choice; only one that starts like Python is surely Python.
    if not isinstance(name, str) or name.startswith(("py", "conda")):
        return None
    return name


def _upgraded(notebook: Mapping[str, Any]) -> tuple[list[Any] | None, list[str]]:
    found = raw_cells(notebook)
    version, minor = notebook.get("nbformat", 4), notebook.get("nbformat_minor", 5)
    if found is None or "cells" in notebook:
        old = version != 4 or (isinstance(minor, int) and minor < 5)
        if old and found and not any(isinstance(one, Mapping) and "id" in one for one in found):
            return found, [f"The notebook had the old format {version}.{minor}; it was upgraded."]
        return found, []
    return _converted(found), [
        f"The notebook had the old format {version}; it was upgraded, its outputs were left out."
    ]


def _converted(cells: list[Any]) -> list[Any]:
    """Cells of nbformat 2 or 3 as ones of 4, by nbformat itself.

    It gets only what it knows, so that nothing a student's file holds can make it fail.
    """
    from nbformat import convert, from_dict

    clean = [_clean(cell) for cell in cells if isinstance(cell, Mapping)]
    old = {
        "nbformat": 3,
        "nbformat_minor": 0,
        "metadata": {},
        "worksheets": [{"cells": clean, "metadata": {}}],
    }
    upgraded = convert(from_dict(old), 4)
    # The ids that nbformat makes up are other ones each time.
    return [
        {name: value for name, value in cell.items() if name != "id"} for cell in upgraded.cells
    ]


def _clean(cell: Mapping[str, Any]) -> dict[str, Any]:
    metadata = cell.get("metadata")
    metadata = dict(metadata) if isinstance(metadata, Mapping) else {}
    kind = cell.get("cell_type")
    if kind == "code":
        text = _text(cell.get("input")) or ""
        rest = {"outputs": [], "collapsed": False, "language": "python", "prompt_number": None}
        return {"cell_type": "code", "input": text, "metadata": metadata, **rest}
    text = _text(cell.get("source")) or ""
    level = cell.get("level")
    if kind == "heading" and isinstance(level, int) and 1 <= level <= 6:
        return {"cell_type": "heading", "source": text, "level": level, "metadata": metadata}
    kind = kind if kind in ("markdown", "raw") else "markdown"
    return {"cell_type": kind, "source": text, "metadata": metadata}


def _cell(number: int, cell: Mapping[str, Any], repairs: list[str]) -> Cell:
    text = _text(cell.get("source"))
    if text is None:
        repairs.append(f"Cell {number} had no text that can be read; it counts as empty.")
    metadata = cell.get("metadata", {})
    if not isinstance(metadata, Mapping):
        repairs.append(f"The metadata of cell {number} was damaged and was left out.")
        metadata = {}
    clean = {
        name: value
        for name, value in metadata.items()
        if name not in OURS or isinstance(value, Mapping)
    }
    if not isinstance(clean.get("nbgrader", {}).get("grade_id", ""), str):
        del clean["nbgrader"]
    identity = cell.get("id")
    whole = isinstance(identity, str) and CELL_ID.match(identity)
    if identity is not None and not whole:
        repairs.append(f"Cell {number} had an id that notebooks do not allow; it got a new one.")
    return Cell(
        id=str(identity) if whole else "",
        kind=_kind(number, cell, repairs),
        source=text or "",
        metadata=clean,
    )


def _kind(number: int, cell: Mapping[str, Any], repairs: list[str]) -> Kind:
    kind = cell.get("cell_type")
    if kind in KINDS:
        return kind
    repairs.append(f"Cell {number} was of no known type; put right.")
    return "code" if "outputs" in cell or "execution_count" in cell else "raw"


def _text(value: Any) -> str | None:
    if isinstance(value, list) and all(isinstance(line, str) for line in value):
        return "".join(value)
    return value if isinstance(value, str) else None
