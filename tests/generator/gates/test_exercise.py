"""Every gate of an exercise: good ones pass all, and each defect is caught by the gate for it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from exercises import REFERENCE, TESTS, WRONG, code, subject, with_answer

from coursewright.generator.gates.exercise import check
from coursewright.generator.gates.gate import Finding, GateResult

HEAD = 'def keep_between(value, low, high):\n    """Return it, between the limits."""\n'
RIGHT = "    return sorted([low, value, high])[1]\n"
ALL = ["G1", "G2", "G3", "G4", "G5", "G6", "G7", "G8", "G9", "solver", "G10", "G11", "taught"]
# A reference, and the words of the finding that G3 makes of it.
HOSTILE = {
    "loops": (HEAD + "    while True:\n        pass\n", "was stopped after 3 seconds"),
    "eats memory": (HEAD + "    return [0] * 10**10\n", "MemoryError"),
    "prints on": (HEAD + "    while True:\n        print('x' * 1000)\n", "printed without end"),
    "forks": ("import os\n\n\n" + HEAD + "    while True:\n        os.fork()\n", "BlockingIOError"),
    "opens a socket": (
        f"import socket\n\n\n{HEAD}    socket.create_connection(('192.0.2.1', 80))\n{RIGHT}",
        "Network is unreachable",
    ),
    "deletes files": (f"import shutil\n\n\n{HEAD}    shutil.rmtree('/usr')\n{RIGHT}", "OSError"),
    "ends Python": (f"import os\n\n\n{HEAD}    os._exit(0)\n", "ended Python"),
    "is wrong": (HEAD + "    return min(value, high)\n", "keep_between(-4, 1, 9) == 1"),
    "does not run": ("keep_between = nothing\n", "does not run"),
}

# What is put in place of a good part, and the gates that must say no.
DEFECTS: dict[str, tuple[dict[str, Any], set[str]]] = {
    "tests that contradict the statement": (
        {"tests": {**TESTS, 2: ("assert keep_between(-4, 1, 9) == -4", "")}},
        {"G3"},
    ),
    "an example that is not true": ({"examples": [("keep_between(5, 1, 9)", "6")]}, {"G3"}),
    "tests that always pass": (
        {"tests": dict.fromkeys((1, 2, 3), ("assert True", "assert 1 == 1"))},
        {"G4", "G5", "G6", "G7"},
    ),
    "tests that only call": (
        {"tests": dict.fromkeys((1, 2, 3), ("keep_between(5, 1, 9)", ""))},
        {"G5", "G6", "G7"},
    ),
    "tests of the shown values only": (
        {"tests": {number: (shown, "") for number, (shown, _) in TESTS.items()}},
        {"G5", "G7"},
    ),
    "a promise that nothing tests": ({"tests": {**TESTS, 3: TESTS[2]}}, {"G6", "G7"}),
    "a violation that breaks nothing": ({"wrong": {**WRONG, 2: REFERENCE}}, {"G7"}),
    "a promise without a test": (
        {"tests": {1: TESTS[1], 2: TESTS[2]}},
        {"G4", "G6", "G7", "G10"},
    ),
    "an independent answer that fails": ({"second": WRONG[2]}, {"solver"}),
}


def blocked(results: Sequence[GateResult]) -> set[str]:
    """The gates that said no."""
    return {result.gate for result in results if not result.passed}


def findings(results: Sequence[GateResult], gate: str) -> tuple[Finding, ...]:
    return next(result.findings for result in results if result.gate == gate)


def test_a_good_exercise_passes_every_gate() -> None:
    results = check(subject())
    assert [result.gate for result in results] == ALL
    assert [finding for result in results for finding in result.findings] == []
    figures: Mapping[str, Mapping[str, Any]] = {one.gate: one.figures for one in results}
    assert figures["G3"]["mode"] == "isolated"
    assert figures["G6"]["score"] == 1.0
    assert figures["G6"]["equivalent"] >= 1  # `<` and `<=` are the same here
    assert figures["G7"]["proven"] == 3
    assert figures["G8"]["hash_seeds"] == ["random", "0", "1"]
    assert figures["solver"] == figures["solver"] | {"given": True, "same_as_reference": False}


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_reference_that_misbehaves_is_a_clear_finding_and_hangs_nothing(kind: str) -> None:
    source, said = HOSTILE[kind]
    results = check(with_answer(subject(), source))
    assert "G3" in blocked(results)
    assert any(
        said in f"{finding.message} {finding.evidence.get('fault')}"
        for finding in findings(results, "G3")
    )
    assert "G6" not in {result.gate for result in results}


@pytest.mark.parametrize("kind", DEFECTS)
def test_a_defect_is_caught_by_the_gates_for_it(kind: str) -> None:
    parts, gates = DEFECTS[kind]
    assert blocked(check(subject(**parts))) == gates


def test_an_example_that_fails_stops_the_lesson() -> None:
    results = check(subject(code("broken", "1 / 0")))
    assert blocked(results) == {"G4", "G9"}
    assert "ZeroDivisionError" in findings(results, "G9")[0].evidence["fault"]


def test_an_example_may_show_an_error_on_purpose() -> None:
    shown = code("broken", "1 / 0", tags=["raises-exception"])
    assert blocked(check(subject(shown))) == set()


def test_what_is_no_python_goes_no_further() -> None:
    results = check(with_answer(subject(), "def keep_between(:"))
    assert [result.gate for result in results] == ["G1"]
    assert not results[0].passed


def test_results_can_be_stored_as_json() -> None:
    results = check(subject(tests={**TESTS, 3: TESTS[2]}))
    stored = json.loads(json.dumps([result.to_json() for result in results]))
    assert {one["gate"] for one in stored if not one["passed"]} == {"G6", "G7"}
