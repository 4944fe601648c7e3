"""G5: answers that took no understanding fail."""

from __future__ import annotations

from coursewright.generator.cheats import cheats
from coursewright.generator.gates.gate import Finding, GateResult
from coursewright.generator.gates.reference import examples
from coursewright.generator.gates.subject import Subject, bare
from coursewright.generator.gates.trial import Trial

ENOUGH = 0.5  # of the points: as much as one constant gets where the answer is yes or no


def check_cheating(trial: Trial) -> GateResult:
    """An answer by rote must not get more than half of the points."""
    subject = trial.subject
    answers = by_rote(subject)
    verdicts = {kind: trial.of(answer) for kind, answer in answers.items()}
    passing = {kind: verdict for kind, verdict in verdicts.items() if verdict.share > ENOUGH}
    findings = []
    if passing:
        named = "; ".join(f"{kind}: {verdict.share:.0%}" for kind, verdict in passing.items())
        said = (
            f"Answers without understanding get more than half of the points ({named})."
            " Test with more values, and with ones that the statement does not show."
        )
        evidence = {"answers": {kind: answers[kind] for kind in passing}}
        findings.append(Finding("G5", subject.place, said, evidence=evidence))
    shares = {kind: round(verdict.share, 3) for kind, verdict in verdicts.items()}
    return GateResult("G5", tuple(findings), {"shares": shares})


def by_rote(subject: Subject) -> dict[str, str]:
    """The cheats of this exercise, by kind; none where the reference is no plain Python."""
    visible = [bare(test.visible) for test in subject.exercise.tests]
    try:
        return cheats(bare(subject.reference), visible, list(examples(subject.statement)))
    except (SyntaxError, ValueError, RecursionError):
        return {}
