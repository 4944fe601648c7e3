"""What grading comes to: points and a reason for every graded cell."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

Status = Literal["passed", "failed", "partial", "manual", "error", "timeout"]
Mode = Literal["shared", "isolated"]


@dataclass(frozen=True)
class CellResult:
    """One cell that is worth points. `output` is what the exercise's own cell printed.

    `error` means that the test could not be completed; `manual` that a person has to read it.
    """

    grade_id: str
    exercise: str | None
    points: float
    max_points: float
    status: Status
    message: str = ""
    promises: tuple[int, ...] = ()
    output: str = ""


@dataclass(frozen=True)
class Result:
    """The marks of one submission. `repairs` says what was put right in the notebook first.

    `outputs` is what each of the student's cells showed when it was graded, by cell id, as
    outputs.py makes it.
    """

    score: float
    max_score: float
    cells: tuple[CellResult, ...]
    mode: Mode
    repairs: tuple[str, ...] = ()
    seconds: float = 0.0
    outputs: Mapping[str, list[dict[str, Any]]] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """As `coursewright grade --json` prints it; cells by grade_id."""
        cells = {}
        for cell in self.cells:
            about = asdict(cell)
            cells[about.pop("grade_id")] = about
        return {
            "score": self.score,
            "max_score": self.max_score,
            "cells": cells,
            "mode": self.mode,
            "repairs": list(self.repairs),
            "seconds": round(self.seconds, 3),
        }
