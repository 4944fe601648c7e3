"""Small changes to a piece of Python that a beginner could have made: what each node may become.

The operators are those of mutation testing, chosen for short answers. Not changed: docstrings,
annotations, the wording of errors and of logs, and what ``__repr__`` says; nobody tests wording.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from copy import copy
from dataclasses import dataclass
from typing import TypeVar

T = TypeVar("T")

COMPARISONS: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
}
ARITHMETIC: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Div,
    ast.Mod: ast.FloorDiv,
    ast.Pow: ast.Mult,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
    ast.LShift: ast.RShift,
    ast.RShift: ast.LShift,
}
OTHERS = {"min": "max", "max": "min", "any": "all", "all": "any", "sorted": "list"}
SAYING = ("print", "log", "debug", "info", "warning", "error", "exception", "critical", "warn")
# Statements whose loss is a mistake that runs; without a definition or an import nothing would.
LOSABLE = (
    ast.Expr,
    ast.AugAssign,
    ast.Raise,
    ast.Break,
    ast.Continue,
    ast.Delete,
    ast.If,
    ast.For,
    ast.While,
    ast.Assert,
    ast.Global,
    ast.Nonlocal,
)


@dataclass(frozen=True)
class Change:
    """`node` stands in place of another; None takes a part away from its list."""

    operator: str
    node: ast.AST | None


def changes(node: ast.AST, wording: bool) -> Iterator[Change]:
    """What this node may become. `wording` says that its texts are only read by people."""
    for operators in (_comparisons, _arithmetic, _logic, _calls, _slices, _conditions, _statements):
        yield from operators(node)
    if not wording or not isinstance(getattr(node, "value", None), str):
        yield from _constants(node)


def is_wording(node: ast.AST) -> bool:
    """Whether texts below this node are there for people."""
    match node:
        case ast.Raise():
            return True
        case ast.Call(func=ast.Name(id=name)) | ast.Call(func=ast.Attribute(attr=name)):
            return name in SAYING
        case ast.FunctionDef(name="__repr__"):
            return True
    return False


def parts(node: ast.AST) -> Iterator[tuple[str, int | None, ast.AST]]:
    """The field, the place in it where it is a list, and the child: of what may be changed."""
    for name, value in ast.iter_fields(node):
        if name in ("annotation", "returns", "decorator_list", "type_comment", "type_params"):
            continue
        items = value if isinstance(value, list) else [value]
        for place, child in enumerate(items):
            if isinstance(child, ast.AST) and not _is_text(child):
                yield name, place if isinstance(value, list) else None, child


def _comparisons(node: ast.AST) -> Iterator[Change]:
    if isinstance(node, ast.Compare):
        for place, operator in enumerate(node.ops):
            other = COMPARISONS[type(operator)]()
            ops = [*node.ops[:place], other, *node.ops[place + 1 :]]
            yield Change("comparison", _with(node, ops=ops))


def _arithmetic(node: ast.AST) -> Iterator[Change]:
    match node:
        case ast.BinOp(op=operator) | ast.AugAssign(op=operator) if type(operator) in ARITHMETIC:
            yield Change("arithmetic", _with(node, op=ARITHMETIC[type(operator)]()))
        case ast.UnaryOp(op=ast.USub(), operand=operand) if not isinstance(operand, ast.Constant):
            yield Change("arithmetic", operand)


def _logic(node: ast.AST) -> Iterator[Change]:
    match node:
        case ast.BoolOp(op=operator, values=values):
            other = ast.Or() if isinstance(operator, ast.And) else ast.And()
            yield Change("and/or", _with(node, op=other))
            for left in _without_one(values):
                rest = left[0] if len(left) == 1 else _with(node, values=left)
                yield Change("drop a condition", rest)
        case ast.comprehension(ifs=tests):
            for left in _without_one(tests):
                yield Change("drop a condition", _with(node, ifs=left))
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            yield Change("negate", operand)


def _constants(node: ast.AST) -> Iterator[Change]:
    match node:
        case ast.Constant(value=bool() as value):
            yield Change("constant", ast.Constant(not value))
        case ast.Constant(value=int() | float() as value):
            yield Change("constant", ast.Constant(value + 1))
            yield Change("constant", ast.Constant(value - 1))
        case ast.Constant(value=str() as value):
            yield Change("constant", ast.Constant("" if value else "x"))
        case ast.Constant(value=bytes() as value):
            yield Change("constant", ast.Constant(b"" if value else b"x"))
        case ast.List(elts=[_, *_], ctx=ast.Load()):
            yield Change("constant", ast.List([], ast.Load()))


def _calls(node: ast.AST) -> Iterator[Change]:
    if not isinstance(node, ast.Call):
        return
    if isinstance(node.func, ast.Name) and node.func.id in OTHERS:
        name = OTHERS[node.func.id]
        keywords = [] if name == "list" else node.keywords  # which takes none
        other = _with(node, func=ast.Name(name, ast.Load()), keywords=keywords)
        yield Change(f"{node.func.id} to {name}", other)
    for left in _without_one(node.keywords):
        yield Change("drop a keyword", _with(node, keywords=left))


def _slices(node: ast.AST) -> Iterator[Change]:
    if isinstance(node, ast.Slice):
        for name in ("lower", "upper", "step"):
            if getattr(node, name) is not None:
                yield Change("slice", _with(node, **{name: None}))


def _conditions(node: ast.AST) -> Iterator[Change]:
    match node:
        case ast.If(test=test) | ast.While(test=test) | ast.IfExp(test=test):
            if not isinstance(test, ast.Constant | ast.UnaryOp) and not _has_opposite(test):
                yield Change("negate", _with(node, test=ast.UnaryOp(ast.Not(), test)))


def _statements(node: ast.AST) -> Iterator[Change]:
    match node:
        case ast.Return(value=value) if value is not None and not _is_none(value):
            yield Change("return None", ast.Return(ast.Constant(None)))
        case ast.Assign(targets=[ast.Subscript() | ast.Attribute()]):
            yield Change("delete a statement", None)
    if isinstance(node, LOSABLE) and not _is_text(node):
        yield Change("delete a statement", None)


def _without_one(items: list[T]) -> Iterator[list[T]]:
    for place in range(len(items)):
        yield [*items[:place], *items[place + 1 :]]


def _with(node: ast.AST, **fields: object) -> ast.AST:
    turned = copy(node)
    for name, value in fields.items():
        setattr(turned, name, value)
    return turned


def _has_opposite(test: ast.expr) -> bool:
    """Whether the operator "comparison" negates it already."""
    return (
        isinstance(test, ast.Compare)
        and len(test.ops) == 1
        and not isinstance(test.ops[0], ast.Lt | ast.LtE | ast.Gt | ast.GtE)
    )


def _is_text(node: ast.AST) -> bool:
    """A docstring, or a text used as a comment."""
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None
