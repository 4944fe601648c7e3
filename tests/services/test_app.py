"""The service as a program: what it needs to start, and how it stops."""

from __future__ import annotations

import json

import httpx
import pytest
from fake_hub import Hub
from school import PREFIX
from service_program import environment, program
from tornado.testing import bind_unused_port

from coursewright.records.errors import Invalid, Unavailable
from coursewright.services.app import ServiceApp, bound, check


def test_the_program_answers_logs_and_stops_when_told(hub: Hub, school: str) -> None:
    environ = environment(hub, school)
    token = hub.token("grace")
    with program(environ) as started:
        address = f"{environ['JUPYTERHUB_SERVICE_URL']}{PREFIX}api/v1/courses?token=secret"
        headers = {"Authorization": f"token {token}", "X-Request-Id": "followed-by-tests"}
        answer = httpx.get(address, headers=headers, trust_env=False)
        assert started.end() == 0
    assert answer.status_code == 200
    (line,) = [line for line in started.lines if line["event"] == "request"]
    assert (line["request_id"], line["person"]) == ("followed-by-tests", "grace")
    assert (line["route"], line["method"], line["status"]) == ("/api/v1/courses", "GET", 200)
    assert isinstance(line["ms"], float)
    assert {"time", "level"} <= line.keys()
    assert started.lines[-1]["event"] == "stopped"
    assert token not in json.dumps(started.lines)
    assert "secret" not in json.dumps(started.lines)


def test_the_program_waits_for_a_database_that_is_away(hub: Hub) -> None:
    environ = environment(hub, "postgresql://nobody@/none?host=/nonexistent")
    with program(environ) as started:
        base = f"{environ['JUPYTERHUB_SERVICE_URL']}{PREFIX}"
        assert httpx.get(f"{base}healthz", trust_env=False).status_code == 200
        assert httpx.get(f"{base}readyz", trust_env=False).status_code == 503
        assert started.end() == 0


def test_a_wrong_schema_names_the_command_that_mends_it(
    empty_database: str,
) -> None:
    with pytest.raises(Invalid, match="coursewright db upgrade"):
        check(empty_database)


@pytest.mark.parametrize("url", ["", "127.0.0.1:80", "http://127.0.0.1", "/run/socket"])
def test_an_address_that_is_none_is_refused(url: str) -> None:
    with pytest.raises(Invalid, match="JUPYTERHUB_SERVICE_URL"):
        bound(url)


def test_a_port_that_is_taken_is_told() -> None:
    socket, port = bind_unused_port()
    with socket, pytest.raises(Unavailable, match=f"Cannot listen on http://127.0.0.1:{port}"):
        bound(f"http://127.0.0.1:{port}")


def test_cookies_outlive_a_restart_only_with_the_same_secret() -> None:
    keys = {
        ServiceApp(cookie_secret=secret).signing_key(token)
        for secret in ("", "kept")
        for token in ("one", "two")
    }
    assert len(keys) == 3
