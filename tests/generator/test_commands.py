"""`coursewright generate` as people run it: words, exit status, folder."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from generating import SMALL, command, model, written

from coursewright.generator.request import Request


def run(request: Path, out: Path, *words: str, **environ: str) -> subprocess.CompletedProcess[str]:
    """Without the settings of whoever runs the tests."""
    bare = {f"COURSEWRIGHT_LLM_{name}": "" for name in ("BASE_URL", "MODEL", "API_KEY")}
    process = command(request, out, *words, environ=bare | environ)
    told, complained = process.communicate()
    return subprocess.CompletedProcess(words, process.returncode, told, complained)


def test_without_a_model_the_bank_serves_and_says_so(tmp_path: Path) -> None:
    out = tmp_path / "course"
    done = run(written(SMALL, tmp_path / "r.yaml"), out, "--seed", "2")
    assert done.returncode == 0
    assert f"Made by the bank, in {out}" in done.stderr.replace("\n", "")
    assert "1 of 1 exercises are proven" in done.stdout
    assert f"coursewright publish {out}" in done.stdout
    names = {path.name for path in out.iterdir()}
    assert {"course.json", "notebooks", "receipts", "report.html", "report.json"} <= names
    checked = subprocess.run(
        [sys.executable, "-m", "coursewright.hub_config.command", "check", str(out), "--json"],
        capture_output=True,
        check=True,
    )
    assert json.loads(checked.stdout)["passed"]


def test_an_outline_is_edited_and_followed(tmp_path: Path) -> None:
    request, out = written(SMALL, tmp_path / "r.yaml"), tmp_path / "course"
    first = run(request, out, "--outline-only")
    assert first.returncode == 0
    assert "edit it" in first.stderr
    plan = out / "outline.yaml"
    plan.write_text(plan.read_text().replace("title: Python", "title: My own", 1))
    second = run(request, out, "--json")
    assert second.returncode == 0
    assert json.loads(second.stdout)["title"] == "My own"


@pytest.mark.parametrize(
    ("request_", "words", "told"),
    [
        ({"topic": "Baking bread"}, (), "Its topics are: values and arithmetic"),
        ({"topic": "Python", "modules": 40}, (), "the bank holds"),
        ({"topic": "Python", "language": "de"}, (), "written in English"),
        ({"topic": "Python"}, ("--provider", "openai"), "COURSEWRIGHT_LLM_BASE_URL"),
        ({"topic": "Python"}, ("--provider", "magic"), "magic"),
        ({"topic": "Python"}, ("--jobs", "0"), "jobs"),
    ],
)
def test_what_cannot_be_done_is_said_in_words(
    tmp_path: Path, request_: dict[str, object], words: tuple[str, ...], told: str
) -> None:
    request = Request.model_validate(request_)
    done = run(written(request, tmp_path / "r.yaml"), tmp_path / "course", *words)
    assert done.returncode not in (0, 130)
    assert told in " ".join(done.stderr.split())
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "course" / "course.json").exists()


def test_nothing_proven_is_a_failure(tmp_path: Path) -> None:
    incurable = {"lesson": {"values-and-arithmetic"}}
    with model(incurable=incurable) as fake:
        done = run(written(SMALL, tmp_path / "r.yaml"), tmp_path / "course", **fake.environ())
    assert done.returncode == 1
    assert "0 of 1 exercises are proven" in done.stdout
    assert "values-and-arithmetic/entry-cost: Its lesson's text was left out." in done.stdout
    assert json.loads((tmp_path / "course" / "report.json").read_text())["abstained"] == 1


def test_a_budget_stops_the_command_with_what_was_spent(tmp_path: Path) -> None:
    with model() as fake:
        words = ["--budget-tokens", "20000"]
        done = run(written(SMALL, tmp_path / "r.yaml"), tmp_path / "c", *words, **fake.environ())
    assert done.returncode == 1
    assert "The budget of 20000 tokens is reached" in done.stderr
    assert "calls," in done.stderr
    assert "--resume" in done.stderr
