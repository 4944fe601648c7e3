"""What a student was given: starters, and whether an answer is still one."""

from __future__ import annotations

import re
from dataclasses import replace

from coursewright.records.course import HIDDEN, Cell, checksum

SOLUTION = re.compile(
    r"^([ \t]*)### BEGIN SOLUTION[ \t]*\n.*?^[ \t]*### END SOLUTION[ \t]*$",
    re.MULTILINE | re.DOTALL,
)
SCHEME = re.compile(
    r"^[ \t]*### BEGIN MARK SCHEME[ \t]*\n.*?^[ \t]*### END MARK SCHEME[ \t]*\n?",
    re.MULTILINE | re.DOTALL,
)
CODE_STUB, TEXT_STUB = ("# YOUR CODE HERE", "raise NotImplementedError()"), ("YOUR ANSWER HERE",)
OURS = ("tests", "locked", "task", "quiz")  # roles whose text the student cannot change


def is_ours(original: Cell) -> bool:
    return original.role in OURS


def given(original: Cell) -> str:
    """The cell's text as students get it."""
    if is_ours(original):
        return SCHEME.sub("", HIDDEN.sub("", original.source))
    return starter(original) if original.role in ("solution", "written") else original.source


def starter(cell: Cell) -> str:
    """What a student starts from: the cell without the author's solution, as nbgrader clears it."""
    stub = CODE_STUB if cell.kind == "code" else TEXT_STUB

    def indented(region: re.Match[str]) -> str:
        return "\n".join(region[1] + line for line in stub)

    cleared, regions = SOLUTION.subn(indented, cell.source)
    return cleared if regions else "\n".join(stub)


def untouched(original: Cell, cell: Cell) -> bool:
    """Whether a written answer is still what was given out (nbgrader scores that 0)."""
    if cell.source.strip() in ("", starter(original).strip()):
        return True
    fingerprint = cell.nbgrader.get("checksum")
    # Of the student's flags only this one is read; the others decide nothing.
    flagged = replace(cell, kind=original.kind, metadata={"nbgrader": original.nbgrader})
    return fingerprint is not None and fingerprint == checksum(flagged)
