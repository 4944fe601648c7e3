"""Mutants of a reference: wrong answers made by rule, to see whether the tests notice.

At most `MOST`, drawn evenly over the operators with a seed; two that read the same are one. Only
what a student writes is changed: where the cell has solution markers, what stands between them.
"""

from __future__ import annotations

import ast
import difflib
import symtable
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from coursewright.generator.mutants import Change, changes, is_wording, parts
from coursewright.generator.starter import BEGIN, END
from coursewright.records.syntax import parse

MOST = 60


@dataclass(frozen=True)
class Mutant:
    """`line` is one of the cell without its markers; `within` the definition at the top."""

    operator: str
    line: int
    within: str
    source: str
    original: str

    @property
    def diff(self) -> str:
        """The lines that differ, as a unified diff without its head."""
        before, after = self.original.splitlines(), self.source.splitlines()
        lines = list(difflib.unified_diff(before, after, lineterm="", n=1))
        return "\n".join(lines[2:])


@dataclass(frozen=True)
class _Site:
    """A change and the place for it."""

    owner: ast.AST
    field: str
    place: int | None
    line: int
    within: str
    change: Change


def mutants(cell: str, seed: int = 0, most: int = MOST) -> list[Mutant]:
    """Those of a solution cell, in the order of its lines; none where it is not Python."""
    source, written = _unmarked(cell)
    try:
        tree = parse(source)
        original = ast.unparse(tree)
    except (SyntaxError, ValueError, RecursionError):
        return []
    seen = {original}
    found: list[Mutant] = []
    random = Random(seed)  # noqa: S311 (to repeat, not to guard)
    for site in _drawn(list(_sites(tree, written)), random):
        if len(found) == most:
            break
        text = _changed(tree, site)
        if text is not None and text not in seen and _compiles(text):
            seen.add(text)
            found.append(Mutant(site.change.operator, site.line, site.within, text, original))
    return sorted(found, key=lambda mutant: (mutant.line, mutant.operator, mutant.source))


def _unmarked(cell: str) -> tuple[str, set[int] | None]:
    """The text without markers, and its lines that stood between them; None for all."""
    lines: list[str] = []
    written: set[int] = set()
    inside = marked = False
    for line in cell.splitlines():
        if line.strip() in (BEGIN, END):
            inside, marked = line.strip() == BEGIN, True
            continue
        lines.append(line)
        if inside:
            written.add(len(lines))
    return "\n".join(lines), written if marked else None


def _sites(tree: ast.Module, written: set[int] | None) -> Iterator[_Site]:
    """Every change that could be made, outer nodes first."""
    waiting: list[tuple[ast.AST, int, str, bool]] = [(tree, 0, "", False)]
    while waiting:
        owner, line, within, wording = waiting.pop()
        for field, place, node in parts(owner):
            here = getattr(node, "lineno", line)
            name = within or (getattr(node, "name", "") if owner is tree else "")
            reads = wording or is_wording(node)
            waiting.append((node, here, name, reads))
            if written is None or here in written:
                for change in changes(node, reads):
                    yield _Site(owner, field, place, here, name, change)


def _drawn(sites: list[_Site], random: Random) -> Iterator[_Site]:
    """In turn one of each operator, so that none is left out where there are many."""
    piles: dict[str, list[_Site]] = {}
    for site in sites:
        piles.setdefault(site.change.operator, []).append(site)
    for name in sorted(piles):
        random.shuffle(piles[name])
    while any(piles.values()):
        for name in sorted(piles):
            if piles[name]:
                yield piles[name].pop()


def _changed(tree: ast.Module, site: _Site) -> str | None:
    """The whole text with this change, which is taken back; None where it cannot be written."""
    before = getattr(site.owner, site.field)
    after = site.change.node
    if site.place is not None:
        items = [*before[: site.place], *([after] if after else []), *before[site.place + 1 :]]
        after = items or ([ast.Pass()] if site.field == "body" else [])  # type: ignore[assignment]
    setattr(site.owner, site.field, after)
    try:
        return ast.unparse(ast.fix_missing_locations(tree))
    except (ValueError, RecursionError):
        return None  # as an f-string whose quotes cannot be nested
    finally:
        setattr(site.owner, site.field, before)


def _compiles(text: str) -> bool:
    """What does not run at all would count as noticed. Unlike compile(), this warns of nothing."""
    try:
        symtable.symtable(text, "mutant", "exec")
    except (SyntaxError, ValueError, RecursionError):
        return False
    return True
