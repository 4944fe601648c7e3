"""L1 to L3: a lesson's examples run, it shows what they print, and its links lead somewhere.

L1  the examples run from the top, in one fresh interpreter, without an exception that is no part of
    the lesson (the tag `raises-exception` says that it is)
L2  outputs that the notebook has are those of this run
L3  code in the text parses, and links are to the web, to another lesson, or to a heading that is
    there
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from typing import Any

from coursewright.generator.gates.gate import Finding, GateResult
from coursewright.generator.gates.start import may_fail
from coursewright.generator.gates.trial import LESSON, told
from coursewright.grader import shared
from coursewright.grader.assemble import assemble
from coursewright.grader.outputs import outputs
from coursewright.records.course import Cell, Lesson
from coursewright.records.syntax import parse

Output = dict[str, Any]
FENCE = re.compile(r"```python\s*\n(.*?)```", re.DOTALL)
LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#+\s+(.*?)\s*$", re.MULTILINE)
WEB = ("https://", "http://", "mailto:")


def read(
    lesson: Lesson, pages: Collection[str] = ()
) -> tuple[dict[str, list[Output]], tuple[GateResult, ...]]:
    """The examples' real outputs by the id of their cells, and what the gates say.

    `pages` are the files beside it that its links may lead to. Raises Unavailable where nothing
    can be run.
    """
    examples = tuple(cell for cell in lesson.cells if _is_example(cell))
    source = replace(lesson, cells=examples).to_notebook()
    assembly = assemble(source, source)
    outcomes = shared.run(assembly, LESSON)
    shown: dict[str, list[Output]] = {}
    failed = []
    for step in assembly.steps:
        outcome = outcomes[step.name]
        shown[step.cell.id] = outputs(outcome)
        fault = outcome.reply.error
        if (outcome.end == "done" and fault is None) or may_fail(step.cell):
            continue
        said = told(assembly, fault) if fault else f"it was stopped ({outcome.end})"
        failed.append(
            _finding("L1", lesson, step.cell, f"The example {step.cell.id} fails: {said}")
        )
    results = (
        GateResult("L1", tuple(failed), {"examples": len(examples)}),
        GateResult("L2", tuple(_untrue(lesson, shown))),
        GateResult("L3", tuple(_text(lesson, pages))),
    )
    return shown, results


def _is_example(cell: Cell) -> bool:
    return cell.kind == "code" and cell.role in ("example", "locked")


def _untrue(lesson: Lesson, shown: Mapping[str, list[Output]]) -> Iterator[Finding]:
    """Examples whose stored outputs are not those of the run; without any, nothing is claimed."""
    for cell in lesson.cells:
        if cell.id in shown and cell.outputs and not may_fail(cell):
            stored = visible(cell.outputs)
            if stored != visible(shown[cell.id]):
                yield _finding(
                    "L2",
                    lesson,
                    cell,
                    f"The example {cell.id} shows `{stored[:120]}`; what it prints is"
                    f" `{visible(shown[cell.id])[:120]}`. Run it again and save.",
                )


def visible(found: Any) -> str:
    """The text of outputs, however its lines are kept."""
    parts = []
    for output in found:
        data = output.get("data", {})
        text = output.get("text", data.get("text/plain", ""))
        parts.append("".join(text))
        parts.append("" if "text" in output else "\n")
    return "".join(parts).rstrip()


def _text(lesson: Lesson, pages: Collection[str]) -> Iterator[Finding]:
    texts = [cell for cell in lesson.cells if cell.kind == "markdown"]
    anchors = {anchor(title) for cell in texts for title in HEADING.findall(cell.source)}
    for cell in texts:
        for code in FENCE.findall(cell.source):
            problem = _unreadable(code)
            if problem:
                yield _finding("L3", lesson, cell, f"Code in the text cannot be read: {problem}")
        for target in LINK.findall(cell.source):
            if target.startswith("#"):
                if target[1:].lower() not in anchors:
                    yield _finding("L3", lesson, cell, f"The link to {target} leads to no heading.")
            elif target not in pages and not target.startswith((*WEB, "attachment:")):
                yield _finding("L3", lesson, cell, f"The link to {target} leads to no page.")


def anchor(title: str) -> str:
    """As JupyterLab names a heading."""
    return re.sub(r"\s+", "-", title.strip()).lower()


def _unreadable(code: str) -> str:
    """Why a fence is no Python; a console session is looked at without what it prints."""
    if ">>>" in code:
        lines = [line[4:] for line in code.splitlines() if line.startswith((">>> ", "... "))]
        code = "\n".join(lines)
    try:
        parse(code)
    except (SyntaxError, ValueError, RecursionError) as error:
        return str(error)
    return ""


def _finding(gate: str, lesson: Lesson, cell: Cell, message: str) -> Finding:
    return Finding(gate, lesson.key, message, evidence={"cell": cell.id})
