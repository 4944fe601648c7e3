"""The exercises of the shipped courses pass every gate, with figures as they should be."""

from __future__ import annotations

import pytest

from coursewright.generator.gates.exercise import check
from coursewright.generator.gates.strength import TARGET
from coursewright.generator.gates.subject import Subject, subjects
from coursewright.generator.library import load, shipped

SUBJECTS = [
    pytest.param(subject, id=subject.exercise.key)
    for key in shipped()
    for subject in subjects(load(key))
]
every_exercise = pytest.mark.parametrize("subject", SUBJECTS)


@every_exercise
def test_every_promise_has_a_test_with_a_visible_and_a_hidden_part(subject: Subject) -> None:
    tested = {number for test in subject.exercise.tests for number in test.promises}
    assert tested == set(subject.promised())
    for test in subject.exercise.tests:
        assert test.points > 0
        assert "assert " in test.visible
        assert "assert " in test.hidden


@every_exercise
def test_it_passes_every_gate(subject: Subject) -> None:
    results = {result.gate: result for result in check(subject)}
    found = [finding for result in results.values() for finding in result.findings]
    assert [finding for finding in found if finding.blocks] == []
    assert results["G3"].figures["mode"] == "isolated"
    assert results["G6"].figures["score"] >= TARGET
    evidence = results["G7"].figures["by"]
    assert evidence == {str(number): "the given violation" for number in subject.promised()}
