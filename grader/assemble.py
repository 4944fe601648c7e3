"""The notebook that is really run: the author's locked cells, the student's answers, in his order.

Rules (nbgrader's, where it has one): a locked or test cell is the author's, whatever the student
made of it; of two copies of a cell the last one counts; a missing cell goes back behind the one
that it follows in the source; a deleted answer is an empty one.
"""

from __future__ import annotations

import ast
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from coursewright.records.course import HIDDEN, Cell
from coursewright.records.errors import Invalid

SOLUTION = re.compile(
    r"^([ \t]*)### BEGIN SOLUTION[ \t]*\n.*?^[ \t]*### END SOLUTION[ \t]*$",
    re.MULTILINE | re.DOTALL,
)
CODE_STUB, TEXT_STUB = ("# YOUR CODE HERE", "raise NotImplementedError()"), ("YOUR ANSWER HERE",)
OURS = ("tests", "locked", "task", "quiz")  # roles whose text the student cannot change

Part = Literal["student", "given", "test"]
Known = dict[str | None, Cell]  # the author's cells by grade_id


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
    """`cells` is the whole notebook, `steps` its code in order, `repairs` what was put right."""

    source: tuple[Cell, ...]
    cells: tuple[Cell, ...]
    steps: tuple[Step, ...]
    repairs: tuple[str, ...]

    def answer(self, grade_id: str) -> Cell | None:
        return next((cell for cell in self.cells if cell.grade_id == grade_id), None)

    def step(self, grade_id: str) -> Step | None:
        return next((step for step in self.steps if step.cell.grade_id == grade_id), None)


def assemble(source: Mapping[str, Any], submission: Mapping[str, Any]) -> Assembly:
    """Raises Invalid when either is no notebook that can be read."""
    original = read_cells(source, "The source notebook")
    known: Known = {cell.grade_id: cell for cell in original if cell.grade_id}
    repairs: list[str] = []
    cells = _last_of_each(read_cells(submission, "The submission"), known, repairs)
    cells = [_settle(cell, known, repairs) for cell in cells]
    cells = _put_back(cells, known, repairs)
    steps = tuple(
        _step(number, cell, cell.grade_id in known)
        for number, cell in enumerate(cells, 1)
        if cell.kind == "code"
    )
    return Assembly(tuple(original), tuple(cells), steps, tuple(repairs))


def read_cells(notebook: Mapping[str, Any], what: str) -> list[Cell]:
    """The notebook's cells; what is not as nbformat has it is refused or, in metadata, left out."""
    found = notebook.get("cells")
    if not isinstance(found, list):
        raise Invalid(f"{what} has no list of cells: it is not a notebook of format 4.")
    return [_read_cell(number, cell, what) for number, cell in enumerate(found, 1)]


def starter(cell: Cell) -> str:
    """What a student starts from: the cell without the author's solution, as nbgrader clears it."""
    stub = CODE_STUB if cell.kind == "code" else TEXT_STUB

    def indented(region: re.Match[str]) -> str:
        return "\n".join(region[1] + line for line in stub)

    cleared, regions = SOLUTION.subn(indented, cell.source)
    return cleared if regions else "\n".join(stub)


def untouched(original: Cell, cell: Cell) -> bool:
    """Whether a written answer is still what was given out (nbgrader scores that 0)."""
    given = cell.nbgrader.get("checksum")
    return cell.source.strip() in ("", starter(original).strip()) or given == checksum(cell)


def checksum(cell: Cell) -> str:
    """nbgrader's fingerprint of a cell (`compute_checksum` in its utils.py, 0.9.6)."""
    flags = cell.nbgrader
    grade, solution = bool(flags.get("grade", False)), bool(flags.get("solution", False))
    locked = not solution and (grade or bool(flags.get("locked", False)))
    parts = [cell.source, cell.kind, str(grade), str(solution), str(locked), cell.grade_id or ""]
    parts += [str(cell.points)] if grade else []
    return hashlib.md5("".join(parts).encode(), usedforsecurity=False).hexdigest()


def carried(source: str) -> str:
    """The imports, definitions and constants at the top level of a test's visible part.

    In nbgrader a test shares the kernel with the cells after it, and courses count on the imports
    and helpers of an earlier test. Here a test runs in a fork, so these are run once more.
    """
    try:
        body = ast.parse(HIDDEN.sub("", source)).body
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


def _read_cell(number: int, cell: object, what: str) -> Cell:
    if not isinstance(cell, Mapping):
        raise Invalid(f"{what}: cell {number} is not a cell.")
    text = cell.get("source", "")
    if isinstance(text, list) and all(isinstance(line, str) for line in text):
        text = "".join(text)
    if not isinstance(text, str) or cell.get("cell_type") not in ("code", "markdown", "raw"):
        raise Invalid(f"{what}: cell {number} has no text or no known type.")
    metadata = cell.get("metadata")
    clean = {
        name: value
        for name, value in (metadata if isinstance(metadata, Mapping) else {}).items()
        if name not in ("nbgrader", "coursewright") or isinstance(value, Mapping)
    }
    if not isinstance(clean.get("nbgrader", {}).get("grade_id", ""), str):
        del clean["nbgrader"]
    identity = cell.get("id")
    return Cell(
        id=identity if isinstance(identity, str) else f"cell-{number}",
        kind=cell["cell_type"],
        source=text,
        metadata=clean,
    )


def _last_of_each(cells: list[Cell], known: Known, repairs: list[str]) -> list[Cell]:
    seen: set[str] = set()
    kept = []
    for cell in reversed(cells):
        grade_id = cell.grade_id
        if grade_id is None or grade_id not in known:
            kept.append(_anonymous(cell))
        elif grade_id in seen:
            repairs.append(f"The cell {grade_id!r} was there more than once; the last one counts.")
            kept.append(_anonymous(cell))
        else:
            seen.add(grade_id)
            kept.append(cell)
    return kept[::-1]


def _anonymous(cell: Cell) -> Cell:
    """A cell of the student's own, whatever its metadata claims."""
    own = {name: cell.metadata[name] for name in cell.metadata if name != "nbgrader"}
    return replace(cell, metadata=own)


def _settle(cell: Cell, known: Known, repairs: list[str]) -> Cell:
    """The cell with the author's metadata, and his text too where it is not the student's."""
    original = known.get(cell.grade_id)
    if original is None:
        return cell
    if cell.kind != original.kind:
        repairs.append(f"The cell {cell.grade_id!r} was made a {cell.kind} cell; put right.")
    if original.role in OURS:
        return replace(original, id=cell.id)
    flags = dict(original.nbgrader)
    if "checksum" in cell.nbgrader:
        flags["checksum"] = cell.nbgrader["checksum"]
    metadata = {**original.metadata, "nbgrader": flags}
    return replace(cell, kind=original.kind, metadata=metadata)


def _put_back(cells: list[Cell], known: Known, repairs: list[str]) -> list[Cell]:
    cells = list(cells)
    before: str | None = None
    for grade_id, original in known.items():
        places = [number for number, cell in enumerate(cells) if cell.grade_id == grade_id]
        if not places:
            ours = original.role in OURS
            text = original.source if ours else starter(original)
            after = [
                number for number, cell in enumerate(cells) if before and cell.grade_id == before
            ]
            cells.insert(after[0] + 1 if after else 0, replace(original, source=text))
            kind = "cell" if ours else "answer"
            repairs.append(f"The {kind} {grade_id!r} was missing; it was put back as it was given.")
        before = grade_id
    return cells


def _step(number: int, cell: Cell, of_the_lesson: bool) -> Step:
    part: Part = "student"
    if of_the_lesson and cell.role in OURS:
        part = "test" if cell.role == "tests" else "given"
    left = carried(cell.source) if part == "test" else ""
    return Step(f"cell:{number}", part, cell, left)
