"""Odd but honest tests: the right solution gets full marks, isolated wherever that can be."""

from __future__ import annotations

import pytest
from homework import code, exercise, flags, notebook, single
from patterns import LANGUAGE
from patterns_around import AROUND
from patterns_frames import ARRAYS, FRAMES

from coursewright.grader.grade import grade

PATTERNS = LANGUAGE | AROUND | ARRAYS | FRAMES


@pytest.mark.parametrize("name", PATTERNS)
def test_the_right_solution_gets_full_marks(name: str) -> None:
    pattern = PATTERNS[name]
    source = single(pattern.test, pattern.solution)
    result = grade(source, source)
    assert (result.score, result.mode) == (2, pattern.mode), result.cells[0].message


def test_most_patterns_are_isolated() -> None:
    isolated = [name for name, pattern in PATTERNS.items() if pattern.mode == "isolated"]
    assert len(PATTERNS) >= 120
    assert len(isolated) >= 110


def test_helpers_of_locked_cells_and_earlier_tests_are_at_hand() -> None:
    check = "import math\nTOLERANCE = 1e-6\ndef near(a, b): return abs(a - b) < TOLERANCE"
    source = notebook(
        code("given", check, flags("given", locked=True)),
        *exercise(
            "a",
            "def half(x): return x / 2",
            "assert near(half(1), .5)\ndef same(a, b): assert a == b",
        ),
        *exercise(
            "b", "def third(x): return x / 3", "assert near(third(1), 1 / 3)\nsame(third(3), 1)"
        ),
    )
    result = grade(source, source)
    assert (result.score, result.mode) == (4, "isolated")
