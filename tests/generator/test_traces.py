"""Calls of a model in traces: how much of it, and nothing of what was said."""

from __future__ import annotations

import asyncio
import json

from fake_model import KEY, FakeModel
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from coursewright.generator.drafts import Reference
from coursewright.generator.endpoint import from_environment
from coursewright.generator.model import Model, Question
from coursewright.records import tracing


def test_a_call_is_traced_with_its_tokens_and_without_its_words() -> None:
    fake = FakeModel(answer=lambda _: json.dumps({"source": "def double(x): return 2 * x"}))
    fake.start()
    endpoint = from_environment(fake.environ())
    assert endpoint is not None

    async def ask() -> None:
        async with Model(endpoint) as model:
            question = Question("reference", "You write Python.", "Write `double`.")
            await model.ask(question, Reference)

    spans = InMemorySpanExporter()
    tracing.configure("coursewright-tests", spans)
    try:
        asyncio.run(ask())
    finally:
        tracing.stop()
        fake.stop()
    found = [one for one in spans.get_finished_spans() if one.name == "model call"]
    facts = found[-1].attributes or {}
    assert facts["gen_ai.request.model"] == endpoint.model
    assert int(str(facts["gen_ai.usage.input_tokens"])) > 0
    for word in ("double", "You write Python", KEY):
        assert all(word not in one.to_json() for one in found)
