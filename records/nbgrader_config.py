"""nbgrader_config.py read as data, never run: it is somebody else's program.

Lines `c.Class.option = literal` count, the last of each option, at the top level of the file; so do
the same options of nbgrader_config.json. A value that must be computed is told as a note.
"""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from coursewright.records.errors import Invalid

NAMES = ("nbgrader_config.py", "nbgrader_config.json")
# (class, option for the beginning, option for the end): what our own marker is called, and
# nbgrader's default for both, without the comment sign.
MARKERS = (
    ("ClearSolutions", "begin_solution_delimeter", "end_solution_delimeter", "SOLUTION"),
    ("ClearHiddenTests", "begin_test_delimeter", "end_test_delimeter", "HIDDEN TESTS"),
    ("ClearMarkScheme", "begin_mark_scheme_delimeter", "end_mark_scheme_delimeter", "MARK SCHEME"),
)


@dataclass(frozen=True)
class Config:
    """`options` by "Class.option"; `notes` are sentences on what was not understood."""

    options: Mapping[str, Any] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    def text(self, name: str, default: str) -> str:
        value = self.options.get(name, default)
        return value if isinstance(value, str) and value else default

    def normal(self, source: str) -> str:
        """A cell's text with its marker lines as this platform and nbgrader's defaults have them.

        nbgrader takes a line for a marker that holds the delimiter anywhere.
        """
        lines = source.split("\n")
        for part, begin, end, name in MARKERS:
            for option, word in ((begin, "BEGIN"), (end, "END")):
                marker = self.text(f"{part}.{option}", f"{word} {name}")
                lines = [_marked(line, marker, f"### {word} {name}") for line in lines]
        return "\n".join(lines)


def read_config(directory: Path) -> Config:
    """The course's configuration; an empty one where there is none. Raises Invalid."""
    options: dict[str, Any] = {}
    notes: list[str] = []
    for name in NAMES:
        path = directory / name
        try:
            text = path.read_text(encoding="utf-8")
        except FileNotFoundError:
            continue
        except (OSError, UnicodeDecodeError) as error:
            raise Invalid(f"{path} cannot be read: {error}") from error
        found = _of_json(path, text) if name.endswith(".json") else _of_python(path, text, notes)
        options.update(found)
    return Config(options, tuple(notes))


def _marked(line: str, marker: str, ours: str) -> str:
    if marker not in line:
        return line
    indent = line[: len(line) - len(line.lstrip())]
    return f"{indent}{ours}"


def _of_python(path: Path, text: str, notes: list[str]) -> dict[str, Any]:
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError) as error:
        raise Invalid(f"{path} is not Python: {error}") from error
    options = {}
    for node, name in _assigned(tree):
        try:
            options[name] = ast.literal_eval(node.value)
        except (ValueError, TypeError, RecursionError):
            notes.append(f"{path}, line {node.lineno}: {name} is computed, and was not read")
    for block in tree.body:
        if isinstance(block, (ast.If, ast.For, ast.With, ast.FunctionDef, ast.Try)):
            notes.append(f"{path}, line {block.lineno}: what stands in this block was not read")
    return options


def _assigned(tree: ast.Module) -> Iterator[tuple[ast.Assign, str]]:
    for node in tree.body:
        match node:
            case ast.Assign(
                targets=[
                    ast.Attribute(
                        value=ast.Attribute(value=ast.Name(id="c"), attr=part), attr=option
                    )
                ]
            ):
                yield node, f"{part}.{option}"


def _of_json(path: Path, text: str) -> dict[str, Any]:
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Invalid(f"{path} is not JSON: {error}") from error
    parts = data if isinstance(data, dict) else {}
    return {
        f"{part}.{option}": value
        for part, options in parts.items()
        if isinstance(options, dict)
        for option, value in options.items()
    }


def slug(text: str) -> str:
    """A key made of the words of `text`."""
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-") or "course"
