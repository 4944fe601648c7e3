"""G9: the lesson runs from the top to this exercise, in one fresh interpreter."""

from __future__ import annotations

from coursewright.generator.gates.gate import Finding, GateResult
from coursewright.generator.gates.start import may_fail, upto
from coursewright.generator.gates.subject import Subject
from coursewright.generator.gates.trial import LESSON, told
from coursewright.grader import shared
from coursewright.grader.assemble import assemble


def check_whole(subject: Subject) -> GateResult:
    source = subject.notebook(upto(subject))
    assembly = assemble(source, source)
    outcomes = shared.run(assembly, LESSON)
    findings = []
    for step in assembly.steps:
        outcome = outcomes[step.name]
        fault = outcome.reply.error
        if (outcome.end == "done" and fault is None) or may_fail(step.cell):
            continue
        name = step.cell.grade_id or step.cell.id
        said = f"With the author's answers, the cell {name} fails when the lesson is run through."
        evidence = {"cell": name, "fault": told(assembly, fault) if fault else outcome.end}
        findings.append(Finding("G9", subject.place, said, evidence=evidence))
    return GateResult("G9", tuple(findings), {"cells": len(assembly.steps)})
