"""What a reader of a piece of code must know: constructs of the language, built-ins, methods.

Names are those of `ast`'s classes ("For", "ListComp"), of built-ins ("len"), of methods and
attributes with a dot (".append"), of keywords of library calls with an equals sign ("key="), and
four that no class names: "=" (an argument by name), "default value", "chained comparison",
"slice step".
"""

from __future__ import annotations

import ast
import builtins

from coursewright.generator.gates.subject import bare
from coursewright.records.syntax import parse

# Says nothing about what a reader must know: every program has them.
SILENT = frozenset(
    ("Module", "Expr", "Load", "Store", "Name", "Constant", "arguments", "arg", "keyword")
)


def constructs(source: str) -> frozenset[str]:
    """Of code that parses; of other code, none."""
    try:
        tree = parse(bare(source))
    except (SyntaxError, ValueError, RecursionError):
        return frozenset()
    known: set[str] = set()
    for node in ast.walk(tree):
        known.add(type(node).__name__)
        known |= _named(node)
    return frozenset(known - SILENT)


def _named(node: ast.AST) -> set[str]:
    names = set()
    match node:
        case ast.Attribute(attr=name):
            names = {f".{name}"}
        case ast.Call(func=function, keywords=given) if given:
            own = isinstance(function, ast.Name) and not hasattr(builtins, function.id)
            names = {"=" if own else f"{item.arg}=" for item in given}
        case ast.Name(id=name) if hasattr(builtins, name):
            names = {name}
        case ast.FunctionDef(args=ast.arguments(defaults=values)) if values:
            names = {"default value"}
        case ast.Compare(ops=operators) if len(operators) > 1:
            names = {"chained comparison"}
        case ast.Slice(step=step) if step is not None:
            names = {"slice step"}
    return names
