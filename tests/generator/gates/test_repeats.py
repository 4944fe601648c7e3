"""What depends on chance, on hashes or on the order of tests is found."""

from __future__ import annotations

from typing import Any

import pytest
from exercises import REFERENCE, TESTS, subject

from coursewright.generator.gates.repeats import RUNS, check_repeats
from coursewright.generator.gates.trial import Trial

CHANCE = REFERENCE.replace("    return value\n", "    return random.choice([value, None])\n")
WORDS = "{'north', 'east', 'south', 'west', 'up', 'down'}"
FLAKY: dict[str, dict[str, Any]] = {
    "chance": {"reference": "import random\n\n\n" + CHANCE},
    "the order of a set": {
        "reference": REFERENCE.replace(
            "    return value\n", f"    return value if next(iter({WORDS})) == 'up' else low\n"
        )
    },
    "another test": {
        "tests": {
            **TESTS,
            1: ("import os\nos.makedirs('/tmp/begun')\nassert keep_between(5, 1, 9) == 5", ""),
            2: ("import os\nassert not os.path.exists('/tmp/begun')", TESTS[2][1]),
        }
    },
}


@pytest.mark.parametrize("kind", FLAKY)
def test_a_reference_that_does_not_pass_every_time_is_refused(kind: str) -> None:
    result = check_repeats(Trial(subject(**FLAKY[kind])))
    assert not result.passed
    for finding in result.findings:
        assert 0 < finding.evidence["failed"] <= RUNS


def test_tests_are_shuffled_only_where_none_needs_another() -> None:
    needed = {**TESTS, 1: ("limits = (1, 9)\nassert keep_between(5, *limits) == 5", "")}
    needing = {**needed, 2: ("assert keep_between(-4, *limits) == 1", "")}
    free = check_repeats(Trial(subject(tests=needed)))
    bound = check_repeats(Trial(subject(tests=needing)))
    assert (free.figures["shuffled"], bound.figures["shuffled"]) == (3, 0)
    assert free.passed
    assert bound.passed


def test_asking_for_the_time_is_told_and_let_by() -> None:
    reference = "import datetime\n\n\n" + REFERENCE.replace(
        "    return value\n", "    datetime.date.today()\n    return value\n"
    )
    result = check_repeats(Trial(subject(reference=reference)))
    (finding,) = result.findings
    assert "(today)" in finding.message
    assert result.passed
