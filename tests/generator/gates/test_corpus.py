"""The gates on a part of the corpus of defects; benchmarks/gates.py takes all of it."""

from __future__ import annotations

import defects
import defects_around
import pytest
from defects import Case

SEED = 3
SLOW = ("a reference that loops", "a reference that eats memory")  # which test_exercise.py has
CASES = defects.defective(1, SEED) + defects_around.defective(1, SEED)


def of(cases: list[Case]) -> list[object]:
    return [pytest.param(case, id=f"{case.kind}: {case.what}") for case in cases]


@pytest.mark.parametrize("case", of([case for case in CASES if case.kind not in SLOW]))
def test_a_defect_is_refused_by_the_gate_for_it(case: Case) -> None:
    assert case.blocked() & case.gates


@pytest.mark.parametrize("case", of(defects.good(2, SEED)))
def test_a_good_exercise_is_let_by(case: Case) -> None:
    assert case.blocked() == set()


def test_every_gate_has_a_kind_of_defect_that_it_is_there_for() -> None:
    own = {gate for case in CASES for gate in case.gates}
    assert own == {
        *(f"G{number}" for number in range(1, 13)),
        *("L1", "L2", "L3", "Q1", "Q2", "Q3", "Q4", "Q5", "solver", "taught"),
    }
    assert {case.kind for case in CASES} == {*defects.KINDS, *defects_around.KINDS}
