"""Starters by rule: signatures and docstrings stay, bodies go, nothing else is shown."""

from __future__ import annotations

import ast
from random import Random

import pytest
from instances import every_family

from coursewright.generator.bank.family import Family, Topic
from coursewright.generator.starter import BEGIN, END, mark_solution
from coursewright.grader.starters import starter
from coursewright.records.course import Cell
from coursewright.records.errors import Invalid

PLAIN = "def double(x):\n    return 2 * x"
TOLD = 'def double(x):\n    """Twice."""\n    # by two\n    y = 2 * x\n    return y\n    # done'
CLASS = 'class Cup:\n    """Holds."""\n\n    def __init__(self, size):\n        self.size = size'
LINE = "def double(x): return 2 * x"
TWO = (
    "import math\n\n\ndef area(r):\n    return math.pi * r**2\n\n\nasync def wait():\n    return 1"
)


@pytest.mark.parametrize("source", [PLAIN, TOLD, CLASS, LINE, TWO])
def test_bodies_stand_between_the_marks_and_nothing_else_does(source: str) -> None:
    marked = mark_solution(source)
    inside, solved = [], False
    for line in marked.splitlines():
        if BEGIN in line or END in line:
            solved = BEGIN in line
        elif solved:
            inside.append(line)
    tree = ast.parse(marked)
    functions = [one for one in ast.walk(tree) if isinstance(one, ast.FunctionDef
                                                             | ast.AsyncFunctionDef)]  # fmt: skip
    assert marked.count(BEGIN) == marked.count(END) == len(functions)
    assert ast.dump(tree) == ast.dump(ast.parse(source))
    text = "\n".join(inside)
    assert '"""' not in text
    assert "def " not in text
    assert "return" in text or "self.size = size" in text


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("TABLE = {1: 2}\n\n\ndef f(x):\n    return TABLE[x]", "Line 1 of the reference"),
        ("def f(x):\n    return x\n\n\nprint(f(1))", "Line 5 of the reference"),
        ("if True:\n    def f():\n        return 1", "neither an import nor a definition"),
        ("import math", "no function and no method"),
        ("class Cup:\n    size = 1", "no function and no method"),
        ("def f(:", "cannot be parsed"),
        ("def f():\n    return '\0'", "cannot be parsed"),
    ],
)
def test_what_would_show_in_a_starter_is_refused(source: str, words: str) -> None:
    with pytest.raises(Invalid, match=words):
        mark_solution(source)


@every_family
def test_the_bank_s_starters_have_the_signature_and_not_the_answer(
    topic: Topic, family: Family
) -> None:
    draft = family.make(Random(0))
    cell = Cell("answer", "code", mark_solution(draft.reference.source))
    shown = starter(cell)
    for signature in draft.spec.signatures:
        assert signature.partition("(")[0] in shown
    bodies = [ast.unparse(one) for one in ast.walk(ast.parse(draft.reference.source))
              if isinstance(one, ast.Return)]  # fmt: skip
    assert not [one for one in bodies if len(one) > len("return ''") and one in shown]
