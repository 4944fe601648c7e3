"""The solver: an independent answer, made without seeing the reference, passes."""

from __future__ import annotations

import ast

from coursewright.generator.gates.gate import GateResult
from coursewright.generator.gates.reference import unpassed
from coursewright.generator.gates.subject import Subject
from coursewright.generator.gates.trial import Trial
from coursewright.records.syntax import parse


def check(subject: Subject) -> GateResult:
    """For an exercise whose other gates have passed already."""
    return check_solver(Trial(subject))


def check_solver(trial: Trial) -> GateResult:
    """Says nothing where there is no second answer."""
    second = trial.subject.proof.second
    if second is None:
        return GateResult("solver", figures={"given": False})
    verdict = trial.again(second)
    findings = unpassed(trial, "solver", "the independent answer", second, verdict)
    same = _tree(second) == _tree(trial.subject.reference)
    figures = {"given": True, "tests": verdict.to_json(), "same_as_reference": same}
    return GateResult("solver", tuple(findings), figures)


def _tree(source: str) -> str | None:
    try:
        return ast.dump(parse(source))
    except (SyntaxError, ValueError, RecursionError):
        return None
