"""Each save of a course notebook is kept at the service too, and comes back when it is lost."""

from __future__ import annotations

import asyncio
import errno
import hashlib
import json
import os
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from fake_copies import SAVED
from fake_service import TOKEN, FakeService, answer, lost, notebook, problem, slow

from coursewright.extension.client import ServiceClient
from coursewright.extension.pod import Pod
from coursewright.extension.work import Work

Ask = Callable[..., Awaitable[tuple[int, Any]]]

COURSE = "courses/python-foundations"
LESSON = f"{COURSE}/lessons/names"
PATH = f"{COURSE}/names.ipynb"
PATIENCE = 20


@pytest.fixture
def save(jp_fetch: Any) -> Callable[..., Awaitable[Any]]:
    """Save as JupyterLab does."""

    async def save(number: int, path: str = PATH, **options: Any) -> Any:
        book = {**notebook(), "metadata": {**notebook()["metadata"], "number": number}}
        body = json.dumps({"type": "notebook", "content": book, "format": "json"})
        return await jp_fetch("api", "contents", path, method="PUT", body=body, **options)

    return save


def numbers(service: FakeService) -> list[int]:
    return [json.loads(copy["content"])["metadata"]["number"] for copy in service.copies]


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE):
        while not condition():
            await asyncio.sleep(0.02)


async def quiet(pod: Pod) -> None:
    await until(lambda: not pod.safety.copier.due)


async def test_each_save_is_copied_byte_by_byte(
    ask: Ask, service: FakeService, pod: Pod, save: Any, lesson_file: Path
) -> None:
    await ask("POST", f"{LESSON}/open")
    await save(1)
    await quiet(pod)
    assert service.copies[0]["content"] == lesson_file.read_bytes()
    assert service.copies[0]["path"] == PATH
    _, told = await ask("GET", "safety")
    assert told["copies"]["waiting"] == []
    assert told["copies"]["last"]
    assert (told["online"], told["unsaved"], told["refused"]) == (True, [], [])


async def test_many_saves_make_few_copies_and_the_last_is_among_them(
    ask: Ask, service: FakeService, pod: Pod, save: Any
) -> None:
    await ask("POST", f"{LESSON}/open")
    for number in range(20):
        await save(number)
    await quiet(pod)
    assert numbers(service)[-1] == 19
    assert len(service.copies) < 10


async def test_bytes_that_the_service_has_are_not_sent_again(
    ask: Ask, service: FakeService, pod: Pod, save: Any
) -> None:
    await ask("POST", f"{LESSON}/open")
    for number in (1, 2, 1):
        await save(number)
        await quiet(pod)
    assert numbers(service) == [2, 1]
    assert [method for method, path, _ in service.seen if "/copies/" in path] == ["PUT", "PUT"]


@pytest.mark.parametrize("path", ["names.ipynb", "courses/x.txt", ".coursewright/a.ipynb"])
async def test_only_notebooks_of_courses_are_copied(
    service: FakeService, pod: Pod, save: Any, path: str, jp_root_dir: Path
) -> None:
    pod.safety.on_save({"type": "notebook", "content": notebook()}, path)
    await pod.safety.on_event(logger=None, schema_id="", data={"action": "save", "path": path})
    assert not pod.safety.copier.due


async def test_a_notebook_that_says_no_lesson_stays_here(
    service: FakeService, pod: Pod, jp_fetch: Any, jp_root_dir: Path
) -> None:
    (jp_root_dir / "courses").mkdir()
    book = {**notebook(), "metadata": {}}
    body = json.dumps({"type": "notebook", "content": book})
    await jp_fetch("api", "contents", "courses/own.ipynb", method="PUT", body=body)
    await quiet(pod)
    assert not service.seen


FAILURES = (lost, slow, answer(200, "nonsense"), answer(500, "<h1>no"), problem(503, "Not now."))


@pytest.mark.parametrize("failure", FAILURES)
async def test_what_the_service_does_wrong_delays_a_copy_and_nothing_else(
    ask: Ask, service: FakeService, pod: Pod, save: Any, failure: Any
) -> None:
    await ask("POST", f"{LESSON}/open")
    service.failures += [failure, failure]
    assert (await save(1)).code in {200, 201}
    await quiet(pod)
    assert numbers(service) == [1]


async def test_without_the_service_changes_wait_and_are_told(
    ask: Ask, service: FakeService, pod: Pod, save: Any
) -> None:
    await ask("POST", f"{LESSON}/open")
    await service.stop()
    await save(1)
    await until(lambda: pod.safety.line.up is False)
    _, told = await ask("GET", "safety")
    assert (told["online"], told["copies"]["waiting"]) == (False, [PATH])
    service.start()
    await quiet(pod)
    assert numbers(service) == [1]


async def test_a_refused_copy_is_told_and_the_next_save_tries_again(
    ask: Ask, service: FakeService, pod: Pod, save: Any
) -> None:
    await ask("POST", f"{LESSON}/open")
    service.failures.append(problem(413, "Too much."))
    await save(1)
    await quiet(pod)
    _, told = await ask("GET", "safety")
    assert told["refused"] == [{"path": PATH, "message": "Too much."}]
    await save(2)
    await quiet(pod)
    assert (await ask("GET", "safety"))[1]["refused"] == []


async def test_on_a_full_disk_what_was_to_be_saved_is_sent_from_memory(
    ask: Ask,
    service: FakeService,
    pod: Pod,
    save: Any,
    lesson_file: Path,
) -> None:
    await ask("POST", f"{LESSON}/open")
    before = lesson_file.read_bytes()
    with pytest.MonkeyPatch.context() as patch:

        def refuse(*_: Any) -> None:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

        patch.setattr("shutil.copyfile", refuse)
        answer = await save(7, raise_error=False)
        assert answer.code == 500
        assert b"No space left" in answer.body
        await quiet(pod)
    assert numbers(service) == [7]
    assert lesson_file.read_bytes() == before
    assert (await ask("GET", "safety"))[1]["unsaved"] == [PATH]
    await save(8)
    await quiet(pod)
    assert (await ask("GET", "safety"))[1]["unsaved"] == []
    assert numbers(service) == [7, 8]


async def test_what_was_not_copied_is_found_when_the_server_starts_again(
    ask: Ask, service: FakeService, pod: Pod, save: Any, jp_root_dir: Path
) -> None:
    await ask("POST", f"{LESSON}/open")
    await save(1)
    await quiet(pod)
    await service.stop()
    await save(2)
    await save(3, f"{COURSE}/names-Copy1.ipynb")
    await pod.safety.stop()
    service.start()
    service.seen.clear()
    again = Pod(ServiceClient(service.url, TOKEN, 0.5), Work(jp_root_dir))
    again.safety.copier.quiet = again.safety.line.first = 0.05
    await again.safety.start()
    await until(lambda: len(service.copies) == 3)
    await again.safety.stop()
    assert sorted(numbers(service)) == [1, 2, 3]
    asked = [path for method, path, _ in service.seen if method == "GET"]
    assert [path.rpartition("/")[2] for path in asked] == ["copies"]


async def test_the_end_of_the_server_sends_what_is_due(
    ask: Ask, service: FakeService, pod: Pod, save: Any
) -> None:
    pod.safety.copier.quiet = pod.safety.copier.every = 60
    await ask("POST", f"{LESSON}/open")
    await save(1)
    assert not service.copies
    await pod.safety.stop()
    assert numbers(service) == [1]


async def test_a_lost_lesson_comes_back_as_it_was(
    ask: Ask, service: FakeService, pod: Pod, save: Any, lesson_file: Path
) -> None:
    _, data = await ask("POST", f"{LESSON}/open")
    assert data["restored"] is None
    await save(1)
    await quiet(pod)
    content = lesson_file.read_bytes()
    lesson_file.unlink()
    status, data = await ask("POST", f"{LESSON}/open")
    assert (status, data["kept"], data["restored"]) == (200, True, SAVED)
    assert lesson_file.read_bytes() == content


async def test_no_fresh_lesson_hides_work_that_cannot_be_asked_for(
    ask: Ask, service: FakeService, lesson_file: Path
) -> None:
    service.failures += [answer(200, json.dumps({"notebook": notebook()})), problem(503, "Away.")]
    status, _ = await ask("POST", f"{LESSON}/open")
    assert status == 503
    assert not lesson_file.exists()


async def test_an_earlier_copy_is_seen_and_restored_and_what_was_there_is_kept(
    ask: Ask, service: FakeService, pod: Pod, save: Any, lesson_file: Path
) -> None:
    await ask("POST", f"{LESSON}/open")
    for number in (1, 2):
        await save(number)
        await quiet(pod)
    now = lesson_file.read_bytes()
    _, data = await ask("GET", f"{LESSON}/copies")
    first = data["copies"][1]["sha256"]
    _, seen = await ask("GET", f"{LESSON}/copies/{first}")
    assert seen["notebook"]["metadata"]["number"] == 1
    status, data = await ask("POST", f"{LESSON}/copies/{first}")
    assert (status, data["path"]) == (200, PATH)
    assert hashlib.sha256(lesson_file.read_bytes()).hexdigest() == first
    beside = lesson_file.with_name(data["kept"].rpartition("/")[2])
    assert beside.read_bytes() == now
    assert len(list(lesson_file.parent.glob("*.ipynb"))) == 2


async def test_all_work_of_a_course_comes_back_and_what_is_there_stays(
    ask: Ask, service: FakeService, pod: Pod, save: Any, lesson_file: Path
) -> None:
    await ask("POST", f"{LESSON}/open")
    for number, name in enumerate(("names", "lists", "mine")):
        await save(number, f"{COURSE}/{name}.ipynb")
    await quiet(pod)
    gone = [lesson_file.with_name(f"{name}.ipynb") for name in ("lists", "mine")]
    contents = [path.read_bytes() for path in gone]
    for path in gone:
        path.unlink()
    lesson_file.write_bytes(b"newer")
    status, data = await ask("POST", f"{COURSE}/restore")
    assert (status, data["there"], len(data["restored"])) == (200, 1, 2)
    assert [path.read_bytes() for path in gone] == contents
    assert lesson_file.read_bytes() == b"newer"


@pytest.mark.parametrize("path", ["../names.ipynb", "a.txt", 3, "/etc/x.ipynb", "a//b.ipynb"])
async def test_a_copy_goes_nowhere_but_among_the_student_s_notebooks(
    ask: Ask, service: FakeService, pod: Pod, save: Any, path: Any
) -> None:
    await ask("POST", f"{LESSON}/open")
    await save(1)
    await quiet(pod)
    sha = service.copies[0]["sha256"]
    status, _ = await ask("POST", f"{LESSON}/copies/{sha}", {"path": path})
    assert status in {400, 404}
