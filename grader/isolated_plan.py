"""What of a notebook is the examiner's and what the student's, read from the author's source.

The examiner's: every import of the author's, and the functions and plain constants of his locked
cells and of earlier tests, so that no answer can put others in their place. All else, classes of
locked cells too, is looked up at the student's.
"""

from __future__ import annotations

import ast
import builtins
import symtable
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from coursewright.records.course import HIDDEN, Cell
from coursewright.records.syntax import parse

# None does anything at its import that one process may not do for the next.
LIBRARIES = frozenset(("IPython", "numpy", "pandas", "scipy", "sympy"))
HELPERS = (ast.FunctionDef, ast.AsyncFunctionDef)


@dataclass(frozen=True)
class Plan:
    """`preambles` by grade_id of a test: what runs before it, statement by statement.

    `own` are built-in names that the author's cells bind; `shared` those that his solution reads.
    `warm` are the large libraries that he imports anywhere: to load one costs more than to grade.
    """

    preambles: dict[str, list[str]]
    own: list[str]
    shared: list[str]
    warm: tuple[str, ...] = ()


def plan(source: Iterable[Cell]) -> Plan:
    cells = [cell for cell in source if cell.kind == "code"]
    solutions = [cell.source for cell in cells if cell.role == "solution"]
    bound = set[str]().union(*map(_bound, solutions))
    given = [cell for cell in cells if cell.role == "locked"]
    imports = [text for cell in cells if cell.role != "tests" for text in _imports(cell.source)]
    helpers = [text for cell in given for text in _helpers(cell.source, bound, classes=False)]
    so_far = list(dict.fromkeys(imports)) + helpers
    preambles = {}
    for cell in cells:
        if cell.role == "tests":
            preambles[cell.grade_id or cell.id] = list(so_far)
            visible = HIDDEN.sub("", cell.source)
            so_far += [*_imports(visible), *_helpers(visible, bound, classes=True)]
    ours = bound.union(*(_bound(cell.source) for cell in given))
    read = set[str]().union(*map(_read, solutions))
    return Plan(
        preambles,
        own=sorted(name for name in ours if hasattr(builtins, name)),
        shared=sorted(name for name in read if not hasattr(builtins, name)),
        warm=tuple(sorted({name for cell in cells for name in _libraries(cell.source)})),
    )


def _imports(source: str) -> Iterator[str]:
    for node in _statements(source):
        if isinstance(node, ast.Import | ast.ImportFrom):
            yield ast.unparse(node)


def _libraries(source: str) -> Iterator[str]:
    for node in _statements(source):
        match node:
            case ast.Import(names=names):
                found = [name.name for name in names]
            case ast.ImportFrom(module=str() as module, level=0):
                found = [module]
            case _:
                found = []
        yield from (name for name in found if name.partition(".")[0] in LIBRARIES)


def _helpers(source: str, bound: set[str], classes: bool) -> Iterator[str]:
    """Definitions and plain constants of names that no answer is about."""
    for node in _statements(source):
        match node:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                wanted = name not in bound
            case ast.ClassDef(name=name):
                wanted = classes and name not in bound
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                wanted = name not in bound and _is_plain(value)
            case _:
                wanted = False
        if wanted:
            yield ast.unparse(node)


def _is_plain(value: ast.expr) -> bool:
    """Whether it is a constant that nobody can change in place."""
    try:
        found = ast.literal_eval(value)
    except (ValueError, TypeError, RecursionError, SyntaxError, MemoryError):
        return False
    return isinstance(found, int | float | complex | str | bytes | None)


def _statements(source: str) -> list[ast.stmt]:
    try:
        return parse(_plain(source)).body
    except (SyntaxError, ValueError, RecursionError):
        return []


def _plain(source: str) -> str:
    """The cell without its lines of magic."""
    return "\n".join("" if line.startswith(("%", "!")) else line for line in source.splitlines())


def _bound(source: str) -> set[str]:
    """The global names that a cell binds."""
    table = _table(source)
    if table is None:
        return set()
    return {
        symbol.get_name()
        for symbol in table.get_symbols()
        if symbol.is_assigned() or symbol.is_imported()
    }


def _read(source: str) -> set[str]:
    """The global names that its functions use."""
    table = _table(source)
    return set() if table is None else set(_globals(table))


def _globals(table: symtable.SymbolTable) -> Iterator[str]:
    for child in table.get_children():
        for symbol in child.get_symbols():
            if symbol.is_global():
                yield symbol.get_name()
        yield from _globals(child)


def _table(source: str) -> symtable.SymbolTable | None:
    try:
        return symtable.symtable(_plain(source), "cell", "exec")
    except (SyntaxError, ValueError, RecursionError):
        return None
