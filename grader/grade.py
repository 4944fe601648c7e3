"""Grade one submission: the source with its tests and the student's notebook make a Result."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

from coursewright.grader import shared
from coursewright.grader.assemble import assemble
from coursewright.grader.limits import DEFAULT, Limits
from coursewright.grader.result import Result
from coursewright.grader.sandbox import ready
from coursewright.grader.score import Marker
from coursewright.records.errors import Invalid


def grade(
    source: Mapping[str, Any], submission: Mapping[str, Any], limits: Limits = DEFAULT
) -> Result:
    """Both are notebooks of nbformat 4 as dictionaries; `source` has solutions and hidden tests.

    Raises Invalid when one of them cannot be read, and Unavailable where student code cannot be
    isolated: it never runs unprotected.
    """
    began = time.monotonic()
    ready()
    _check_language(source)
    assembly = assemble(source, submission)
    marker = Marker(assembly, shared.run(assembly, limits), limits)
    cells = marker.cells()
    return Result(
        score=sum(cell.points for cell in cells),
        max_score=sum(cell.max_points for cell in cells),
        cells=cells,
        mode="shared",
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
