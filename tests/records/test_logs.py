"""The log's lines are JSON, follow a request, and hold nothing secret."""

from __future__ import annotations

import contextvars
import json
import logging
import sys

import pytest

from coursewright.records import logs

SECRETS = (
    "GET /hub/api?token=abcdef0123456789&x=1",
    "callback?code=abcdef0123456789&state=abcdef0123456789",
    "Authorization: token abcdef0123456789",
    "authorization: Bearer abcdef0123456789",
    "form _xsrf=abcdef0123456789",
)


def line(message: str, **about: object) -> dict[str, object]:
    record = logging.LogRecord("coursewright", logging.INFO, "x.py", 1, message, (), None)
    record.__dict__.update(about)
    return json.loads(logs.JsonFormatter().format(record))


@pytest.mark.parametrize("message", SECRETS)
def test_secrets_are_taken_out(message: str) -> None:
    assert "abcdef" not in str(line(message)["event"])


def test_a_line_carries_what_its_request_carries() -> None:
    def request() -> dict[str, object]:
        logs.bind(request_id="1234", person=None)
        logs.bind(person="grace")
        return line("request", fields={"status": 200})

    told = contextvars.copy_context().run(request)
    assert (told["request_id"], told["person"], told["status"]) == ("1234", "grace", 200)
    assert "person" not in line("later")


def test_an_exception_stays_one_line() -> None:
    try:
        raise ValueError("token=abcdef0123456789")
    except ValueError:
        told = line("failure", exc_info=sys.exc_info())
    assert "ValueError" in str(told["error"])
    assert "abcdef" not in str(told["error"])
