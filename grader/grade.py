"""Grade one submission: the source with its tests and the student's notebook make a Result."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

from coursewright.grader import foreign, isolated, sandbox, shared
from coursewright.grader.assemble import Assembly, assemble
from coursewright.grader.kernelspecs import wanted
from coursewright.grader.limits import DEFAULT, Limits
from coursewright.grader.modes import settle
from coursewright.grader.result import Result
from coursewright.grader.score import Marker


def grade(
    source: Mapping[str, Any],
    submission: Mapping[str, Any],
    limits: Limits = DEFAULT,
    assembly: Assembly | None = None,
) -> Result:
    """Both are notebooks of nbformat 4 as dictionaries; `source` has solutions and hidden tests.

    `assembly` is theirs, when it is at hand.
    Raises Invalid when one of them cannot be read, and Unavailable where student code cannot be
    isolated, for it never runs unprotected, or where the source's kernel is not installed.
    `seconds` leaves out the choice of the mode.
    """
    sandbox.check()
    kernel = wanted(source)
    assembly = assembly or assemble(source, submission)
    settled = settle(source, limits) if kernel is None else None
    began = time.monotonic()
    outcomes: Mapping[str, shared.Outcome]
    if kernel is not None:
        outcomes = foreign.run(assembly, kernel, limits)
    elif settled is not None and settled.mode == "isolated":
        outcomes = isolated.run(assembly, settled.plan, limits, settled.truths).outcomes
    else:
        outcomes = shared.run(assembly, limits, settled.plan.warm if settled else ())
    marker = Marker(assembly, outcomes, limits)
    cells = marker.cells()
    return Result(
        score=sum(cell.points for cell in cells),
        max_score=sum(cell.max_points for cell in cells),
        cells=cells,
        mode=settled.mode if settled else "shared",
        repairs=assembly.repairs,
        seconds=time.monotonic() - began,
        outputs=marker.outputs,
    )
