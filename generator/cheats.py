"""Answers that took no understanding, made from what a student sees: no test may fall for them."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from textwrap import indent

from coursewright.records.syntax import parse

Function = ast.FunctionDef | ast.AsyncFunctionDef
CONSTANTS = 5  # of the visible answers, the most frequent first
ANYTHING = '''

class Anything:
    """Equal to whatever it is compared with, and cut or called it stays itself."""

    def __eq__(self, other):
        return True

    def __ne__(self, other):
        return False

    def __bool__(self):
        return True

    def __len__(self):
        return 1

    def __iter__(self):
        return iter([self])

    def __getitem__(self, place):
        return self

    def __call__(self, *values, **named):
        return self

    def __getattr__(self, name):
        return self
'''


@dataclass(frozen=True)
class Known:
    """A call that a student sees with its answer; without one, the error that it raises."""

    arguments: str
    answer: str | None
    error: str = "ValueError"


def cheats(
    reference: str, visible: Iterable[str], shown: Iterable[tuple[str, str]]
) -> dict[str, str]:
    """By kind. `visible` are the sources of tests, `shown` the statement's calls and results.

    Of the reference only the signatures are used.
    """
    tests = [tree for tree in map(_parsed, visible) if tree is not None]
    name = next((node.name for node in _functions(reference)), "")
    seen = [known for tree in tests for known in _known(tree, name)]
    seen += [Known(_arguments(call), result) for call, result in _calls(shown, name)]
    constants = _constants(tests, [result for _, result in shown])
    error = next((known.error for known in seen if known.answer is None), "ValueError")
    found = {
        "nothing": _answered(reference, "pass"),
        "what came in": _answered(reference, None),
        "an error for everything": _answered(reference, f"raise {error}('no')"),
        "an object that equals everything": _answered(reference, "return Anything()") + ANYTHING,
    }
    found |= {f"always {value}": _answered(reference, f"return {value}") for value in constants}
    if seen:
        found["the visible examples by heart"] = _by_heart(reference, seen, constants)
    return found


def _functions(source: str) -> Iterator[Function]:
    for node in parse(source).body:
        if isinstance(node, Function):
            yield node


def _answered(reference: str, body: str | None) -> str:
    """Every function and method with this body; None for its first argument as the result."""
    tree = parse(reference)
    for node in tree.body:
        if isinstance(node, Function):
            node.body = _body(node, body, 0)
        elif isinstance(node, ast.ClassDef):
            for method in node.body:
                if isinstance(method, Function):
                    own = "pass" if method.name == "__init__" else body
                    method.body = _body(method, own, 1)
    return ast.unparse(tree) + "\n"


def _body(function: Function, body: str | None, skipped: int) -> list[ast.stmt]:
    if body is None:
        inputs = function.args.args[skipped:]
        body = f"return {inputs[0].arg}" if inputs else "pass"
    (wrapped,) = parse(f"def f():\n{indent(body, '    ')}").body
    assert isinstance(wrapped, ast.FunctionDef)
    return wrapped.body


def _known(tree: ast.Module, name: str) -> Iterator[Known]:
    """What visible tests tell of calls: `f(…) == …`, or a call that is expected to be refused."""
    for node in ast.walk(tree):
        match node:
            case ast.Compare(left=left, ops=[ast.Eq() | ast.Is()], comparators=[right]):
                if _is_call(left, name) and _is_literal(right):
                    yield Known(_arguments(left), ast.unparse(right))
            case ast.Try(body=[ast.Expr(value=call), *_], handlers=[handler, *_]):
                if _is_call(call, name) and isinstance(handler.type, ast.Name):
                    yield Known(_arguments(call), None, handler.type.id)


def _calls(shown: Iterable[tuple[str, str]], name: str) -> Iterator[tuple[ast.expr, str]]:
    for text, result in shown:
        call = parse(text, mode="eval").body
        if _is_call(call, name):
            yield call, result


def _constants(tests: Iterable[ast.Module], shown: list[str]) -> list[str]:
    """The values that visible asserts compare with."""
    values = list(shown)
    for tree in tests:
        for node in ast.walk(tree):
            if isinstance(node, ast.Compare) and _is_literal(node.comparators[-1]):
                values.append(ast.unparse(node.comparators[-1]))
    different = list(dict.fromkeys(values))
    return sorted(different, key=values.count, reverse=True)[:CONSTANTS]


def _by_heart(reference: str, seen: list[Known], constants: list[str]) -> str:
    """The first function looks up what it was given; any other does nothing."""
    tree = parse(_answered(reference, "pass"))
    function = next(node for node in tree.body if isinstance(node, Function))
    names = [argument.arg for argument in function.args.args]
    lines = [f"given = repr(({''.join(f'{name}, ' for name in names)}))"]
    for known in seen:
        verdict = f"return {known.answer}" if known.answer else f"raise {known.error}('no')"
        complete = _complete(function, known.arguments)
        if complete is not None:
            lines += [f"if given == repr(({complete})):", f"    {verdict}"]
    lines.append(f"return {constants[0] if constants else None}")
    function.body = _body(function, "\n".join(lines), 0)
    return ast.unparse(tree) + "\n"


def _complete(function: Function, arguments: str) -> str | None:
    """All arguments of this call in their order; None where the call does not fit."""
    call = parse(f"f({arguments})", mode="eval").body
    assert isinstance(call, ast.Call)
    names = [argument.arg for argument in function.args.args]
    values = dict(zip(reversed(names), reversed(function.args.defaults), strict=False))
    values |= dict(zip(names, call.args, strict=False))
    values |= {item.arg: item.value for item in call.keywords if item.arg}
    if set(names) - set(values):
        return None
    return "".join(f"{ast.unparse(values[name])}, " for name in names)


def _arguments(node: ast.expr) -> str:
    assert isinstance(node, ast.Call)
    return ", ".join(ast.unparse(item) for item in [*node.args, *node.keywords])


def _is_call(node: ast.expr, name: str) -> bool:
    """Whether it calls this function with plain values."""
    if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name)):
        return False
    values = [*node.args, *(item.value for item in node.keywords)]
    return node.func.id == name and all(map(_is_literal, values))


def _is_literal(node: ast.expr) -> bool:
    try:
        ast.literal_eval(node)
    except (ValueError, TypeError, SyntaxError, RecursionError, MemoryError):
        return False
    return True


def _parsed(source: str) -> ast.Module | None:
    try:
        return parse(source)
    except (SyntaxError, ValueError, RecursionError):
        return None
