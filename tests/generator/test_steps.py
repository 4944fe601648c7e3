"""Results of steps: kept whole or not at all, found again only for what went into them."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel

from coursewright.generator.steps import Steps, StepsInFolder, StepsInMemory, digest, once, stored


class Piece(BaseModel):
    text: str


@pytest.fixture(params=["memory", "folder"])
def steps(request: pytest.FixtureRequest, tmp_path: Path) -> Steps:
    return StepsInMemory() if request.param == "memory" else StepsInFolder(tmp_path)


def test_a_step_is_made_once_for_what_goes_into_it(steps: Steps) -> None:
    made: list[str] = []

    async def make() -> Piece:
        made.append("made")
        return Piece(text=f"{len(made)}\0")

    async def ask(given: str) -> str:
        return (await once(steps, "lessons/a/text", Piece, given, make)).text

    async def run() -> list[str]:
        return [await ask("one"), await ask("one"), await ask("two")]

    assert asyncio.run(run()) == ["1\0", "1\0", "2\0"]


def test_what_another_release_kept_otherwise_is_made_anew(steps: Steps) -> None:
    steps.keep("outline", "given", {"words": "x"})
    assert stored(steps, "outline", Piece, "given") is None


@pytest.mark.parametrize("content", ["", "{", "[]", '{"digest": "other", "value": 1}'])
def test_a_damaged_file_is_as_good_as_none(tmp_path: Path, content: str) -> None:
    (tmp_path / "outline.json").write_text(content)
    steps = StepsInFolder(tmp_path)
    assert steps.find("outline", "given") is None
    steps.keep("outline", "given", 1)
    assert steps.find("outline", "given") == 1


def test_a_write_that_fails_leaves_what_was_there(tmp_path: Path) -> None:
    steps = StepsInFolder(tmp_path)
    steps.keep("a/b", "given", 1)
    (tmp_path / "a" / "c.json").mkdir(parents=True)
    with pytest.raises(OSError, match="directory"):
        steps.keep("a/c", "given", 2)
    assert sorted(path.name for path in (tmp_path / "a").iterdir()) == ["b.json", "c.json"]
    assert json.loads((tmp_path / "a" / "b.json").read_text())["value"] == 1


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=5,
)


@given(VALUES, VALUES)
def test_a_digest_tells_values_apart(one: object, other: object) -> None:
    assert (digest(one) == digest(other)) == (json.dumps(one, sort_keys=True)
                                              == json.dumps(other, sort_keys=True))  # fmt: skip
