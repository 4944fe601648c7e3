"""A new version reaches a student's file, or leaves it as it was; and the way back."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from fake_service import FakeService, answer, lost, notebook, problem, slow

from coursewright.extension.updates import sha
from coursewright.extension.work import runnable, to_bytes

Ask = Callable[..., Awaitable[tuple[int, Any]]]

LESSON = "courses/python-foundations/lessons/names"
SOLVED = "def double(x):\n    return 2 * x"


@pytest.fixture
def solved(service: FakeService, lesson_file: Path) -> bytes:
    """The lesson with an answer and an own cell; by now the course has version 2."""
    lesson_file.parent.mkdir(parents=True)
    book: dict[str, Any] = dict(runnable(notebook()))
    book["cells"][1]["source"] = SOLVED
    own = {**book["cells"][0], "id": "own", "source": "My note."}
    content = json.dumps({**book, "cells": [*book["cells"], own]}).encode()
    lesson_file.write_bytes(content)
    service.version = 2
    return content


def copies(root: Path) -> list[bytes]:
    folder = root / ".coursewright/before-merge/python-foundations/names"
    return [path.read_bytes() for path in sorted(folder.glob("*.ipynb"))]


async def test_the_changes_since_a_version_are_passed_on(ask: Ask, service: FakeService) -> None:
    service.version = 3
    status, data = await ask("GET", f"{LESSON}/changes?since=1")
    assert (status, data["from"], data["to"]) == (200, 1, 3)
    assert [message["version"] for message in data["messages"]] == [2, 3]


async def test_a_lesson_is_given_as_it_was(ask: Ask, service: FakeService) -> None:
    service.version = 2
    for number, title in ((1, "# Names"), (2, "# Names, version 2")):
        status, data = await ask("GET", f"{LESSON}/versions/{number}")
        assert (status, data["version"]) == (200, number)
        assert data["notebook"]["cells"][0]["source"] == title


async def test_the_new_version_is_taken_over_around_what_the_student_wrote(
    ask: Ask, solved: bytes, lesson_file: Path, jp_root_dir: Path
) -> None:
    status, told = await ask("POST", f"{LESSON}/merge")
    assert (status, told["from"], told["to"]) == (200, 1, 2)
    assert (told["updated"], told["conflicts"]) == (["t1"], [])
    assert told["sha"] == sha(lesson_file.read_bytes())
    book = json.loads(lesson_file.read_bytes())
    texts = [cell["source"] for cell in book["cells"]]
    assert texts == ["# Names, version 2", SOLVED, "My note."]
    assert book["metadata"]["coursewright"]["version"] == 2
    assert book["metadata"]["kernelspec"]["name"] == "python3"
    assert copies(jp_root_dir) == [solved]


async def test_merging_again_changes_no_byte(ask: Ask, solved: bytes, lesson_file: Path) -> None:
    await ask("POST", f"{LESSON}/merge")
    once = lesson_file.read_bytes()
    status, told = await ask("POST", f"{LESSON}/merge")
    assert (status, told["updated"], lesson_file.read_bytes()) == (200, [], once)


async def test_both_changed_a_cell(ask: Ask, solved: bytes, lesson_file: Path) -> None:
    book = json.loads(solved)
    book["cells"][0]["source"] = "# My names"
    lesson_file.write_bytes(json.dumps(book).encode())
    _, told = await ask("POST", f"{LESSON}/merge")
    assert told["conflicts"] == [
        {
            "id": "t1",
            "cell_type": "markdown",
            "base": "# Names",
            "mine": "# My names",
            "theirs": "# Names, version 2",
        }
    ]
    assert json.loads(lesson_file.read_bytes())["cells"][0]["source"] == "# My names"


async def test_undo_gives_back_every_byte(
    ask: Ask, solved: bytes, lesson_file: Path, jp_root_dir: Path
) -> None:
    await ask("POST", f"{LESSON}/merge")
    status, told = await ask("POST", f"{LESSON}/merge/undo")
    assert (status, told["kept"], told["sha"]) == (200, None, sha(solved))
    assert lesson_file.read_bytes() == solved
    status, data = await ask("POST", f"{LESSON}/merge/undo")
    assert status == 404
    assert "no update" in data["message"]
    assert lesson_file.read_bytes() == solved


async def test_what_was_written_after_the_merge_is_kept_when_it_is_undone(
    ask: Ask, solved: bytes, lesson_file: Path, jp_root_dir: Path
) -> None:
    await ask("POST", f"{LESSON}/merge")
    later = lesson_file.read_bytes().replace(b"My note.", b"My later note.")
    lesson_file.write_bytes(later)
    _, told = await ask("POST", f"{LESSON}/merge/undo")
    assert lesson_file.read_bytes() == solved
    assert (jp_root_dir / told["kept"]).read_bytes() == later


async def test_a_moved_notebook_is_merged_where_it_is(
    ask: Ask, solved: bytes, jp_root_dir: Path, lesson_file: Path
) -> None:
    lesson_file.rename(jp_root_dir / "mine.ipynb")
    status, told = await ask("POST", f"{LESSON}/merge", {"path": "mine.ipynb"})
    assert (status, told["path"]) == (200, "mine.ipynb")
    status, _ = await ask("POST", f"{LESSON}/merge/undo", {"path": "mine.ipynb"})
    assert (status, (jp_root_dir / "mine.ipynb").read_bytes()) == (200, solved)


async def test_a_version_that_the_service_forgot_is_no_obstacle(
    ask: Ask, solved: bytes, service: FakeService, lesson_file: Path
) -> None:
    book = json.loads(solved)
    book["metadata"]["coursewright"]["version"] = "old"
    lesson_file.write_bytes(json.dumps(book).encode())
    status, told = await ask("POST", f"{LESSON}/merge")
    assert (status, [conflict["id"] for conflict in told["conflicts"]]) == (200, ["t1", "c1"])


AWAY = [
    (lost, 503),
    (slow, 504),
    (problem(503, "The database is away."), 503),
    (answer(200, "<p>Hello"), 502),
    (answer(200, '{"version": 2, "notebook": {"cells": [5]}}', "application/json"), 502),
    (answer(200, '{"version": "2", "notebook": {}}', "application/json"), 502),
]


@pytest.mark.parametrize("case", [(*case, at) for case in AWAY for at in (0, 1)])
async def test_without_good_answers_no_byte_changes(
    ask: Ask, solved: bytes, service: FakeService, lesson_file: Path, case: tuple[Any, int, int]
) -> None:
    failure, status, at = case
    service.failures += [lambda handler: handler.get(*handler.path_args)] * at + [failure]
    code, data = await ask("POST", f"{LESSON}/merge")
    assert (code, bool(data["message"])) == (status, True)
    assert lesson_file.read_bytes() == solved
    assert [path.name for path in lesson_file.parent.iterdir()] == ["names.ipynb"]


async def test_a_file_that_changed_meanwhile_is_left_as_it_is(
    ask: Ask, solved: bytes, service: FakeService, lesson_file: Path
) -> None:
    later = solved.replace(b"My note.", b"Saved meanwhile.")

    def save(handler: Any) -> None:
        lesson_file.write_bytes(later)
        handler.get(*handler.path_args)

    service.failures.append(save)
    status, data = await ask("POST", f"{LESSON}/merge")
    assert (status, "changed meanwhile" in data["message"]) == (409, True)
    assert lesson_file.read_bytes() == later


REFUSED = [
    ({"path": 5}, 400),
    ({"path": "../names.ipynb"}, 404),
    ({"path": "nothing.ipynb"}, 404),
    ({"sha": "another"}, 409),
]


@pytest.mark.parametrize(("body", "status"), REFUSED)
async def test_what_cannot_be_meant_is_refused(
    ask: Ask, solved: bytes, lesson_file: Path, body: Any, status: int
) -> None:
    code, data = await ask("POST", f"{LESSON}/merge", body)
    assert (code, bool(data["message"])) == (status, True)
    assert lesson_file.read_bytes() == solved


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"metadata": {}}', to_bytes(notebook())])
async def test_a_file_that_is_no_notebook_of_the_lesson_is_refused(
    ask: Ask, service: FakeService, lesson_file: Path, content: bytes
) -> None:
    lesson_file.parent.mkdir(parents=True)
    spoilt = content.replace(b'"nbformat": 4', b'"nbformat": 3')
    lesson_file.write_bytes(spoilt)
    status, _ = await ask("POST", f"{LESSON}/merge")
    assert (status, lesson_file.read_bytes()) == (409, spoilt)


@pytest.mark.parametrize("since", ["", "one", "-1", "1" * 12])
async def test_changes_are_asked_for_by_a_number(
    ask: Ask, service: FakeService, since: str
) -> None:
    assert (await ask("GET", f"{LESSON}/changes?since={since}"))[0] == 400
    assert not service.seen


async def test_a_link_in_place_of_the_copies_leads_nowhere(
    ask: Ask, solved: bytes, lesson_file: Path, jp_root_dir: Path, tmp_path: Path
) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (jp_root_dir / ".coursewright").symlink_to(elsewhere)
    status, _ = await ask("POST", f"{LESSON}/merge")
    assert (status, lesson_file.read_bytes()) == (409, solved)
    assert list(elsewhere.iterdir()) == []


# Dies at the given step that touches a file, counted from the start of the merge.
DYING = """
import json, os, signal, sys
from pathlib import Path
from coursewright.extension.updates import Updating
from coursewright.extension.work import Work

root, steps = Path(sys.argv[1]), int(sys.argv[2])
former = (root / "names.ipynb").read_bytes()
base, theirs = json.loads(sys.argv[3])
left = [steps]

def count(event, arguments):
    if event in {"open", "os.rename", "os.link", "os.remove", "os.mkdir", "os.chmod"}:
        left[0] -= 1
        if left[0] < 0:
            os.kill(os.getpid(), signal.SIGKILL)

sys.addaudithook(count)
Updating(Work(root), "c", "names", "names.ipynb").merge(former, base, theirs)
os._exit(7)
"""


def test_whoever_is_killed_while_merging_leaves_the_old_file_or_the_new(tmp_path: Path) -> None:
    base, theirs = notebook(), notebook()
    theirs["cells"][0]["source"] = "# New"
    mine = notebook()
    mine["cells"][1]["source"] = SOLVED
    former = to_bytes(mine)
    seen = set()
    for steps in range(100):
        root = tmp_path / str(steps)
        root.mkdir()
        (root / "names.ipynb").write_bytes(former)
        arguments = (str(root), str(steps), json.dumps([base, theirs]))
        ended = subprocess.run([sys.executable, "-c", DYING, *arguments], check=False).returncode
        assert ended in (7, -signal.SIGKILL)
        content = (root / "names.ipynb").read_bytes()
        seen.add(content)
        if content != former:
            texts = [cell["source"] for cell in json.loads(content)["cells"]]
            assert texts == ["# New", SOLVED]
            folder = root / ".coursewright/before-merge/c/names"
            assert [path.read_bytes() for path in folder.glob("2*.ipynb")] == [former]
        if ended == 7:
            break
    assert ended == 7
    assert len(seen) == 2
    assert oct(os.stat(root / "names.ipynb").st_mode) == oct(os.stat(__file__).st_mode)
