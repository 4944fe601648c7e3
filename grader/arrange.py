"""The order in which a notebook's cells run.

It is the student's. But the author's locked cells run before all that follows them in the lesson,
a test runs after all that it follows there, and where a cell uses at its top level what only a
later one defines, and the lesson's order would mend that, all cells go back into that order.
"""

from __future__ import annotations

import ast
import re
import warnings
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from coursewright.records.course import Cell

ENOUGH = 200_000  # characters of notebooks whose names are looked at
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
OUTSIDE = (ast.Return, ast.Yield, ast.YieldFrom)  # none of them may stand outside a function
MAGIC = re.compile(r"^([ \t]*)[%!].*$", re.MULTILINE)
MOVED = "Cells were not in the order of the lesson; they were put where they can run."


@dataclass(frozen=True)
class Placed:
    """A cell and its place in the lesson; None for the student's own."""

    cell: Cell
    place: int | None


def arrange(cells: list[Placed], repairs: list[str]) -> list[Placed]:
    """The cells in the order in which they run; says so when it is another one."""
    lesson = _by_lesson(cells)
    if lesson == cells:
        return cells
    kept = _ready(cells)
    if sum(len(one.cell.source) for one in cells) <= ENOUGH and _unready(kept):
        mended = _ready(lesson)
        kept = mended if _unready(mended) < _unready(kept) else kept
    if kept != cells:
        repairs.append(MOVED)
    return kept


def parse(source: str) -> ast.Module | None:
    """The code as a tree, IPython's lines left out; None when it is not (whole) Python."""
    if source.lstrip().startswith("%%"):
        return ast.Module([], [])
    flags = ast.PyCF_ONLY_AST | ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of a student's strings, not of ours
        try:
            tree = compile(MAGIC.sub(r"\1pass", source), "cell", "exec", flags)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return None
    if not isinstance(tree, ast.Module) or any(isinstance(n, OUTSIDE) for n in _at_once(tree)):
        return None
    return tree


def _ready(cells: list[Placed]) -> list[Placed]:
    found = list(cells)
    for one in sorted(cells, key=lambda item: item.place or 0):
        if one.place is None or one.cell.role not in ("locked", "tests"):
            continue
        here = next(number for number, other in enumerate(found) if other is one)
        if one.cell.role == "locked":
            after = [n for n in range(here) if _place(found[n]) > one.place]
            if after:
                found.insert(after[0], found.pop(here))
        else:
            before = [n for n in range(here + 1, len(found)) if _runs_before(found[n], one.place)]
            if before:
                found.insert(before[-1], found.pop(here))
    return found


def _place(one: Placed) -> int:
    return -1 if one.place is None or one.cell.kind != "code" else one.place


def _runs_before(other: Placed, place: int) -> bool:
    return 0 <= _place(other) < place


def _by_lesson(cells: list[Placed]) -> list[Placed]:
    """In the lesson's order, each of the student's own cells behind the one that it follows."""
    keys = []
    last = -1
    for one in cells:
        last = last if one.place is None else one.place
        keys.append(last)
    numbers = sorted(range(len(cells)), key=lambda number: keys[number])
    return [cells[number] for number in numbers]


def _unready(cells: list[Placed]) -> int:
    """How often a cell uses, when it runs, a name that only a later one gives."""
    used: Counter[str] = Counter()
    defined: set[str] = set()
    early = 0
    for one in cells:
        tree = parse(one.cell.source) if one.cell.kind == "code" else None
        if tree is None or one.cell.role == "tests":
            continue
        gives = set(_stored(tree))
        early += sum(used[name] for name in gives - defined)
        used.update(set(_loaded(tree)) - gives - defined)
        defined |= gives
    return early


def _stored(tree: ast.AST) -> Iterator[str]:
    for node in _at_once(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id
        elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            yield node.name
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            yield from ((name.asname or name.name).partition(".")[0] for name in node.names)


def _loaded(tree: ast.AST) -> Iterator[str]:
    for node in _at_once(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
            yield node.id


def _at_once(tree: ast.AST) -> Iterator[ast.AST]:
    """What runs when the cell runs: not the bodies of its functions. A stack, for depth."""
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        yield node
        if isinstance(node, FUNCTIONS):
            waiting += node.args.defaults
            continue
        waiting += ast.iter_child_nodes(node)
