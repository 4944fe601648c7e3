"""An exercise as it was released, and which answers are still as they were given."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import fake_service
import pytest
import samples
from fake_service import FakeService, answer, lost

from coursewright.records.release import student_view

Ask = Callable[..., Awaitable[tuple[int, Any]]]

LESSON = "courses/python-foundations/lessons/names"


def released() -> list[dict[str, Any]]:
    """The cells of a lesson as students get them."""
    lesson = student_view(samples.course()).lesson("adding")
    assert lesson is not None
    return [cell.to_notebook() for cell in lesson.cells]


@pytest.fixture
def _published(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = fake_service.notebook

    def notebook(**metadata: Any) -> dict[str, Any]:
        return {**whole(**metadata), "cells": released()}

    monkeypatch.setattr(fake_service, "notebook", notebook)


@pytest.mark.usefixtures("_published")
@pytest.mark.parametrize(("exercise", "begin"), [("add", "def add(a, b):"), ("why", "YOUR ANSWER")])
async def test_the_released_text_of_an_exercise(ask: Ask, exercise: str, begin: str) -> None:
    code, found = await ask("GET", f"{LESSON}/exercises/{exercise}/released")
    assert (code, found["version"]) == (200, 1)
    assert found["source"].startswith(begin)
    assert "return a + b" not in found["source"]


@pytest.mark.usefixtures("_published")
@pytest.mark.parametrize("exercise", ["none", "add-1", "draw"])
async def test_what_is_no_exercise_now_stays_as_it_is(ask: Ask, exercise: str) -> None:
    code, said = await ask("GET", f"{LESSON}/exercises/{exercise}/released")
    assert (code, "stays as it is" in said["message"]) == (404, True)


@pytest.mark.parametrize(
    ("failure", "status"),
    [
        (lost, 503),
        (answer(200, '{"notebook": {"cells": [3], "metadata": {}}}', "application/json"), 502),
    ],
)
async def test_without_the_service_there_is_nothing_to_go_back_to(
    ask: Ask, service: FakeService, failure: Any, status: int
) -> None:
    service.failures.append(failure)
    code, said = await ask("GET", f"{LESSON}/exercises/add/released")
    assert (code, bool(said["message"])) == (status, True)


async def test_answers_that_are_as_given_or_empty_are_untouched(
    ask: Ask, service: FakeService
) -> None:
    cells = released()
    both = [
        {"exercise": "add", "title": "Add two numbers"},
        {"exercise": "why", "title": "why"},
    ]
    assert await ask("POST", "untouched", {"cells": cells}) == (200, {"untouched": both})
    cells[3]["source"] = "def add(a, b):\n    return 3"
    cells[5]["source"] = "  \n"
    assert (await ask("POST", "untouched", {"cells": cells}))[1] == {"untouched": both[1:]}
    assert not service.seen


@pytest.mark.parametrize("body", [{}, {"cells": 3}, {"cells": [3]}, {"cells": [{"source": ""}]}])
async def test_what_holds_no_cells_is_refused(ask: Ask, body: dict[str, Any]) -> None:
    code, said = await ask("POST", "untouched", body)
    assert (code, "cell" in said["message"]) == (400, True)
