"""nbgrader's cell metadata of older releases (schemas 0, 1 and 2) as today's, schema 3.

nbgrader's own code does it, imported only for a notebook that needs it: pods and `coursewright
grade` have no nbgrader, and notebooks of schema 3 need none.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from coursewright.records.errors import Invalid, Unavailable

SCHEMA = 3


def current(notebook: Mapping[str, Any]) -> Mapping[str, Any]:
    """The notebook with metadata of schema 3; itself when it has no other.

    Raises Invalid, naming the cell, for what nbgrader cannot upgrade, and Unavailable where
    there is no nbgrader to do it.
    """
    cells = notebook.get("cells")
    cells = cells if isinstance(cells, list) else []
    if all(version(cell) in (None, SCHEMA) for cell in cells):
        return notebook
    return {**notebook, "cells": [_upgraded(n, cell) for n, cell in enumerate(cells, 1)]}


def version(cell: Any) -> int | None:
    """The schema of a cell's nbgrader metadata; None when it has none, 0 when it names none."""
    metadata = cell.get("metadata") if isinstance(cell, Mapping) else None
    flags = metadata.get("nbgrader") if isinstance(metadata, Mapping) else None
    if not isinstance(flags, Mapping):
        return None
    found = flags.get("schema_version", 0)
    return found if isinstance(found, int) else 0


def _upgraded(number: int, cell: Any) -> Any:
    had = version(cell)
    if had in (None, SCHEMA):
        return cell
    if had is not None and had > SCHEMA:
        raise Invalid(
            f"cell {number} has nbgrader's metadata schema {had}, which is newer than {SCHEMA}"
        )
    try:
        from nbformat import from_dict
        from nbgrader.nbgraderformat import MetadataValidator
    except ImportError as error:
        raise Unavailable(
            f"cell {number} has nbgrader's old metadata schema {had}. Install nbgrader to read it, "
            "or bring the notebook up to date with `nbgrader update`"
        ) from error
    try:
        upgraded = MetadataValidator().upgrade_cell_metadata(from_dict(cell))
    except (ValueError, TypeError, KeyError) as error:
        raise Invalid(f"cell {number}: nbgrader's metadata is damaged ({error})") from error
    return json.loads(json.dumps(upgraded))
