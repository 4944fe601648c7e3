"""What a student wrote is never written over, whatever stands where a lesson belongs."""

from __future__ import annotations

import errno
import json
import os
from pathlib import Path
from typing import Any

import pytest
from fake_service import notebook

from coursewright.extension.errors import WorkError
from coursewright.extension.work import Work, belonging, runnable
from coursewright.records.intake import DROPPED

PATH = "courses/c/l.ipynb"


def test_writing_makes_the_folders_and_leaves_nothing_beside_the_lesson(tmp_path: Path) -> None:
    assert Work(tmp_path).put(PATH, notebook())
    assert json.loads((tmp_path / PATH).read_bytes()) == notebook()
    assert [path.name for path in (tmp_path / PATH).parent.iterdir()] == ["l.ipynb"]


@pytest.mark.parametrize("content", [b"", b"mine", b"{}\x00"])
def test_a_file_that_is_there_is_kept_byte_by_byte(tmp_path: Path, content: bytes) -> None:
    target = tmp_path / PATH
    target.parent.mkdir(parents=True)
    target.write_bytes(content)
    before = target.stat()
    assert not Work(tmp_path).put(PATH, notebook())
    assert target.read_bytes() == content
    assert target.stat().st_mtime_ns == before.st_mtime_ns
    assert len(list(target.parent.iterdir())) == 1


@pytest.mark.parametrize("goal", ["missing", "../../victim"])
def test_a_link_in_place_of_the_lesson_is_not_followed(tmp_path: Path, goal: str) -> None:
    root, victim = tmp_path / "root", tmp_path / "victim"
    target = root / PATH
    target.parent.mkdir(parents=True)
    victim.write_text("kept")
    target.symlink_to(goal)
    assert not Work(root).put(PATH, notebook())
    assert victim.read_text() == "kept"
    assert not Work(root).has(PATH)
    with pytest.raises(WorkError, match="link"):
        Work(root).read(PATH)


def test_a_link_in_place_of_a_folder_is_not_followed(tmp_path: Path) -> None:
    root, elsewhere = tmp_path / "root", tmp_path / "elsewhere"
    root.mkdir()
    elsewhere.mkdir()
    (root / "courses").symlink_to(elsewhere)
    with pytest.raises(WorkError, match="link"):
        Work(root).put(PATH, notebook())
    assert not list(elsewhere.iterdir())


def test_a_pipe_in_place_of_the_lesson_stops_nothing(tmp_path: Path) -> None:
    target = tmp_path / PATH
    target.parent.mkdir(parents=True)
    os.mkfifo(target)
    with pytest.raises(WorkError, match="is not a file"):
        Work(tmp_path).read(PATH)


def test_a_volume_without_hard_links_serves_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_links(*_: Any, **__: Any) -> None:
        raise OSError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(os, "link", no_links)
    work = Work(tmp_path)
    assert work.put(PATH, notebook())
    assert json.loads(work.read(PATH)) == notebook()
    assert not work.put(PATH, {})
    assert json.loads(work.read(PATH)) == notebook()
    assert len(list((tmp_path / PATH).parent.iterdir())) == 1


@pytest.mark.parametrize(
    ("number", "status", "said"),
    [
        (errno.ENOSPC, 507, "storage is full"),
        (errno.EDQUOT, 507, "storage is full"),
        (errno.EACCES, 409, "permissions"),
        (errno.EIO, 500, "cannot be used"),
    ],
)
def test_what_the_disk_refuses_is_said_in_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, status: int, said: str
) -> None:
    def refuse(_: int) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "fsync", refuse)
    with pytest.raises(WorkError, match=said) as caught:
        Work(tmp_path).put(PATH, notebook())
    assert caught.value.status == status
    assert not list((tmp_path / PATH).parent.iterdir())


def test_the_limit_is_the_largest_size_that_is_read(tmp_path: Path) -> None:
    (tmp_path / "n.ipynb").write_bytes(b"x" * 100)
    assert Work(tmp_path, limit=100).read("n.ipynb") == b"x" * 100
    with pytest.raises(WorkError, match="larger than"):
        Work(tmp_path, limit=99).read("n.ipynb")


@pytest.mark.parametrize(
    "key", ["", "..", ".", "a/b", "/etc", "A", "a_b", "a\0", "a\n", "ä", "a--b"]
)
def test_only_keys_become_paths(tmp_path: Path, key: str) -> None:
    for course, lesson in ((key, "l"), ("c", key)):
        with pytest.raises(WorkError, match="no such course or lesson"):
            Work(tmp_path).path(course, lesson)


def test_a_notebook_says_what_it_belongs_to() -> None:
    own = {"course": "c", "lesson": "l", "version": 2}
    assert belonging(json.dumps(notebook(coursewright=own)).encode()) == own


@pytest.mark.parametrize(
    "content",
    [b"", b"[]", b"{}", b"\xff", b'{"metadata": []}', b'{"metadata": null}', b"[" * 10**5],
)
def test_what_is_no_course_notebook_belongs_to_nothing(content: bytes) -> None:
    assert belonging(content) == {}


def test_a_kernel_is_named_only_where_none_is() -> None:
    assert runnable(notebook())["metadata"]["kernelspec"]["name"] == "python3"
    named = notebook(kernelspec={"name": "ir"})
    assert runnable(named)["metadata"]["kernelspec"] == {"name": "ir"}


def test_outputs_that_make_a_notebook_too_large_stay_behind(tmp_path: Path) -> None:
    shown = {"output_type": "stream", "name": "stdout", "text": "x" * 5000}
    cells = [{"cell_type": "code", "source": "x = 1", "outputs": [shown]}]
    content = json.dumps({"nbformat": 4, "metadata": {}, "cells": cells})
    (tmp_path / "l.ipynb").write_text(content)
    read = json.loads(Work(tmp_path, limit=1000).read("l.ipynb"))
    assert read["cells"] == [{**cells[0], "outputs": []}]
    assert read["metadata"] == {"coursewright": {DROPPED: True}}
    assert Work(tmp_path).read("l.ipynb").decode() == content


def test_what_stood_there_goes_beside_what_is_swapped_in(tmp_path: Path) -> None:
    work = Work(tmp_path)
    assert work.swap(PATH, b"first") is None
    names = [work.swap(PATH, content) for content in (b"second", b"third")]
    assert (tmp_path / PATH).read_bytes() == b"third"
    assert [(tmp_path / str(name)).read_bytes() for name in names] == [b"first", b"second"]
    assert len(list((tmp_path / PATH).parent.iterdir())) == 3


def test_a_swap_that_fails_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    work = Work(tmp_path)
    work.swap(PATH, b"first")

    def refuse(*_: Any, **__: Any) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    for step in ("fsync", "replace"):
        with monkeypatch.context() as patch:
            patch.setattr(os, step, refuse)
            with pytest.raises(WorkError, match="storage is full"):
                work.swap(PATH, b"second")
        assert (tmp_path / PATH).read_bytes() == b"first"


def test_a_swap_follows_no_link(tmp_path: Path) -> None:
    root, victim = tmp_path / "root", tmp_path / "victim"
    (root / PATH).parent.mkdir(parents=True)
    victim.write_text("kept")
    (root / PATH).symlink_to(victim)
    with pytest.raises(WorkError, match="is not a file"):
        Work(root).swap(PATH, b"x")
    assert victim.read_text() == "kept"


def test_notebooks_are_found_below_the_courses_and_not_through_links(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    (outside / "c").mkdir(parents=True)
    (outside / "c" / "x.ipynb").write_text("{}")
    root = tmp_path / "root"
    for path in ("a.ipynb", "courses/c/l.ipynb", "courses/c/.h.ipynb", "courses/c/d/m.ipynb"):
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text("{}")
    (root / "courses" / "c" / "n.txt").write_text("")
    (root / "courses" / "link").symlink_to(outside)
    (root / "courses" / "c" / "link.ipynb").symlink_to(outside / "c" / "x.ipynb")
    assert Work(root).notebooks() == ["courses/c/d/m.ipynb", "courses/c/l.ipynb"]
