"""G6: the tests notice small mistakes. Mutants that do what the reference does are not counted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from coursewright.generator.gates.gate import Finding, GateResult
from coursewright.generator.gates.likeness import Likeness, likenesses
from coursewright.generator.gates.trial import Trial, Verdict
from coursewright.generator.mutation import Mutant, mutants

LEAST, TARGET = 0.80, 0.95  # of the mutants that are not equal to the reference


@dataclass(frozen=True)
class Tried:
    """A mutant, what the tests said, and of one that they let by, what else it does."""

    mutant: Mutant
    verdict: Verdict
    likeness: Likeness


def tried(trial: Trial, seed: int = 0) -> tuple[Tried, ...]:
    """All mutants of the reference, through the tests."""
    found = mutants(trial.subject.exercise.source, seed)
    verdicts = [trial.of(mutant.source) for mutant in found]
    pairs = list(zip(found, verdicts, strict=True))
    passed = [mutant for mutant, verdict in pairs if verdict.passed]
    refused = [mutant for mutant, verdict in pairs if not verdict.passed]
    alike = dict(zip(passed, likenesses(trial.subject, passed, refused, seed), strict=True))
    return tuple(Tried(mutant, verdict, alike.get(mutant, Likeness())) for mutant, verdict in pairs)


def check_strength(trial: Trial, mutated: Sequence[Tried]) -> GateResult:
    place = trial.subject.place
    survivors = [one for one in mutated if one.verdict.passed and not one.likeness.equal]
    equal = sum(one.likeness.equal for one in mutated)
    counted = len(mutated) - equal
    killed = counted - len(survivors)
    score = killed / counted if counted else None
    figures = {
        "score": None if score is None else round(score, 4),
        "mutants": len(mutated),
        "killed": killed,
        "late": sum(one.verdict.late for one in mutated),
        "equivalent": equal,
        "survivors": len(survivors),
        "operators": _operators(mutated),
    }
    findings: tuple[Finding, ...] = ()
    if score is None:
        said = "Nothing in the reference can be changed by rule, so nothing is known of the tests."
        findings = (Finding("G6", place, said, blocks=False),)
    elif score < TARGET:
        said = (
            f"The tests notice {killed} of {counted} small mistakes ({score:.0%});"
            f" {LEAST:.0%} must be noticed, {TARGET:.0%} should. Add tests that tell the mistakes"
            " in the evidence from the reference."
        )
        evidence = {"score": figures["score"], "survivors": [_shown(one) for one in survivors]}
        findings = (Finding("G6", place, said, score < LEAST, evidence),)
    return GateResult("G6", findings, figures)


def _shown(one: Tried) -> dict[str, Any]:
    return {
        "operator": one.mutant.operator,
        "line": one.mutant.line,
        "diff": one.mutant.diff,
        "difference": one.likeness.difference,
        "tried": one.likeness.tried,
    }


def _operators(mutated: Sequence[Tried]) -> dict[str, list[int]]:
    """Noticed, and all, of each."""
    found: dict[str, list[int]] = {}
    for one in mutated:
        if not one.likeness.equal:
            counts = found.setdefault(one.mutant.operator, [0, 0])
            counts[0] += not one.verdict.passed
            counts[1] += 1
    return found
