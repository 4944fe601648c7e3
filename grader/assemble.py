"""The notebook that is really run: the author's locked cells, the student's answers.

Rules (nbgrader's, where it has one): a locked or test cell is the author's, whatever the student
made of it; of several answers the last one counts; a missing cell goes back behind the one that it
follows in the source; a deleted answer is what was given out. What was put right is said in
sentences for the student. matching.py finds whose cell is whose, pieces.py settles copies and
halves, arrange.py the order, repair.py reads damaged files.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, Literal

from coursewright.grader import matching, pieces, repair
from coursewright.grader.arrange import Placed, arrange, parse
from coursewright.grader.starters import is_ours, starter, untouched
from coursewright.records import nbgrader_schema, syntax
from coursewright.records.course import HIDDEN, Cell, checksum
from coursewright.records.errors import Invalid

__all__ = [
    "Assembly",
    "Step",
    "assemble",
    "carried",
    "checksum",
    "read_cells",
    "starter",
    "untouched",
]

ENOUGH = 200_000  # characters of code that are looked at for halves of answers
Part = Literal["student", "given", "test"]


@dataclass(frozen=True)
class Step:
    """One code cell to run, as `name` ("cell:3": the third of the notebook).

    `carried` is what a test leaves to later cells: its visible imports and definitions.
    """

    name: str
    part: Part
    cell: Cell
    carried: str = ""

    @property
    def source(self) -> str:
        return self.cell.source

    def line(self, number: int) -> int:
        """The line that IPython calls `number`: it leaves out empty lines at the top."""
        text = self.source
        return number + text[: len(text) - len(text.lstrip())].count("\n")


@dataclass(frozen=True)
class Assembly:
    """`cells` is the whole notebook, `steps` its code in order, `repairs` what was put right.

    `written` is the notebook as the student wrote it, with the author's flags on the cells that
    are the lesson's: what may be shown.
    """

    source: tuple[Cell, ...]
    cells: tuple[Cell, ...]
    steps: tuple[Step, ...]
    repairs: tuple[str, ...]
    written: tuple[Cell, ...] = ()

    def answer(self, grade_id: str) -> Cell | None:
        return next((cell for cell in self.cells if cell.grade_id == grade_id), None)

    def step(self, grade_id: str) -> Step | None:
        return next((step for step in self.steps if step.cell.grade_id == grade_id), None)


def assemble(source: Mapping[str, Any], submission: Mapping[str, Any]) -> Assembly:
    """Raises Invalid when the source cannot be read, or nothing of the submission can."""
    original = _source(source)
    cells, repairs = repair.read(submission)
    repairs += repair.kernel(source, submission)
    repairs += repair.repeated(cells)
    found = _Found(original, cells, repairs)
    written = found.placed()
    shown = repair.named([_flagged(one, original) for one in written])
    placed = [
        replace(one, cell=_settled(replace(one.cell, id=cell.id), original, one.place))
        for one, cell in zip(written, shown, strict=True)
    ]
    placed = arrange(_put_back(placed, original, repairs), repairs)
    steps = tuple(
        _step(number, one) for number, one in enumerate(placed, 1) if one.cell.kind == "code"
    )
    return Assembly(
        tuple(repair.named(original)),
        tuple(one.cell for one in placed),
        steps,
        tuple(dict.fromkeys(repairs)),
        tuple(shown),
    )


def read_cells(notebook: Mapping[str, Any], what: str) -> list[Cell]:
    """The cells of a notebook that must be whole. Raises Invalid with the cell."""
    found = notebook.get("cells")
    if not isinstance(found, list):
        raise Invalid(f"{what} has no list of cells: it is not a notebook of format 4.")
    for number, cell in enumerate(found, 1):
        if not isinstance(cell, Mapping):
            raise Invalid(f"{what}: cell {number} is not a cell.")
    cells, damages = repair.read(notebook)
    damages = [damage for damage in damages if "old format" not in damage]
    if damages:
        raise Invalid(f"{what}: {damages[0]}")
    return cells


@lru_cache(maxsize=512)
def carried(source: str) -> str:
    """The imports, definitions and constants at the top level of a test's visible part.

    In nbgrader a test shares the kernel with the cells after it, and courses count on the imports
    and helpers of an earlier test. Here a test runs in a fork, so these are run once more.
    """
    try:
        body = syntax.parse(HIDDEN.sub("", source)).body
    except (SyntaxError, ValueError):
        return ""  # a magic, or broken: nothing to keep
    return "\n".join(left for node in body if (left := _lasting(node)))


def _lasting(node: ast.stmt) -> str:
    """What a statement leaves behind: a definition, or a constant that has no value yet."""
    match node:
        case ast.Import() | ast.ImportFrom() | ast.FunctionDef() | ast.ClassDef():
            return ast.unparse(node)
        case ast.AsyncFunctionDef():
            return ast.unparse(node)
        case ast.Assign(targets=[ast.Name(id=name)], value=value) if _is_literal(value):
            return f"if {name!r} not in globals(): {ast.unparse(node)}"
    return ""


def _is_literal(value: ast.expr) -> bool:
    try:
        ast.literal_eval(value)
    except (ValueError, TypeError, RecursionError):
        return False
    return True


class _Found:
    """Whose cell is whose."""

    def __init__(self, original: list[Cell], cells: list[Cell], repairs: list[str]) -> None:
        self.original, self.cells, self.repairs = original, cells, repairs
        self.claims = matching.claims(original, cells)
        claimed = {number for numbers in self.claims.values() for number in numbers}
        self.free = [number for number in range(len(cells)) if number not in claimed]
        self.broken = self._broken()

    def _broken(self) -> set[int]:
        """Cells that are no Python by themselves, when one may be half of another."""
        answers = [
            number
            for place, numbers in self.claims.items()
            for number in numbers
            if not is_ours(self.original[place])
        ]
        once = all(len(numbers) == 1 for numbers in self.claims.values())
        if once and not self.free:
            return set()
        found, size = set(), 0
        for number in (*answers, *self.free):
            source = self.cells[number].source
            size += len(source)
            if size > ENOUGH:
                break
            if source.strip() and parse(source) is None:
                found.add(number)
        return found

    def placed(self) -> list[Placed]:
        """The student's cells in their order, without those that are left out."""
        places: dict[int, int] = {}
        texts: dict[int, str] = {}
        dropped: set[int] = set()
        for place, numbers in sorted(self.claims.items()):
            original = self.original[place]
            if is_ours(original) or not original.grade_id:
                answer = self._of_ours(original, numbers, dropped)
            else:
                settled = pieces.settle(original, self.cells, numbers, self.free, self.broken)
                answer, texts[settled.number] = settled.number, settled.source
                dropped |= settled.dropped
                self.free = [number for number in self.free if number not in settled.dropped]
                self.repairs += [settled.said] if settled.said else []
            places[answer] = place
            self._say(original, self.cells[answer])
        return [
            Placed(replace(cell, source=texts.get(number, cell.source)), places.get(number))
            for number, cell in enumerate(self.cells)
            if number not in dropped
        ]

    def _of_ours(self, original: Cell, numbers: list[int], dropped: set[int]) -> int:
        """The last one. Further ones of a locked cell are not run: nothing in them may count."""
        *others, answer = numbers
        if others and original.grade_id:
            dropped |= set(others)
            self.repairs.append(
                f"The cell {original.grade_id!r} was there more than once; it counts once."
            )
        return answer

    def _say(self, original: Cell, cell: Cell) -> None:
        if original.grade_id and cell.grade_id != original.grade_id:
            self.repairs.append(
                f"The cell {original.grade_id!r} had lost its marks; it was recognised."
            )
        if original.grade_id and cell.kind != original.kind:
            self.repairs.append(
                f"The cell {original.grade_id!r} was made a {cell.kind} cell; put right."
            )


def _source(source: Mapping[str, Any]) -> list[Cell]:
    """The author's cells, with nbgrader's metadata of today."""
    return read_cells(nbgrader_schema.current(source), "The source notebook")


def _flagged(one: Placed, original: list[Cell]) -> Cell:
    """The student's cell with the author's metadata; one of their own has no flags."""
    cell = one.cell
    author = original[one.place] if one.place is not None else None
    if author is None or not author.grade_id:
        own = {name: cell.metadata[name] for name in cell.metadata if name != "nbgrader"}
        return replace(cell, metadata=own)
    flags = dict(author.nbgrader)
    if "checksum" in cell.nbgrader:
        flags["checksum"] = cell.nbgrader["checksum"]
    return replace(cell, kind=author.kind, metadata={**author.metadata, "nbgrader": flags})


def _settled(cell: Cell, original: list[Cell], place: int | None) -> Cell:
    """What is run: the author's text too, where it is not the student's to change."""
    if place is not None and original[place].grade_id and is_ours(original[place]):
        return replace(original[place], id=cell.id)
    return _flagged(Placed(cell, place), original)


def _put_back(cells: list[Placed], original: list[Cell], repairs: list[str]) -> list[Placed]:
    cells = list(cells)
    there = {one.place for one in cells}
    ids = {one.cell.id for one in cells}
    for place, author in enumerate(original):
        if not author.grade_id or place in there:
            continue
        text = author.source if is_ours(author) else starter(author)
        before = [n for n, one in enumerate(cells) if one.place is not None and one.place < place]
        nearest = max(before, key=lambda number: cells[number].place or 0, default=-1)
        identity = f"missing-{place + 1}"
        while identity in ids:
            identity += "x"
        ids.add(identity)
        cells.insert(nearest + 1, Placed(replace(author, id=identity, source=text), place))
        kind = "cell" if is_ours(author) else "answer"
        repairs.append(
            f"The {kind} {author.grade_id!r} was missing; it was put back as it was given."
        )
    return cells


def _step(number: int, one: Placed) -> Step:
    part: Part = "student"
    if one.place is not None and is_ours(one.cell):
        part = "test" if one.cell.role == "tests" else "given"
    left = carried(one.cell.source) if part == "test" else ""
    return Step(f"cell:{number}", part, one.cell, left)
