"""What a reader of code must know is named."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coursewright.generator.gates.constructs import SILENT, constructs

TABLE = {
    "x = 1": {"Assign"},
    "print(len('a'))": {"Call", "print", "len"},
    "a.strip()": {"Call", "Attribute", ".strip"},
    "sorted(a, key=b)": {"Call", "sorted", "key="},
    "own(a, key=b)": {"Call", "="},
    "def f(a, b=1):\n    pass": {"FunctionDef", "Pass", "default value"},
    "1 < x < 9": {"Compare", "Lt", "chained comparison"},
    "x[::-1]": {"Subscript", "Slice", "UnaryOp", "USub", "slice step"},
    "x[1:]": {"Subscript", "Slice"},
    "[n for n in x]": {"ListComp", "comprehension"},
    "%time 1\n### BEGIN SOLUTION\nx = 1\n### END SOLUTION": {"Assign"},
    "def f(:": set(),
    "x = '\0'": set(),
}


@pytest.mark.parametrize("source", TABLE)
def test_constructs_are_those_of_the_code(source: str) -> None:
    assert constructs(source) - {"Del", "Param"} == TABLE[source]


@given(st.text())
def test_any_text_has_constructs_or_none(text: str) -> None:
    assert constructs(text).isdisjoint(SILENT)


@given(st.lists(st.sampled_from([source for source in TABLE if TABLE[source]])))
def test_of_pieces_together_there_are_those_of_each(pieces: list[str]) -> None:
    expected = frozenset().union(*map(constructs, pieces))
    assert constructs("\n".join(pieces)) == expected
