"""G3: the reference passes every test, and what the statement shows is true."""

from __future__ import annotations

import ast
import doctest
import re
from collections.abc import Iterator
from dataclasses import replace

from coursewright.generator.gates.gate import Finding, GateResult
from coursewright.generator.gates.trial import PATIENT, Trial, Verdict
from coursewright.records.course import Cell
from coursewright.records.syntax import parse

FENCED = re.compile(r"^```(?:python|pycon|py)?[ \t]*\n(.*?)^```", re.MULTILINE | re.DOTALL)


def check_reference(trial: Trial) -> GateResult:
    """Where this does not pass, no later gate can say anything."""
    subject, verdict = trial.subject, trial.reference
    findings = list(unpassed(trial, "G3", "the reference", subject.reference, verdict))
    if not subject.exercise.tests:
        findings.append(Finding("G3", subject.place, "No test cell belongs to this exercise."))
    if not findings:
        findings += _untrue(trial)
    if not findings and verdict.mode == "shared":
        said = (
            "The tests need the student's own process, so a hostile answer could read them."
            " Test by values that functions give back."
        )
        findings.append(Finding("G3", subject.place, said, blocks=False))
    return GateResult("G3", tuple(findings), {"mode": verdict.mode, "tests": verdict.to_json()})


def unpassed(trial: Trial, gate: str, who: str, answer: str, verdict: Verdict) -> Iterator[Finding]:
    """What there is to say of an answer that ought to pass. `who` begins a sentence."""
    if not verdict.failed:
        return
    faults = trial.faults(answer)
    subject = trial.subject
    own = faults.get(subject.exercise.key)
    if own:
        said = f"{who.capitalize()} does not run."
        yield Finding(gate, subject.place, said, evidence={"fault": own, "source": answer})
        return
    for cell in verdict.failed:
        what = {
            "timeout": f"was stopped after {PATIENT.cell_seconds:g} seconds",
            "error": "ended Python, ate up its memory or printed without end",
            "partial": "does not give all points",
        }.get(cell.status, "fails")
        promises = ", ".join(map(str, cell.promises))
        said = f"Test {cell.grade_id} (promise {promises}) {what} with {who}."
        evidence = {
            "test": cell.grade_id,
            "promises": list(cell.promises),
            "fault": faults.get(cell.grade_id, cell.message),
            "source": answer,
        }
        yield Finding(gate, subject.place, said, evidence=evidence)


def _untrue(trial: Trial) -> Iterator[Finding]:
    """Calls in the statement that do not give what stands below them."""
    subject = trial.subject
    shown = list(examples(subject.statement))
    if not shown:
        return
    cells = [
        Cell(
            f"example-{number}",
            "code",
            f"assert ({call}) == ({result})",
            {"nbgrader": _flags(f"{subject.exercise.key}-example-{number}")},
        )
        for number, (call, result) in enumerate(shown)
    ]
    source = subject.notebook((*subject.cells, *cells))
    whole = replace(
        subject,
        exercise=replace(
            subject.exercise,
            tests=tuple(
                replace(subject.exercise.tests[0], grade_id=cell.grade_id or "", promises=())
                for cell in cells
            ),
        ),
    )
    verdict = Trial(whole).again(subject.reference, source)
    for (call, result), cell in zip(shown, verdict.cells, strict=True):
        if cell.status != "passed":
            said = f"The statement says that {call} gives {result}; the reference says otherwise."
            yield Finding("G3", subject.place, said, evidence={"call": call, "result": result})


def examples(statement: str) -> Iterator[tuple[str, str]]:
    """The calls after ``>>>`` in fenced code, with their results, where these are plain values."""
    for fenced in FENCED.findall(statement):
        try:
            found = doctest.DocTestParser().get_examples(fenced)
        except ValueError:
            continue
        for one in found:
            call, result = one.source.strip(), one.want.strip()
            if _is_expression(call) and _is_literal(result):
                yield call, result


def _flags(grade_id: str) -> dict[str, object]:
    return {
        "grade_id": grade_id,
        "grade": True,
        "locked": True,
        "solution": False,
        "task": False,
        "points": 1,
        "schema_version": 3,
    }


def _is_expression(text: str) -> bool:
    try:
        parse(text, mode="eval")
    except (SyntaxError, ValueError, RecursionError):
        return False
    return bool(text)


def _is_literal(text: str) -> bool:
    """Also tells a value from what print() shows."""
    try:
        ast.literal_eval(text)
    except (ValueError, TypeError, SyntaxError, RecursionError, MemoryError):
        return False
    return True
