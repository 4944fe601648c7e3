"""Traces, where OTEL_EXPORTER_OTLP_ENDPOINT is set and the extra `tracing` is installed.

Elsewhere nothing of OpenTelemetry is imported, and a span is a look at a variable. One trace leads
from a request over the job that it asked for to the transactions and the model calls of that job.
No span carries what people wrote, a name or a query's values.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Engine, event

ENDPOINTS = ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")
PARENT = "traceparent"  # its name in W3C's Trace Context, in a job's arguments too
OPEN = "coursewright_span"

log = logging.getLogger(__name__)


@dataclass
class Tracing:
    """What is on; all of it is None while traces are not configured."""

    tracer: Any = None
    provider: Any = None


_on = Tracing()


def configure(program: str, exporter: Any = None, environ: Mapping[str, str] = os.environ) -> bool:
    """Send the traces of this process under the name `program`; whether they are sent.

    `exporter` takes the place of the one that the environment says. Where the libraries are
    missing, a line in the log says so.
    """
    if exporter is None and not any(environ.get(name) for name in ENDPOINTS):
        return False
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.resources import Resource
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor, SimpleSpanProcessor
    except ImportError:
        log.warning("no traces are sent: install coursewright[tracing]")
        return False
    named = {} if environ.get("OTEL_SERVICE_NAME") else {"service.name": program}
    provider = TracerProvider(resource=Resource.create(named))
    sending = SimpleSpanProcessor(exporter) if exporter else BatchSpanProcessor(OTLPSpanExporter())
    provider.add_span_processor(sending)
    _on.provider, _on.tracer = provider, provider.get_tracer("coursewright")
    return True


def stop() -> None:
    """Send what is left, and trace no more."""
    if _on.provider is not None:
        _on.provider.shutdown()
    _on.provider = _on.tracer = None


def span(
    name: str, kind: str = "INTERNAL", parent: str | None = None, **facts: Any
) -> AbstractContextManager[Any]:
    """Around a piece of work; gives the span, or None. An error that passes is noted by its type.

    `kind`: INTERNAL, SERVER, CLIENT, PRODUCER or CONSUMER; `parent` comes from `here`.
    """
    if _on.tracer is None:
        return nullcontext()
    return _span(name, kind, parent, facts)


@contextmanager
def _span(name: str, kind: str, parent: str | None, facts: Mapping[str, Any]) -> Iterator[Any]:
    from opentelemetry.trace import Status, StatusCode, use_span

    begun = begin(name, kind, parent, **facts)
    with use_span(begun, end_on_exit=True, record_exception=False, set_status_on_exception=False):
        try:
            yield begun
        except Exception as error:
            # Not its text: it may hold what somebody wrote.
            begun.set_status(Status(StatusCode.ERROR, type(error).__name__))
            raise


def begin(name: str, kind: str = "INTERNAL", parent: str | None = None, **facts: Any) -> Any:
    """A span that its caller ends; None where traces are off."""
    if _on.tracer is None:
        return None
    from opentelemetry.trace import SpanKind
    from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

    above = TraceContextTextMapPropagator().extract({PARENT: parent}) if parent else None
    told = {fact: value for fact, value in facts.items() if value is not None}
    return _on.tracer.start_span(name, above, SpanKind[kind], told)


def under(begun: Any) -> None:
    """What the task or thread does from now on stands under this span."""
    from opentelemetry import context, trace

    context.attach(trace.set_span_in_context(begun))


def here() -> str | None:
    """The place in the trace, to be carried elsewhere; None where traces are off."""
    if _on.tracer is None:
        return None
    from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

    carrier: dict[str, str] = {}
    TraceContextTextMapPropagator().inject(carrier)
    return carrier.get(PARENT)


def watch(engine: Engine) -> None:
    """A span for each of the engine's transactions."""

    def began(connection: Connection) -> None:
        connection.info[OPEN] = begin("transaction", "CLIENT", **{"db.system.name": "postgresql"})

    def ended(outcome: str, connection: Connection) -> None:
        open_span = connection.info.pop(OPEN, None)
        if open_span is not None:
            open_span.set_attribute("coursewright.outcome", outcome)
            open_span.end()

    if _on.tracer is not None:
        event.listen(engine, "begin", began)
        event.listen(engine, "commit", lambda connection: ended("commit", connection))
        event.listen(engine, "rollback", lambda connection: ended("rollback", connection))
