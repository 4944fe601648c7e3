"""Drafts as folders: the same layout as `coursewright publish` reads, whole or not at all."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
import samples

from coursewright.extension import drafts
from coursewright.extension.authoring import bring
from coursewright.extension.errors import WorkError
from coursewright.extension.folders import Folders
from coursewright.records.notebooks import put_together, read_course, taken_apart, write_course

COURSE = samples.course()


def test_what_is_brought_is_what_the_command_publishes(tmp_path: Path) -> None:
    made = bring(Folders(tmp_path), taken_apart(COURSE), version=4)
    assert made == {"folder": "authoring/sums", "paths": ["authoring/sums/adding.ipynb"]}
    assert read_course(tmp_path / made["folder"]) == COURSE
    assert Folders(tmp_path).mark("authoring/sums") == {"course": "sums", "version": 4}


@pytest.mark.parametrize("apart", [False, True])
def test_what_the_command_writes_is_read_here(tmp_path: Path, apart: bool) -> None:
    write_course(COURSE, tmp_path / "authoring" / "mine", apart)
    source = Folders(tmp_path).source("authoring/mine")
    assert put_together(source["course"], source["notebooks"]) == COURSE
    (lesson,) = Folders(tmp_path).overview("authoring/mine")["lessons"]
    where = "notebooks/adding.ipynb" if apart else "adding.ipynb"
    assert lesson["path"] == f"authoring/mine/{where}"


def test_the_names_of_the_layout_are_the_same_on_both_sides(tmp_path: Path) -> None:
    write_course(COURSE, tmp_path)
    brought = drafts.files(taken_apart(COURSE), {})
    for path in tmp_path.iterdir():
        assert brought[path.name] == path.read_bytes()


def test_each_draft_has_a_folder_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "authoring").mkdir()
    (tmp_path / "authoring" / "sums").write_text("mine")
    folders = Folders(tmp_path)
    found = [bring(folders, taken_apart(COURSE))["folder"] for _ in range(3)]
    assert found == ["authoring/sums-2", "authoring/sums-3", "authoring/sums-4"]
    assert (tmp_path / "authoring" / "sums").read_text() == "mine"


def test_a_link_in_place_of_the_folder_is_not_followed(tmp_path: Path) -> None:
    root, elsewhere = tmp_path / "root", tmp_path / "elsewhere"
    root.mkdir()
    elsewhere.mkdir()
    (root / "authoring").symlink_to(elsewhere)
    with pytest.raises(WorkError, match="link"):
        bring(Folders(root), taken_apart(COURSE))
    assert not list(elsewhere.iterdir())
    assert Folders(root).found() == []


FULL = """
import json, resource, signal, sys
from pathlib import Path
from coursewright.extension.authoring import bring
from coursewright.extension.errors import WorkError
from coursewright.extension.folders import Folders
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
try:
    bring(Folders(Path(sys.argv[1])), json.load(sys.stdin))
except WorkError as error:
    print(error)
"""


def test_a_draft_that_does_not_fit_leaves_nothing_behind(tmp_path: Path) -> None:
    told = subprocess.run(
        [sys.executable, "-c", FULL, str(tmp_path)],
        input=json.dumps(taken_apart(COURSE)),
        capture_output=True,
        text=True,
        check=True,
    )
    assert "authoring cannot be used" in told.stdout
    assert list((tmp_path / "authoring").iterdir()) == []


def test_a_mark_that_is_damaged_says_nothing(tmp_path: Path) -> None:
    folders = Folders(tmp_path)
    folder = bring(folders, taken_apart(COURSE), version=4)["folder"]
    (tmp_path / folder / drafts.MARK).write_text("{")
    assert folders.mark(folder) == {}
    folders.set_mark(folder, version=5)
    assert json.loads((tmp_path / folder / drafts.MARK).read_text()) == {"version": 5}


def test_a_notebook_that_is_too_large_is_refused(tmp_path: Path) -> None:
    folder = bring(Folders(tmp_path), taken_apart(COURSE))["folder"]
    with pytest.raises(WorkError, match=r"adding\.ipynb is larger than") as refusal:
        Folders(tmp_path, limit=1000).source(folder)
    assert refusal.value.status == 413
