"""`coursewright import nbgrader`, on a course that nbgrader made, released and graded."""

from __future__ import annotations

import csv
import json
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import quickstart
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from coursewright.grader import regrade
from coursewright.grader.grade import grade
from coursewright.hub_config.import_nbgrader import ImportApp, ImportNbgraderApp
from coursewright.records import (
    courses,
    deadlines,
    differences,
    gradebook,
    regrades,
    submissions,
)
from coursewright.records.database import make_engine, sessions
from coursewright.records.errors import Conflict, Invalid
from coursewright.records.nbgrader_source import read_nbgrader
from coursewright.records.notebooks import read_course
from coursewright.records.tables import CourseRow, Grading, Person, Score, Submission


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """nbgrader's own example course with its own gradebook; nobody changes it."""
    directory = tmp_path_factory.mktemp("nbgrader") / "course101"
    subprocess.run([sys.executable, quickstart.__file__, directory], check=True, timeout=280)
    return directory


@pytest.fixture
def course(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made, tmp_path / "course101"))


@pytest.fixture
def database(fresh_database: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    monkeypatch.setenv("COURSEWRIGHT_DATABASE_URL", fresh_database)
    engine = make_engine(fresh_database)
    yield sessions(engine)
    engine.dispose()


def run(*words: str | Path) -> None:
    app = ImportNbgraderApp()
    app.initialize([str(word) for word in words])
    app.start()


def counted(session: Session) -> list[int]:
    tables = (CourseRow, Person, Submission, Grading, Score)
    return [session.scalar(select(func.count()).select_from(table)) or 0 for table in tables]


def test_without_a_target_it_only_tells(course: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(course)
    told = capsys.readouterr().out
    assert "Nothing was written" in told
    assert "ps1/problem1.ipynb" in told


def test_the_folder_of_the_course_reads_back_and_its_solutions_grade_in_full(
    course: Path, tmp_path: Path
) -> None:
    run(course, "--out", tmp_path / "mine", "--title", "Squares", "--course", "squares")
    mine = read_course(tmp_path / "mine")
    assert (mine.key, mine.title) == ("squares", "Squares")
    assert [lesson.key for lesson in mine.lessons()] == ["ps1"]
    lesson = next(mine.lessons())
    assert lesson.cells[0].source.startswith("Before you turn this problem in")
    result = grade(lesson.to_notebook(), lesson.to_notebook())
    assert {cell.grade_id: cell.points for cell in result.cells if cell.status != "manual"} == {
        "correct_squares": 1,
        "squares_invalid_input": 1,
        "correct_sum_of_squares": 0.5,
        "sum_of_squares_uses_squares": 0.5,
    }
    with pytest.raises(Conflict, match="exists already"):
        run(course, "--out", tmp_path / "mine")


def test_publishing_brings_the_people_their_scores_and_comments(
    course: Path, database: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    run(course, "--publish")
    with database() as session:
        rows = {row.person: row for row in submissions.gradebook(session, "course101")}
        with (course / "grades.csv").open() as file:  # nbgrader's own sums
            exported = {row["student_id"]: row for row in csv.DictReader(file)}
        assert set(rows) == {"bitdiddle", "hacker"}
        for name, row in rows.items():
            assert (row.points, row.max_points) == (float(exported[name]["raw_score"]), 10)
            assert str(row.received_at)[:19] == exported[name]["timestamp"][:19]
        assert rows["bitdiddle"].display_name == "Ben Bitdiddle"
        assert courses.role_of(session, "reasoner", "course101") == "student"
        (attempt,) = submissions.standing(session, "bitdiddle", "course101", "ps1")
        cells = {cell.grade_id: cell for cell in attempt.cells}
        marked = cells["sum_of_squares_application"]
        assert (marked.points, marked.message) == (2.5, "Nicely put.")
        assert cells["sum_of_squares_equation"].status == "manual"
        assert cells["correct_squares"].exercise == "squares"
        policy, _ = deadlines.rules(session, "course101").of("hacker", "ps1")
        assert policy is not None
        assert str(policy.due) == "2015-02-02 17:00:00+00:00"
    told = capsys.readouterr().out
    assert "late penalties, 2 points in all" in " ".join(told.split())


def test_the_scores_of_our_own_grader_are_those_that_were_imported(
    course: Path, database: Any
) -> None:
    run(course, "--publish")
    with database() as session:
        for name in quickstart.STUDENTS:
            (attempt,) = submissions.standing(session, name, "course101", "ps1")
            given = {cell.grade_id: cell.points for cell in attempt.cells}
            row = session.get_one(Submission, attempt.id)
            lesson = courses.source_lesson(session, row.version_id, "ps1")
            path = course / "submitted" / name / "ps1" / "problem1.ipynb"
            ours = grade(lesson.to_notebook(), json.loads(path.read_text()))
            for cell in ours.cells:
                if cell.exercise:  # what tests mark; the others are marked by people
                    assert cell.points == given[cell.grade_id], (name, cell.grade_id)


def test_a_second_import_changes_only_what_changed(course: Path, database: Any) -> None:
    run(course, "--publish")
    with database() as session:
        before = counted(session)
    run(course, "--publish")
    with database() as session:
        assert counted(session) == before
    with sqlite3.connect(course / "gradebook.db") as book:
        book.execute("UPDATE grade SET manual_score = 2 WHERE manual_score = 1.5")
    book.close()
    run(course, "--publish")
    with database() as session:
        assert counted(session)[2:4] == [before[2], before[3] + 1]
        (row,) = (r for r in submissions.gradebook(session, "course101") if r.person != "hacker")
        assert row.attempt == 1
        (attempt,) = submissions.standing(session, row.person, "course101", "ps1")
        assert max(cell.points for cell in attempt.cells) == 3


def test_a_student_whom_the_hub_cannot_have_stops_all_of_it(course: Path, database: Any) -> None:
    with sqlite3.connect(course / "gradebook.db") as book:
        book.execute("INSERT INTO student (id) VALUES ('a/b')")
    book.close()
    with pytest.raises(Invalid, match="student 'a/b' in the gradebook"):
        run(course, "--publish", "--out", course.parent / "mine")
    with database() as session:
        assert counted(session) == [0] * 5
    assert sorted(path.name for path in course.parent.iterdir()) == ["course101"]


def test_a_lost_notebook_keeps_its_marks(course: Path, database: Any) -> None:
    shutil.rmtree(course / "submitted")
    shutil.rmtree(course / "autograded")
    run(course, "--publish")
    with database() as session:
        repairs = session.scalars(select(Grading.repairs)).all()
        assert all("not kept" in found[1] for found in repairs)
        assert len(repairs) == 2


def test_a_regrade_leaves_out_what_has_no_notebook_and_says_so(course: Path, database: Any) -> None:
    for folder in ("submitted", "autograded"):
        shutil.rmtree(course / folder / "hacker")
    run(course, "--publish")
    with database.begin() as session:
        before = {row.person: row.points for row in gradebook.gradebook(session, "course101")}
        number = regrades.request(session, "course101", None)
    regrade.handle_all(number, database)
    with database.begin() as session:
        found = {item.person: item for item in differences.differences(session, number)}
        assert found["hacker"].error == regrades.LEFT_OUT
        assert found["hacker"].changed
        assert found["bitdiddle"].error is None
        regrade.apply(session, "course101", number, None)
    with database() as session:
        after = {row.person: row.points for row in gradebook.gradebook(session, "course101")}
        assert after["hacker"] == before["hacker"] != 0


def test_looking_changes_nothing_in_the_directory(course: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in course.rglob("*")}
    run(course)
    assert {path: path.stat().st_mtime_ns for path in course.rglob("*")} == before


def test_it_says_what_it_needs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(Invalid, match="which course"):
        run()
    with pytest.raises(Invalid, match="not a course directory"):
        run(tmp_path)
    app = ImportApp()
    app.initialize([])
    with pytest.raises(SystemExit):
        app.start()
    assert "nbgrader" in capsys.readouterr().out


def test_every_problem_is_told_with_its_file_and_cell(course: Path) -> None:
    path = course / "source" / "ps1" / "problem1.ipynb"
    notebook = json.loads(path.read_text())
    notebook["cells"][5]["metadata"]["nbgrader"]["grade_id"] = "squares"
    path.write_text(json.dumps(notebook))
    (path.parent / "broken.ipynb").write_text("{")
    auto = {**notebook, "cells": [{**notebook["cells"][2], "source": "### AUTOTEST f(1)"}]}
    (path.parent / "auto.ipynb").write_text(json.dumps(auto))
    with pytest.raises(Invalid) as caught:
        read_nbgrader(course)
    told = str(caught.value)
    assert f"{path}, cells 6, 9 share the grade_id 'squares'" in told
    assert f"{path.parent / 'broken.ipynb'}: This is not a notebook" in told
    assert f"{path.parent / 'auto.ipynb'}, cell 1: ### AUTOTEST" in told
