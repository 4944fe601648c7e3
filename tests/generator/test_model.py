"""Asking a model: every way in which an endpoint fails ends in a draft, or in one named error."""

from __future__ import annotations

import asyncio
import json
import logging
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from fake_model import KEY, Asked, FakeModel, Said
from fake_model_faults import FAULTS
from fake_model_personas import OLLAMA, OPENAI, VLLM

from coursewright.generator.budget import Budget, Prices
from coursewright.generator.calls import LedgerFile, Notebook, collecting
from coursewright.generator.drafts import Reference
from coursewright.generator.endpoint import Endpoint, from_environment
from coursewright.generator.ladder import Capabilities, Memory
from coursewright.generator.model import Model, Question
from coursewright.generator.slots import Slots
from coursewright.generator.trouble import Abstained, Misconfigured, Spent, Unreachable
from coursewright.records.errors import CoursewrightError, Unavailable

GOOD = json.dumps({"source": "def double(x):\n    return 2 * x"})
QUESTION = Question("reference", "You write Python.", "Write `double`.")


@pytest.fixture
def fake() -> Iterator[FakeModel]:
    fake = FakeModel(answer=lambda _: GOOD)
    fake.start()
    yield fake
    fake.stop()


def endpoint(fake: FakeModel, **changes: Any) -> Endpoint:
    found = from_environment(fake.environ())
    assert found is not None
    return replace(found, **changes)


def ask(fake: FakeModel, question: Question = QUESTION, **options: Any) -> Reference:
    usual = {"timeout": 5.0, "prices": None, "retries": 1}
    changes = {name: options.pop(name, value) for name, value in usual.items()}

    async def run() -> Reference:
        async with Model(endpoint(fake, **changes), **options) as model:
            return await model.ask(question, Reference)

    return asyncio.run(run())


# What a fault that meets every call comes to: a draft, or this error, saying this.
ENDS: dict[str, tuple[type[CoursewrightError], str] | None] = {
    "400": (Abstained, "refuses this request"),
    "401": (Misconfigured, "COURSEWRIGHT_LLM_API_KEY"),
    "403": (Misconfigured, "does not accept the key"),
    "404": (Misconfigured, "coursewright doctor --llm"),
    "413": (Abstained, "length"),
    "429": (Unreachable, "takes no more calls"),
    "429, wait a moment": (Unreachable, "It asks to wait 0.01"),
    "429, wait an hour": (Unreachable, "It asks to wait 3600 s"),
    "429, no credit": (Unreachable, "quota"),
    "500": (Unreachable, "is failing"),
    "503": (Unreachable, "Overloaded"),
    "context too long": (Abstained, "source material"),
    "json_validate_failed": (Abstained, "cut off"),
    "fenced": None,
    "thoughts first": None,
    "thoughts closed only": None,
    "prose around": None,
    "invalid JSON": (Abstained, "not valid JSON"),
    "schema ignored": (Abstained, "no object with the fields source"),
    "wrong types": (Abstained, "source: Input should be a valid string"),
    "extra fields": (Abstained, "more: Extra inputs"),
    "NUL bytes": None,
    "empty content": (Abstained, "empty"),
    "huge": (Abstained, "given up after"),
    "not JSON at all": (Abstained, "no JSON object"),
    "reset": (Unreachable, "cannot be reached"),
    "hang": (Unreachable, "no answer within"),
    "hang in the stream": (Unreachable, "broke off"),
    "cut stream": (Unreachable, "before its end"),
    "reset stream": (Unreachable, "broke off"),
    "error in the stream": (Unreachable, "The server had an error"),
    "garbage in the stream": (Unreachable, "no valid JSON"),
    "page": (Misconfigured, "web page"),
    "empty body": (Unreachable, "before its end"),
    "no choices": (Unreachable, "before its end"),
    "odd fields": (Unreachable, "before its end"),
    "refusal": (Abstained, "I cannot help with that"),
    "content filter": (Abstained, "filtered"),
    "length": (Abstained, "cut off, even at 16384 tokens"),
    "several choices": None,
    "no usage": None,
    "tool calls": (Abstained, "empty"),
    "thoughts beside": None,
}
SLOW = ("hang", "hang in the stream")


def test_every_fault_has_its_end() -> None:
    assert set(ENDS) == set(FAULTS)
    assert len(FAULTS) >= 20


@pytest.mark.parametrize("fault", ENDS)
@pytest.mark.parametrize("streams", [True, False], ids=["streamed", "in one piece"])
def test_a_fault_of_every_call_ends_in_a_draft_or_in_one_named_error(
    fake: FakeModel, fault: str, streams: bool
) -> None:
    if not streams:
        fake.persona = replace(OPENAI, streaming_refused=True)
    fake.always = fault
    timeout = 0.2 if fault in SLOW else 5.0
    end = ENDS[fault]
    if end is None:
        source = ask(fake, timeout=timeout).source
        assert "return 2 * x" in source
        assert "\0" not in source
        return
    with pytest.raises(end[0]) as caught:
        ask(fake, timeout=timeout)
    assert (end[1] if streams or "stream" not in fault else "broke off") in str(caught.value)
    assert KEY not in str(caught.value)
    if isinstance(caught.value, Unavailable):
        assert "kept" in str(caught.value)


# Faults that come once: the next try is whole.
PASSING = [name for name, end in ENDS.items() if end and end[0] is not Misconfigured]
FINAL = ("400", "413", "context too long", "huge", "refusal", "content filter")


@pytest.mark.parametrize("fault", [one for one in PASSING if one not in FINAL])
def test_a_fault_that_comes_once_costs_one_more_call(fake: FakeModel, fault: str) -> None:
    if fault == "429, wait an hour":
        with pytest.raises(Unreachable):
            fake.fail(fault), ask(fake)
        return
    fake.fail(fault)
    assert "return 2 * x" in ask(fake, timeout=0.2 if fault in SLOW else 5.0).source
    assert len(fake.completions) == 2


def test_nobody_listens() -> None:
    fake = FakeModel()
    fake.start()
    fake.stop()
    with pytest.raises(Unreachable, match="cannot be reached"):
        ask(fake)


def test_what_is_wrong_is_sent_back(fake: FakeModel) -> None:
    fake.fail("wrong types")
    ask(fake)
    said = fake.completions[-1].messages
    assert [message["role"] for message in said] == ["system", "user", "assistant", "user"]
    assert "source: Input should be a valid string" in said[-1]["content"]
    assert said[2]["content"] == '{"source": 3}'


def test_a_cut_reply_gets_a_longer_cap_and_no_reproach(fake: FakeModel) -> None:
    fake.fail("length", "length")
    ask(fake)
    caps = [one.body["max_completion_tokens"] for one in fake.completions]
    assert caps == [4096, 8192, 16384]
    assert len({json.dumps(one.messages) for one in fake.completions}) == 1


def test_a_check_is_sent_back_as_a_wrong_type_is(fake: FakeModel) -> None:
    answers = iter([json.dumps({"source": "pass"}), GOOD])
    fake.answer = lambda _: next(answers)

    def check(draft: Reference) -> list[str]:
        return [] if "double" in draft.source else ["it does not define double"]

    async def run() -> Reference:
        async with Model(endpoint(fake)) as model:
            return await model.ask(QUESTION, Reference, check)

    assert "double" in asyncio.run(run()).source
    assert "it does not define double" in fake.completions[-1].last


def test_waits_that_the_endpoint_asks_for_are_told(fake: FakeModel) -> None:
    told: list[str] = []
    fake.fail("429, wait a moment")
    ask(fake, notice=told.append)
    assert told == [f"{fake.url} answers 429 and asks to wait 0.01 s."]


def test_nothing_of_the_environment_is_passed_on(
    fake: FakeModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    secrets = {
        "OPENAI_API_KEY": "sk-somebody-else",
        "OPENAI_ORG_ID": "org-secret",
        "OPENAI_PROJECT_ID": "proj-secret",
        "OPENAI_BASE_URL": "http://127.0.0.1:9/elsewhere",
        "OPENAI_CUSTOM_HEADERS": "X-Secret: of-the-site",
    }
    for name, value in secrets.items():
        monkeypatch.setenv(name, value)
    ask(fake)
    assert fake.completions
    for one in fake.seen:
        sent = json.dumps([one.headers, one.body]).lower()
        for secret in ("somebody-else", "org-secret", "proj-secret", "of-the-site", "x-secret"):
            assert secret not in sent
        assert not [name for name in one.headers if name.lower().startswith("openai-")]
    assert {name: os.environ[name] for name in secrets} == secrets


def test_the_key_stands_in_no_error_log_ledger_or_repr(
    fake: FakeModel, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    told: list[str] = []
    ledger = LedgerFile(tmp_path / "calls.jsonl")
    memory = Memory(tmp_path / "endpoint.json")
    fake.fail("500")
    ask(fake, ledger=ledger, memory=memory, notice=told.append)
    wrong = replace(endpoint(fake), api_key="sk-wrong-key", model="other")

    async def run() -> None:
        async with Model(wrong, ledger=ledger, memory=memory) as model:
            await model.ask(QUESTION, Reference)

    with pytest.raises(Misconfigured) as caught:
        asyncio.run(run())
    ledger.close()
    written = "".join(path.read_text() for path in tmp_path.iterdir())
    said = [str(caught.value), repr(caught.value), repr(wrong), caplog.text, written, *told]
    for secret in ("sk-wrong-key", KEY):
        assert not [text for text in said if secret in text]
    assert "Incorrect key: Bearer …" in str(caught.value)


def test_a_password_in_the_address_is_not_told() -> None:
    fake = FakeModel()
    fake.start()
    fake.stop()
    url = fake.url.replace("http://", "http://ada:s3cret-word@")
    with pytest.raises(Unreachable) as caught:
        asyncio.run(Model(endpoint(fake, base_url=url)).ask(QUESTION, Reference))
    assert "s3cret-word" not in str(caught.value)


def test_usage_and_cost_are_counted_for_every_try(fake: FakeModel) -> None:
    fake.fail("invalid JSON", "cut stream")
    budget, ledger = Budget(), Notebook()
    with collecting() as made:
        ask(fake, budget=budget, ledger=ledger, prices=Prices(1.0, 2.0))
    stored = ledger.calls()
    assert [call.failure != "" for call in stored] == [False, False, True, False]
    assert budget.spent.calls == len(stored) == 4
    assert budget.spent.tokens == sum(call.usage.tokens for call in stored)
    expected = sum(call.prompt * 1.0 + call.completion * 2.0 for call in stored) / 1_000_000
    assert budget.spent.cost == pytest.approx(expected)
    assert [call.purpose for call in made] == ["reference", "reference"]
    assert made[-1].model == "tested-model-2026"
    assert made[-1].fingerprint == "fp_1"


def test_a_usage_that_is_not_reported_is_reckoned_and_said_so(fake: FakeModel) -> None:
    fake.always = "no usage"
    budget = Budget()
    ask(fake, budget=budget)
    assert budget.spent.estimated
    assert budget.spent.tokens > 0


def test_the_budget_stops_before_the_call_too_many(fake: FakeModel) -> None:
    with pytest.raises(Spent, match="budget of 3000 tokens"):
        ask(fake, budget=Budget(tokens=3000))
    assert fake.completions == []


def test_a_budget_of_seconds_ends_a_call_under_way(fake: FakeModel) -> None:
    fake.always = "hang"
    memory = Memory()
    memory.keep(endpoint(fake), Capabilities())
    with pytest.raises(Spent, match="seconds"):
        ask(fake, budget=Budget(seconds=0.2), memory=memory, timeout=60.0)


def test_a_reply_that_trickles_is_given_up(
    fake: FakeModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("coursewright.generator.endpoint.PATIENCE", 0.05)
    fake.always = "hang"
    memory = Memory()
    memory.keep(endpoint(fake), Capabilities())
    with pytest.raises(Unreachable, match=r"did not finish a reply within 0\.25 s"):
        ask(fake, memory=memory)


@dataclass
class Interrupted:
    """Questions that are under way when they are cancelled."""

    fake: FakeModel
    many: int = 1
    timeout: float = 600.0
    ledger: Notebook = field(default_factory=Notebook)

    async def run(self, then: Callable[[list[asyncio.Task[Reference]]], None]) -> None:
        """Cancel once, then do `then`; all end cancelled."""
        loop, under_way = asyncio.get_running_loop(), asyncio.Semaphore(0)

        def answer(_: Asked) -> str:
            loop.call_soon_threadsafe(under_way.release)
            return GOOD

        self.fake.answer = answer
        known = Memory()
        known.keep(endpoint(self.fake, timeout=self.timeout), Capabilities())
        of_this = endpoint(self.fake, timeout=self.timeout)
        async with Model(of_this, ledger=self.ledger, memory=known) as model:
            questions = [replace(QUESTION, user=f"Write {one}.") for one in range(self.many)]
            tasks = [asyncio.create_task(model.ask(one, Reference)) for one in questions]
            for _ in tasks:
                await under_way.acquire()
            for task in tasks:
                task.cancel()
            await asyncio.sleep(0)  # now each has heard of it
            then(tasks)
            ended = await asyncio.gather(*tasks, return_exceptions=True)
            assert [type(one) for one in ended] == [asyncio.CancelledError] * self.many


def test_replies_under_way_are_kept_when_all_is_cancelled_and_not_paid_again(
    fake: FakeModel,
) -> None:
    fake.held.clear()
    interrupted = Interrupted(fake, many=4)
    asyncio.run(interrupted.run(lambda _: fake.held.set()))
    assert [call.failure for call in interrupted.ledger.calls()] == [""] * 4
    ask(fake, replace(QUESTION, user="Write 2."), ledger=interrupted.ledger, timeout=600.0)
    assert len(fake.completions) == 4


@pytest.mark.parametrize("fault", SLOW)
def test_a_question_that_is_cancelled_twice_ends_at_once_and_is_counted(
    fake: FakeModel, fault: str
) -> None:
    fake.always = fault
    interrupted = Interrupted(fake, many=2)
    asyncio.run(interrupted.run(lambda tasks: [task.cancel() for task in tasks] and None))
    calls = interrupted.ledger.calls()
    assert [(call.failure, call.estimated, call.text) for call in calls] == [
        ("cancelled", True, "")
    ] * 2
    assert len(fake.completions) == 2


@pytest.mark.parametrize("fault", SLOW)
def test_a_cancelled_question_without_an_end_is_given_up_and_not_asked_again(
    fake: FakeModel, fault: str
) -> None:
    fake.always = fault
    interrupted = Interrupted(fake, timeout=0.3)
    asyncio.run(interrupted.run(lambda _: None))
    (call,) = interrupted.ledger.calls()
    assert call.failure


def test_what_was_streamed_before_the_end_of_the_budgets_seconds_is_counted(
    fake: FakeModel,
) -> None:
    fake.always = "hang in the stream"
    memory, ledger = Memory(), Notebook()
    memory.keep(endpoint(fake), Capabilities())
    budget = Budget(seconds=0.5)
    with pytest.raises(Spent, match="seconds"):
        ask(fake, budget=budget, ledger=ledger, memory=memory, timeout=60.0)
    (call,) = ledger.calls()
    assert call.failure == "out of time"
    assert call.completion > 0
    assert budget.spent == call.usage


def test_at_most_so_many_calls_run_at_a_time(fake: FakeModel) -> None:
    fake.latency = 0.02

    async def run() -> None:
        async with Model(endpoint(fake), slots=Slots(3)) as model:
            questions = [replace(QUESTION, user=f"Write {number}.") for number in range(12)]
            await asyncio.gather(*(model.ask(one, Reference) for one in questions))

    asyncio.run(run())
    assert fake.most_at_once == 3
    assert len(fake.completions) == 12


def test_a_resumed_run_pays_for_nothing_twice(fake: FakeModel, tmp_path: Path) -> None:
    answers = iter(["{", GOOD, GOOD])
    fake.answer = lambda _: next(answers)
    fake.persona = replace(VLLM, json_schema="ignored")

    async def run() -> list[str]:
        ledger = LedgerFile(tmp_path / "calls.jsonl")
        memory = Memory(tmp_path / "endpoint.json")
        async with Model(endpoint(fake), ledger=ledger, memory=memory) as model:
            questions = [replace(QUESTION, attempt=number) for number in (1, 2)]
            drafts = [await model.ask(one, Reference) for one in questions]
        ledger.close()
        return [draft.source for draft in drafts]

    first = asyncio.run(run())
    paid = len(fake.seen)
    assert asyncio.run(run()) == first
    assert len(fake.seen) == paid == 4  # the canary, a repair, another attempt


def test_another_attempt_is_another_reply_and_the_same_one_the_same(fake: FakeModel) -> None:
    number = iter(range(9))
    fake.answer = lambda _: json.dumps({"source": f"x = {next(number)}"})

    async def run() -> list[str]:
        async with Model(endpoint(fake)) as model:
            questions = [replace(QUESTION, attempt=attempt) for attempt in (1, 2, 1)]
            return [(await model.ask(one, Reference)).source for one in questions]

    assert asyncio.run(run()) == ["x = 0", "x = 1", "x = 0"]


def test_prompts_hold_no_nul_and_one_system_message(fake: FakeModel) -> None:
    ask(fake, replace(QUESTION, user="Write\0 it.\ud800"))
    (asked,) = fake.completions
    assert [message["role"] for message in asked.messages] == ["system", "user"]
    assert "\0" not in asked.text
    assert asked.last.startswith("Write it.?")


def test_lines_and_fences_of_code_are_taken(fake: FakeModel) -> None:
    fake.persona = replace(OLLAMA, json_schema="ignored")
    fake.answer = lambda _: json.dumps({"source": ["```python", "x = 1", "```"]})
    assert ask(fake).source == "x = 1"


def test_a_schema_is_in_the_prompt_as_well(fake: FakeModel) -> None:
    seen: list[Asked] = []

    def answer(asked: Asked) -> Said:
        seen.append(asked)
        return Said(GOOD)

    fake.answer = answer
    ask(fake)
    assert '"maxLength": 20000' in seen[0].last
    form = seen[0].body["response_format"]["json_schema"]
    assert form["strict"]
    assert form["name"] == "reference"
    assert form["schema"]["additionalProperties"] is False
