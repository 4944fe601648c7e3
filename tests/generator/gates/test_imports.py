"""G2: what an answer and its tests may use."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from exercises import REFERENCE, TESTS, subject

from coursewright.generator.gates import imports

IMPORTING = f"import os\n\n\n{REFERENCE}"
OPENING = REFERENCE.replace("    if", "    open('x')\n    if", 1)
OPENED = REFERENCE.replace("    if", "    opened = 1\n    if", 1)
WHILE = REFERENCE.replace(
    "if value < low:\n        return low", "while value < low:\n        value = low"
)
# Parts of the exercise, and what is said of them.
TABLE: dict[str, tuple[dict[str, Any], list[str]]] = {
    "nothing": ({}, []),
    "a module": ({"reference": IMPORTING}, ["The reference imports os,"]),
    "a module that is allowed": ({"reference": IMPORTING, "imports": ["os"]}, []),
    "a part of one that is allowed": (
        {"reference": f"import os.path\n\n\n{REFERENCE}", "imports": ["os"]},
        [],
    ),
    "a whole of which a part is allowed": (
        {"reference": IMPORTING, "imports": ["os.path"]},
        ["The reference imports os,"],
    ),
    "a name of a module": (
        {"reference": f"from subprocess import run\n\n\n{REFERENCE}"},
        ["The reference imports subprocess,"],
    ),
    "a module beside it": (
        {"reference": f"from . import secrets\n\n\n{REFERENCE}"},
        ["The reference imports .,"],
    ),
    "an import inside": (
        {"reference": REFERENCE.replace("    if", "    import socket\n    if", 1)},
        ["The reference imports socket,"],
    ),
    "math in a test": ({"tests": {**TESTS, 1: ("import math", TESTS[1][1])}}, []),
    "a module that tests need not": (
        {"tests": {**TESTS, 2: (TESTS[2][0], "import urllib.request")}},
        ["Test keep-between-2 imports urllib.request,"],
    ),
    "eval": (
        {"reference": REFERENCE.replace("return low", "return eval('low')")},
        ["The reference uses eval(), which reaches out."],
    ),
    "eval that is not called": (
        {"reference": REFERENCE.replace("return low", "return [eval][0]('low')")},
        ["The reference uses eval(), which reaches out."],
    ),
    "open and input in a test": (
        {"tests": {**TESTS, 1: ("open('x')", "input()")}},
        ["Test keep-between-1 uses input()", "Test keep-between-1 uses open()"],
    ),
    "open where files are what it is about": (
        {"reference": OPENING, "concepts": ["files"]},
        [],
    ),
    "open where it is asked for": (
        {"reference": OPENING, "required": ["open"]},
        [],
    ),
    "a name like one": ({"reference": OPENED}, []),
    "what is asked for, and there": ({"reference": WHILE, "required": ["While"]}, []),
    "what is asked for, and not there": (
        {"required": ["While", "If"]},
        ["The exercise asks for 'While', and the reference does without it."],
    ),
    "what is forbidden, and there": (
        {"forbidden": ["If", "sorted"]},
        ["The exercise forbids 'If', and the reference uses it."],
    ),
}


@pytest.mark.parametrize("kind", TABLE)
def test_an_exercise_uses_what_it_may(kind: str) -> None:
    parts, said = TABLE[kind]
    result = imports.check(subject(**parts))
    assert len(result.findings) == len(said)
    for finding, text in zip(result.findings, said, strict=True):
        assert finding.message.startswith(text)
    assert result.passed is not bool(said)


def test_libraries_of_the_course_may_be_imported_in_all_its_exercises() -> None:
    one = subject(reference=f"import numpy as np\n\n\n{REFERENCE}")
    assert not imports.check(one).passed
    result = imports.check(replace(one, libraries=("numpy",)))
    assert result.passed
    assert result.figures == {"imports": ["numpy"]}
