"""`coursewright doctor`, on this machine and on endpoints of every kind."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace

import pytest
from fake_model import KEY, MODEL, Asked, FakeModel
from fake_model_personas import ANTHROPIC, LITELLM, OLLAMA, OPENAI, PLAIN, UNSTREAMED, Persona
from rich.console import Console

from coursewright.generator.checkup import Symptom, examine
from coursewright.generator.doctor import endpoints, machine, show
from coursewright.generator.endpoint import from_environment

COMMAND = [sys.executable, "-m", "coursewright.hub_config.command", "doctor"]
SAMPLE = json.dumps({"source": "def double(number): …", "explanation": "It doubles."})


@pytest.fixture
def fake() -> Iterator[FakeModel]:
    fake = FakeModel(answer=lambda _: SAMPLE)
    fake.start()
    yield fake
    fake.stop()


def examined(fake: FakeModel) -> dict[str, Symptom]:
    endpoint = from_environment(fake.environ())
    assert endpoint is not None

    async def run() -> list[Symptom]:
        return [one async for one in examine(endpoint)]

    return {one.what: one for one in asyncio.run(run())}


def run(fake: FakeModel | None, *arguments: str) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if "LLM" not in name}
    env = kept | (fake.environ() if fake else {})
    return subprocess.run(
        [*COMMAND, *arguments], env=env, capture_output=True, text=True, check=False
    )


# What is worth a note with each server; everything else is good.
NOTES: list[tuple[Persona, dict[str, str]]] = [
    (OPENAI, {}),
    (ANTHROPIC, {"JSON schema": "not enforced"}),
    (OLLAMA, {}),
    (LITELLM, {"JSON schema": "refused; JSON is", "reports usage": "estimated"}),
    (UNSTREAMED, {"streams": "in one piece"}),
    (PLAIN, {"JSON schema": "not enforced", "temperature": "refused", "streams": "one piece"}),
]


@pytest.mark.parametrize(("persona", "notes"), NOTES, ids=[one.name for one, _ in NOTES])
def test_the_doctor_says_what_an_endpoint_can_do(
    fake: FakeModel, persona: Persona, notes: dict[str, str]
) -> None:
    fake.persona = persona
    found = examined(fake)
    assert found["makes a draft"].state == "good"
    assert found[f"lists {MODEL}"].state == "good"
    assert {what for what, one in found.items() if one.state != "good"} == set(notes)
    for what, words in notes.items():
        assert words in found[what].found
    assert found["length of a reply"].found in ("max_tokens", "max_completion_tokens")


def test_a_model_that_is_not_listed_is_answered_with_those_that_are(fake: FakeModel) -> None:
    fake.persona = replace(OPENAI, models=("one", "two"))
    listed = examined(fake)[f"lists {MODEL}"]
    assert listed.state == "note"
    assert "one, two" in listed.advice


@pytest.mark.parametrize("fault", ["refusal", "404", "not JSON at all", "page", "reset", "500"])
def test_an_endpoint_that_makes_no_draft_is_of_no_use(fake: FakeModel, fault: str) -> None:
    fake.always = fault
    found = examined(fake)
    assert found["makes a draft"].state == "bad"
    assert found["makes a draft"].advice


def test_a_wrong_key_is_told_and_not_shown(fake: FakeModel) -> None:
    endpoint = from_environment(fake.environ(COURSEWRIGHT_LLM_API_KEY="sk-not-this-one"))
    assert endpoint is not None

    async def run() -> list[Symptom]:
        return [one async for one in examine(endpoint)]

    last = asyncio.run(run())[-1]
    assert last.state == "bad"
    assert "COURSEWRIGHT_LLM_API_KEY" in last.advice
    assert "sk-not-this-one" not in str(last)


def test_the_command_prints_json_and_exits_with_zero(fake: FakeModel) -> None:
    told = run(fake, "--llm", "--json")
    assert told.returncode == 0, told.stderr
    data = json.loads(told.stdout)
    assert data["usable"]
    assert "prices" in {one["what"] for one in data["symptoms"]}
    assert KEY not in told.stdout + told.stderr


def test_without_an_endpoint_the_command_says_what_to_set() -> None:
    told = run(None, "--llm")
    assert told.returncode == 1
    assert "COURSEWRIGHT_LLM_MODEL" in told.stdout


def test_the_solver_is_examined_too(fake: FakeModel, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Asked] = fake.seen
    for name, value in fake.environ(COURSEWRIGHT_LLM_SOLVER_MODEL="second").items():
        monkeypatch.setenv(name, value)
    found = {one.what: one.state for one in asyncio.run(endpoints())}
    assert found["solver: makes a draft"] == "good"
    assert {one.body.get("model") for one in asked if one.body} == {MODEL, "second"}


def test_half_settings_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COURSEWRIGHT_LLM_BASE_URL", "http://127.0.0.1:1/v1")
    monkeypatch.delenv("COURSEWRIGHT_LLM_MODEL", raising=False)
    (only,) = asyncio.run(endpoints())
    assert only.state == "bad"


def test_the_machine_is_looked_at_and_shown() -> None:
    found = {one.what: one for one in machine()}
    assert set(found) == {"Python", "sandbox", "PostgreSQL", "node", "model"}
    console = Console(record=True, width=100)
    show(console, [*found.values(), Symptom("[odd]", "[/]", "bad", "x" * 300)])
    shown = console.export_text()
    assert "[odd]" in shown
    assert shown.count("x") >= 300
