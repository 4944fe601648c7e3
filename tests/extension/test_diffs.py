"""Two notebooks told apart, and what is refused."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from copy import deepcopy
from typing import Any

import pytest
from fake_service import notebook

from coursewright.extension import diffs
from coursewright.extension.errors import WorkError

Ask = Callable[..., Awaitable[tuple[int, Any]]]


def changed() -> dict[str, Any]:
    other = deepcopy(notebook())
    other["cells"][0]["source"] = "# Names and values"
    other["cells"].append({**other["cells"][0], "id": "t2", "source": "More"})
    return other


def operations(diff: list[Any]) -> list[str]:
    (cells,) = [entry["diff"] for entry in diff if entry["key"] == "cells"]
    return [entry["op"] for entry in cells]


async def test_a_changed_and_an_added_cell_are_found(ask: Ask) -> None:
    status, data = await ask("POST", "diff", {"base": notebook(), "remote": changed()})
    assert status == 200
    assert operations(data["diff"]) == ["patch", "addrange"]
    assert [cell["id"] for cell in data["base"]["cells"]] == ["t1", "c1"]


async def test_what_cells_showed_and_who_checked_them_is_no_difference(ask: Ask) -> None:
    other = deepcopy(notebook())
    shown = {"output_type": "stream", "name": "stdout", "text": ["2\n"]}
    other["cells"][1] |= {"outputs": [shown], "execution_count": 7}
    other["cells"][1]["metadata"] = {"nbgrader": {"checksum": "f00"}, "scrolled": True}
    other["cells"][1]["source"] = other["cells"][1]["source"].splitlines(keepends=True)
    base = deepcopy(notebook())
    base["cells"][1]["metadata"] = {"nbgrader": {"checksum": "ba5"}}
    status, data = await ask("POST", "diff", {"base": base, "remote": other})
    assert (status, data["diff"]) == (200, [])


async def test_notebooks_without_ids_or_with_one_id_twice_are_told_apart(ask: Ask) -> None:
    old, twice = deepcopy(notebook()), changed()
    for cell in old["cells"]:
        del cell["id"]
    twice["cells"][2]["id"] = twice["cells"][0]["id"]
    status, data = await ask("POST", "diff", {"base": old, "remote": twice})
    assert status == 200
    assert data["diff"]


NONSENSE = [
    {},
    {"base": notebook()},
    {"base": notebook(), "remote": "a notebook"},
    {"base": notebook(), "remote": {"cells": {}}},
    {"base": notebook(), "remote": {"cells": ["cell"]}},
    {"base": notebook(), "remote": {"cells": [{"cell_type": "odd", "source": ""}]}},
    {"base": notebook(), "remote": {"cells": [{"cell_type": "raw", "source": 5}]}},
]


@pytest.mark.parametrize("body", NONSENSE)
async def test_what_is_no_pair_of_notebooks_is_refused(ask: Ask, body: Any) -> None:
    status, data = await ask("POST", "diff", body)
    assert status == 400
    assert "Nothing was changed" in data["message"]


async def test_too_much_text_is_refused(ask: Ask) -> None:
    large = deepcopy(notebook())
    large["cells"][0]["source"] = "x" * diffs.LARGEST
    status, data = await ask("POST", "diff", {"base": notebook(), "remote": large})
    assert status == 413
    assert "too much to compare" in data["message"]


async def test_what_takes_too_long_is_ended() -> None:
    base, remote = diffs.plain(notebook()), diffs.plain(changed())
    with pytest.raises(WorkError, match="longer than 0 seconds"):
        await diffs.difference(base, remote, seconds=0)
