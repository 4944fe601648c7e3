"""What an author's rules say of source text: constructs, visible examples, cheats."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterator
from dataclasses import dataclass

from coursewright.records.course import MARKERS, Exercise

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


@dataclass(frozen=True)
class Example:
    """One visible assert of the form `f(…) == …`, or a call that is expected to be refused."""

    arguments: str
    answer: str | None


def examples(exercise: Exercise) -> Iterator[Example]:
    """What the visible tests tell of calls with literal arguments."""
    name = function(exercise).name
    for test in exercise.tests:
        for node in ast.walk(ast.parse(test.visible)):
            if isinstance(node, ast.Compare) and _calls(node.left, name):
                yield Example(_arguments(node.left), ast.unparse(node.comparators[0]))
            elif isinstance(node, ast.Try) and isinstance(node.body[0], ast.Expr):
                yield Example(_arguments(node.body[0].value), None)


def function(exercise: Exercise) -> ast.FunctionDef:
    """The one function that the exercise asks for."""
    (node,) = ast.parse(MARKERS.sub("", exercise.source)).body
    assert isinstance(node, ast.FunctionDef), exercise.key
    return node


def cheats(exercise: Exercise) -> dict[str, str]:
    """Answers that took no understanding, by kind."""
    seen = list(examples(exercise))
    answers = [example.answer for example in seen if example.answer is not None]
    known = {example.arguments: example.answer for example in seen}
    first = function(exercise).args.args[0].arg
    return {
        "nothing": _answer(exercise, "pass"),
        "the first visible answer": _answer(exercise, f"return {answers[0]}"),
        "the last visible answer": _answer(exercise, f"return {answers[-1]}"),
        "the most frequent visible answer": _answer(
            exercise, f"return {max(answers, key=answers.count)}"
        ),
        "what came in": _answer(exercise, f"return {first}"),
        "an error for everything": _answer(exercise, "raise ValueError('no')"),
        "the visible examples by heart": _by_heart(exercise, known, answers[0]),
        "an object that equals everything": _answer(exercise, "return Anything()") + ANYTHING,
    }


ANYTHING = '''

class Anything:
    """Equal to whatever it is compared with, and cut or called it stays itself."""

    def __eq__(self, other):
        return True

    def __ne__(self, other):
        return False

    def __bool__(self):
        return True

    def __getitem__(self, place):
        return self

    def __getattr__(self, name):
        return lambda *values: self
'''


def _by_heart(exercise: Exercise, known: dict[str, str | None], otherwise: str) -> str:
    lines = [f"given = {', '.join(_defaults(exercise))},"]
    for arguments, answer in known.items():
        verdict = "raise ValueError('no')" if answer is None else f"return {answer}"
        lines += [f"if repr(given) == {_complete(exercise, arguments)}:", f"    {verdict}"]
    return _answer(exercise, "\n".join([*lines, f"return {otherwise}"]))


def _defaults(exercise: Exercise) -> list[str]:
    return [argument.arg for argument in function(exercise).args.args]


def _complete(exercise: Exercise, arguments: str) -> str:
    """The text of the tuple that the cheat sees when it is called with these arguments."""
    call = ast.parse(f"f({arguments})", mode="eval").body
    assert isinstance(call, ast.Call)
    inputs = function(exercise).args
    names = [argument.arg for argument in inputs.args]
    values = dict(zip(reversed(names), reversed(inputs.defaults), strict=False))
    values |= dict(zip(names, call.args, strict=False))
    values |= {item.arg: item.value for item in call.keywords if item.arg}
    return f"repr(({', '.join(ast.unparse(values[name]) for name in names)},))"


def _answer(exercise: Exercise, body: str) -> str:
    node = function(exercise)
    node.body = ast.parse(f"def f():\n{_indented(body)}").body[0].body  # type: ignore[attr-defined]
    return ast.unparse(node) + "\n"


def _indented(body: str) -> str:
    return "\n".join(f"    {line}" for line in body.splitlines())


def _calls(node: ast.expr, name: str) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == name


def _arguments(node: ast.expr) -> str:
    assert isinstance(node, ast.Call)
    return ", ".join(ast.unparse(item) for item in [*node.args, *node.keywords])
