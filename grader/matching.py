"""Which of a submission's cells is which of the lesson's.

By id, then by grade_id, then by likeness: `likeness` of at least LIKE to what was given out or to
the author's own answer, the most alike first. A written answer that nothing else tells is the one
Markdown cell that stands between the same two cells as in the lesson.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import SequenceMatcher

from coursewright.grader.starters import given
from coursewright.records.course import MARKERS, Cell

# difflib's ratio, 2·M/T: 0.6 is the value from which its documentation calls texts close. An
# answer that kept the starter's docstring and name has more, unrelated cells of code below 0.45.
LIKE = 0.6
# What comparing may cost, in pairs of characters (lines, of long texts): about a second.
BUDGET = 5_000_000
LONG = 2_000  # characters from which texts are compared by lines
NAMES = re.compile(r"^(?:(?:async\s+)?def|class)\s+(\w+)", re.MULTILINE)
ASSIGNED = re.compile(r"^(\w+)\s*(?::[^=\n]+)?=(?!=)", re.MULTILINE)

Claims = dict[int, list[int]]  # places in the source: numbers of the submission's cells


def claims(source: list[Cell], cells: list[Cell]) -> Claims:
    """For each of the source's cells those that stand for it, in the submission's order."""
    found: Claims = {}
    for number, place in enumerate(_declared(source, cells)):
        if place is not None:
            found.setdefault(place, []).append(number)
    for place, numbers in found.items():
        if len(numbers) > 1 and not source[place].grade_id:  # one is the author's plain cell
            text = source[place].source
            found[place] = [max(numbers, key=lambda one: _ratio(text, cells[one].source))]
    for place, number in _alike(source, cells, found):
        found[place] = [number]
    for place, number in _between(source, cells, found):
        found[place] = [number]
    return found


def likeness(original: Cell, cell: Cell) -> float:
    """From 0 to 1: how like the cell is to what was given out, or to the author's answer.

    Code that defines names that the author's cell defines is alike by them too: somebody who
    wrote `def mean` anew answered what asks for `mean`, however they wrote it.
    """
    authors = MARKERS.sub("", original.source)
    alike = max(_ratio(given(original), cell.source), _ratio(authors, cell.source))
    if original.role != "solution" or original.kind != "code":
        return alike
    wanted = names(authors)
    shared = len(wanted & names(cell.source)) / len(wanted) if wanted else 0.0
    return max(alike, LIKE + (1 - LIKE) * shared) if shared >= 0.5 else alike


def names(source: str) -> set[str]:
    """What code defines at its top level; by its look, for it may be half a cell."""
    return set(NAMES.findall(source)) or set(ASSIGNED.findall(source))


def _declared(source: list[Cell], cells: list[Cell]) -> Iterator[int | None]:
    """The place that each cell names itself: by id, by grade_id; a plain one by its very text."""
    ids = {cell.id: place for place, cell in enumerate(source) if cell.id}
    grade_ids = {cell.grade_id: place for place, cell in enumerate(source) if cell.grade_id}
    texts = {cell.source: place for place, cell in enumerate(source) if not cell.grade_id}
    for cell in cells:
        by_id = ids.get(cell.id) if cell.id else None
        by_grade = grade_ids.get(cell.grade_id) if cell.grade_id else None
        if by_id is not None and (source[by_id].grade_id or by_grade is None):
            yield by_id
        elif by_grade is not None:
            yield by_grade
        else:
            yield texts.get(cell.source) if cell.source.strip() else None


def _alike(source: list[Cell], cells: list[Cell], found: Claims) -> list[tuple[int, int]]:
    free = _free(cells, found)
    budget = BUDGET
    pairs = []
    for place, original in enumerate(source):
        if not original.grade_id or place in found:
            continue
        for number in free:
            budget -= _cost(original.source, cells[number].source)
            if budget < 0:
                break
            alike = likeness(original, cells[number])
            if alike >= LIKE:
                pairs.append((alike, place, number))
    taken: dict[int, int] = {}
    for _, place, number in sorted(pairs, key=lambda pair: (-pair[0], pair[1], -pair[2])):
        if place not in taken and number not in taken.values():
            taken[place] = number
    return list(taken.items())


def _between(source: list[Cell], cells: list[Cell], found: Claims) -> list[tuple[int, int]]:
    """Written answers by where they stand, when there is only one cell that it can be."""
    free = set(_free(cells, found))
    taken = []
    for place, original in enumerate(source):
        if original.role != "written" or place in found:
            continue
        before = [max(found[other]) for other in found if other < place]
        after = [min(found[other]) for other in found if other > place]
        first, last = max(before, default=-1), min(after, default=len(cells))
        here = [
            number
            for number in range(first + 1, last)
            if number in free and cells[number].kind == original.kind
        ]
        if len(here) == 1:
            free.discard(here[0])
            taken.append((place, here[0]))
    return taken


def _free(cells: list[Cell], found: Claims) -> list[int]:
    taken = {number for numbers in found.values() for number in numbers}
    return [n for n, cell in enumerate(cells) if n not in taken and cell.source.strip()]


def _ratio(one: str, other: str) -> float:
    if one.strip() == other.strip():
        return 1.0
    if max(len(one), len(other)) > LONG:
        return SequenceMatcher(None, one.splitlines(), other.splitlines()).ratio()
    compared = SequenceMatcher(None, one, other, autojunk=False)
    return compared.ratio() if compared.real_quick_ratio() >= LIKE else 0.0


def _cost(one: str, other: str) -> int:
    if max(len(one), len(other)) > LONG:
        return (one.count("\n") + 1) * (other.count("\n") + 1) + len(one) + len(other)
    return len(one) * len(other)
