"""A student's notebook and a new version of its lesson become one notebook.

What the student wrote stays as it is: own cells, answers, and every cell that differs from what
was released. All else becomes the new version's. Where both sides changed one cell, the student's
text stays in the notebook and the new one is told as a conflict.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from coursewright.extension.matching import Cell, content, grader, paired, text

Notebook = Mapping[str, Any]
# What makes a cell the course's; one that the course gave up is the student's own.
BINDING = ("nbgrader", "coursewright", "deletable", "editable")


@dataclass(frozen=True)
class Conflict:
    """Changed by the student and by the new version; `base` is None for a cell new to both."""

    id: str
    cell_type: str
    base: str | None
    mine: str
    theirs: str


@dataclass
class Merged:
    """The notebook, and the ids of its cells by what became of them.

    `kept`: the new version gave them up, but the student had changed them. `removed` are gone.
    """

    notebook: dict[str, Any] = field(default_factory=dict)
    conflicts: list[Conflict] = field(default_factory=list)
    updated: list[str] = field(default_factory=list)
    added: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)


def merge(base: Notebook | None, theirs: Notebook, mine: Notebook) -> Merged:
    """`base`: the release that `mine` began as; None when nobody knows it any more."""
    merged = Merged()
    was: Notebook = base or {"cells": [], "metadata": {}}
    metadata = _three_ways(was["metadata"], theirs["metadata"], mine["metadata"])
    own = (mine["metadata"].get("coursewright"), theirs["metadata"].get("coursewright"))
    metadata["coursewright"] = {**(own[0] or {}), **(own[1] or {})}
    merged.notebook = {**mine, "metadata": metadata}
    if base is None or was["cells"] != theirs["cells"]:
        cells = _Cells(was["cells"], theirs["cells"], mine["cells"], merged).merged()
        merged.notebook |= {"nbformat": 4, "nbformat_minor": 5, "cells": _with_ids(cells)}
    return merged


class _Cells:
    """The three lists of cells, matched. Positions in `mine` and `theirs` name cells."""

    def __init__(
        self, base: Sequence[Cell], theirs: Sequence[Cell], mine: Sequence[Cell], told: Merged
    ) -> None:
        self.base, self.theirs, self.mine, self.told = base, theirs, mine, told
        self.was = paired(theirs, base)
        self.began = paired(mine, base)
        becomes = {old: new for new, old in self.was.items()}
        self.now = {at: becomes[old] for at, old in self.began.items() if old in becomes}
        # Cells that are new to the lesson, and here already: somebody merged or copied before.
        left = [at for at in range(len(mine)) if at not in self.began]
        fresh = [at for at in range(len(theirs)) if at not in self.was]
        direct = paired([mine[at] for at in left], [theirs[at] for at in fresh])
        self.now |= {left[one]: fresh[other] for one, other in direct.items()}
        self.here = {new: at for at, new in self.now.items()}
        self.ids = {cell["id"] for cell in (*base, *theirs) if "id" in cell}
        self.grade_ids = {
            name for cell in (*base, *theirs) if (name := grader(cell).get("grade_id"))
        }

    def merged(self) -> list[dict[str, Any]]:
        """The cells of the merged notebook, in their order."""
        stay = {at: cell for at in range(len(self.mine)) if (cell := self._stays(at)) is not None}
        come = {new: cell for new in range(len(self.theirs)) if (cell := self._comes(new))}
        order = self._by_theirs(stay, come) if self._reordered() else self._by_mine(stay, come)
        return [stay[at] if ours else come[at] for ours, at in order]

    def _stays(self, at: int) -> dict[str, Any] | None:
        """What becomes of a cell of the student's notebook; None when it goes."""
        mine = self.mine[at]
        base = self.base[self.began[at]] if at in self.began else None
        if at in self.now:
            return self._both(base, self.theirs[self.now[at]], mine)
        if base is None:
            return self._own(mine)
        if content(base) == content(mine):
            self.told.removed.append(_name(base))
            return None
        self.told.kept.append(_name(mine))
        names = {"id": base["id"]} if "id" in base else {}
        return {**mine, **names, "metadata": _unbound(mine)}

    def _own(self, mine: Cell) -> dict[str, Any]:
        """A cell of the student's; where some tool copied it from one of the course's, without
        what only that one may have."""
        kept = dict(mine)
        if mine.get("id") in self.ids:
            kept.pop("id")
        if grader(mine).get("grade_id") in self.grade_ids:
            kept["metadata"] = _unbound(mine)
        return kept

    def _both(self, base: Cell | None, theirs: Cell, mine: Cell) -> dict[str, Any]:
        """A cell of the student's that is in the new version."""
        was = base["metadata"] if base else {}
        metadata = _three_ways(was, theirs["metadata"], mine["metadata"])
        names = {"id": theirs["id"]} if "id" in theirs else {}
        kept = {**mine, **names, "metadata": metadata}
        if content(mine) == content(theirs):
            return kept
        if base is not None and content(mine) == content(base):
            self.told.updated.append(_name(theirs))
            return {**theirs, "metadata": metadata}
        if base is None or content(base) != content(theirs):
            old = None if base is None else text(base)
            found = (_name(theirs), str(theirs["cell_type"]), old, text(mine), text(theirs))
            self.told.conflicts.append(Conflict(*found))
        return kept

    def _comes(self, new: int) -> dict[str, Any] | None:
        """A cell of the new version that the student does not have; one that they deleted comes
        back only when it changed."""
        if new in self.here:
            return None
        theirs = self.theirs[new]
        if new in self.was and content(self.base[self.was[new]]) == content(theirs):
            return None
        self.told.added.append(_name(theirs))
        return dict(theirs)

    def _reordered(self) -> bool:
        """Whether the new version has the cells that it kept in another order."""
        order = list(self.was[new] for new in sorted(self.was))
        return order != sorted(order)

    def _by_theirs(
        self, stay: Mapping[int, Any], come: Mapping[int, Any]
    ) -> Iterator[tuple[bool, int]]:
        """The new version's order; what it does not have stays behind the cell it followed."""
        behind: dict[int, list[int]] = {}
        last = -1
        for at in stay:
            last = self.now.get(at, last)
            if at not in self.now:
                behind.setdefault(last, []).append(at)
        for new in range(-1, len(self.theirs)):
            if new in self.here:
                yield True, self.here[new]
            elif new in come:
                yield False, new
            yield from ((True, at) for at in behind.get(new, ()))

    def _by_mine(self, stay: Mapping[int, Any], come: Mapping[int, Any]) -> list[tuple[bool, int]]:
        """The student's order; what is new comes behind the cell that it follows in the lesson."""
        order = [(True, at) for at in stay]
        for new in come:
            before = {(True, self.here[old]) for old in range(new) if old in self.here}
            before |= {(False, old) for old in come if old < new}
            place = self._place(order, before, new)
            order.insert(place, (False, new))
        return order

    def _place(self, order: list[tuple[bool, int]], before: set[tuple[bool, int]], new: int) -> int:
        nearest = max(
            (item for item in order if item in before),
            key=lambda item: self.now[item[1]] if item[0] else item[1],
            default=None,
        )
        place = order.index(nearest) + 1 if nearest else 0
        while place < len(order) and order[place][0] and order[place][1] not in self.now:
            place += 1
        return place


def _unbound(cell: Cell) -> dict[str, Any]:
    """The metadata of a cell that is the course's no more."""
    return {name: value for name, value in cell["metadata"].items() if name not in BINDING}


def _three_ways(
    base: Mapping[str, Any], theirs: Mapping[str, Any], mine: Mapping[str, Any]
) -> dict[str, Any]:
    """Metadata: what the new version changed is as there, all else as the student has it."""
    missing = object()
    merged = dict(mine)
    for name in (*base, *theirs):
        if base.get(name, missing) != theirs.get(name, missing):
            if name in theirs:
                merged[name] = theirs[name]
            else:
                merged.pop(name, None)
    return merged


def _with_ids(cells: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Every cell with an id of its own, as nbformat 4.5 wants it; made from what stands before."""
    seen: set[str] = set()
    for place, cell in enumerate(cells):
        identity = cell.get("id")
        if not isinstance(identity, str) or identity in seen:
            made = hashlib.sha256(f"{place} {identity} {text(cell)}".encode()).hexdigest()
            cell["id"] = identity = made[:16]
        seen.add(identity)
    return cells


def _name(cell: Cell) -> str:
    return str(cell.get("id", ""))
