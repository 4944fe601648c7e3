"""The data directory."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from coursewright.hub_config.directory import DataDirectory, default_path
from coursewright.records.errors import Conflict, Invalid


def test_only_we_may_enter_what_is_secret(tmp_path: Path) -> None:
    directory = DataDirectory(tmp_path / "data")
    directory.prepare()
    for private in (directory.hub, directory.logs, directory.server_logs):
        assert stat.S_IMODE(private.stat().st_mode) == 0o700
    for passage in (directory.root, directory.homes):
        assert stat.S_IMODE(passage.stat().st_mode) == 0o711


def test_preparing_changes_no_directory_above(tmp_path: Path) -> None:
    before = [(path, path.stat().st_mode) for path in (tmp_path, *tmp_path.parents)]
    DataDirectory(tmp_path / "data").prepare()
    assert [(path, path.stat().st_mode) for path, _ in before] == before


def test_a_file_in_its_place_is_a_clear_error(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("something of mine")
    with pytest.raises(Invalid, match=r"cannot be used.*--data-dir"):
        DataDirectory(tmp_path / "data").prepare()
    assert (tmp_path / "data").read_text() == "something of mine"


def test_a_directory_that_others_may_write_is_refused(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data").chmod(0o777)
    with pytest.raises(Invalid, match="others may write"):
        DataDirectory(tmp_path / "data").prepare()


def test_a_second_holder_is_told_of_the_first(tmp_path: Path) -> None:
    directory = DataDirectory(tmp_path / "data")
    directory.prepare()
    held = directory.lock()
    with pytest.raises(Conflict, match="Another coursewright up"):
        directory.lock()
    os.close(held)
    os.close(directory.lock())


def test_the_lock_goes_with_its_holder_even_by_kill(tmp_path: Path) -> None:
    directory = DataDirectory(tmp_path / "data")
    directory.prepare()
    code = (
        "import sys, pathlib, os, signal\n"
        "from coursewright.hub_config.directory import DataDirectory\n"
        "DataDirectory(pathlib.Path(sys.argv[1])).lock()\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    subprocess.run([sys.executable, "-c", code, str(directory.root)], check=False)
    os.close(directory.lock())


def test_the_default_place_follows_the_desktop_convention(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert default_path() == tmp_path / "coursewright"
