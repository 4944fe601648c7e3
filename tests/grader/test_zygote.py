"""Between two submissions a sandbox is emptied, wherever Coursewright itself is installed."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from coursewright.grader.zygote import emptied, mounted


def test_everything_goes_that_a_submission_left(tmp_path: Path) -> None:
    (tmp_path / "deep" / "er").mkdir(parents=True)
    (tmp_path / "deep" / "er" / "file").write_text("kept for the next")
    (tmp_path / "link").symlink_to("/etc")
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "deep").chmod(0)
    assert emptied(str(tmp_path))
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("mount", ["app", "app/environment", "app/environment/lib"])
def test_what_is_mounted_stays_with_the_folders_above_it(tmp_path: Path, mount: str) -> None:
    place = tmp_path / mount
    place.mkdir(parents=True)
    (place / "python").write_text("ours")
    (tmp_path / "app" / "left").write_text("theirs")
    (tmp_path / "apple").mkdir()
    mounts = frozenset([str(place)])
    kept = {"python"} | ({"left"} if mount == "app" else set())
    assert emptied(str(tmp_path), mounts)
    assert {path.name for path in place.iterdir()} == kept
    assert [path.name for path in tmp_path.iterdir()] == ["app"]
    assert (tmp_path / "app" / "left").exists() == (mount == "app")


def test_the_mounts_of_this_machine_can_be_read() -> None:
    assert "/proc" in mounted()
