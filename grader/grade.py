"""Grade one submission: the source with its tests and the student's notebook make a Result."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

from coursewright.grader import isolated, shared
from coursewright.grader.assemble import assemble
from coursewright.grader.limits import DEFAULT, Limits
from coursewright.grader.modes import settle
from coursewright.grader.result import Result
from coursewright.grader.sandbox import ready
from coursewright.grader.score import Marker
from coursewright.records.errors import Invalid


def grade(
    source: Mapping[str, Any], submission: Mapping[str, Any], limits: Limits = DEFAULT
) -> Result:
    """Both are notebooks of nbformat 4 as dictionaries; `source` has solutions and hidden tests.

    Raises Invalid when one of them cannot be read, and Unavailable where student code cannot be
    isolated: it never runs unprotected. `seconds` leaves out the choice of the mode.
    """
    ready()
    _check_language(source)
    assembly = assemble(source, submission)
    settled = settle(source, limits)
    began = time.monotonic()
    outcomes: Mapping[str, shared.Outcome]
    if settled.mode == "isolated":
        outcomes = isolated.run(assembly, settled.plan, limits, settled.truths).outcomes
    else:
        outcomes = shared.run(assembly, limits)
    marker = Marker(assembly, outcomes, limits)
    cells = marker.cells()
    return Result(
        score=sum(cell.points for cell in cells),
        max_score=sum(cell.max_points for cell in cells),
        cells=cells,
        mode=settled.mode,
        repairs=assembly.repairs,
        seconds=time.monotonic() - began,
        printed=marker.printed(),
    )


def _check_language(source: Mapping[str, Any]) -> None:
    metadata = source.get("metadata")
    kernel = metadata.get("kernelspec") if isinstance(metadata, Mapping) else None
    language = kernel.get("language") if isinstance(kernel, Mapping) else None
    if language not in (None, "", "python"):
        raise Invalid(f"Only Python notebooks can be graded; the source is in {language}.")
