"""The lesson that the attacks of attacks.py are made for, and what students make of it."""

from __future__ import annotations

from typing import Any

from homework import exercise, notebook

from coursewright.grader.grade import grade
from coursewright.grader.limits import Limits
from coursewright.grader.result import CellResult, Result

QUICK = Limits(cell_seconds=1.5, total_seconds=20.0, memory=512 << 20, processes=32)
SECRET = "7391824"
ANSWERS = {
    "total": "def total(xs): return sum(xs)",
    "refuse": "def refuse(x):\n    if x < 0: raise ValueError('negative')\n    return x",
    "apply": "def apply(f, x): return f(x)",
    "point": (
        "class Point:\n    def __init__(self, x): self.x = x\n"
        "    def __eq__(self, other): return self.x == other.x"
    ),
    "door": "class Door:\n    def __enter__(self): return self\n"
    "    def __exit__(self, *e): return False",
    "close": "import numpy as np\ndef close(x): return x * 1.0",
    "other": "def other(): return 1",
}
TESTS = {
    "total": (
        "assert total([1, 2]) == 3\n### BEGIN HIDDEN TESTS\n"
        f"assert total([{SECRET}, 1]) == 7391825, 'the secret is {SECRET}'\n"
        "assert abs(total([1.5, 1]) - 2.5) < 1e-9 and total([]) == 0\n### END HIDDEN TESTS"
    ),
    "refuse": (
        "try:\n    refuse(-1)\nexcept ValueError:\n    pass\nelse:\n"
        "    raise AssertionError('no')\n"
        "try:\n    refuse(-5)\n    done = True\nexcept:\n    done = False\nassert not done\n"
        "assert refuse(3) == 3"
    ),
    "apply": (
        "def check(x):\n    assert x == 3\n    return x\nassert apply(check, 3) == 3\n"
        "assert apply(lambda x: x * 2, 5) == 10"
    ),
    "point": (
        "assert Point(1) == Point(1) and not Point(1) == Point(2)\nassert Point(1).x == 1\n"
        "assert isinstance(Point(1), Point)"
    ),
    "door": "with Door():\n    assert 1 + 1 == 2\ntry:\n    with Door(): raise KeyError\n"
    "except KeyError: pass\nelse: assert False",
    "close": "assert np.allclose(close(2), 2.0)\nassert np.isclose(close(3), 3)",
    "other": "assert other() == 1",
}


def source(**answers: str) -> dict[str, Any]:
    cells = [exercise(key, answers.get(key, ANSWERS[key]), TESTS[key]) for key in ANSWERS]
    return notebook(*[cell for pair in cells for cell in pair])


def graded(key: str, answer: str) -> tuple[Result, CellResult]:
    result = grade(source(), source(**{key: answer}), QUICK)
    return result, next(cell for cell in result.cells if cell.exercise == key)
