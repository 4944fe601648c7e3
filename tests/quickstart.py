"""A course that nbgrader itself made, released and graded, as a program to run beside the tests.

quickstart.py DIRECTORY: `nbgrader quickstart`'s example with one of its notebooks, the two hand-ins
that nbgrader's documentation ships, autograded, and what a person marked by hand.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import nbgrader
from nbgrader.api import Gradebook

EXAMPLE = Path(nbgrader.__file__).parent / "docs/source/user_guide"
STUDENTS = {"bitdiddle": ("Ben", "Bitdiddle"), "hacker": ("Alyssa", "Hacker")}


def run(*words: str) -> None:
    subprocess.run(
        [sys.executable, "-m", "nbgrader", *words], check=True, stdout=sys.stderr, timeout=200
    )


def main(directory: Path) -> None:
    # nbgrader asks a program of this environment which revision a new gradebook has.
    os.environ["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    os.chdir(directory.parent)
    run("quickstart", directory.name)
    os.chdir(directory)
    Path("source/ps1/problem2.ipynb").unlink()
    for student in STUDENTS:
        there = Path("submitted", student, "ps1")
        there.mkdir(parents=True)
        for name in ("problem1.ipynb", "timestamp.txt"):
            shutil.copy(EXAMPLE / "submitted" / student / "ps1" / name, there / name)
    with Gradebook("sqlite:///gradebook.db") as book:
        book.update_or_create_assignment("ps1", duedate=datetime(2015, 2, 2, 17))
        for student, (first, last) in STUDENTS.items():
            book.add_student(student, first_name=first, last_name=last)
        book.add_student("reasoner", first_name="Louis", last_name="Reasoner")
    run("generate_assignment", "ps1")
    run("autograde", "ps1")
    with Gradebook("sqlite:///gradebook.db") as book:
        one = ("sum_of_squares_application", "problem1", "ps1", "bitdiddle")
        grade, comment = book.find_grade(*one), book.find_comment(*one)
        grade.manual_score, grade.extra_credit, grade.needs_manual_grade = 1.5, 1.0, False
        comment.manual_comment = "Nicely put."
        book.find_submission_notebook("problem1", "ps1", "hacker").late_submission_penalty = 2.0
        book.db.commit()
    run("export")


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve())
