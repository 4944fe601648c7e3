"""A problem set and thirty hand-ins for it, as an honest class would send them in."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

from homework import code, exercise, flags, notebook, text

Notebook = dict[str, Any]

SQUARES = (
    "def squares(n):\n    if n < 1:\n        raise ValueError('n')\n"
    "    return [i * i for i in range(1, n + 1)]"
)
SQUARES_TEST = (
    "assert squares(3) == [1, 4, 9]\n### BEGIN HIDDEN TESTS\n"
    "try:\n    squares(0)\nexcept ValueError:\n    pass\nelse:\n    raise AssertionError('none')\n"
    "assert squares(10)[-1] == 100\n### END HIDDEN TESTS"
)
MEAN = "def mean(xs):\n    return sum(xs) / len(xs)"
MEAN_TEST = "assert abs(mean([1, 2, 3, 4]) - 2.5) < TOLERANCE and mean([7]) == 7"
SPREAD = "def spread(xs):\n    m = mean(xs)\n    return sum((x - m) ** 2 for x in xs) / len(xs)"
SPREAD_TEST = "assert abs(spread([1, 2, 3, 4]) - 1.25) < TOLERANCE and spread([3, 3]) == 0"
GREET = "def greet(name):\n    print(f'Hello, {name}!')"
GREET_TEST = (
    "import io, contextlib\nout = io.StringIO()\n"
    "with contextlib.redirect_stdout(out):\n    greet('Ada')\n"
    "assert out.getvalue() == 'Hello, Ada!\\n'"
)
STACK = (
    "class Stack:\n    def __init__(self):\n        self.items = []\n"
    "    def push(self, item):\n        self.items.append(item)\n"
    "    def pop(self):\n        return self.items.pop()\n"
    "    def __len__(self):\n        return len(self.items)"
)
STACK_TEST = (
    "s = Stack()\ns.push(1); s.push(2)\nassert len(s) == 2 and s.pop() == 2\n"
    "try:\n    Stack().pop()\nexcept IndexError:\n    pass\nelse:\n    assert False"
)
WORDS = "def words(text):\n    return sorted(set(text.lower().split()))"
WORDS_TEST = (
    "points = 0\nif words('b a') == ['a', 'b']: points += 1\nif words('') == []: points += 1\n"
    "if words('B b a') == ['a', 'b']: points += 1\npoints"
)
DESCEND = (
    "def descend(slope, x, rate=0.1, steps=100):\n    for _ in range(steps):\n"
    "        x = x - rate * slope(x)\n    return x"
)
DESCEND_TEST = "assert abs(descend(lambda x: 2 * (x - 3), 0.0) - 3) < 1e-3"
ADD = "def add(xs, x):\n    xs.append(x)"
ADD_TEST = "a = [1]\nassert add(a, 2) is None and a == [1, 2]"
EXERCISES = {
    "squares": (SQUARES, SQUARES_TEST, 1),
    "mean": (MEAN, MEAN_TEST, 2),
    "spread": (SPREAD, SPREAD_TEST, 2),
    "greet": (GREET, GREET_TEST, 1),
    "stack": (STACK, STACK_TEST, 2.5),
    "words": (WORDS, WORDS_TEST, 3),
    "descend": (DESCEND, DESCEND_TEST, 3),
    "add": (ADD, ADD_TEST, 1),
}
RIGHT = {key: solution for key, (solution, _, _) in EXERCISES.items()}


def problems(**tests: str) -> Notebook:
    """The source notebook; `tests` come after those that are there."""
    pairs = []
    for key, (solution, test, points) in EXERCISES.items():
        head, _, body = solution.partition("\n")
        answer = f"{head}\n    ### BEGIN SOLUTION\n{body}\n    ### END SOLUTION"
        pairs += exercise(key, answer, f"{test}\n{tests.get(key, '')}".strip(), points)
    book = notebook(
        text("title", "# Problem set"),
        code("setup", "TOLERANCE = 1e-9", flags("setup", locked=True)),
        *pairs,
        text("essay", "Because.", flags("essay", grade=True, solution=True, points=4)),
        text("draw", "Draw it.", flags("draw", task=True, locked=True, points=2)),
    )
    book["metadata"] = {"kernelspec": {"name": "python3", "display_name": "Python 3"}}
    return book


def grade_id(one: dict[str, Any]) -> str:
    return one["metadata"].get("nbgrader", {}).get("grade_id", "")


def is_task(one: dict[str, Any]) -> bool:
    return bool(one["metadata"].get("nbgrader", {}).get("task"))


def cell(book: Notebook, name: str) -> dict[str, Any]:
    return next(one for one in book["cells"] if grade_id(one) == name)


def answered(released: Notebook, **answers: str) -> Notebook:
    """The released notebook with the right answers, but for those that are given."""
    book = copy.deepcopy(released)
    for key, source in (RIGHT | answers).items():
        cell(book, key)["source"] = source
    return book


def with_cells(place: int, *sources: str) -> Callable[[Notebook], None]:
    """The student's own cells, put in at a place."""

    def change(book: Notebook) -> None:
        book["cells"][place:place] = [code(f"own-{n}", text) for n, text in enumerate(sources)]

    return change


def untouched(book: Notebook) -> None:
    for key in EXERCISES:
        cell(book, key)["source"] = "def todo():\n    raise NotImplementedError"


def essay(book: Notebook) -> None:
    cell(book, "essay")["source"] = "Because the mean is pulled by what lies far out."


def no_answer_cell(book: Notebook) -> None:
    book["cells"].remove(cell(book, "words"))


def other_tests(book: Notebook) -> None:
    cell(book, "mean-1")["source"] = "assert True"
    cell(book, "setup")["source"] = "TOLERANCE = 1e9"


def stale_outputs(book: Notebook) -> None:
    for number, one in enumerate(book["cells"]):
        if one["cell_type"] == "code":
            shown = {"output_type": "stream", "name": "stderr", "text": "old\n"}
            one.update(outputs=[shown], execution_count=99 - number)


def turned_round(book: Notebook) -> None:
    """An exercise that needs another's answer comes before it."""
    cells = book["cells"]
    pair = [cell(book, "spread"), cell(book, "spread-1")]
    cells[:] = [*cells[:2], *pair, *[one for one in cells[2:] if one not in pair]]


def no_test_cell(book: Notebook) -> None:
    book["cells"].remove(cell(book, "stack-1"))


# Answers by exercise, or what was done to the notebook with the right ones.
HAND_INS: dict[str, dict[str, str] | Callable[[Notebook], None]] = {
    "right": {},
    "essay": essay,
    "untouched": untouched,
    "wrong-number": {"squares": "def squares(n):\n    return [i * i for i in range(n)]"},
    "wrong-mean": {"mean": "def mean(xs):\n    return sum(xs) // len(xs)"},
    "wrong-sign": {"descend": DESCEND.replace("x - rate", "x + rate")},
    "no-return": {"words": "def words(text):\n    sorted(set(text.split()))"},
    "partly": {"words": "def words(text):\n    return sorted(set(text.split()))"},
    "raises-at-once": {"mean": "raise RuntimeError('not done')"},
    "raises-inside": {"spread": "def spread(xs):\n    return xs.nothing"},
    "no-syntax": {"stack": "class Stack\n    pass"},
    "another-name": {"greet": "def hello(name):\n    print(f'Hello, {name}!')"},
    "another-text": {"greet": "def greet(name):\n    print('Hello', name)"},
    "no-method": {"stack": STACK.replace("__len__", "size")},
    "lambda": {"mean": "mean = lambda xs: sum(xs) / len(xs)"},
    "generator": {"squares": "def squares(n):\n    yield from (i * i for i in range(1, n + 1))"},
    "another-list": {"add": "def add(xs, x):\n    xs = xs + [x]"},
    "gives-it-back": {"add": "def add(xs, x):\n    xs.append(x)\n    return xs"},
    "prints": {
        "mean": "def mean(xs):\n    print('mean of', xs)\n    return sum(xs) / len(xs)",
        "words": f"{WORDS}\nfor _ in range(500): print('tried', words('b a'))",
    },
    "warns": {
        "mean": "import warnings\ndef mean(xs):\n    warnings.warn('slow')\n"
        "    return sum(xs) / len(xs)"
    },
    "tells-on-stderr": {
        "add": "import sys\ndef add(xs, x):\n    print('adding', file=sys.stderr)\n    xs.append(x)"
    },
    "asks": {
        "greet": "name = input('Your name? ')\ndef greet(name):\n    print(f'Hello, {name}!')"
    },
    "endless-cell": {"spread": "while True:\n    pass"},
    "endless-call": {
        "descend": "def descend(slope, x):\n    while True:\n        x = x - slope(x)"
    },
    "without-an-end": {"squares": "def squares(n):\n    return squares(n)"},
    "magics": with_cells(
        3, "%time sum(range(10))", "%%capture caught\nprint(1)", "%no_such_magic", "%matplotlib"
    ),
    "own-cells": with_cells(
        2, "half = .5", "1 / 0", "half * 2", "import asyncio\nawait asyncio.sleep(0)"
    ),
    "no-answer-cell": no_answer_cell,
    "other-tests": other_tests,
    "stale-outputs": stale_outputs,
}
# These are graded otherwise than by nbgrader; tests/grader/test_same_scores.py says why.
OTHERWISE: dict[str, dict[str, str] | Callable[[Notebook], None]] = {
    "turned-round": turned_round,
    "no-test-cell": no_test_cell,
    "leaves": {"mean": "import os\nos._exit(0)"},
    "takes-a-name": {"squares": f"abs = [-1, 1]\n{SQUARES}"},
}


def hand_in(released: Notebook, name: str) -> Notebook:
    change = (HAND_INS | OTHERWISE)[name]
    if isinstance(change, dict):
        return answered(released, **change)
    book = answered(released)
    change(book)
    return book
