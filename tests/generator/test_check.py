"""`coursewright check`, as a person calls it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from exercises import REFERENCE, TESTS
from small_course import course, lesson

from coursewright.generator.check import CheckApp
from coursewright.records.course import Course
from coursewright.records.errors import Invalid
from coursewright.records.notebooks import write_course

COMMAND = [sys.executable, "-m", "coursewright.hub_config.command", "check"]
# The tests contradict the statement.
CONTRADICTED = {**TESTS, 2: ("assert keep_between(-4, 1, 9) == -4", TESTS[2][1])}


def written(what: Course, folder: Path) -> str:
    write_course(what, folder)
    return str(folder)


def call(*arguments: str) -> int:
    app = CheckApp()
    app.initialize(list(arguments))
    with pytest.raises(SystemExit) as end:
        app.start()
    return int(end.value.code or 0)


def test_a_good_course_is_let_by_and_measured(tmp_path: Path) -> None:
    folder = written(course(), tmp_path / "course")
    told = subprocess.run([*COMMAND, folder], capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stdout + told.stderr
    assert "A small course: 1 exercises, 3 promises, 2 quiz items" in told.stdout
    assert "Mutation score: median 100%, lowest 100%" in told.stdout
    assert told.stdout.endswith("Nothing blocks.\n")
    assert "Traceback" not in told.stderr


def test_a_bad_course_is_told_where_and_why(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = written(course(tests=CONTRADICTED), tmp_path / "course")
    assert call(folder) == 1
    shown = " ".join(capsys.readouterr().out.replace("│", " ").split())
    assert "limits/keep-between G3 Test keep-between-2 (promise 2) fails" in shown
    assert shown.endswith("1 findings block.")


def test_everything_that_was_measured_is_one_json_object(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = written(course(tests=CONTRADICTED), tmp_path / "course")
    assert call(folder, "--json", "--jobs", "1") == 1
    told: dict[str, Any] = json.loads(capsys.readouterr().out)
    assert (told["course"], told["passed"], told["mutation_median"]) == ("small", False, None)
    (finding,) = told["findings"]
    assert finding["gate"] == "G3"
    assert finding["place"] == "limits/keep-between"
    (result,) = [one for one in told["places"]["limits/keep-between"] if one["gate"] == "G3"]
    assert "keep_between(-4, 1, 9) == -4" in result["findings"][0]["evidence"]["fault"]
    assert told["coverage"]["limits"]["promises"] == 3


def test_libraries_of_the_course_may_be_imported(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    importing = course(reference=f"import numpy\n\n\n{REFERENCE}", tests=CONTRADICTED)
    folder = written(importing, tmp_path / "course")
    said = []
    for libraries in ((), ("--libraries", "numpy")):
        assert call(folder, "--json", *libraries) == 1
        findings = json.loads(capsys.readouterr().out)["findings"]
        said.append([one["message"] for one in findings if one["gate"] == "G2"])
    assert said == [["The reference imports numpy, which is not allowed."], []]


def test_a_course_of_texts_alone_has_no_mutation_score(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert call(written(course(lesson()), tmp_path / "course")) == 0
    shown = capsys.readouterr().out
    assert "0 exercises" in shown
    assert "Mutation" not in shown


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "Say which folder"),
        (["one", "two"], "Say which folder"),
        (["nowhere"], "nowhere"),
        (["."], "course.json"),
    ],
)
def test_a_folder_that_cannot_be_read_is_named(
    arguments: list[str], said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    app = CheckApp()
    app.initialize(arguments)
    with pytest.raises(Invalid, match=said):
        app.start()
