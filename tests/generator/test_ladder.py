"""What each server can do is found out, whichever way it says so, or keeps quiet about it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from fake_model import FakeModel
from fake_model_personas import (
    ANTHROPIC,
    LITELLM,
    LLAMA,
    OLLAMA,
    OLLAMA_CLOUD,
    OPENAI,
    PLAIN,
    REASONING,
    SILENT,
    UNSTREAMED,
    VLLM,
    Persona,
)

from coursewright.generator.drafts import Reference
from coursewright.generator.endpoint import Endpoint, from_environment
from coursewright.generator.ladder import Capabilities, Memory
from coursewright.generator.model import Model, Question
from coursewright.generator.trouble import Misconfigured, Rejected

GOOD = json.dumps({"source": "x = 1"})
BEST = Capabilities(verified=True)
POOREST = Capabilities("prompt", "max_tokens", False, False, False, True)

SETTLED: list[tuple[Persona, Capabilities]] = [
    (OPENAI, BEST),
    (REASONING, replace(BEST, temperature=False)),
    (ANTHROPIC, replace(BEST, structured="prompt")),
    (VLLM, BEST),
    (LLAMA, replace(BEST, tokens="max_tokens")),
    (OLLAMA, replace(BEST, tokens="max_tokens")),
    (OLLAMA_CLOUD, replace(BEST, tokens="max_tokens", structured="prompt")),
    (LITELLM, replace(BEST, usage=False, structured="json_object")),
    (UNSTREAMED, BEST),
    (PLAIN, POOREST),
    (SILENT, POOREST),
]


@pytest.fixture
def fake() -> Iterator[FakeModel]:
    fake = FakeModel(answer=lambda _: GOOD)
    fake.start()
    yield fake
    fake.stop()


def endpoint(fake: FakeModel) -> Endpoint:
    found = from_environment(fake.environ())
    assert found is not None
    return replace(found, retries=0)


def ask(fake: FakeModel, memory: Memory, temperature: float | None = 0.2) -> Reference:
    async def run() -> Reference:
        async with Model(endpoint(fake), memory=memory) as model:
            question = Question("reference", "Write.", "x", temperature=temperature)
            return await model.ask(question, Reference)

    return asyncio.run(run())


@pytest.mark.parametrize(("persona", "expected"), SETTLED, ids=[one.name for one, _ in SETTLED])
def test_the_ladder_settles_on_what_a_server_can_do(
    fake: FakeModel, persona: Persona, expected: Capabilities
) -> None:
    fake.persona = persona
    memory = Memory()
    assert ask(fake, memory).source == "x = 1"
    assert memory.find(endpoint(fake)) == expected
    before = len(fake.seen)
    ask(fake, memory)
    assert len(fake.seen) == before + 1, "what is known is not found out again"


def test_a_later_refusal_steps_down_and_is_remembered(fake: FakeModel) -> None:
    memory = Memory()
    ask(fake, memory)
    fake.persona = PLAIN
    assert ask(fake, memory).source == "x = 1"
    found = memory.find(endpoint(fake))
    assert found is not None
    assert found.structured == "prompt"
    assert not found.temperature


def test_what_was_found_out_lasts_and_names_no_key(fake: FakeModel, tmp_path: Path) -> None:
    path = tmp_path / "kept" / "endpoint.json"
    fake.persona = OLLAMA
    ask(fake, Memory(path))
    assert Memory(path).find(endpoint(fake)) == replace(BEST, tokens="max_tokens")
    assert Memory(path).find(replace(endpoint(fake), model="another")) is None
    assert set(json.loads(path.read_text())) == {f"{fake.url} tested-model"}


@pytest.mark.parametrize("content", ["", "[]", "{", '{"a": 1}', '{"a b": {"structured": "x"}}'])
def test_a_damaged_memory_is_as_good_as_none(tmp_path: Path, content: str, fake: FakeModel) -> None:
    path = tmp_path / "endpoint.json"
    path.write_text(content)
    assert Memory(path).find(endpoint(fake)) is None


def test_an_endpoint_that_takes_no_call_at_all_is_named(fake: FakeModel) -> None:
    fake.persona = replace(PLAIN, refused_caps=("max_tokens", "max_completion_tokens"))
    assert ask(fake, Memory()).source == "x = 1", "no cap is better than no call"
    memory = Memory()
    fake.persona = replace(OPENAI, refuses_all=True)
    with pytest.raises(Misconfigured, match="Not even a simple call"):
        ask(fake, memory)
    assert memory.find(endpoint(fake)) is None


def test_a_refusal_that_no_rung_helps_is_told_as_it_came(fake: FakeModel) -> None:
    memory = Memory()
    ask(fake, memory)
    fake.always = "400"
    with pytest.raises(Rejected, match="Something is wrong with this request"):
        ask(fake, memory)
    assert memory.find(endpoint(fake)) == BEST
