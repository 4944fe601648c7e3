"""nbgrader's own autograder over a course, as an instructor runs it, and what it gave each cell."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

Notebook = dict[str, Any]
# By student the points of each cell (None where a person is to mark), and what was handed in.
Autograded = dict[str, tuple[dict[str, float | None], Notebook]]

SECONDS = 3  # that a cell may take
# nbgrader calls alembic by its bare name.
ENVIRON = {**os.environ, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
GRADES = """
    SELECT sa.student_id, b.name, g.auto_score
    FROM grade g
    JOIN grade_cells c ON c.id = g.cell_id
    JOIN base_cell b ON b.id = c.id
    JOIN submitted_notebook sn ON sn.id = g.notebook_id
    JOIN submitted_assignment sa ON sa.id = sn.assignment_id
"""


def autograded(
    directory: Path, source: Notebook, hand_in: Callable[[Notebook], Mapping[str, Notebook]]
) -> Autograded:
    """`hand_in` makes hand-ins, by student, of the notebook as nbgrader releases it."""
    _write(directory / "source" / "ps1" / "problems.ipynb", source)
    nbgrader(directory, "generate_assignment", "ps1", check=True)
    handed = hand_in(json.loads((directory / "release" / "ps1" / "problems.ipynb").read_text()))
    for student, book in handed.items():
        _write(directory / "submitted" / student / "ps1" / "problems.ipynb", book)
    # It exits with 1 where a submission cannot be graded at all.
    nbgrader(directory, "autograde", "ps1", f"--ExecutePreprocessor.timeout={SECONDS}", check=False)
    found: Autograded = {student: ({}, book) for student, book in handed.items()}
    with closing(sqlite3.connect(directory / "gradebook.db")) as gradebook:
        for student, cell, points in gradebook.execute(GRADES):
            found[student][0][cell] = points
    return found


def nbgrader(directory: Path, *words: str, check: bool) -> None:
    command = [sys.executable, "-m", "nbgrader", *words, f"--course-dir={directory}"]
    subprocess.run(command, cwd=directory, env=ENVIRON, capture_output=True, check=check)


def _write(path: Path, book: Notebook) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(book))
