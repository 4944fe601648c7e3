"""What every handler does alike: ids, headers, limits, and errors that tell no secrets."""

from __future__ import annotations

import json
import re
import socket
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import pytest
import samples
from fake_hub import Hub
from school import PREFIX, Client, Running, fill
from sqlalchemy import Engine, text

from coursewright.records.database import make_engine, sessions
from coursewright.services.base import DRAIN
from coursewright.services.logs import JsonFormatter

PATH = "api/v1/courses/sums/lessons/adding/submissions"
LIMIT = 10 * 2**20


def test_a_request_id_is_taken_over_when_it_is_well_formed(client: Client) -> None:
    answer = client.get(None, "healthz", headers={"X-Request-Id": "from-the-browser-1"})
    assert answer.headers["X-Request-Id"] == "from-the-browser-1"


@pytest.mark.parametrize(
    "given", ["", "short", "a b c d e f g", "<script>alert()</script>", "x" * 65]
)
def test_any_other_request_id_is_replaced(client: Client, given: str) -> None:
    answer = client.get(None, "healthz", headers={"X-Request-Id": given})
    assert re.fullmatch("[0-9a-f]{16}", answer.headers["X-Request-Id"])


def test_every_answer_carries_the_headers_that_protect_it(client: Client) -> None:
    for who, path in (
        ("grace", ""),
        ("grace", "api/v1/courses"),
        (None, "nowhere"),
        (None, "api/x"),
    ):
        headers = client.get(who, path).headers
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert "default-src 'none'" in headers["Content-Security-Policy"]
        assert "frame-ancestors" in headers["Content-Security-Policy"]
        assert headers["Cache-Control"] == "private, no-cache"
        assert "Server" not in headers


def test_no_such_address_is_told_in_the_language_of_its_place(client: Client) -> None:
    api, page = client.get("grace", "api/v1/flying"), client.get("grace", "flying")
    assert (api.status_code, page.status_code) == (404, 404)
    assert api.json()["title"] == "Not Found"
    assert page.headers["Content-Type"].startswith("text/html")


def test_a_method_that_is_not_there_says_which_are(client: Client) -> None:
    answer = client.ask("DELETE", "grace", PATH)
    assert (answer.status_code, answer.headers["Allow"]) == (405, "GET, HEAD, POST")
    assert answer.json()["request_id"] == answer.headers["X-Request-Id"]


def pieces(size: int) -> Iterator[bytes]:
    for _ in range(size // 2**16):
        yield b" " * 2**16


TOO_LARGE = {"a little": LIMIT + 2**16, "very much": DRAIN + 2**20}


@pytest.mark.parametrize("size", TOO_LARGE)
@pytest.mark.parametrize("chunked", [False, True])
def test_a_body_that_is_too_large_is_refused_with_a_sentence(
    client: Client, size: str, chunked: bool
) -> None:
    length = TOO_LARGE[size]
    headers = {"Idempotency-Key": "much-too-large"}
    try:
        answer = client.ask(
            "POST",
            "grace",
            PATH,
            content=pieces(length) if chunked else b" " * length,
            headers=headers,
        )
    except httpx.TransportError:
        # The service stops reading after a while; a sender that does not listen meanwhile
        # may only see the end of the connection.
        assert size == "very much"
        return
    assert answer.status_code == 413
    assert answer.json()["title"] == "Request Entity Too Large"


def test_a_declared_size_far_above_the_limit_is_refused_before_it_is_sent(client: Client) -> None:
    with socket.create_connection(("127.0.0.1", client.http.base_url.port)) as raw:
        raw.sendall(
            f"POST {PREFIX}{PATH} HTTP/1.1\r\nHost: x\r\nContent-Length: {2**36}\r\n\r\n{{".encode()
        )
        answer = b"".join(iter(lambda: raw.recv(2**16), b"")).decode()
    assert answer.startswith("HTTP/1.1 413 ")
    assert "Connection: close" in answer
    assert "the limit of 10 MB" in answer


def test_a_notebook_of_just_the_limit_is_read(client: Client) -> None:
    content = samples.content().ljust(LIMIT)
    assert client.submit(content=content, key="as-large-as-can-be").status_code == 201
    assert client.submit(content=content + b" ", key="a-byte-too-large").status_code == 413


BODIES = {b"": 200, b"{}": 200, b'{"a": 1}': 400, b"[]": 400, b"{": 400, b"[" * 90_000: 400}


@pytest.mark.parametrize("body", BODIES, ids=lambda body: str(body[:9]))
def test_a_body_must_have_the_shape_that_the_verb_takes(client: Client, body: bytes) -> None:
    answer = client.ask("PUT", "kay", "api/v1/courses/open/enrolment", content=body)
    assert answer.status_code == BODIES[body]


def test_a_fault_of_ours_tells_only_its_request_id(
    hub: Hub, empty_database: str, caplog: pytest.LogCaptureFixture
) -> None:
    engine = make_engine(empty_database)
    with over(hub, engine) as client:
        answer = client.get("grace", "api/v1/courses")
        page = client.get("grace", "")
    engine.dispose()
    assert (answer.status_code, page.status_code) == (500, 500)
    assert answer.headers["X-Request-Id"] in answer.json()["detail"]
    assert "UndefinedTable" in caplog.text
    for shown in (answer.text, page.text):
        assert "enrolments" not in shown
        assert "Error" not in shown.replace("Internal Server Error", "")


def test_a_fault_of_ours_logs_nothing_of_a_notebook(
    hub: Hub, fresh_database: str, caplog: pytest.LogCaptureFixture
) -> None:
    engine = make_engine(fresh_database)
    with sessions(engine).begin() as session:
        fill(session)
        session.execute(
            text("ALTER TABLE blobs ADD CONSTRAINT none_more CHECK (size < 0) NOT VALID")
        )
    content = samples.content(metadata={"note": "my own words"})
    with over(hub, engine) as client:
        answer = client.submit(content=content, key="a-fault-of-ours")
    engine.dispose()
    assert answer.status_code == 500
    (record,) = [record for record in caplog.records if record.exc_info]
    line = json.loads(JsonFormatter().format(record))["error"]
    assert "none_more" in line
    for start in (b"my own words", content[:8]):
        assert start.decode() not in line
        assert start.hex() not in line


@contextmanager
def over(hub: Hub, engine: Engine) -> Iterator[Client]:
    running = Running(hub, engine)
    client = Client(running.url, hub)
    yield client
    client.http.close()
    running.stop()


def test_a_hub_that_is_away_makes_the_service_unavailable(engine: Engine) -> None:
    hub = Hub()
    hub.start()
    hub.stop()
    with over(hub, engine) as client:
        answer = client.get("grace", "api/v1/courses")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert "The Hub does not answer" in answer.json()["detail"]


def test_the_hub_is_asked_once_for_many_requests(client: Client) -> None:
    client.get("grace", "api/v1/courses")
    before = client.hub.asked
    for _ in range(5):
        client.get("grace", "api/v1/courses")
    assert client.hub.asked == before
