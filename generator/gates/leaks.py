"""G10: what students get holds neither the solution nor a hidden test, nor anything made of them.

Looked at is the released notebook itself, as a student's pod receives it. That its code does not
pass the tests is G4's part.
"""

from __future__ import annotations

import io
import json
import re
import tokenize
from collections.abc import Iterator, Sequence
from dataclasses import replace
from difflib import SequenceMatcher
from textwrap import dedent

from coursewright.generator.gates.gate import Finding, GateResult
from coursewright.generator.gates.subject import Subject, bare
from coursewright.grader.starters import SOLUTION
from coursewright.records.course import MARKERS, Cell, Course, Lesson, Module
from coursewright.records.errors import Invalid
from coursewright.records.release import student_view

GATE = "G10"
LONGEST = 12  # tokens in a row that the reference may share with what a student reads (ai.md 6.2)
SHORTEST = 4  # tokens of an answer, below which showing all of it tells nothing
METADATA = frozenset(("nbgrader", "coursewright", "tags", "deletable", "editable"))
DULL = (tokenize.NEWLINE, tokenize.NL, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER)
CODE = re.compile(r"```\w*\n(.*?)```|`([^`\n]+)`", re.DOTALL)
TELLING = 12  # characters; a shorter line of a hidden test says nothing


def check(subject: Subject) -> GateResult:
    only = replace(subject.lesson, cells=_upto(subject))
    try:
        released = release(only)
    except Invalid as error:
        return GateResult(GATE, (Finding(GATE, subject.place, str(error)),))
    text = json.dumps(released.to_notebook(), ensure_ascii=False)
    said = [*_traces(released, text), *_hidden(subject, released)]
    run = longest_run(subject, released)
    if len(run) > LONGEST:
        shown = " ".join(run)
        said.append(
            f"A student reads {len(run)} tokens of the reference in a row, `{shown[:200]}`;"
            f" {LONGEST} are the most."
        )
    elif _is_told(subject):
        said.append("The statement shows all that a student is to write.")
    found = tuple(Finding(GATE, subject.place, message) for message in said)
    return GateResult(GATE, found, {"shared_tokens": len(run)})


def release(lesson: Lesson) -> Lesson:
    """The lesson as students get it. Raises Invalid."""
    course = Course("released", "Released", (Module("only", "Only", (lesson,)),))
    (released,) = student_view(course).lessons()
    return released


def _upto(subject: Subject) -> tuple[Cell, ...]:
    """Its lesson up to its last test, without other exercises."""
    mine = {subject.exercise.key, *(test.grade_id for test in subject.exercise.tests)}
    last = max(number for number, cell in enumerate(subject.lesson.cells) if cell.grade_id in mine)
    return tuple(
        cell
        for cell in subject.lesson.cells[: last + 1]
        if cell.grade_id in mine or cell.role in ("text", "example", "locked")
    )


def _traces(released: Lesson, text: str) -> Iterator[str]:
    if MARKERS.search("\n".join(cell.source for cell in released.cells)) or "### BEGIN" in text:
        yield "The student's notebook has markers of solutions or hidden tests."
    for number, cell in enumerate(released.cells, 1):
        if cell.outputs or cell.execution_count is not None:
            yield f"Cell {number} of the student's notebook still has what it showed."
        strange = sorted(set(cell.metadata) - METADATA)
        if strange:
            yield f"Cell {number} of the student's notebook has metadata {', '.join(strange)}."


def _hidden(subject: Subject, released: Lesson) -> Iterator[str]:
    """Lines of hidden tests that stand somewhere else too."""
    shown = {line.strip() for cell in released.cells for line in cell.source.splitlines()}
    for test in subject.exercise.tests:
        for line in map(str.strip, test.hidden.splitlines()):
            if len(line) >= TELLING and line in shown and line.startswith("assert"):
                yield f"A line of the hidden test {test.grade_id} can be read: `{line[:120]}`"


def longest_run(subject: Subject, released: Lesson) -> Sequence[str]:
    """The longest run of the solution's tokens that a student reads."""
    parts = [tokens(dedent(region)) for region in _answered(subject.exercise.source)]
    readable = [
        tokens(piece)
        for cell in released.cells
        for piece in ([cell.source] if cell.kind == "code" else _fenced(cell.source))
    ]
    best: Sequence[str] = ()
    for part in parts:
        for text in readable:
            match = SequenceMatcher(None, part, text, autojunk=False).find_longest_match()
            if match.size > len(best):
                best = part[match.a : match.a + match.size]
    return best


def _is_told(subject: Subject) -> bool:
    """Whether all of a short answer stands in the statement's code."""
    shown = [tokens(piece) for piece in _fenced(subject.statement)]
    parts = [tokens(dedent(region)) for region in _answered(subject.exercise.source)]
    return any(
        len(part) >= SHORTEST and part == text[at : at + len(part)]
        for part in parts
        for text in shown
        for at in range(len(text))
    )


def _answered(source: str) -> list[str]:
    """What the author wrote between the markers; all of it where there are none."""
    regions = [MARKERS.sub("", region[0]) for region in SOLUTION.finditer(source)]
    return regions or [source]


def _fenced(markdown: str) -> list[str]:
    """The code in a text: fences, and what stands between backquotes."""
    return [fence or inline for fence, inline in CODE.findall(markdown)]


def tokens(source: str) -> list[str]:
    """Python's tokens, without comments, docstrings' quotes kept; as many as can be read."""
    found = []
    try:
        for token in tokenize.generate_tokens(io.StringIO(bare(source)).readline):
            if token.type not in DULL and token.type != tokenize.COMMENT:
                found.append(token.string)
    except (tokenize.TokenError, SyntaxError):
        pass
    return found
