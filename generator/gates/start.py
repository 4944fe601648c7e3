"""G4: the starter runs, and fails at least one test of every promise."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from coursewright.generator.gates.gate import Finding, GateResult
from coursewright.generator.gates.subject import Subject
from coursewright.generator.gates.trial import LESSON, Trial, told
from coursewright.grader import shared
from coursewright.grader.assemble import assemble
from coursewright.grader.starters import given
from coursewright.records.course import Cell

UNWRITTEN = "NotImplementedError"


def check_start(trial: Trial) -> GateResult:
    subject = trial.subject
    verdict = trial.of(subject.starter)
    findings = list(_broken(subject))
    for number in subject.promised():
        if number not in verdict.broken:
            said = (
                f"The starter passes every test of promise {number}, without an answer."
                " Test something that only an answer can do."
            )
            evidence = {"promise": number, "starter": subject.starter}
            findings.append(Finding("G4", subject.place, said, evidence=evidence))
    return GateResult("G4", tuple(findings), {"tests": verdict.to_json()})


def _broken(subject: Subject) -> Iterator[Finding]:
    """What goes wrong in the student's notebook before anything is to be written."""
    cells = upto(subject)
    source = subject.notebook(cells)
    assembly = assemble(
        source, subject.notebook(replace(cell, source=given(cell)) for cell in cells)
    )
    outcomes = shared.run(assembly, LESSON)
    for step in assembly.steps:
        outcome = outcomes[step.name]
        fault = outcome.reply.error
        if step.part == "test" or (outcome.end == "done" and fault is None) or may_fail(step.cell):
            continue
        if fault is not None and fault.kind == UNWRITTEN:
            return
        name = step.cell.grade_id or step.cell.id
        said = f"In the student's notebook the cell {name} fails before anything is answered."
        evidence = {"cell": name, "fault": told(assembly, fault) if fault else outcome.end}
        yield Finding("G4", subject.place, said, evidence=evidence)
        return


def upto(subject: Subject) -> tuple[Cell, ...]:
    """The lesson's code up to the last test of this exercise."""
    code = [cell for cell in subject.lesson.cells if cell.kind == "code"]
    mine = {subject.exercise.key, *(test.grade_id for test in subject.exercise.tests)}
    last = max(number for number, cell in enumerate(code) if cell.grade_id in mine)
    return tuple(code[: last + 1])


def may_fail(cell: Cell) -> bool:
    """Whether an example shows an error on purpose: the tag that Jupyter's tools know."""
    return "raises-exception" in cell.metadata.get("tags", ())
