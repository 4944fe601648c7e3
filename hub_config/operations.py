"""What those who run a site set in the environment, and which part of it gets to see what."""

from __future__ import annotations

from typing import Any

# Where traces go, and as what; the course service and the workers send them, nobody else.
TRACES = (
    "OTEL_EXPORTER_OTLP_ENDPOINT",
    "OTEL_EXPORTER_OTLP_HEADERS",
    "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT",
    "OTEL_RESOURCE_ATTRIBUTES",
    "OTEL_TRACES_SAMPLER",
    "OTEL_TRACES_SAMPLER_ARG",
)
# What the Hub hands on to the course service alone (configure.py).
WATCHED = ("COURSEWRIGHT_METRICS_TOKEN", *TRACES)
# Where the workers send xAPI statements, and how people are named in them.
STATEMENTS = tuple(
    f"COURSEWRIGHT_XAPI_{name}"
    for name in ("ENDPOINT", "USER", "PASSWORD", "SITE", "PSEUDONYM_KEY")
)
# For the Hub's own log: lines as all other parts write them (records/logs.py).
HUB_LOG: dict[str, Any] = {
    "formatters": {"console": {"class": "coursewright.records.logs.JsonFormatter"}}
}
