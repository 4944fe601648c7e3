"""What an author's rules say of source text: its constructs."""

from __future__ import annotations

import ast
import builtins

# Says nothing about what a reader must know: every program has them.
SILENT = ("Module", "Expr", "Load", "Store", "Name", "Constant", "arguments", "arg", "keyword")


def constructs(code: str) -> set[str]:
    """The parts of the language that a reader of this code must know."""
    known = set()
    for node in ast.walk(ast.parse(code)):
        known.add(type(node).__name__)
        if isinstance(node, ast.Attribute):
            known.add(f".{node.attr}")
        elif isinstance(node, ast.Call) and node.keywords:
            own = isinstance(node.func, ast.Name) and not hasattr(builtins, node.func.id)
            known |= {"=" if own else f"{item.arg}=" for item in node.keywords}
        elif isinstance(node, ast.Name) and hasattr(builtins, node.id):
            known.add(node.id)
        elif isinstance(node, ast.FunctionDef) and node.args.defaults:
            known.add("default value")
        elif isinstance(node, ast.Compare) and len(node.ops) > 1:
            known.add("chained comparison")
    return known - set(SILENT)
