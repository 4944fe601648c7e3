"""G7: every promise has a test that only its violation breaks.

The evidence is a wrong answer of which only this promise's tests fail: the violation that the
maker gave for it, or else a mutant or a cheat that happens to be one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from coursewright.generator.gates.cheating import by_rote
from coursewright.generator.gates.gate import Finding, GateResult
from coursewright.generator.gates.strength import Tried
from coursewright.generator.gates.trial import Trial, Verdict


def check_promises(trial: Trial, mutated: Sequence[Tried]) -> GateResult:
    subject = trial.subject
    if not subject.exercise.promises:
        said = "The exercise makes no promises: nobody can tell what its tests stand for."
        return GateResult("G7", (Finding("G7", subject.place, said),))
    given = {number: trial.again(answer) for number, answer in subject.proof.wrong.items()}
    found = {number: _isolating(trial, number, given, mutated) for number in subject.promised()}
    findings = [
        finding
        for number in subject.promised()
        for finding in _findings(trial, number, given.get(number), found[number])
    ]
    proven = {str(number): evidence for number, evidence in found.items() if evidence}
    figures = {"promises": len(found), "proven": len(proven), "by": proven}
    return GateResult("G7", tuple(findings), figures)


def _isolating(
    trial: Trial, number: int, given: dict[int, Verdict], mutated: Sequence[Tried]
) -> str:
    """What breaks this promise and no other; "" where nothing does."""
    only = frozenset([number])
    if number in given and given[number].broken == only:
        return "the given violation"
    for one in mutated:
        if one.verdict.broken == only:
            return f"a mutant: {one.mutant.operator}, line {one.mutant.line}"
    for kind, answer in by_rote(trial.subject).items():
        if trial.of(answer).broken == only:
            return f"an answer by rote: {kind}"
    return ""


def _findings(trial: Trial, number: int, given: Verdict | None, evidence: str) -> Iterator[Finding]:
    subject = trial.subject
    place, promise = subject.place, subject.exercise.promises[number - 1]
    seen = {"promise": number, "says": promise}
    if not subject.tested(number):
        yield Finding("G7", place, f"No test belongs to promise {number}.", evidence=seen)
        return
    if given is not None:
        seen |= {"violation": subject.proof.wrong[number], "tests": given.to_json()}
    if given is not None and given.passed:
        said = (
            f"The answer that is to break promise {number} passes every test:"
            " test what it does wrong, or give another one."
        )
        yield Finding("G7", place, said, evidence=seen)
    elif not evidence:
        broken = sorted(given.broken) if given is not None else []
        others = ", ".join(str(other) for other in broken if other != number)
        if given is None:
            said = f"No wrong answer is known that breaks promise {number} alone: give one."
        elif number not in broken:
            said = (
                f"The answer that is to break promise {number} fails only tests of promise"
                f" {others}: no test of promise {number} looks at what it does wrong."
            )
        else:
            said = (
                f"The answer that breaks promise {number} breaks promise {others} too: let each"
                " test look at its own promise, or give an answer that breaks nothing else."
            )
        yield Finding("G7", place, said, evidence=seen)
