"""The limits that a person may set, from the command line, a file or the environment."""

from __future__ import annotations

from dataclasses import fields, replace
from pathlib import Path

import pytest

from coursewright.grader.commands import GradeApp
from coursewright.grader.limits import DEFAULT, GradingLimits, Limits
from coursewright.grader.options import GradingApp
from coursewright.hub_config.worker import WorkerApp
from coursewright.records.errors import Invalid

APPS = [GradeApp, WorkerApp]


def limits(kind: type[GradingApp], *words: str) -> Limits:
    app = kind()
    app.initialize(list(words))
    return app.limits()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "settings.py"
    path.write_text("c.GradingLimits.memory = 128 << 20\nc.GradingLimits.cell_seconds = 3\n")
    return path


def test_every_limit_is_an_option_with_a_help_and_the_same_default() -> None:
    assert GradingLimits().limits() == DEFAULT
    assert {*GradingLimits.names(), "hash_seed"} == {field.name for field in fields(Limits)}
    assert all(GradingLimits.class_traits()[name].help for name in GradingLimits.names())


@pytest.mark.parametrize("kind", APPS)
@pytest.mark.parametrize("name", GradingLimits.names())
def test_each_limit_has_a_short_name(kind: type[GradingApp], name: str) -> None:
    value = getattr(DEFAULT, name) * 2
    assert limits(kind, f"--{name.replace('_', '-')}={value}") == replace(DEFAULT, **{name: value})


@pytest.mark.parametrize("kind", APPS)
def test_a_file_sets_them_and_the_command_line_wins(kind: type[GradingApp], file: Path) -> None:
    found = limits(kind, "--config", str(file), "--cell-seconds=4")
    assert (found.memory, found.cell_seconds) == (128 << 20, 4)


@pytest.mark.parametrize("kind", APPS)
def test_the_environment_may_name_the_file(
    kind: type[GradingApp], file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COURSEWRIGHT_CONFIG", str(file))
    assert limits(kind).memory == 128 << 20


BROKEN = {"absent.py": None, "settings.txt": "", "bad.py": "1/0", "bad.json": "{"}


@pytest.mark.parametrize("name", BROKEN)
def test_a_file_that_cannot_be_used_is_told_by_its_name(name: str, tmp_path: Path) -> None:
    content = BROKEN[name]
    if content is not None:
        (tmp_path / name).write_text(content)
    with pytest.raises(Invalid, match=name):
        limits(WorkerApp, "--config", str(tmp_path / name))


@pytest.mark.parametrize("word", ["--memory=1", "--cell-seconds=0", "--processes=-1"])
def test_a_limit_that_could_not_work_is_refused(word: str) -> None:
    with pytest.raises(Invalid, match="less than"):
        limits(GradeApp, word)
