"""Drafts of courses: brought among an author's files, checked, looked at and published."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from fake_authoring import KEY, NOTEBOOK, SOURCE
from fake_service import FakeService, answer, problem, slow

from coursewright.extension.generations import NOT_AN_AUTHOR

Ask = Callable[..., Awaitable[tuple[int, Any]]]
Change = Callable[[Path], object]

FOLDER = f"authoring/{KEY}"
LESSON = f"{FOLDER}/hello.ipynb"
PUBLISH = {"folder": FOLDER, "message": "More", "check": 3}
# What the panel asks, the body that it sends, and whether the service is asked for it.
ROUTES: tuple[tuple[str, str, Any], ...] = (
    ("GET", "author/options", None),
    ("POST", "author/problems", {"request": {"topic": ""}, "provider": "bank"}),
    ("GET", "author/generations", None),
    ("POST", "author/generations", {"request": {"topic": "Lists"}, "provider": "bank"}),
    ("GET", "author/generations/7", None),
    ("GET", "author/generations/7/receipts", None),
    ("POST", "author/generations/7/cancel", {}),
    ("POST", "author/generations/7/resume", {}),
    ("POST", "author/generations/7/open", {}),
    ("POST", f"author/courses/{KEY}/open", {}),
    ("GET", "author/drafts", None),
    ("POST", "author/check", {"folder": FOLDER}),
    ("GET", "author/checks/3", None),
    ("GET", f"author/versions/{KEY}", None),
    ("POST", "author/preview", {"path": LESSON}),
    ("POST", "author/published", {"path": LESSON}),
    ("POST", "author/publish", PUBLISH),
)
WRONGS = (
    (problem(409, "Not now."), 409, "Not now."),
    (problem(403, "It needs custom:coursewright:teach"), 403, NOT_AN_AUTHOR),
    (problem(403, "This is for the instructors."), 403, "for the instructors"),
    (problem(500, "secret detail"), 502, "something unexpected"),
    (answer(200, "<h1>nginx</h1>"), 502, "something unexpected"),
    (answer(200, "{}", "application/json"), 502, "something unexpected"),
    (slow, 504, "did not answer in time"),
)


@pytest.fixture
def draft(jp_root_dir: Path) -> Path:
    """A draft that was opened from version 2."""
    folder = jp_root_dir / FOLDER
    folder.mkdir(parents=True)
    (folder / "course.json").write_text(json.dumps({"format": 1, **SOURCE["course"]}))
    (folder / "hello.ipynb").write_text(json.dumps(NOTEBOOK))
    (folder / ".coursewright.json").write_text('{"version": 2}')
    return folder


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route[1])
async def test_each_route_answers(ask: Ask, draft: Path, route: tuple[str, str, Any]) -> None:
    code, data = await ask(*route)
    assert code in {200, 201}, data


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route[1])
@pytest.mark.parametrize("case", WRONGS, ids=lambda case: f"{case[1]}-{case[2][:12]}")
async def test_what_the_service_does_wrong_is_said_in_a_sentence(
    ask: Ask,
    service: FakeService,
    draft: Path,
    route: tuple[str, str, Any],
    case: tuple[Any, int, str],
) -> None:
    failure, status, said = case
    service.failures.append(failure)
    code, data = await ask(*route)
    assert code == status
    assert said in data["message"]
    assert sorted(path.name for path in draft.parent.iterdir()) == [KEY]


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route[1])
async def test_a_service_that_is_down_is_503(
    ask: Ask, service: FakeService, draft: Path, route: tuple[str, str, Any]
) -> None:
    await service.stop()
    code, data = await ask(*route)
    assert code == 503
    assert "cannot be reached" in data["message"]


async def test_a_generated_course_is_opened_beside_what_is_there(
    ask: Ask, draft: Path, jp_root_dir: Path
) -> None:
    before = {path: path.read_bytes() for path in draft.iterdir()}
    code, data = await ask("POST", "author/generations/7/open")
    assert code == 200
    assert data == {"folder": f"{FOLDER}-2", "paths": [f"{FOLDER}-2/hello.ipynb"]}
    assert {path: path.read_bytes() for path in draft.iterdir()} == before
    opened = jp_root_dir / data["folder"]
    assert json.loads((opened / "course.json").read_text())["title"] == "A tiny course"
    notebook = json.loads((opened / "hello.ipynb").read_text())
    assert notebook["cells"][0]["source"] == ["# Hello\n", "\n", "Read this."]


async def test_the_folders_are_listed_with_what_is_published_of_them(
    ask: Ask, service: FakeService, draft: Path, jp_root_dir: Path
) -> None:
    broken = jp_root_dir / "authoring" / "broken"
    broken.mkdir()
    (broken / "course.json").write_text("{")
    (jp_root_dir / "authoring" / "elsewhere").symlink_to("/etc")
    (draft / "course.json").write_text(
        json.dumps({"format": 1, **SOURCE["course"], "key": "python-foundations"})
    )
    code, data = await ask("GET", "author/folders")
    assert code == 200
    first, second = data["folders"]
    assert (first["folder"], first["course"]) == ("authoring/broken", None)
    assert "authoring/broken/course.json cannot be read" in first["problem"]
    assert second == {
        "folder": FOLDER,
        "course": "python-foundations",
        "title": "A tiny course",
        "lessons": [{"key": "hello", "title": "Hello", "path": LESSON}],
        "base_version": 2,
        "generation": None,
        "published_version": 1,
        "problem": None,
    }
    await service.stop()
    _, data = await ask("GET", "author/folders")
    assert [one["published_version"] for one in data["folders"]] == [None, None]


async def test_without_drafts_there_are_no_folders(ask: Ask) -> None:
    assert await ask("GET", "author/folders") == (200, {"folders": []})


def remove(path: Path) -> None:
    path.unlink()


def linked(path: Path) -> None:
    path.unlink()
    path.symlink_to("/etc/passwd")


def old(path: Path) -> None:
    path.write_text(json.dumps({**NOTEBOOK, "nbformat_minor": 4}))


def bare(path: Path) -> None:
    path.write_text(json.dumps({**NOTEBOOK, "cells": [{"cell_type": "code"}]}))


@pytest.mark.parametrize(
    "case",
    [
        ("hello.ipynb", remove, 409, f"{LESSON}, the lesson 'Hello' of course.json, is missing"),
        ("hello.ipynb", lambda path: path.write_text("{\n,"), 409, f"{LESSON} cannot be read"),
        ("hello.ipynb", lambda path: path.write_text("[]"), 409, "no JSON object"),
        ("hello.ipynb", linked, 409, "is missing"),
        ("hello.ipynb", old, 409, "nbformat 4.4; 4.5 is needed"),
        ("hello.ipynb", bare, 409, "cell 1 has no id"),
        ("course.json", remove, 404, "not among your files"),
        ("course.json", linked, 409, "link"),
        ("course.json", lambda path: path.write_text("{"), 409, "not JSON in line 1"),
        ("course.json", lambda path: path.write_text('{"modules": 3}'), 409, "not describe a"),
        (
            "course.json",
            lambda path: path.write_text(path.read_text().replace("tiny-course", "Tiny")),
            409,
            "key 'Tiny'",
        ),
        (
            "course.json",
            lambda path: path.write_text(path.read_text().replace('"hello"', '"../x"')),
            409,
            "key '../x'",
        ),
        (
            "course.json",
            lambda path: path.write_text(path.read_text().replace('"format": 1', '"format": 9')),
            409,
            "format is 9",
        ),
    ],
)
@pytest.mark.parametrize("route", ["check", "publish"])
async def test_a_draft_that_cannot_be_read_goes_nowhere(
    ask: Ask, service: FakeService, draft: Path, route: str, case: tuple[str, Change, int, str]
) -> None:
    name, change, status, said = case
    change(draft / name)
    code, data = await ask("POST", f"author/{route}", PUBLISH)
    assert (code, said in data["message"]) == (status, True), data
    assert not service.seen


@pytest.mark.parametrize(
    "folder",
    [
        None,
        3,
        "",
        "authoring",
        "courses/x",
        "authoring/../x",
        f"/{FOLDER}",
        "authoring/.x",
        f"{FOLDER}/y",
    ],
)
async def test_only_folders_of_drafts_are_read(
    ask: Ask, service: FakeService, draft: Path, folder: Any
) -> None:
    code, _ = await ask("POST", "author/check", {"folder": folder})
    assert code in {400, 404}
    assert not service.seen


@pytest.mark.parametrize(
    "path",
    [
        None,
        "hello.ipynb",
        f"{FOLDER}/hello",
        f"{FOLDER}/Hello.ipynb",
        f"{FOLDER}/preview/hello.ipynb",
        "courses/x/hello.ipynb",
        f"{FOLDER}/../hello.ipynb",
    ],
)
@pytest.mark.parametrize("route", ["preview", "published"])
async def test_only_lessons_of_drafts_are_looked_at(
    ask: Ask, service: FakeService, draft: Path, route: str, path: Any
) -> None:
    code, _ = await ask("POST", f"author/{route}", {"path": path})
    assert code in {400, 404, 409}
    assert not service.seen


async def test_a_preview_is_written_each_time_anew(ask: Ask, draft: Path) -> None:
    shown = draft / "preview" / "hello.ipynb"
    for _ in range(2):
        code, data = await ask("POST", "author/preview", {"path": LESSON})
        assert (code, data) == (200, {"path": f"{FOLDER}/preview/hello.ipynb"})
        assert json.loads(shown.read_text())["metadata"] == {"seen_by": "students"}
        shown.write_text("old")
    assert [path.name for path in shown.parent.iterdir()] == ["hello.ipynb"]


async def test_a_preview_follows_no_link(ask: Ask, draft: Path, tmp_path: Path) -> None:
    (draft / "preview").symlink_to(tmp_path)
    before = sorted(tmp_path.iterdir())
    code, data = await ask("POST", "author/preview", {"path": LESSON})
    assert (code, sorted(tmp_path.iterdir())) == (409, before)
    assert "link" in data["message"]


async def test_a_lesson_stands_beside_what_is_published_of_it(ask: Ask, draft: Path) -> None:
    changed = {**NOTEBOOK["cells"][0], "source": ["# Hello\n", "You."]}
    (draft / "hello.ipynb").write_text(json.dumps({**NOTEBOOK, "cells": [changed]}))
    _, data = await ask("POST", "author/published", {"path": LESSON})
    assert data["base"] == NOTEBOOK
    assert data["remote"]["cells"][0]["source"] == "# Hello\nYou."
    assert data["version"] == 2


async def test_a_course_that_is_not_published_has_nothing_beside_it(ask: Ask, draft: Path) -> None:
    about = {"format": 1, **SOURCE["course"], "key": "brand-new"}
    (draft / "course.json").write_text(json.dumps(about))
    code, data = await ask("POST", "author/published", {"path": LESSON})
    assert (code, data["base"], data["version"]) == (200, None, None)


@pytest.mark.parametrize(("given", "base"), [({}, 2), ({"base": 5}, 5), ({"base": None}, None)])
async def test_publishing_says_which_version_the_draft_goes_back_to(
    ask: Ask, service: FakeService, draft: Path, given: dict[str, Any], base: int | None
) -> None:
    code, data = await ask("POST", "author/publish", {**PUBLISH, **given})
    assert (code, data) == (201, {"version": 3, "created": True})
    sent = json.loads(service.sent[-1])
    assert (sent["base"], sent["check"], sent["message"]) == (base, 3, "More")
    assert sent["source"] == SOURCE
    assert json.loads((draft / ".coursewright.json").read_text())["version"] == 3


async def test_a_request_is_one_however_often_it_is_sent(ask: Ask, service: FakeService) -> None:
    body = {"request": {"topic": "Lists"}, "provider": "bank", "key": "the-same-key"}
    for _ in range(2):
        assert await ask("POST", "author/generations", body) == (201, {"id": 7})
    keys = [headers["Idempotency-Key"] for _, _, headers in service.seen]
    assert keys == ["the-same-key"] * 2
    assert json.loads(service.sent[-1]) == {"request": {"topic": "Lists"}, "provider": "bank"}
    code, _ = await ask("POST", "author/generations", {**body, "key": "short"})
    assert code == 400


async def test_the_draft_of_a_page_is_brought_without_a_version(
    ask: Ask, jp_root_dir: Path
) -> None:
    code, brought = await ask("POST", f"author/courses/{KEY}/open", {"draft": True})
    assert (code, brought["paths"]) == (200, [LESSON])
    assert (jp_root_dir / LESSON).exists()
    (told,) = (await ask("GET", "author/folders"))[1]["folders"]
    assert (told["course"], told["base_version"]) == (KEY, None)


async def test_a_draft_of_a_page_is_nothing_published(
    ask: Ask, service: FakeService, draft: Path
) -> None:
    body = json.dumps({**SOURCE, "version": None})
    service.failures.append(answer(200, body, "application/json"))
    _, told = await ask("POST", "author/published", {"path": LESSON})
    assert (told["base"], told["version"]) == (None, None)


@pytest.mark.parametrize("version", [0, -1, "2", True])
async def test_a_version_is_a_number(ask: Ask, service: FakeService, version: Any) -> None:
    code, _ = await ask("POST", f"author/courses/{KEY}/open", {"version": version})
    assert code == 400
    assert not service.seen
