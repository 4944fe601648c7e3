"""G1: every piece of code parses; in what is handed out or graded, ruff finds no mistake (rules E9
and F). A wrong answer may have one, and so may an independent one."""

from __future__ import annotations

import json
import subprocess
import symtable
from collections.abc import Iterator, Mapping

from coursewright.generator.gates.gate import Finding, GateResult
from coursewright.generator.gates.subject import Subject, bare
from coursewright.grader.lint import program
from coursewright.records.course import Cell, Lesson
from coursewright.records.errors import Unavailable

GATE = "G1"
# Names come from other cells, imports and stars are used in others: these say nothing of a cell.
NOT_OF_A_CELL = "F401,F403,F404,F405,F811,F821,F822"
SECONDS = 20.0


def check(subject: Subject) -> GateResult:
    """Raises Unavailable where ruff is missing."""
    graded = dict(_graded(subject))
    pieces = {**graded, **dict(_proving(subject))}
    found = [
        Finding(GATE, subject.place, f"{name} cannot be parsed: {problem}")
        for name, source in pieces.items()
        if (problem := unparsable(source))
    ]
    if not found:
        found = [Finding(GATE, subject.place, said) for said in faults(graded)]
    return GateResult(GATE, tuple(found), {"pieces": len(pieces)})


def _graded(subject: Subject) -> Iterator[tuple[str, str]]:
    yield "the reference", subject.reference
    yield "the starter", subject.starter
    for test in subject.exercise.tests:
        yield f"test {test.grade_id}", f"{test.visible}\n{test.hidden}"


def _proving(subject: Subject) -> Iterator[tuple[str, str]]:
    for promise, source in subject.proof.wrong.items():
        yield f"the wrong answer for promise {promise}", source
    if subject.proof.inputs:
        yield "the generator of inputs", subject.proof.inputs
    if subject.proof.second:
        yield "the second answer", subject.proof.second


def unparsable(source: str) -> str:
    """Why a cell is no Python, or nothing. Unlike compile(), this takes `await` and never warns."""
    if "\0" in source:
        return "it holds a NUL byte"
    try:
        symtable.symtable(bare(source), "cell", "exec")
    except SyntaxError as error:
        return f"line {error.lineno}: {error.msg}"
    except (ValueError, RecursionError, MemoryError) as error:
        return str(error) or "it is nested too deeply"
    return ""


def faults(pieces: Mapping[str, str]) -> list[str]:
    """What ruff's rules E9 and F say of cells, each with its name and line.

    One run for all of them, as the cells of one notebook. Raises Unavailable.
    """
    path = program()
    if path is None:
        raise Unavailable("The gates need ruff: pip install ruff.")
    command = [path, "check", "--isolated", "--no-cache", "--quiet", "--ignore-noqa"]
    command += ["--output-format=json", "--select=E9,F", f"--ignore={NOT_OF_A_CELL}"]
    cells = tuple(Cell(f"c{n}", "code", bare(text)) for n, text in enumerate(pieces.values()))
    notebook = json.dumps(Lesson("cells", "Cells", cells).to_notebook())
    try:
        done = subprocess.run(
            [*command, "--stdin-filename=cells.ipynb", "-"],
            input=notebook.encode(),
            capture_output=True,
            timeout=SECONDS,
            check=False,
        )
        told = json.loads(done.stdout)
    except (ValueError, subprocess.TimeoutExpired):
        return ["some of the code cannot be checked by ruff: make it simpler"]
    names = list(pieces)
    return [
        f"{names[item['cell'] - 1]}, line {item['location']['row']}: {item['message']}"
        for item in told
    ]
