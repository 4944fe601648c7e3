"""Streak, due dates, mastery, codes, feedback read, and which lessons are here."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from fake_service import FakeService, answer, notebook
from fake_standing import CODE, CONCEPT

Ask = Callable[..., Awaitable[tuple[int, Any]]]

COURSE = "courses/python-foundations"


async def test_the_standing_is_asked_for_by_the_students_own_days(
    ask: Ask, service: FakeService
) -> None:
    status, data = await ask("GET", "standing?zone=Europe/Berlin")
    assert (status, data["streak"]) == (200, {"days": 3, "today": False})
    status, data = await ask("GET", "standing?zone=Nowhere&x=%26zone=UTC")
    assert (status, "time zone" in data["message"]) == (400, True)


async def test_a_code_lets_in_and_a_wrong_one_does_not(ask: Ask, service: FakeService) -> None:
    assert (await ask("POST", "enrolments", {"code": "2222"}))[0] == 404
    status, data = await ask("POST", "enrolments", {"code": CODE})
    assert (status, data["course"]) == (200, "data-with-pandas")
    assert "data-with-pandas" in service.enrolled


@pytest.mark.parametrize(
    ("verb", "path"),
    [("POST", "enrolments"), ("PUT", "courses/data-with-pandas/enrolment")],
)
async def test_who_finds_a_course_full_is_told_their_place_in_line(
    ask: Ask, service: FakeService, verb: str, path: str
) -> None:
    waits = {"course": "data-with-pandas", "role": None, "place": 3, "waiting": 7}
    service.failures.append(answer(200, json.dumps(waits), "application/json"))
    sent = {"code": CODE} if verb == "POST" else None
    status, data = await ask(verb, path, sent)
    assert (status, "number 3 in line" in data["message"]) == (409, True)


@pytest.mark.parametrize("code", [None, "", 7, "x" * 41, ["A"]])
async def test_what_cannot_be_a_code_goes_nowhere(
    ask: Ask, service: FakeService, code: object
) -> None:
    assert (await ask("POST", "enrolments", {"code": code}))[0] == 400
    assert not service.seen


async def test_mastery_and_read_marks_are_passed_on(ask: Ask, service: FakeService) -> None:
    assert await ask("GET", f"{COURSE}/mastery") == (200, {"concepts": [CONCEPT]})
    assert await ask("PUT", "submissions/7/read") == (200, {"submission": 7})
    assert service.seen[-1][0] == "PUT"


async def test_the_outline_says_which_lessons_are_here(ask: Ask, lesson_file: Path) -> None:
    async def states() -> dict[str, Any]:
        _, data = await ask("GET", COURSE)
        lessons = [lesson for module in data["modules"] for lesson in module["lessons"]]
        return {lesson["key"]: lesson["local"] for lesson in lessons}

    nothing = {"exists": False, "version": None}
    assert set(map(str, (await states()).values())) == {str(nothing)}
    await ask("POST", f"{COURSE}/lessons/names/open")
    assert (await states())["names"] == {"exists": True, "version": 1}
    own = {"course": "python-foundations", "lesson": "names", "version": 2}
    lesson_file.write_text(json.dumps(notebook(coursewright=own), indent=4))
    assert (await states())["names"] == {"exists": True, "version": 2}
    lesson_file.write_text("no notebook at all")
    assert (await states())["names"] == {"exists": True, "version": None}
    lesson_file.unlink()
    lesson_file.symlink_to("/etc/passwd")
    assert (await states())["names"] == nothing
