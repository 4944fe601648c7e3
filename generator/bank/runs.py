"""Runs the bank's own code, in this process: it is written here and comes from nobody else."""

from __future__ import annotations

import ast
import contextlib
import io
import json
from collections.abc import Mapping
from dataclasses import dataclass
from textwrap import dedent
from typing import Any

from coursewright.records.syntax import parse


@dataclass(frozen=True)
class Outcome:
    """What a call gave: a value, or the name of the error that it raised."""

    value: Any = None
    error: str = ""

    def same(self, other: Outcome) -> bool:
        """As the tests compare: the type and the value, floats to nine places."""
        if self.error or other.error:
            return self.error == other.error
        if type(self.value) is not type(other.value):
            return False
        if isinstance(self.value, float):
            return bool(abs(self.value - other.value) < 1e-9)
        return bool(self.value == other.value)


def define(source: str) -> dict[str, Any]:
    """The names that this program defines."""
    names: dict[str, Any] = {"__name__": "answer"}
    exec(compile(source, "<bank>", "exec"), names)  # noqa: S102 - the bank's own code
    return names


def outcome(call: str, names: Mapping[str, Any]) -> Outcome:
    """What an expression gives where these names are defined; lines before it are run first."""
    there = dict(names)
    before, last = steps(call)
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            exec("\n".join(before), there)  # noqa: S102 - the bank's own code
            value = eval(last, there)  # noqa: S307 - the bank's own code
    except Exception as error:  # noqa: BLE001 - wrong answers may fail in every way
        return Outcome(error=type(error).__name__)
    return Outcome(value)


def steps(call: str) -> tuple[list[str], str]:
    """The lines before the last one, and the last one, which is an expression."""
    *before, last = call.split("\n")
    return before, last


def literal(value: Any) -> str:
    """The value as source, with double quotes as in the rest of the bank."""
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, list):
        return f"[{', '.join(map(literal, value))}]"
    if isinstance(value, tuple):
        return f"({', '.join(map(literal, value))}{',' if len(value) == 1 else ''})"
    if isinstance(value, dict):
        pairs = (f"{literal(key)}: {literal(one)}" for key, one in value.items())
        return "{" + ", ".join(pairs) + "}"
    if isinstance(value, set) and value:
        # Without an order, the source would differ from one process to the next.
        return "{" + ", ".join(sorted(map(literal, value))) + "}"
    return repr(value)


def plain(call: str) -> str:
    """The call with its arguments worked out, so that a reader sees 16 and not 17 - 1."""
    if "\n" in call:
        return call
    node = parse(call, mode="eval").body
    if not isinstance(node, ast.Call):
        return call
    parts = [_worked_out(call, argument) for argument in node.args]
    parts += [f"{item.arg}={_worked_out(call, item.value)}" for item in node.keywords]
    return f"{ast.get_source_segment(call, node.func)}({', '.join(parts)})"


def _worked_out(call: str, argument: ast.expr) -> str:
    source = ast.get_source_segment(call, argument) or ""
    try:
        ast.literal_eval(source)
    except ValueError:
        seen = outcome(source, {})
        return source if seen.error else literal(seen.value)
    return source


def bound(call: str) -> tuple[str, str]:
    """The source of the first argument, and the call with the name `given` in its place."""
    node = parse(call, mode="eval").body
    if not isinstance(node, ast.Call) or not node.args:
        raise ValueError(f"{call} is no call with an argument")
    given = ast.get_source_segment(call, node.args[0]) or ""
    name = ast.get_source_segment(call, node.func) or ""
    return given, name + call.removeprefix(name).replace(given, "given", 1)


def printed(source: str) -> str:
    """What this program prints, without the last line break."""
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        define(dedent(source))
    return out.getvalue().removesuffix("\n")


def failure(source: str) -> str:
    """The name of the error that stops this program; nothing where it runs to its end."""
    try:
        printed(source)
    except Exception as error:  # noqa: BLE001 - the name is what is asked for
        return type(error).__name__
    return ""
