"""The starter, made from the reference by rule: signatures and docstrings stay, bodies go.

No maker writes a starter, so none can leak the answer in one.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from coursewright.records.errors import Invalid
from coursewright.records.syntax import parse

BEGIN, END = "### BEGIN SOLUTION", "### END SOLUTION"
Function = ast.FunctionDef | ast.AsyncFunctionDef


def mark_solution(reference: str) -> str:
    """The reference with nbgrader's markers around every body.

    Raises Invalid where that cannot be: whatever else stands at the top, but for imports, would
    stay in the starter.
    """
    tree = _parsed(reference)
    source = reference.strip("\n")
    if any(_is_on_one_line(function) for function in _functions(tree)):
        source = ast.unparse(tree)
        tree = parse(source)
    else:
        tree = parse(source)
    lines = source.splitlines()
    marks = [_span(function, lines) for function in _functions(tree)]
    for first, last, indent in sorted(marks, reverse=True):
        lines[last + 1 : last + 1] = [indent + END]
        lines[first:first] = [indent + BEGIN]
    return "\n".join(lines)


def _parsed(reference: str) -> ast.Module:
    try:
        tree = parse(reference)
    except (SyntaxError, ValueError, RecursionError) as error:
        raise Invalid(f"The reference cannot be parsed: {error}") from None
    allowed = (ast.Import, ast.ImportFrom, ast.ClassDef, *Function.__args__)
    for node in tree.body:
        if not isinstance(node, allowed):
            raise Invalid(
                f"Line {node.lineno} of the reference is neither an import nor a definition; the"
                " starter would show it. Put it into a function."
            )
    if not any(_functions(tree)):
        raise Invalid("The reference defines no function and no method.")
    return tree


def _functions(tree: ast.Module) -> Iterator[Function]:
    """The functions at the top, and the methods of classes there."""
    for node in tree.body:
        members = node.body if isinstance(node, ast.ClassDef) else [node]
        yield from (one for one in members if isinstance(one, Function))


def _is_on_one_line(function: Function) -> bool:
    return function.body[0].lineno == function.lineno


def _span(function: Function, lines: list[str]) -> tuple[int, int, str]:
    """First and last line (from 0) of what a student writes, and its indentation.

    Comments belong to the body, above its first statement and below its last one.
    """
    body = function.body
    if ast.get_docstring(function, clean=False) is not None and len(body) > 1:
        body = body[1:]
        first = function.body[0].end_lineno or 0
    else:
        first = body[0].lineno - 1
        while _is_aside(lines[first - 1]):
            first -= 1
    indent = " " * body[0].col_offset
    last = (function.end_lineno or 0) - 1
    while last + 1 < len(lines) and _belongs(lines[last + 1], indent):
        last += 1
    return first, last, indent


def _is_aside(line: str) -> bool:
    return not line.strip() or line.lstrip().startswith("#")


def _belongs(line: str, indent: str) -> bool:
    return line.startswith(indent + "#")
