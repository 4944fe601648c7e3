"""G2: an answer and its tests import what they may, and call nothing that reaches out. What an
exercise asks for, or forbids, holds of its reference."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from coursewright.generator.gates.constructs import constructs
from coursewright.generator.gates.gate import Finding, GateResult
from coursewright.generator.gates.subject import Subject, bare
from coursewright.records.syntax import parse

GATE = "G2"
# What tests may use beside the answer's imports: all of it by value, or theirs alone.
FOR_TESTS = frozenset(
    (
        *("collections", "contextlib", "copy", "datetime", "decimal", "fractions", "functools"),
        *("inspect", "io", "itertools", "json", "math", "operator", "random", "re", "statistics"),
        *("string", "sys", "time", "types", "typing", "unittest"),
    )
)
REACHING = frozenset(
    (
        *("eval", "exec", "compile", "__import__", "__builtins__", "globals"),
        *("open", "input", "breakpoint", "exit", "quit"),
    )
)
ASKED = {"open": "files", "input": "input"}  # concepts of exercises that are about these


def check(subject: Subject) -> GateResult:
    """Allowed are the exercise's own `imports` and the course's libraries."""
    allowed = {*subject.proof.imports, *subject.libraries}
    concepts = {*subject.exercise.concepts}
    places = [("The reference", subject.reference, allowed)]
    places += [
        (f"Test {test.grade_id}", f"{test.visible}\n{test.hidden}", allowed | FOR_TESTS)
        for test in subject.exercise.tests
    ]
    found = []
    for place, source, may in places:
        for name in sorted(imported(source)):
            if name not in may and name.partition(".")[0] not in may:
                found.append(_finding(subject, f"{place} imports {name}, which is not allowed."))
        for name in sorted(called(source)):
            about = ASKED.get(name)
            if name not in may and about not in concepts and name not in subject.proof.required:
                found.append(_finding(subject, f"{place} uses {name}(), which reaches out."))
    made_of = constructs(subject.reference)
    for name in subject.proof.required:
        if name not in made_of:
            said = f"The exercise asks for {name!r}, and the reference does without it."
            found.append(_finding(subject, said))
    for name in subject.proof.forbidden:
        if name in made_of:
            said = f"The exercise forbids {name!r}, and the reference uses it."
            found.append(_finding(subject, said))
    return GateResult(GATE, tuple(found), {"imports": sorted(imported(subject.reference))})


def imported(source: str) -> set[str]:
    """The modules that a piece of code imports."""
    names = set()
    for node in _walk(source):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add(("." * node.level) + (node.module or ""))
    return names


def called(source: str) -> set[str]:
    """Built-ins that reach out and are named in it, called or not."""
    return {node.id for node in _walk(source) if isinstance(node, ast.Name) and node.id in REACHING}


def _walk(source: str) -> Iterator[ast.AST]:
    try:
        tree = parse(bare(source))
    except (SyntaxError, ValueError, RecursionError):
        return iter(())  # which G1 says
    return ast.walk(tree)


def _finding(subject: Subject, message: str) -> Finding:
    return Finding(GATE, subject.place, message)
