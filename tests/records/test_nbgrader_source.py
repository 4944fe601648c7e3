"""nbgrader's course directories: configuration as data, notebooks as lessons."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from homework import code, exercise, flags, notebook, text

from coursewright.records.errors import Invalid
from coursewright.records.nbgrader_config import Config, read_config
from coursewright.records.nbgrader_source import Imported, read_nbgrader
from coursewright.records.notebooks import read_course, write_course
from coursewright.records.release import student_view

CONFIG = """
import os
c = get_config()
c.CourseDirectory.course_id = "Sums 101"
c.CourseDirectory.course_id = "Sums 102"
c.CourseDirectory.root = os.getcwd()
c.ClearSolutions.begin_solution_delimeter = "<answer>"
c.ClearSolutions.end_solution_delimeter = "</answer>"
c.ClearHiddenTests.begin_test_delimeter = "SECRET ON"
c.ClearHiddenTests.end_test_delimeter = "SECRET OFF"
c.ClearMarkScheme.begin_mark_scheme_delimeter = "MARKS ON"
c.ClearMarkScheme.end_mark_scheme_delimeter = "MARKS OFF"
open("ran", "w").write("this program was run")
if True:
    c.CourseDirectory.course_id = "never"
"""


def course(directory: Path, config: str = "", **notebooks: dict[str, Any]) -> Imported:
    """`a__b` names source/a/b.ipynb."""
    (directory / "nbgrader_config.py").write_text(config)
    for name, book in notebooks.items():
        path = directory / "source" / f"{name.replace('__', '/')}.ipynb"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(book))
    return read_nbgrader(directory)


def test_a_configuration_is_read_and_never_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "nbgrader_config.py").write_text(CONFIG)
    config = read_config(tmp_path)
    assert config.options["CourseDirectory.course_id"] == "Sums 102"
    assert not (tmp_path / "ran").exists()
    computed, block = config.notes
    assert "line 6: CourseDirectory.root is computed" in computed
    assert "this block was not read" in block


def test_a_configuration_may_be_json_and_may_be_missing(tmp_path: Path) -> None:
    assert read_config(tmp_path) == Config()
    (tmp_path / "nbgrader_config.json").write_text('{"CourseDirectory": {"course_id": "x"}}')
    assert read_config(tmp_path).options == {"CourseDirectory.course_id": "x"}


@pytest.mark.parametrize("name", ["nbgrader_config.py", "nbgrader_config.json"])
def test_a_broken_configuration_is_named(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("{(")
    with pytest.raises(Invalid, match=name):
        read_config(tmp_path)


def test_markers_of_ones_own_become_the_usual_ones(tmp_path: Path) -> None:
    answer = "def f(x):\n    # <answer>\n    return 2 * x\n    # </answer>"
    check = "assert f(1) == 2\n# SECRET ON\nassert f(2) == 4\n# SECRET OFF"
    task = text("t", "Draw.\nMARKS ON\none each\nMARKS OFF", flags("t", task=True, points=2))
    imported = course(tmp_path, CONFIG, ps1__a=notebook(*exercise("f", answer, check), task))
    lesson = next(imported.course.lessons())
    (found,) = lesson.exercises()
    assert found.solution == "def f(x):\n    return 2 * x\n"
    assert found.tests[0].hidden == "assert f(2) == 4\n"
    given = json.dumps(student_view(imported.course).to_json())
    assert "return 2" not in given
    assert "f(2)" not in given
    assert "one each" not in given
    assert (imported.course.key, imported.course.title) == ("sums-102", "Sums 102")


def test_assignments_are_modules_and_their_notebooks_lessons(tmp_path: Path) -> None:
    plain = notebook(text("a", "# The *title*"))
    imported = course(
        tmp_path, ps1__one=plain, **{"ps 2__Problem A": plain, "ps 2__problem-b": plain}
    )
    modules = {
        module.key: [one.key for one in module.lessons] for module in imported.course.modules
    }
    assert modules == {"ps-2": ["ps-2-problem-a", "ps-2-problem-b"], "ps1": ["ps1"]}
    assert {lesson.title for lesson in imported.course.lessons()} == {"The title"}
    assert imported.lessons["ps 2", "Problem A"] == "ps-2-problem-a"
    write_course(imported.course, tmp_path / "out")
    assert read_course(tmp_path / "out") == imported.course


@pytest.mark.parametrize("version", [0, 1, 2])
def test_old_metadata_and_formats_are_brought_up_to_date(tmp_path: Path, version: int) -> None:
    cells = exercise("f", "f = 1", "assert f", points=3)
    for cell in cells:
        del cell["id"]
        cell["metadata"]["nbgrader"]["schema_version"] = version
        del cell["metadata"]["nbgrader"]["task"]
    imported = course(tmp_path, ps1__a={**notebook(*cells), "nbformat_minor": 2})
    (lesson,) = imported.course.lessons()
    assert [cell.nbgrader["schema_version"] for cell in lesson.cells] == [3, 3]
    assert [cell.id for cell in lesson.cells] == ["f", "f-1"]
    assert [one.points for one in lesson.exercises()] == [3]


def test_a_notebook_of_format_3_is_upgraded(tmp_path: Path) -> None:
    cell = {"cell_type": "code", "input": "x = 1", "outputs": [], "language": "python"}
    cell |= {"metadata": {}, "collapsed": False, "prompt_number": 1}
    sheets = [{"cells": [cell], "metadata": {}}]
    book = {"nbformat": 3, "nbformat_minor": 0, "metadata": {}, "worksheets": sheets}
    (lesson,) = course(tmp_path, ps1__a=book).course.lessons()
    assert [found.source for found in lesson.cells] == ["x = 1"]


PROBLEMS = {
    "a grade_id twice": (
        notebook(
            code("a", "x", flags("a", solution=True)), code("b", "y", flags("a", locked=True))
        ),
        "cells 1, 2 share the grade_id 'a'",
    ),
    "no grade_id": (notebook(code("a", "x", flags("", solution=True))), "cell 1: a graded"),
    "no end of a solution": (
        notebook(code("a", "### BEGIN SOLUTION", flags("a", solution=True))),
        "cell 1: no end solution",
    ),
    "a schema to come": (
        notebook(code("a", "x", flags("a", solution=True, schema_version=9))),
        "cell 1 has nbgrader's metadata schema 9",
    ),
    "bad points": (
        notebook(code("a", "x", flags("a", grade=True, schema_version=0, points="many"))),
        "cell 1: nbgrader's metadata is damaged",
    ),
    "no cells": (notebook(), "has no cells"),
    "a damaged cell": (notebook({"cell_type": "code"}), "cell 1 is damaged"),
}


@pytest.mark.parametrize(("book", "told"), PROBLEMS.values(), ids=PROBLEMS)
def test_problems_are_told_with_file_and_cell(
    tmp_path: Path, book: dict[str, Any], told: str
) -> None:
    with pytest.raises(Invalid) as caught:
        course(tmp_path, ps1__bad=book, ps1__good=notebook(text("a", "fine")))
    (line,) = str(caught.value).splitlines()
    assert line.startswith(str(tmp_path / "source" / "ps1" / "bad.ipynb"))
    assert told in line


def test_a_directory_without_assignments_is_refused(tmp_path: Path) -> None:
    (tmp_path / "source").mkdir()
    with pytest.raises(Invalid, match="no assignment"):
        read_nbgrader(tmp_path)


def test_two_notebooks_that_get_one_key_are_told(tmp_path: Path) -> None:
    plain = notebook(text("a", "a"))
    with pytest.raises(Invalid, match="gets the key 'ps1-a-b' too"):
        course(tmp_path, **{"ps1__a b": plain, "ps1__a-b": plain})
