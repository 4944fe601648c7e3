"""G12: no two exercises of a course are one: by their code, their words, their tests, or in effect.

In effect: the answer of one passes the tests of the other. That is tried (crossing.py) for pairs
that ask for functions with as many parameters.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Sequence
from itertools import combinations

from coursewright.generator.gates.gate import Finding, GateResult
from coursewright.generator.gates.reading import prose
from coursewright.generator.gates.subject import Subject, bare
from coursewright.records.syntax import parse

GATE = "G12"
SHINGLE = 5  # words in a row
ALIKE = 0.6  # share of them, of both together (Jaccard), above which two texts are one (ai.md 6.2)

# Of each of these answers, whether it passes the tests of this exercise.
Passing = Callable[[Subject, Sequence[str]], Sequence[bool]]


def check(subjects: Sequence[Subject], passing: Passing) -> GateResult:
    """The later one of a pair is named."""
    pairs = list(combinations(range(len(subjects)), 2))
    reasons = {pair: alike(*(subjects[one] for one in pair)) for pair in pairs}
    fitting = [
        pair for pair in pairs if not reasons[pair] and _calls_fit(*(subjects[one] for one in pair))
    ]
    for pair in _crossed(subjects, fitting, passing):
        reasons[pair] = "the answer of one passes the tests of the other"
    found = [
        Finding(
            GATE,
            subjects[second].place,
            f"It is {subjects[first].place} again: {reason}.",
            evidence={"same": subjects[first].place},
        )
        for (first, second), reason in reasons.items()
        if reason
    ]
    return GateResult(GATE, tuple(found), {"pairs": len(pairs), "tried": len(fitting)})


def _crossed(
    subjects: Sequence[Subject], pairs: Sequence[tuple[int, int]], passing: Passing
) -> Iterator[tuple[int, int]]:
    """Those of which one passes the other's tests: all answers to one exercise at a time."""
    for number, subject in enumerate(subjects):
        mine = [pair for pair in pairs if number in pair]
        others = [subjects[sum(pair) - number] for pair in mine]
        answers = [renamed(other, subject) for other in others]
        for pair, passed in zip(mine, passing(subject, answers), strict=True):
            if passed:
                yield pair


def alike(first: Subject, second: Subject) -> str:
    """Why two exercises are the same on paper, or nothing."""
    if normalised(first.reference) == normalised(second.reference):
        return "their solutions differ in names only"
    if resemblance(first.statement, second.statement) > ALIKE:
        return "their statements share most of their words"
    same = _signature(first) == _signature(second) is not None
    if same and _inputs(first) and _inputs(first) == _inputs(second):
        return "they have one signature and one set of test calls"
    return ""


def normalised(source: str) -> str:
    """The code's shape: without names that it gives itself, docstrings and annotations."""
    try:
        tree = parse(bare(source))
    except (SyntaxError, ValueError, RecursionError):
        return source
    return ast.dump(_Plain().visit(tree))


class _Plain(ast.NodeTransformer):
    def __init__(self) -> None:
        self.names: dict[str, str] = {}

    def _name(self, name: str) -> str:
        return self.names.setdefault(name, f"v{len(self.names)}")

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        node.name = self._name(node.name)
        node.returns = None
        if ast.get_docstring(node) is not None:
            node.body = node.body[1:] or [ast.Pass()]
        return self.generic_visit(node)

    def visit_arg(self, node: ast.arg) -> ast.AST:
        return ast.arg(self._name(node.arg))

    def visit_Name(self, node: ast.Name) -> ast.AST:
        if isinstance(node.ctx, ast.Store) or node.id in self.names:
            node.id = self._name(node.id)
        return node


def resemblance(first: str, second: str) -> float:
    """Jaccard's index of their runs of five words, 0 to 1."""
    one, other = _shingles(first), _shingles(second)
    return len(one & other) / len(one | other) if one and other else 0.0


def _shingles(text: str) -> set[tuple[str, ...]]:
    words = prose(text).lower().split()
    return {tuple(words[at : at + SHINGLE]) for at in range(len(words) - SHINGLE + 1)}


def _definitions(subject: Subject) -> list[ast.FunctionDef]:
    try:
        tree = parse(bare(subject.reference))
    except (SyntaxError, ValueError, RecursionError):
        return []
    return [node for node in tree.body if isinstance(node, ast.FunctionDef)]


def _signature(subject: Subject) -> str | None:
    functions = _definitions(subject)
    return ast.unparse(functions[0].args) if functions else None


def _inputs(subject: Subject) -> frozenset[str]:
    """The calls of its tests, by their arguments."""
    functions = _definitions(subject)
    if not functions:
        return frozenset()
    return frozenset(_calls(subject, functions[0].name))


def _calls(subject: Subject, name: str) -> Iterator[str]:
    for test in subject.exercise.tests:
        try:
            tree = parse(bare(f"{test.visible}\n{test.hidden}"))
        except (SyntaxError, ValueError, RecursionError):
            continue
        for node in ast.walk(tree):
            match node:
                case ast.Call(func=ast.Name(id=called), args=given) if called == name:
                    yield ", ".join(map(ast.unparse, given))


def _calls_fit(first: Subject, second: Subject) -> bool:
    one, other = _definitions(first), _definitions(second)
    if len(one) != 1 or len(other) != 1:
        return False
    return len(one[0].args.args) == len(other[0].args.args)


def renamed(answer: Subject, to: Subject) -> str:
    """The one's answer under the other's name."""
    (mine,), (theirs,) = _definitions(answer), _definitions(to)
    return f"{bare(answer.reference)}\n\n{theirs.name} = {mine.name}\n"
