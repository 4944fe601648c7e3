"""Traces lead from a request to the job that it asked for, and cost nothing where they are off."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
import samples
from fake_hub import Hub
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from school import Client, Running, fill, graded
from sqlalchemy import text

from coursewright.records import logs, tracing
from coursewright.records.database import make_engine, sessions
from coursewright.records.jobs import parted
from coursewright.records.queue import Pace, Worker


@pytest.fixture
def spans() -> Iterator[InMemorySpanExporter]:
    exporter = InMemorySpanExporter()
    assert tracing.configure("coursewright-tests", exporter)
    yield exporter
    tracing.stop()


@pytest.fixture
def client(spans: InMemorySpanExporter, hub: Hub, fresh_database: str) -> Iterator[Client]:
    engine = make_engine(fresh_database)
    with sessions(engine).begin() as session:
        fill(session)
    spans.clear()
    running = Running(hub, engine)
    client = Client(running.url, hub)
    yield client
    client.http.close()
    running.stop()
    engine.dispose()


def answered(client: Client) -> None:
    """A span ends just after its answer has left: the next request finds it ended."""
    client.get(None, "healthz")


def by_name(spans: InMemorySpanExporter) -> Mapping[str, list[ReadableSpan]]:
    found: dict[str, list[ReadableSpan]] = {}
    for one in spans.get_finished_spans():
        found.setdefault(one.name, []).append(one)
    return found


SUBMIT = "POST /api/v1/courses/{course}/lessons/{lesson}/submissions"


class Once(Worker):
    """A worker that stops after its first job."""

    async def _watch(self, proceed: Any, context: Any, worker: object) -> Any:
        try:
            return await super()._watch(proceed, context, worker)
        finally:
            self._stop.set()


def test_one_trace_leads_from_a_hand_in_to_its_grading(
    client: Client, spans: InMemorySpanExporter, fresh_database: str
) -> None:
    headers = {"Idempotency-Key": "to-be-traced", "X-Request-Id": "to-be-traced"}
    path = "api/v1/courses/sums/lessons/adding/submissions"
    assert client.ask("POST", "grace", path, content=samples.content(), headers=headers)
    answered(client)
    engine = make_engine(fresh_database)

    def grade(submission_id: int) -> None:
        graded(sessions(engine), submission_id)

    asyncio.run(Once("grade", fresh_database, {"grade": grade}, {}, Pace()).run())
    engine.dispose()
    found = by_name(spans)
    (request,), (job,) = found[SUBMIT], found["job grade"]
    assert job.parent is not None
    assert request.context is not None
    assert (job.parent.span_id, job.context.trace_id) == (
        request.context.span_id,
        request.context.trace_id,
    )
    below = {one.parent.span_id for one in found["transaction"] if one.parent}
    assert {request.context.span_id, job.context.span_id} <= below
    facts = request.attributes or {}
    assert facts["http.response.status_code"] == 201
    assert facts["coursewright.request_id"] == "to-be-traced"


def test_no_span_holds_a_name_or_a_secret(client: Client, spans: InMemorySpanExporter) -> None:
    client.get("grace", "api/v1/courses/sums?token=secret-in-the-address")
    client.get("kay", "api/v1/courses/sums")
    answered(client)
    everything = "".join(one.to_json() for one in spans.get_finished_spans())
    assert "/api/v1/courses/{course}" in everything
    for word in ("grace", "kay", "sums", "secret-in-the-address", *client.tokens.values()):
        assert word not in everything


def test_the_trace_of_a_caller_is_not_taken_over(
    client: Client, spans: InMemorySpanExporter
) -> None:
    given = f"00-{'a' * 32}-{'b' * 16}-01"
    client.get("grace", "api/v1/courses", headers={"traceparent": given})
    answered(client)
    (request,) = by_name(spans)["GET /api/v1/courses"]
    assert request.parent is None


def test_an_error_is_noted_by_its_type_alone(spans: InMemorySpanExporter) -> None:
    with pytest.raises(ValueError, match="somebody"), tracing.span("work"):
        raise ValueError("what somebody wrote")
    (one,) = spans.get_finished_spans()
    assert one.status.description == "ValueError"
    assert "somebody" not in one.to_json()


def test_without_settings_nothing_is_traced() -> None:
    assert not tracing.configure("coursewright-tests", environ={})
    assert tracing.here() is None
    with tracing.span("work") as span:
        assert span is None


def test_without_settings_nothing_is_imported() -> None:
    code = (
        "import sys; from coursewright.records import tracing;"
        "from coursewright.services import app;"
        "tracing.configure('x', environ={}); tracing.span('y').__enter__();"
        "sys.exit(any(name.startswith('opentelemetry') for name in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_a_job_of_nobody_carries_nothing(fresh_database: str) -> None:
    from coursewright.records import jobs

    engine = make_engine(fresh_database)
    with sessions(engine).begin() as session:
        jobs.enqueue(session, "generate", request=1)
        with logs.bound(request_id="an-id-of-a-request"):
            jobs.enqueue(session, "generate", request=2)
        query = text("SELECT args FROM procrastinate_jobs ORDER BY id")
        first, second = session.scalars(query)
    engine.dispose()
    assert parted(first) == ({"request": 1}, {})
    assert parted(second) == ({"request": 2}, {"request_id": "an-id-of-a-request"})
