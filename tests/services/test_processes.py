"""The service as several processes behind one address."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import psutil
import pytest
from fake_hub import Hub
from prometheus_client.parser import text_string_to_metric_families
from school import PREFIX
from service_program import Program, environment, program

TOKEN = "a-token-for-prometheus-alone"


@pytest.fixture
def address() -> list[str]:
    """Where the program listens, once it does."""
    return []


@pytest.fixture
def started(hub: Hub, school: str, address: list[str]) -> Iterator[Program]:
    environ = environment(hub, school) | {"COURSEWRIGHT_METRICS_TOKEN": TOKEN}
    address.append(f"{environ['JUPYTERHUB_SERVICE_URL']}{PREFIX}")
    with program(environ, "--ServiceApp.processes=2") as started:
        yield started


def get(address: list[str], path: str, token: str = "") -> httpx.Response:
    """On a connection of its own, which any of the processes may take."""
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    return httpx.get(f"{address[0]}{path}", headers=headers, trust_env=False)


def processes(started: Program) -> set[int]:
    return {child.pid for child in psutil.Process(started.process.pid).children()}


def counted(address: list[str], route: str) -> float:
    families = text_string_to_metric_families(get(address, "metrics", TOKEN).text)
    return sum(
        sample.value
        for family in families
        for sample in family.samples
        if sample.name == "coursewright_http_requests_total" and sample.labels["route"] == route
    )


def test_all_of_them_stop_when_the_first_is_told(started: Program, address: list[str]) -> None:
    assert get(address, "healthz").status_code == 200
    running = processes(started)
    assert len(running) == 2
    assert started.end() == 0
    assert not any(psutil.pid_exists(one) for one in running)


def test_one_that_is_killed_gets_a_successor(started: Program, address: list[str]) -> None:
    victim, other = sorted(processes(started))
    psutil.Process(victim).kill()
    while len(processes(started) - {victim}) < 2:
        pass
    assert other in processes(started)
    assert get(address, "healthz").status_code == 200
    assert started.end() == 0
    (line,) = [one for one in started.lines if one["event"] == "a process has ended by itself"]
    assert (line["process"], line["status"]) == (victim, -9)


def test_none_outlives_the_first(started: Program) -> None:
    running = [psutil.Process(one) for one in processes(started)]
    started.process.kill()
    psutil.wait_procs(running, timeout=30)
    assert not any(one.is_running() for one in running)


def test_whichever_is_asked_tells_the_numbers_of_all(started: Program, address: list[str]) -> None:
    for _ in range(12):
        assert get(address, "healthz").status_code == 200
    # An answer may arrive before it is counted.
    while counted(address, "/healthz") < 12:
        pass
    assert counted(address, "/healthz") == 12
    assert started.end() == 0
