"""What may be handed in: the checks on bytes that come from a student's browser.

Only what nobody can repair is refused; grader/repair.py puts right the rest when it is graded.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from coursewright.records.errors import Invalid, TooLarge

LIMIT = 10 * 1024 * 1024
KINDS = ("code", "markdown", "raw")
CELL_ID = re.compile(r"[a-zA-Z0-9_-]{1,64}\Z")  # nbformat 4.5's own rule
AGAIN = "Save it in JupyterLab and submit it again"
# In metadata.coursewright: the outputs were too large and were left out.
DROPPED = "outputs_dropped"
# What stands for a notebook that an import did not find: no cells, so nothing to grade again.
NOT_THERE = b'{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": []}'
OLDEST = 2  # nbformat 1 was gone before JSON notebooks were in use


def fit(content: bytes, limit: int = LIMIT) -> bytes:
    """What is kept of `content`: all of it, or when that is too large, all but the outputs.

    Outputs are never graded. What is still too large, or cannot be read, is given back as it is,
    for `check_notebook` to refuse.
    """
    if len(content) <= limit:
        return content
    try:
        notebook = _parse(content)
    except Invalid:
        return content
    for cell in raw_cells(notebook) or []:
        if isinstance(cell, dict):
            cell.update({name: [] for name in ("outputs",) if name in cell})
            cell.pop("attachments", None)
    metadata = notebook.get("metadata")
    metadata = metadata if isinstance(metadata, dict) else {}
    own = metadata.get("coursewright")
    own = own if isinstance(own, dict) else {}
    kept = {name: value for name, value in metadata.items() if name != "widgets"}
    notebook["metadata"] = {**kept, "coursewright": {**own, DROPPED: True}}
    smaller = json.dumps(notebook, ensure_ascii=False, indent=1)
    try:
        return smaller.encode()
    except UnicodeEncodeError:
        return json.dumps(notebook, indent=1).encode()


def check_notebook(content: bytes, limit: int = LIMIT) -> dict[str, Any]:
    """The notebook in `content`, when it can be graded, its metadata an object in any case.

    Raises TooLarge or Invalid, with a sentence for the student. `limit` is in bytes; give what
    `fit` leaves.
    """
    if len(content) > limit:
        raise TooLarge(
            f"The notebook is {_megabytes(len(content))}, the limit is {_megabytes(limit)}. "
            "Clear large outputs (Edit, Clear Outputs of All Cells), save it and submit it again"
        )
    notebook = _parse(content)
    _check_format(notebook)
    if any("\0" in text for text in texts(notebook)):
        raise Invalid(
            "The notebook holds NUL bytes, which no text may have. Find what prints or holds "
            "them (a binary file read as text, most often), clear that output and submit it again"
        )
    metadata = notebook.get("metadata")
    return {**notebook, "metadata": metadata if isinstance(metadata, dict) else {}}


def raw_cells(notebook: Mapping[str, Any]) -> list[Any] | None:
    """The cells of a notebook of format 4, or 2 and 3; None when it has no such list."""
    cells = notebook.get("cells")
    if isinstance(cells, list):
        return cells
    sheets = notebook.get("worksheets")
    if not isinstance(sheets, list):
        return None
    found = [sheet.get("cells") for sheet in sheets if isinstance(sheet, Mapping)]
    return [cell for cells in found if isinstance(cells, list) for cell in cells]


def _parse(content: bytes) -> dict[str, Any]:
    try:
        notebook = json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise Invalid(
            f"This is not a notebook: it cannot be read as JSON ({_reason(error)}). {AGAIN}"
        ) from error
    if not isinstance(notebook, dict) or raw_cells(notebook) is None:
        raise Invalid("This is JSON, but not a notebook. Submit the .ipynb file of the lesson")
    return notebook


def _check_format(notebook: dict[str, Any]) -> None:
    version = notebook.get("nbformat", 4)
    number = version if isinstance(version, int) and not isinstance(version, bool) else 4
    if number > 4:
        raise Invalid(
            f"The notebook has format {version}, which is newer than 4, the one that can be "
            "graded. Open the lesson from the course again and copy your answers into it"
        )
    if number < OLDEST:
        raise Invalid(
            f"The notebook has the old format {version!r}; formats from {OLDEST} on can be read. "
            f"Open it in JupyterLab, which converts it. {AGAIN}"
        )
    if not any(isinstance(cell, Mapping) for cell in raw_cells(notebook) or []):
        raise Invalid("The notebook has no cells. Open the lesson from the course again")


def texts(value: Any) -> Iterator[str]:
    """Every string in a JSON value, names too. A stack: the nesting may be deep."""
    waiting = [value]
    while waiting:
        item = waiting.pop()
        if isinstance(item, str):
            yield item
        elif isinstance(item, dict):
            waiting += item.keys()
            waiting += item.values()
        elif isinstance(item, list):
            waiting += item


def storable(text: str) -> bool:
    """Whether PostgreSQL takes it: no NUL, and no half of a surrogate pair."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return "\0" not in text


def _megabytes(size: int) -> str:
    return f"{size / 1024 / 1024:.1f} MB"


def _reason(error: BaseException) -> str:
    if isinstance(error, json.JSONDecodeError):
        return f"{error.msg} in line {error.lineno}"
    if isinstance(error, UnicodeDecodeError):
        return "it is not UTF-8 text"
    return "it is nested too deeply" if isinstance(error, RecursionError) else str(error)
