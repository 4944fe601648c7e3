"""Cells that all claim to be one answer: copies, a starter left beside it, halves of a split cell.

A copy of what another one holds is left out, and so is one that is still as it was given when
another is not. Halves that are no Python each, but are so together, are joined. Of what is left
the last one is the answer (nbgrader's rule); the others run as the student's own cells.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice, permutations

from coursewright.grader.arrange import parse
from coursewright.grader.starters import untouched
from coursewright.records.course import Cell

TRIES = 60  # orders of halves that are tried
MOST = 20  # copies and halves that are compared; of more, the last ones


@dataclass(frozen=True)
class Settled:
    """`number` is the answer's cell, with the text `source`; `dropped` cells are not run."""

    number: int
    source: str
    dropped: frozenset[int]
    said: str = ""


def settle(
    original: Cell, cells: list[Cell], claimed: list[int], free: list[int], broken: set[int]
) -> Settled:
    """`free` are cells that nobody claims: a half may have lost its metadata.

    `broken` are those of all cells that are no Python by themselves.
    """
    claimed = claimed[-MOST:]
    left = _different(cells, claimed)
    worked = [number for number in left if not untouched(original, cells[number])]
    left = worked or left[-1:]
    dropped = set(claimed) - set(left)
    said = _more_than_once(original) if dropped or len(left) > 1 else ""
    if original.kind != "code":
        text = "\n\n".join(cells[number].source for number in left)
        return Settled(left[-1], text, frozenset(dropped | set(left[:-1])), said)
    joined = _joined(cells, left, free, broken) if worked else None
    if joined:
        order, text = joined
        last = max(set(order) & set(claimed))
        said = f"The answer {original.grade_id!r} was split; its parts were put together."
        return Settled(last, text, frozenset((dropped | set(order)) - {last}), said)
    return Settled(left[-1], cells[left[-1]].source, frozenset(dropped), said)


def _more_than_once(original: Cell) -> str:
    return f"The cell {original.grade_id!r} was there more than once; the last one counts."


def _different(cells: list[Cell], claimed: list[int]) -> list[int]:
    """Without those whose text another one holds; of equal ones the last stays."""
    kept: list[int] = []
    for number in sorted(claimed, key=lambda one: (-len(cells[one].source.strip()), -one)):
        text = f"\n{cells[number].source.strip()}\n"
        indented = f"\n{cells[number].source.rstrip()}\n"
        holders = [f"\n{cells[other].source.strip()}\n" for other in kept]
        if not any(text in holder or indented in holder for holder in holders):
            kept.append(number)
    return sorted(kept)


def _joined(
    cells: list[Cell], left: list[int], free: list[int], broken: set[int]
) -> tuple[tuple[int, ...], str] | None:
    """The parts in the order in which they are Python together, with their text."""
    lost = _lost(left, free, broken)
    if not broken & {*left, *lost}:
        return None
    for more in range(len(lost) + 1):
        parts = sorted(left + lost[:more])
        if len(parts) > 1 and broken & set(parts):
            for order in _orders(parts):
                text = _text([cells[number].source for number in order])
                if text is not None:
                    return order, text
    return None


def _lost(left: list[int], free: list[int], broken: set[int]) -> list[int]:
    """Up to two cells that may be halves without metadata: beside the answer, else any broken."""
    beside = [number for one in left for number in (one + 1, one - 1) if number in free]
    found = [number for number in beside if number in broken or broken & set(left)]
    if broken & set(left):
        found += sorted(broken & set(free), key=lambda number: abs(number - left[-1]))
    return list(dict.fromkeys(found))[:2]


def _orders(parts: list[int]) -> Iterator[tuple[int, ...]]:
    return islice(permutations(parts), TRIES)


def _text(sources: list[str]) -> str | None:
    """JupyterLab cuts line breaks off at a split; a split inside of a line had none."""
    for between in ("\n", ""):
        text = between.join(sources)
        if parse(text) is not None:
            return text
    return None
