"""Hints through the extension, and every way in which they may not come."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from fake_hints import TEXTS
from fake_service import FakeService, answer, problem

Ask = Callable[..., Awaitable[tuple[int, Any]]]

LESSON = "courses/python-foundations/lessons/names"
HINTS = f"{LESSON}/exercises/double/hints"


async def test_hints_come_one_after_another(ask: Ask) -> None:
    assert await ask("GET", HINTS) == (200, {"tiers": 2, "given": []})
    assert await ask("POST", HINTS, {"tier": 1}) == (200, {"tiers": 2, "given": [TEXTS[0]]})
    known = {"exercises": {"double": {"tiers": 2, "given": [TEXTS[0]]}}}
    assert await ask("GET", f"{LESSON}/hints") == (200, known)


@pytest.mark.parametrize("body", [{}, {"tier": 0}, {"tier": "1"}, {"tier": True}, {"tier": 1.5}])
async def test_what_is_no_number_of_a_hint_goes_nowhere(
    ask: Ask, service: FakeService, body: dict[str, Any]
) -> None:
    assert await ask("POST", HINTS, body) == (400, {"message": "`tier` must be a number from 1."})
    assert not service.seen


async def test_an_odd_name_of_an_exercise_stays_one_part_of_the_address(
    ask: Ask, service: FakeService
) -> None:
    await ask("GET", f"{LESSON}/exercises/..%2F..%2Fmembers%3Fa/hints")
    assert service.seen[0][1].endswith("/exercises/..%2F..%2Fmembers%3Fa/hints")


@pytest.mark.parametrize("path", ["courses/NO/lessons/names/hints", f"{LESSON}.x/hints"])
async def test_an_odd_lesson_is_none(ask: Ask, service: FakeService, path: str) -> None:
    assert (await ask("GET", path))[0] == 404
    assert not service.seen


REFUSALS = {
    "it is not due": (problem(409, "Hint 2 comes after hint 1"), 409),
    "the service is away": (problem(503, "Try again in a moment"), 503),
    "nonsense": (answer(200, "<p>hello"), 502),
    "another shape": (answer(200, '{"tiers": 2, "given": [1]}', "application/json"), 502),
    "no shape": (answer(200, '{"given": []}', "application/json"), 502),
}


@pytest.mark.parametrize("case", REFUSALS)
async def test_a_hint_that_does_not_come_is_explained(
    ask: Ask, service: FakeService, case: str
) -> None:
    failure, status = REFUSALS[case]
    service.failures.append(failure)
    code, said = await ask("POST", HINTS, {"tier": 1})
    assert (code, bool(said["message"])) == (status, True)


async def test_hints_of_a_lesson_in_another_shape_are_refused(
    ask: Ask, service: FakeService
) -> None:
    service.failures.append(answer(200, '{"exercises": {"double": 3}}', "application/json"))
    assert (await ask("GET", f"{LESSON}/hints"))[0] == 502
