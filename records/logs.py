"""Structured logs: one JSON object per line on standard error, and nothing secret in it.

A request's id is bound when the request comes in. It goes into the events that are written
meanwhile and into the arguments of the jobs that are asked for (records/jobs.py), so that one id
leads from the browser to a worker's last line.
"""

from __future__ import annotations

import json
import logging
import os
import re
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any

import psycopg

# What every line of the request or job under way carries, whoever writes it.
context: ContextVar[Mapping[str, Any]] = ContextVar("log_context", default=MappingProxyType({}))

# Libraries log addresses with their query; these arguments hold credentials or nonces.
SECRET = re.compile(r"\b(token|code|state|_xsrf|access_token|client_secret)=[^&\s'\"]+")
BEARER = re.compile(r"\b(token|bearer) [A-Za-z0-9._~+/=-]{8,}", re.IGNORECASE)


PASSWORD = re.compile(r"(?<=://)([^/@\s:]*):[^/@\s]+@")
# How this process's own secrets are called in its environment, and how short they never are.
OWN = re.compile(r"_(TOKEN|KEY|PASSWORD|SECRET)\Z")
SHORTEST = 8


class JsonFormatter(logging.Formatter):
    """`extra={"fields": {…}}` of a log call becomes keys of the line.

    The secrets of this process's own environment never stand in one, whoever tells them.
    """

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self._own = own_secrets(os.environ)

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "event": scrub(record.getMessage()),
            "logger": record.name,
            **context.get(),
            **getattr(record, "fields", {}),
        }
        if record.exc_info:
            trace = without_rows(self.formatException(record.exc_info), record.exc_info[1])
            line["error"] = scrub(trace)
        told = json.dumps(line, ensure_ascii=False, default=str)
        for secret in self._own:
            told = told.replace(secret, "…")
        return told


def own_secrets(environ: Mapping[str, str]) -> tuple[str, ...]:
    """The values of variables that are called as secrets are; paths are none."""
    return tuple(
        value
        for name, value in environ.items()
        if OWN.search(name) and len(value) >= SHORTEST and not value.startswith("/")
    )


def scrub(text: str) -> str:
    """`text` without the values of arguments and headers that bear secrets, or of passwords."""
    return PASSWORD.sub(r"\1:…@", BEARER.sub(r"\1 …", SECRET.sub(r"\1=…", text)))


def without_rows(text: str, error: BaseException | None) -> str:
    """`text` without what PostgreSQL tells of the row that failed: it may be somebody's work."""
    while error is not None:
        detail = error.diag.message_detail if isinstance(error, psycopg.Error) else None
        text = text.replace(detail, "…") if detail else text
        error = error.__cause__ or error.__context__
    return text


def bind(**fields: Any) -> None:
    """Add to what the lines of this request or job carry; absent values (None) are left out."""
    known = {name: value for name, value in fields.items() if value is not None}
    context.set({**context.get(), **known})


def request_id() -> str | None:
    """The id of the request under way, or of the one that asked for the job under way."""
    found = context.get().get("request_id")
    return found if isinstance(found, str) else None


@contextmanager
def bound(**fields: Any) -> Iterator[None]:
    """The same as `bind`, for this block only."""
    before = context.set(context.get())
    try:
        bind(**fields)
        yield
    finally:
        context.reset(before)


def configure(level: int | str) -> None:
    """Send all logging of this process through the formatter."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonFormatter())
    logging.basicConfig(level=level, handlers=[handler], force=True)
    # At "info" the first tells what it wrote into cookies, the second nothing of use, and the third
    # what records/queue.py tells with the request's id.
    for name in ("tornado.application", "alembic", "procrastinate"):
        logging.getLogger(name).setLevel(logging.WARNING)
