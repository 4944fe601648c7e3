"""`coursewright grade`, as a person calls it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import nbformat
import pytest
from homework import lesson, submission

from coursewright.grader.commands import GradeApp, read_notebook
from coursewright.records.errors import Invalid


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    files = {"source": lesson(), "right": lesson(), "wrong": submission(double="", mean="")}
    for name, content in files.items():
        (tmp_path / f"{name}.ipynb").write_text(json.dumps(content))
    (tmp_path / "broken.ipynb").write_text("{")
    return tmp_path


def call(folder: Path, *names: str) -> int:
    app = GradeApp()
    app.initialize(["--source", str(folder / "source.ipynb"), *names])
    with pytest.raises(SystemExit) as end:
        app.start()
    return int(end.value.code or 0)


def lines(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


def test_each_submission_is_one_json_object_on_a_line(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    names = [str(folder / "right.ipynb"), str(folder / "wrong.ipynb")]
    assert call(folder, *names, "--json") == 0
    right, wrong = lines(capsys.readouterr().out)
    assert (right["submission"], right["score"], right["max_score"]) == (names[0], 4, 7)
    assert wrong["score"] == 0
    assert set(right) == {
        *("submission", "score", "max_score", "cells", "mode", "repairs", "seconds")
    }
    assert right["cells"]["why"]["status"] == "manual"
    assert right["cells"]["double-1"]["points"] == 2
    assert right["mode"] == "isolated"


def test_one_that_cannot_be_graded_is_said_and_does_not_stop_the_others(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    names = [str(folder / name) for name in ("broken.ipynb", "absent.ipynb", "right.ipynb")]
    assert call(folder, *names, "--json") == 1
    broken, absent, right = lines(capsys.readouterr().out)
    assert "cannot be read as JSON" in broken["error"]
    assert "No such file" in absent["error"]
    assert right["score"] == 4


def test_a_person_gets_a_table(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert call(folder, str(folder / "wrong.ipynb")) == 0
    shown = capsys.readouterr().out
    assert "0 of 7" in shown
    assert "double-1" in shown


def test_feedback_is_written_as_a_page_and_a_notebook_for_each(folder: Path) -> None:
    (folder / "ada").mkdir()
    (folder / "ada" / "right.ipynb").write_text(json.dumps(lesson()))
    names = [str(folder / "wrong.ipynb"), str(folder / "ada" / "right.ipynb")]
    assert call(folder, *names, "--feedback", str(folder / "told")) == 0
    files = sorted(str(path.relative_to(folder / "told")) for path in folder.glob("told/**/*.*"))
    assert files == ["ada/right.html", "ada/right.ipynb", "wrong.html", "wrong.ipynb"]
    page = (folder / "told" / "wrong.html").read_text()
    assert '<a href="wrong.ipynb" download>' in page
    assert "0 of 7 points" in page
    nbformat.validate(nbformat.read(folder / "told" / "ada" / "right.ipynb", as_version=4))


def test_a_folder_that_cannot_be_written_to_is_named(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "told").write_text("a file")
    assert call(folder, str(folder / "right.ipynb"), "--feedback", str(folder / "told")) == 1
    assert "Name another folder with --feedback" in capsys.readouterr().out


def test_it_says_what_it_needs() -> None:
    app = GradeApp()
    app.initialize([])
    with pytest.raises(Invalid, match="--source"):
        app.start()


def test_limits_can_be_set(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "slow.ipynb").write_text(json.dumps(submission(double="import time; time.sleep(30)")))
    assert call(folder, str(folder / "slow.ipynb"), "--cell-seconds=0.5", "--json") == 0
    (slow,) = lines(capsys.readouterr().out)
    assert slow["seconds"] < 5
    assert "0.5 seconds" in slow["cells"]["double-1"]["message"]


@pytest.mark.parametrize("content", ["[]", "{}", '{"nbformat": 3}', b"\xff\xfe{"])
def test_what_is_no_notebook_is_refused(tmp_path: Path, content: str | bytes) -> None:
    path = tmp_path / "x.ipynb"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(Invalid):
        read_notebook(str(path))


def test_grading_loads_neither_the_hub_nor_the_database() -> None:
    code = (
        "import sys, coursewright.grader.commands\n"
        "heavy = {'jupyterhub', 'sqlalchemy', 'psycopg', 'nbgrader', 'IPython', 'tornado'}\n"
        "print(heavy & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
