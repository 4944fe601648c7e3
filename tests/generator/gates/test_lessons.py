"""L1 to L3: examples run, show what they print, and texts lead somewhere."""

from __future__ import annotations

from typing import Any

import pytest
from exercises import code

from coursewright.generator.gates import lessons
from coursewright.records.course import Cell, Lesson

PRINTED = {"output_type": "stream", "name": "stdout", "text": "3\n"}
RESULT = {
    "output_type": "execute_result",
    "execution_count": 1,
    "metadata": {},
    "data": {"text/plain": ["3"]},
}


def text(source: str) -> Cell:
    return Cell("a-text", "markdown", source)


def shown(source: str, *outputs: dict[str, Any]) -> Cell:
    return Cell("an-example", "code", source, outputs=outputs)


def said(*cells: Cell, pages: tuple[str, ...] = ()) -> dict[str, list[str]]:
    """By gate."""
    _, results = lessons.read(Lesson("a-lesson", "A lesson", cells), pages)
    assert {one.place for result in results for one in result.findings} <= {"a-lesson"}
    return {result.gate: [one.message for one in result.findings] for result in results}


GOOD: dict[str, tuple[Cell, ...]] = {
    "no cells": (),
    "examples that build on each other": (code("one", "a = 1"), code("two", "print(a + 1)")),
    "an error on purpose": (code("one", "1 / 0", tags=["raises-exception"]), code("two", "b = 2")),
    "what it prints": (shown("print(1 + 2)", PRINTED),),
    "what it prints, in lines": (shown("print(1 + 2)", {**PRINTED, "text": ["3\n"]}),),
    "what it is": (shown("1 + 2", RESULT),),
    "nothing shown yet": (shown("print(1 + 2)"),),
    "a link to the web": (text("See [Python](https://docs.python.org/3/)."),),
    "a link to a heading": (text("See [below](#What-comes-next).\n\n## What comes next"),),
    "a picture": (text("![A tree](attachment:tree.png)"),),
    "code in the text": (text("```python\nx = 1\n```\n\n```\nnot python\n```"),),
    "a session in the text": (text("```python\n>>> 1 +\\\n... 1\n2\n```"),),
}
BAD: dict[str, tuple[tuple[Cell, ...], dict[str, str]]] = {
    "an error": (
        (code("one", "a = 1"), code("two", "print(b)")),
        {"L1": "The example two fails: two, line 1: print(b)\nNameError: name 'b' is not defined"},
    ),
    "no end": (
        (code("one", "while True:\n    print('more and more')"),),
        {"L1": "The example one fails: it was stopped (output)"},
    ),
    "the network": (
        (code("one", "import socket\nsocket.create_connection(('192.0.2.1', 80))"),),
        {"L1": "The example one fails: one, line 2:"},
    ),
    "what it does not print": (
        (shown("print(1 + 3)", PRINTED),),
        {"L2": "The example an-example shows `3`; what it prints is `4`."},
    ),
    "what it no longer prints": (
        (shown("a = 3", PRINTED),),
        {"L2": "The example an-example shows `3`; what it prints is ``."},
    ),
    "a link to no heading": (
        (text("See [below](#nothing)."),),
        {"L3": "The link to #nothing leads to no heading."},
    ),
    "a link to no page": (
        (text("See [that](other.ipynb)."),),
        {"L3": "The link to other.ipynb leads to no page."},
    ),
    "code that cannot be read": (
        (text("```python\nfor x in:\n```"),),
        {"L3": "Code in the text cannot be read: invalid syntax"},
    ),
}


@pytest.mark.parametrize("kind", GOOD)
def test_a_good_lesson_is_let_by(kind: str) -> None:
    assert said(*GOOD[kind]) == {"L1": [], "L2": [], "L3": []}


@pytest.mark.parametrize("kind", BAD)
def test_a_bad_lesson_is_refused_by_the_gate_for_it(kind: str) -> None:
    cells, expected = BAD[kind]
    found = said(*cells)
    assert {gate for gate, messages in found.items() if messages} == set(expected)
    for gate, start in expected.items():
        assert found[gate][0].startswith(start)


def test_another_lesson_may_be_linked() -> None:
    linking = text("See [that](other.ipynb).")
    assert said(linking, pages=("other.ipynb",))["L3"] == []


def test_real_outputs_come_back_by_cell() -> None:
    cells = (code("one", "print('a')\n1 + 1"), code("two", "b = 3"), text("Words."))
    outputs, _ = lessons.read(Lesson("a-lesson", "A lesson", cells))
    assert set(outputs) == {"one", "two"}
    assert lessons.visible(outputs["one"]) == "a\n2"
    assert outputs["two"] == []


def test_answers_of_exercises_are_no_examples() -> None:
    flags = {"nbgrader": {"grade_id": "a", "solution": True, "schema_version": 3}}
    assert said(Cell("a", "code", "1 / 0", flags))["L1"] == []


@pytest.mark.parametrize(
    ("title", "expected"), [("What comes next", "what-comes-next"), ("  A  `b` ", "a-`b`")]
)
def test_headings_are_linked_as_jupyterlab_names_them(title: str, expected: str) -> None:
    assert lessons.anchor(title) == expected
