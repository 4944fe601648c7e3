"""Which cells of two notebooks are the same cell, though ids or texts may have changed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import Any

Cell = Mapping[str, Any]


def paired(cells: Sequence[Cell], others: Sequence[Cell]) -> dict[int, int]:
    """For positions in `cells` those of the same cells in `others`; each is used once.

    Cells are the same by their id; else by nbgrader's grade_id, since other tools make ids anew;
    else by their text. Where several would do, one with the same text does first.
    """
    found: dict[int, int] = {}
    for name in (_identity, _grade_id, content):
        free = _free(others, set(found.values()), name)
        for exactly in (True, False):
            for position, cell in enumerate(cells):
                candidates = free.get(name(cell), []) if position not in found else []
                for other in candidates:
                    if not exactly or content(cell) == content(others[other]):
                        found[position] = other
                        candidates.remove(other)
                        break
    return found


def content(cell: Cell) -> Hashable:
    """What a person writes in a cell: its kind, its text, its pictures; None when empty."""
    source = text(cell)
    pictures = tuple(sorted(cell.get("attachments") or {}))
    return (cell.get("cell_type"), source, pictures) if source.strip() or pictures else None


def text(cell: Cell) -> str:
    """The source as one text; notebooks may have it as a list of lines."""
    source = cell.get("source", "")
    return source if isinstance(source, str) else "".join(source)


def grader(cell: Cell) -> Mapping[str, Any]:
    """nbgrader's part of the metadata."""
    metadata = cell.get("metadata")
    found = metadata.get("nbgrader") if isinstance(metadata, Mapping) else None
    return found if isinstance(found, Mapping) else {}


def _identity(cell: Cell) -> Hashable:
    return cell.get("id")


def _grade_id(cell: Cell) -> Hashable:
    return grader(cell).get("grade_id")


def _free(
    cells: Sequence[Cell], taken: set[int], name: Callable[[Cell], Hashable]
) -> dict[Hashable, list[int]]:
    free: dict[Hashable, list[int]] = defaultdict(list)
    for position, cell in enumerate(cells):
        if position not in taken and name(cell) is not None:
            free[name(cell)].append(position)
    return dict(free)
