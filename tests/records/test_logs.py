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
    "no answer from postgresql://someone:abcdef0123456789@db/name",
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


def test_the_processs_own_secrets_never_stand_in_a_line(monkeypatch: pytest.MonkeyPatch) -> None:
    own = {"COURSEWRIGHT_LLM_API_KEY": "sk-abcdef", "A_TOKEN": "short", "A_KEY": "/etc/tls/key"}
    for name, value in own.items():
        monkeypatch.setenv(name, value)
    told = line("with sk-abcdef", fields={"said": ["sk-abcdef"], "file": "/etc/tls/key"})
    assert "sk-abcdef" not in json.dumps(told)
    assert told["file"] == "/etc/tls/key"


def test_a_block_has_fields_of_its_own() -> None:
    with logs.bound(request_id="of-this-block"):
        assert (logs.request_id(), line("within")["request_id"]) == (("of-this-block",) * 2)
    assert logs.request_id() is None
