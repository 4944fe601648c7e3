"""What the panel can ask, and what it is answered."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from fake_service import TOKEN, FakeService, lost, notebook, problem

Ask = Callable[..., Awaitable[tuple[int, Any]]]

COURSE = "courses/python-foundations"
LESSON = f"{COURSE}/lessons/names"
KEY = "0b8f1c2e-1111-4222-8333-444455556666"


async def test_the_catalogue_is_passed_on(ask: Ask, service: FakeService) -> None:
    status, data = await ask("GET", "courses")
    assert status == 200
    assert [card["key"] for card in data["courses"]] == ["python-foundations", "data-with-pandas"]
    assert service.seen[0][2]["Authorization"] == f"token {TOKEN}"


async def test_an_outline_is_passed_on(ask: Ask) -> None:
    status, data = await ask("GET", COURSE)
    assert status == 200
    assert data["modules"][0]["lessons"][0]["key"] == "names"


async def test_a_student_enrols(ask: Ask, service: FakeService) -> None:
    status, data = await ask("PUT", "courses/data-with-pandas/enrolment")
    assert (status, data["course"]) == (200, "data-with-pandas")
    assert "data-with-pandas" in service.enrolled


async def test_opening_writes_the_lesson_where_the_answer_says(
    ask: Ask, jp_root_dir: Path, lesson_file: Path
) -> None:
    status, data = await ask("POST", f"{LESSON}/open")
    assert (status, data["kept"], data["version"]) == (200, False, 1)
    assert jp_root_dir / data["path"] == lesson_file
    written = json.loads(lesson_file.read_bytes())
    assert written["cells"] == notebook()["cells"]
    assert written["metadata"]["kernelspec"]["name"] == "python3"
    assert [path.name for path in lesson_file.parent.iterdir()] == ["names.ipynb"]


async def test_opening_again_keeps_every_byte_though_the_course_moved_on(
    ask: Ask, service: FakeService, lesson_file: Path
) -> None:
    lesson_file.parent.mkdir(parents=True)
    lesson_file.write_bytes(b"what a student wrote\x00\xff")
    service.version = 2
    status, data = await ask("POST", f"{LESSON}/open")
    assert (status, data["kept"], data["version"]) == (200, True, 2)
    assert lesson_file.read_bytes() == b"what a student wrote\x00\xff"


async def test_a_lesson_that_is_here_opens_without_the_service(
    ask: Ask, service: FakeService, lesson_file: Path
) -> None:
    await ask("POST", f"{LESSON}/open")
    service.failures.append(lost)
    status, data = await ask("POST", f"{LESSON}/open")
    assert (status, data["kept"], data["version"]) == (200, True, None)


async def test_a_submit_sends_the_file_on_disk_under_its_key(
    ask: Ask, service: FakeService, lesson_file: Path
) -> None:
    await ask("POST", f"{LESSON}/open")
    status, receipt = await ask("POST", f"{LESSON}/submissions", {"key": KEY})
    assert (status, receipt["attempt"], receipt["repeated"]) == (201, 1, False)
    assert service.sent == [lesson_file.read_bytes()]
    assert list(service.receipts) == [KEY]


async def test_a_moved_notebook_is_found_where_the_panel_has_it(
    ask: Ask, service: FakeService, jp_root_dir: Path, lesson_file: Path
) -> None:
    await ask("POST", f"{LESSON}/open")
    lesson_file.rename(jp_root_dir / "mine.ipynb")
    body = {"key": KEY, "path": "mine.ipynb"}
    assert (await ask("POST", f"{LESSON}/submissions", body))[0] == 201


async def test_the_same_key_again_is_the_same_submission(ask: Ask, service: FakeService) -> None:
    await ask("POST", f"{LESSON}/open")
    await ask("POST", f"{LESSON}/submissions", {"key": KEY})
    status, receipt = await ask("POST", f"{LESSON}/submissions", {"key": KEY})
    assert (status, receipt["attempt"], receipt["repeated"]) == (200, 1, True)
    assert len(service.sent) == 1


@pytest.mark.parametrize("failure", [lost, problem(503, "The database is away.")])
async def test_a_submit_is_tried_again_with_the_same_key(
    ask: Ask, service: FakeService, failure: Any
) -> None:
    await ask("POST", f"{LESSON}/open")
    service.failures += [failure, failure]
    status, _ = await ask("POST", f"{LESSON}/submissions", {"key": KEY})
    keys = [headers["Idempotency-Key"] for method, _, headers in service.seen if method == "POST"]
    assert status == 201
    assert keys == [KEY] * 3
    assert len(service.sent) == 1


async def test_scores_are_passed_on(ask: Ask) -> None:
    await ask("POST", f"{LESSON}/open")
    await ask("POST", f"{LESSON}/submissions", {"key": KEY})
    status, data = await ask("GET", f"{LESSON}/submissions")
    assert status == 200
    assert data["submissions"][0]["points"] == 6


async def test_a_feedback_page_can_run_nothing(jp_fetch: Any) -> None:
    response = await jp_fetch("coursewright", "api", "submissions", "7", "feedback")
    assert b"Attempt 7" in response.body
    assert response.headers["Content-Type"].startswith("text/html")
    policy = response.headers["Content-Security-Policy"]
    assert "sandbox" in policy
    assert "default-src 'none'" in policy


@pytest.mark.parametrize(("given", "sent"), [("from-the-browser-1", True), ("<short>", False)])
async def test_the_id_of_the_browsers_request_goes_on_to_the_service(
    jp_fetch: Callable[..., Awaitable[Any]], service: FakeService, given: str, sent: bool
) -> None:
    await jp_fetch("coursewright", "api", "courses", headers={"X-Request-Id": given})
    (_, _, told) = service.seen[-1]
    assert told.get("X-Request-Id") == (given if sent else None)
