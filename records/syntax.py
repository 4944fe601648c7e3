"""Python source as a syntax tree, for programs with threads.

CPython 3.11 counts the depth of a conversion for all threads together, so that a garbage collection
in the middle of one, which lets another thread in, ends in a SystemError that says nothing of what
is parsed (seen with 3.11.7).
"""

from __future__ import annotations

import ast
from threading import Lock
from typing import Literal, overload

ONE_AT_A_TIME = Lock()


@overload
def parse(source: str, filename: str = ..., mode: Literal["exec"] = ...) -> ast.Module: ...
@overload
def parse(source: str, filename: str = ..., *, mode: Literal["eval"]) -> ast.Expression: ...
def parse(source: str, filename: str = "<unknown>", mode: str = "exec") -> ast.AST:
    """As `ast.parse`, one at a time; raises SyntaxError or ValueError as it does."""
    with ONE_AT_A_TIME:
        return ast.parse(source, filename, mode)
