"""When a course is completed, and what is still missing (no database).

Either everything that counts is handed in and graded and the grade reaches the pass mark, or every
concept is commanded as well as the course asks for. What is excused counts as done.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from coursewright.grader.weighing import Piece
from coursewright.records.certificates import Rule


@dataclass(frozen=True)
class Completion:
    """`missing` are sentences; nothing is missing of a course that is completed."""

    done: bool
    missing: tuple[str, ...] = ()


def completion(
    rule: Rule,
    pieces: Collection[Piece],
    percent: float | None,
    mastery: Mapping[str, float],
    concepts: Collection[str],
) -> Completion:
    """`pieces` are those that count; `mastery` (0 to 100) is of the course's `concepts`."""
    missing = []
    if rule.pass_mark is not None:
        lacks = _by_grade(rule.pass_mark, pieces, percent)
        if not lacks:
            return Completion(True)
        missing += lacks
    if rule.pass_mastery is not None:
        weak = [name for name in concepts if mastery.get(name, 0.0) < rule.pass_mastery]
        if concepts and not weak:
            return Completion(True)
        told = "one concept" if len(weak) == 1 else f"{len(weak)} concepts"
        missing.append(f"The mastery of {told} is below {rule.pass_mastery:g} %")
    return Completion(False, tuple(missing))


def _by_grade(pass_mark: float, pieces: Collection[Piece], percent: float | None) -> list[str]:
    lacks = []
    counted = [piece for piece in pieces if piece.most > 0 or piece.pending > 0]
    undone = sum(piece.state in ("open", "missing") for piece in counted)
    ungraded = sum(not piece.settled for piece in counted) - undone
    if not counted:
        lacks.append("Nothing in this course is graded")
    if undone:
        told = "One item is" if undone == 1 else f"{undone} items are"
        lacks.append(f"{told} not handed in")
    if ungraded:
        told = "One item waits" if ungraded == 1 else f"{ungraded} items wait"
        lacks.append(f"{told} for a grade")
    if percent is None or percent < pass_mark:
        lacks.append(f"The grade is below the pass mark of {pass_mark:g} %")
    return lacks
