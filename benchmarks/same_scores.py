"""The points of every cell of every hand-in: nbgrader's beside ours, a line for each that differs.

The course is the one that the script named by --course writes, as for grading.py. It ends with
status 1 when a cell differs.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from contextlib import closing
from pathlib import Path

from grading import CELL_SECONDS, COURSE, ENVIRON, nbgrader, run

from coursewright.grader.grade import grade
from coursewright.grader.limits import Limits

GRADES = """
    SELECT sa.student_id, b.name, g.auto_score
    FROM grade g
    JOIN grade_cells c ON c.id = g.cell_id
    JOIN base_cell b ON b.id = c.id
    JOIN submitted_notebook sn ON sn.id = g.notebook_id
    JOIN submitted_assignment sa ON sa.id = sn.assignment_id
"""
# By student and cell; None where a person is to mark.
Points = dict[tuple[str, str], float | None]


def theirs(directory: Path) -> Points:
    limit = f"--ExecutePreprocessor.timeout={CELL_SECONDS}"
    command = nbgrader(directory, "autograde", "ps1", limit)
    # It exits with 1 when a submission's tests fail to run.
    subprocess.run(command, check=False, capture_output=True, cwd=directory, env=ENVIRON)
    with closing(sqlite3.connect(directory / "gradebook.db")) as book:
        return {(student, cell): points for student, cell, points in book.execute(GRADES)}


def ours(directory: Path) -> Points:
    source = json.loads((directory / "source" / "ps1" / "ps1.ipynb").read_text())
    found: Points = {}
    for path in sorted(directory.glob("submitted/*/ps1/ps1.ipynb")):
        result = grade(source, json.loads(path.read_text()), Limits(cell_seconds=CELL_SECONDS))
        for cell in result.cells:
            points = None if cell.status == "manual" else cell.points
            found[path.parents[1].name, cell.grade_id] = points
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--course", type=Path, default=COURSE, help="writes the course")
    builder = parser.parse_args().course.resolve()
    base = Path(tempfile.mkdtemp(prefix="cw-scores-", dir="/tmp"))
    try:
        run(base, sys.executable, builder, base)
        run(base, *nbgrader(base, "generate_assignment", "ps1"))
        run(base, sys.executable, builder, base, "subs")
        peer, mine = theirs(base), ours(base)
    finally:
        shutil.rmtree(base, ignore_errors=True)
    cells = sorted(peer.keys() | mine.keys())
    nothing = "no such cell"
    differing = [one for one in cells if peer.get(one, nothing) != mine.get(one, nothing)]
    for student, cell in differing:
        pair = peer.get((student, cell), nothing), mine.get((student, cell), nothing)
        print(f"{student} {cell}: nbgrader {pair[0]}, Coursewright {pair[1]}")
    figures = {
        "submissions": len({student for student, _ in cells}),
        "cells": len(cells),
        "differing_cells": len(differing),
    }
    print(json.dumps({"name": "same_scores", "ratios": {}, "figures": figures}))
    return 1 if differing else 0


if __name__ == "__main__":
    sys.exit(main())
