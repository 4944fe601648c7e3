"""What may be handed in: the checks on bytes that come from a student's browser."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from coursewright.records.errors import Invalid, TooLarge

LIMIT = 10 * 1024 * 1024
KINDS = ("code", "markdown", "raw")
CELL_ID = re.compile(r"[a-zA-Z0-9_-]{1,64}\Z")  # nbformat 4.5's own rule
AGAIN = "Save it in JupyterLab and submit it again"


def check_notebook(content: bytes, limit: int = LIMIT) -> dict[str, Any]:
    """The notebook in `content`, when it can be graded.

    Raises TooLarge or Invalid, with a sentence for the student. `limit` is in bytes.
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
    for number, cell in enumerate(notebook["cells"], 1):
        _check_cell(cell, number)
    _check_ids([cell["id"] for cell in notebook["cells"]])
    return notebook


def _parse(content: bytes) -> dict[str, Any]:
    try:
        notebook = json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise Invalid(
            f"This is not a notebook: it cannot be read as JSON ({_reason(error)}). {AGAIN}"
        ) from error
    if not isinstance(notebook, dict) or "nbformat" not in notebook:
        raise Invalid("This is JSON, but not a notebook. Submit the .ipynb file of the lesson")
    return notebook


def _check_format(notebook: dict[str, Any]) -> None:
    version = notebook["nbformat"]
    if not isinstance(version, int) or isinstance(version, bool) or version < 4:
        raise Invalid(
            f"The notebook has the old format {version!r}; format 4 is needed. Open it in "
            "JupyterLab, which converts it, save it and submit it again"
        )
    if version > 4:
        raise Invalid(
            f"The notebook has format {version}, which is newer than 4, the one that can be "
            "graded. Open the lesson from the course again and copy your answers into it"
        )
    if not isinstance(notebook.get("cells"), list) or not notebook["cells"]:
        raise Invalid("The notebook has no cells. Open the lesson from the course again")
    if not isinstance(notebook.get("metadata", {}), dict):
        raise Invalid(f"The notebook's metadata is damaged. {AGAIN}")


def _check_cell(cell: Any, number: int) -> None:
    if not isinstance(cell, dict) or cell.get("cell_type") not in KINDS:
        raise Invalid(f"Cell {number} is not a code, Markdown or raw cell. {AGAIN}")
    source, outputs = cell.get("source"), cell.get("outputs", [])
    lines = source if isinstance(source, list) else [source]
    if not all(isinstance(line, str) for line in lines):
        raise Invalid(f"Cell {number} has no text. {AGAIN}")
    if not isinstance(cell.get("metadata", {}), dict) or not isinstance(outputs, list):
        raise Invalid(f"Cell {number} is damaged: its metadata or its outputs. {AGAIN}")
    if "id" not in cell:
        raise Invalid(
            f"Cell {number} has no id; graded cells are found by their ids. Open the notebook "
            "in JupyterLab 4, which adds them, save it and submit it again"
        )
    if not isinstance(cell["id"], str) or not CELL_ID.match(cell["id"]):
        raise Invalid(f"Cell {number} has an id that notebooks do not allow. {AGAIN}")


def _check_ids(ids: list[str]) -> None:
    first: dict[str, int] = {}
    for number, identity in enumerate(ids, 1):
        if identity in first:
            raise Invalid(
                f"Cells {first[identity]} and {number} have the same id, {identity}. Delete the "
                "copy, or copy it again in JupyterLab, which gives each cell an id of its own"
            )
        first[identity] = number


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


def _megabytes(size: int) -> str:
    return f"{size / 1024 / 1024:.1f} MB"


def _reason(error: BaseException) -> str:
    if isinstance(error, json.JSONDecodeError):
        return f"{error.msg} in line {error.lineno}"
    if isinstance(error, UnicodeDecodeError):
        return "it is not UTF-8 text"
    return "it is nested too deeply" if isinstance(error, RecursionError) else str(error)
