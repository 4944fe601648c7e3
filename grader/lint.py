"""What is to be said about the style of passing code: ruff's findings, and how deep it is nested.

One run of ruff for a whole submission costs some 7 ms. Rules and limits are named here, so that a
notebook gets the same findings on every machine; without ruff there are none, and no evidence.
"""

from __future__ import annotations

import ast
import json
import re
import shutil
import subprocess
import sysconfig
from collections.abc import Mapping
from functools import cache, lru_cache
from pathlib import Path

from coursewright.records.syntax import parse

# Unused names, traps, misleading comparisons, names that hide built-ins, long or tangled code.
# Rules that need the whole program (unused imports) say nothing about a cell.
RULES = (
    "A001,A002,B006,B007,B015,B018,B023,C901,E501,E711,E712,E713,E714,E721,E722,E731,E741,"
    "F541,F632,F841,PLR0912,PLR0915"
)
LIMITS = ("line-length=100", "lint.mccabe.max-complexity=10")
LARGEST = 20_000  # characters of one answer that are looked at
DEEPEST = 4  # blocks within blocks
SECONDS = 10.0
REMEMBERED = 64  # documents, each of some answers of up to LARGEST characters

MAGIC = re.compile(r"^([ \t]*)[%!?].*$", re.MULTILINE)
BLOCKS = (ast.If, ast.For, ast.While, ast.With, ast.Try, ast.AsyncFor, ast.AsyncWith)


def findings(sources: Mapping[str, str]) -> dict[str, list[str]]:
    """By name of the source, what there is to say of it; a source that cannot be read is left out.

    The sources are student code: they are parsed, never run.
    """
    read = {name: _read(source) for name, source in sources.items()}
    readable = {name: pair for name, pair in read.items() if pair is not None}
    said = _ruff({name: text for name, (text, _) in readable.items()}) if readable else {}
    if said is None:
        return {}
    return {name: [*said.get(name, ()), *_nested(tree)] for name, (_, tree) in readable.items()}


@cache
def program() -> str | None:
    """Where ruff is: beside the Python that runs, or on the path."""
    beside = Path(sysconfig.get_path("scripts")) / "ruff"
    return str(beside) if beside.is_file() else shutil.which("ruff")


def _read(source: str) -> tuple[str, ast.Module] | None:
    """What ruff is to see, and its tree; where need be IPython's own lines are blanked."""
    if len(source) > LARGEST:
        return None
    plain = "\n".join(source.splitlines())
    for text in (plain, MAGIC.sub(r"\1pass", plain)):
        try:
            return text, parse(text)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            continue
    return None


def _ruff(sources: Mapping[str, str]) -> dict[str, list[str]] | None:
    """All sources in one document; None when ruff is away or does not manage."""
    path = program()
    if path is None:
        return None
    ends, lines = [], 0
    for name, source in sources.items():
        lines += source.count("\n") + 1
        ends.append((lines, name))
    command = [path, "check", "--isolated", "--no-cache", "--quiet", "--ignore-noqa"]
    command += ["--target-version=py311", "--output-format=json", f"--select={RULES}"]
    command += [f"--config={limit}" for limit in LIMITS]
    text = "\n".join(sources.values()).encode("utf-8", "replace")
    try:
        told = _told((*command, "-"), text)
    except (OSError, ValueError, subprocess.TimeoutExpired):
        return None
    found: dict[str, list[str]] = {}
    for row, said in told:
        owner = next((name for end, name in ends if row <= end), None)
        if owner is not None:
            found.setdefault(owner, []).append(said)
    return found


@lru_cache(maxsize=REMEMBERED)
def _told(command: tuple[str, ...], text: bytes) -> tuple[tuple[int, str], ...]:
    """Line and finding. The same document is handed in again and again by those who are right."""
    done = subprocess.run(command, input=text, capture_output=True, timeout=SECONDS, check=False)
    return tuple(
        (item["location"]["row"], f"{item['code']} {item['message']}")
        for item in json.loads(done.stdout)
    )


def _nested(tree: ast.AST) -> list[str]:
    waiting: list[tuple[ast.AST, int]] = [(tree, 0)]
    deepest = 0
    while waiting:
        node, depth = waiting.pop()
        depth += isinstance(node, BLOCKS)
        deepest = max(deepest, depth)
        waiting += [(child, depth) for child in ast.iter_child_nodes(node)]
    return [f"{deepest} blocks within each other"] if deepest > DEEPEST else []
