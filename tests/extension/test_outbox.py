"""A submit while the course service is away is kept, and goes out later, once and in order."""

from __future__ import annotations

import asyncio
import errno
import json
import os
from collections.abc import Awaitable, Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from fake_service import TOKEN, FakeService, answer, lost, problem

from coursewright.extension.client import ServiceClient
from coursewright.extension.errors import WorkError
from coursewright.extension.outbox import FOLDER, Outbox, queued_now
from coursewright.extension.pod import Pod
from coursewright.extension.work import Work

Ask = Callable[..., Awaitable[tuple[int, Any]]]

COURSE = "courses/python-foundations"
LESSON = f"{COURSE}/lessons/names"
KEYS = [f"key-number-{number}" for number in range(5)]


def files(root: Path) -> list[str]:
    folder = root / FOLDER
    return sorted(path.suffix for path in folder.iterdir()) if folder.exists() else []


def change(file: Path) -> None:
    """Another answer."""
    book = json.loads(file.read_bytes())
    book["cells"][0]["source"] += "!"
    file.write_text(json.dumps(book))


async def submit(ask: Ask, key: str) -> tuple[int, Any]:
    return await ask("POST", f"{LESSON}/submissions", {"key": key})


async def sent(pod: Pod) -> None:
    for one in list(pod.safety.sender.submits):
        await asyncio.wait_for(one.settled.wait(), 20)


async def test_without_the_service_a_submit_is_queued_as_it_is_now(
    ask: Ask, service: FakeService, pod: Pod, jp_root_dir: Path, lesson_file: Path
) -> None:
    await ask("POST", f"{LESSON}/open")
    before = lesson_file.read_bytes()
    await service.stop()
    status, data = await submit(ask, KEYS[0])
    assert (status, data["queued"], data["key"], data["waiting"]) == (202, True, KEYS[0], 1)
    assert datetime.fromisoformat(data["queued_at"]).tzinfo
    assert files(jp_root_dir) == [".submit"]
    lesson_file.write_bytes(b"edited since")
    service.start()
    await sent(pod)
    assert service.sent == [before]
    assert files(jp_root_dir) == []
    (told,) = (await ask("GET", "outbox"))[1]["submits"]
    assert (told["receipt"]["attempt"], told["refused"]) == (1, None)


async def test_after_three_tries_a_submit_is_queued_and_sent_soon(
    ask: Ask, service: FakeService, pod: Pod
) -> None:
    await ask("POST", f"{LESSON}/open")
    service.failures += [lost, lost, lost]
    assert (await submit(ask, KEYS[0]))[0] == 202
    await sent(pod)
    assert list(service.receipts) == [KEYS[0]]


async def test_what_waits_goes_out_in_order_and_once(
    ask: Ask, service: FakeService, pod: Pod, lesson_file: Path
) -> None:
    await ask("POST", f"{LESSON}/open")
    await service.stop()
    written = []
    for number, key in enumerate(KEYS):
        book = json.loads(lesson_file.read_bytes())
        book["cells"][0]["source"] = f"# Names {number}"
        written.append(json.dumps(book).encode())
        lesson_file.write_bytes(written[-1])
        assert (await submit(ask, key))[0] == 202
        assert (await submit(ask, key))[1]["waiting"] == number + 1
    service.failures += [lost, answer(200, "nonsense"), problem(503, "Not yet."), lost]
    service.start()
    await sent(pod)
    assert service.sent == written
    assert list(service.receipts) == KEYS


async def test_pressed_twice_without_other_answers_it_is_one_submit(
    ask: Ask, service: FakeService, pod: Pod, lesson_file: Path
) -> None:
    await ask("POST", f"{LESSON}/open")
    await service.stop()
    first = await submit(ask, KEYS[0])
    book = json.loads(lesson_file.read_bytes())
    book["metadata"]["language_info"] = {"name": "python"}
    book["cells"][1]["execution_count"] = 3
    lesson_file.write_text(json.dumps(book))
    assert await submit(ask, KEYS[1]) == first
    service.start()
    await sent(pod)
    assert list(service.receipts) == KEYS[:1]


async def test_a_submit_behind_others_waits_for_them(
    ask: Ask, service: FakeService, pod: Pod, lesson_file: Path
) -> None:
    await ask("POST", f"{LESSON}/open")
    await service.stop()
    await submit(ask, KEYS[0])
    change(lesson_file)
    service.start()
    status, data = await submit(ask, KEYS[1])
    assert (status, data["attempt"]) == (201, 2)
    assert list(service.receipts) == KEYS[:2]


async def test_what_waits_outlives_the_student_s_server(
    ask: Ask, service: FakeService, pod: Pod, jp_root_dir: Path, lesson_file: Path
) -> None:
    await ask("POST", f"{LESSON}/open")
    await service.stop()
    for key in KEYS[:2]:
        change(lesson_file)
        await submit(ask, key)
    queued = [one.queued for one in pod.safety.sender.submits]
    await pod.safety.stop()
    service.start()
    again = Pod(ServiceClient(service.url, TOKEN, 0.5), Work(jp_root_dir))
    await again.safety.start()
    assert [one.queued for one in again.safety.sender.submits] == queued
    await sent(again)
    await again.safety.stop()
    assert list(service.receipts) == KEYS[:2]
    assert files(jp_root_dir) == []


async def test_sent_again_after_a_lost_answer_it_is_one_submission(
    ask: Ask, service: FakeService, pod: Pod, jp_root_dir: Path
) -> None:
    """The server was killed after the service had the submit and before its file was removed."""
    await ask("POST", f"{LESSON}/open")
    await service.stop()
    await submit(ask, KEYS[0])
    (file,) = (jp_root_dir / FOLDER).iterdir()
    content = file.read_bytes()
    service.start()
    await sent(pod)
    file.write_bytes(content)
    again = Pod(ServiceClient(service.url, TOKEN, 0.5), Work(jp_root_dir))
    await again.safety.start()
    await sent(again)
    await again.safety.stop()
    assert len(service.sent) == 1
    assert again.safety.sender.submits[0].receipt["repeated"]  # type: ignore[index]


async def test_a_refusal_is_told_with_the_time_of_the_submit_and_kept(
    ask: Ask, service: FakeService, pod: Pod, jp_root_dir: Path
) -> None:
    await ask("POST", f"{LESSON}/open")
    await service.stop()
    _, data = await submit(ask, KEYS[0])
    service.failures.append(problem(403, "It was due yesterday"))
    service.start()
    await sent(pod)
    (told,) = (await ask("GET", "outbox"))[1]["submits"]
    moment = datetime.fromisoformat(data["queued_at"]).astimezone()
    assert f"You submitted at {moment:%H:%M on %Y-%m-%d}" in told["refused"]
    assert "It was due yesterday. Your notebook is as it was." in told["refused"]
    assert files(jp_root_dir) == [".refused"]
    again = Outbox(Work(jp_root_dir)).all()
    assert [queued.refused for _, queued in again] == [told["refused"]]
    assert (await ask("DELETE", f"outbox/{KEYS[0]}"))[0] == 200
    assert files(jp_root_dir) == []


async def test_a_refusal_does_not_hold_up_those_behind(
    ask: Ask, service: FakeService, pod: Pod, lesson_file: Path
) -> None:
    await ask("POST", f"{LESSON}/open")
    await service.stop()
    for key in KEYS[:2]:
        change(lesson_file)
        await submit(ask, key)
    service.failures.append(problem(409, "All attempts are used."))
    service.start()
    await sent(pod)
    assert list(service.receipts) == KEYS[1:2]


async def test_a_sign_in_that_ran_out_keeps_a_submit_waiting(
    ask: Ask, service: FakeService, pod: Pod
) -> None:
    await ask("POST", f"{LESSON}/open")
    await service.stop()
    await submit(ask, KEYS[0])
    service.failures.append(problem(401, "Who are you?"))
    service.start()
    await sent(pod)
    assert list(service.receipts) == KEYS[:1]


async def test_what_waits_cannot_be_thrown_away(ask: Ask, service: FakeService) -> None:
    await ask("POST", f"{LESSON}/open")
    await service.stop()
    await submit(ask, KEYS[0])
    status, data = await ask("DELETE", f"outbox/{KEYS[0]}")
    assert (status, "still waits" in data["message"]) == (404, True)


async def test_on_a_full_disk_nothing_is_said_to_be_queued(
    ask: Ask, service: FakeService, jp_root_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await ask("POST", f"{LESSON}/open")
    await service.stop()

    def refuse(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", refuse)
    status, data = await submit(ask, KEYS[0])
    assert status == 507
    assert "cannot be reached" in data["message"]
    assert "storage is full too" in data["message"]
    assert files(jp_root_dir) == []


@pytest.mark.parametrize(
    "content",
    [b"", b"{}\n", b"[]", b'{"key": 1}\nx', b"\xff\n", b"[" * 10**5, b'{"queued_at": "x"}\n'],
)
def test_a_file_that_makes_no_sense_is_left_alone(tmp_path: Path, content: bytes) -> None:
    (tmp_path / FOLDER).mkdir(parents=True)
    file = tmp_path / FOLDER / "1.submit"
    file.write_bytes(content)
    assert Outbox(Work(tmp_path)).all() == []
    assert file.read_bytes() == content


def test_a_changed_file_is_not_sent(tmp_path: Path) -> None:
    outbox = Outbox(Work(tmp_path))
    content = b'{"cells": ["Names"]}'
    name = outbox.put(queued_now(KEYS[0], "c", "l", "courses/c/l.ipynb", content), content)
    assert outbox.content(name) == content
    file = tmp_path / FOLDER / name
    file.write_bytes(file.read_bytes().replace(b"Names", b"Games"))
    with pytest.raises(WorkError, match="changed or deleted"):
        outbox.content(name)
    assert outbox.all() == []
