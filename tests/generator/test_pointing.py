"""Each finding leads to the cell that it is about."""

from __future__ import annotations

from typing import Any

import pytest
from small_course import course

from coursewright.generator.gates.gate import Finding
from coursewright.generator.pointing import cell_of

COURSE = course()
CELLS = {cell.grade_id: cell.id for lesson in COURSE.lessons() for cell in lesson.cells}
EXERCISE = "limits/keep-between"


def finding(place: str, message: str = "", gate: str = "G3", **evidence: Any) -> Finding:
    return Finding(gate, place, message, evidence=evidence)


@pytest.mark.parametrize(
    ("found", "cell"),
    [
        (finding("course"), None),
        (finding("limits"), None),
        (finding("nowhere/at-all"), None),
        (finding("limits", gate="L1", cell="another"), "another"),
        (finding("limits/limits-quiz/below"), "a-quiz"),
        (finding("limits/limits-quiz"), "a-quiz"),
        (finding(EXERCISE), CELLS["keep-between"]),
        (finding(EXERCISE, cell="keep-between-2"), CELLS["keep-between-2"]),
        (finding(EXERCISE, test="keep-between-2"), CELLS["keep-between-2"]),
        (finding(EXERCISE, cell="gone"), CELLS["keep-between"]),
        (finding(EXERCISE, "test keep-between-2 cannot be parsed"), CELLS["keep-between-2"]),
        (finding(EXERCISE, promise=3), CELLS["keep-between-3"]),
        (finding(EXERCISE, promise=9), CELLS["keep-between"]),
    ],
)
def test_a_finding_has_its_cell(found: Finding, cell: str | None) -> None:
    assert cell_of(COURSE, found) == cell


def test_what_is_said_of_a_statement_leads_to_the_text_above_the_solution() -> None:
    (lesson,) = COURSE.lessons()
    ids = [cell.id for cell in lesson.cells]
    above = ids[ids.index(str(CELLS["keep-between"])) - 1]
    assert cell_of(COURSE, finding(EXERCISE, gate="G11")) == above
