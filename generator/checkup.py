"""What an endpoint can do, tried out: for `coursewright doctor --llm`, with three small calls."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import openai
from pydantic import Field

from coursewright.generator.calls import Call, Notebook
from coursewright.generator.drafts import Draft
from coursewright.generator.endpoint import PREFIX, Endpoint
from coursewright.generator.ladder import Capabilities, Memory
from coursewright.generator.model import Model, Question
from coursewright.generator.trouble import KEPT
from coursewright.records.errors import CoursewrightError

State = Literal["good", "note", "bad"]
# Models that are named where the one that is set is not among them.
MOST_NAMES = 20
QUESTION = Question(
    "doctor",
    "You write Python for beginners.",
    "Write a function `double(number)` that returns twice the number, with a docstring.",
    cap=2048,
    temperature=0.2,
)


class Sample(Draft):
    """A small piece of what courses are made of."""

    source: str = Field(min_length=1)
    explanation: str = Field(min_length=1)


@dataclass(frozen=True)
class Symptom:
    """One line of the doctor's table; `advice` is what to do, where something is to be done."""

    what: str
    found: str
    state: State = "good"
    advice: str = ""


async def examine(endpoint: Endpoint) -> AsyncIterator[Symptom]:
    """Line by line, as each is found out. The last one is bad where the endpoint is of no use."""
    endpoint = replace(endpoint, retries=0)
    memory, ledger = Memory(), Notebook()
    async with Model(endpoint, memory=memory, ledger=ledger) as model:
        yield await _listed(model)
        try:
            found = await model.caller.find_out()
        except CoursewrightError as error:
            yield Symptom("answers", "no", "bad", _told(error))
            return
        yield Symptom("answers", f"yes, at {endpoint.address}")
        try:
            await model.ask(QUESTION, Sample)
            asked = [call for call in ledger.calls() if call.purpose == QUESTION.purpose]
            sample = Symptom("makes a draft", _pace(asked))
        except CoursewrightError as error:
            sample = Symptom("makes a draft", "no", "bad", _told(error))
        for symptom in _abilities(memory.find(endpoint) or found, ledger.calls()):
            yield symptom
        yield sample


def _told(error: CoursewrightError) -> str:
    """Without the word of what was kept: here nothing is made."""
    return str(error).removesuffix(KEPT).rstrip()


async def _listed(model: Model) -> Symptom:
    """Whether the endpoint lists the model. Some list nothing, and serve it all the same."""
    endpoint, what = model.endpoint, f"lists {model.endpoint.model}"
    try:
        names = sorted([one.id async for one in model.caller.client.models.list()])
    except (openai.OpenAIError, ValueError, AttributeError, TypeError) as error:
        return Symptom(what, "has no list of models", "note", endpoint.mask(str(error)))
    if endpoint.model in names:
        return Symptom(what, f"yes, one of {len(names)}")
    shown = ", ".join(names[:MOST_NAMES]) + (" …" if len(names) > MOST_NAMES else "")
    return Symptom(what, "no", "note", f"Set {PREFIX}MODEL to one of these: {shown or '(none)'}")


def _abilities(found: Capabilities, calls: Sequence[Call]) -> list[Symptom]:
    forms = {
        "json_schema": "enforced" if found.verified else "accepted; whether enforced is unknown",
        "json_object": "refused; JSON is",
        "prompt": "not enforced; replies are checked and repaired here",
    }
    streamed = any(call.streamed for call in calls)
    reported = any(not call.estimated for call in calls)
    rows = [
        ("JSON schema", forms[found.structured], found.structured == "json_schema"),
        ("length of a reply", found.tokens or "cannot be capped", bool(found.tokens)),
        ("temperature", "taken" if found.temperature else "refused", found.temperature),
        ("streams", "yes" if streamed else "no, replies come in one piece", streamed),
        ("reports usage", "yes" if reported else "no, tokens are estimated", reported),
    ]
    advice = {
        "length of a reply": "A budget of tokens can be passed by one reply.",
        "streams": f"Set {PREFIX}TIMEOUT to the seconds that its longest reply takes.",
    }
    return [
        Symptom(what, said, "good" if fine else "note", "" if fine else advice.get(what, ""))
        for what, said, fine in rows
    ]


def _pace(calls: list[Call]) -> str:
    tokens = sum(call.completion for call in calls)
    seconds = sum(call.seconds for call in calls)
    pace = f", {tokens / seconds:.0f} a second" if seconds else ""
    return f"yes, {tokens} tokens in {seconds:.1f} s{pace}"
