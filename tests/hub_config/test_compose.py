"""The Hub under Docker Compose: its settings as data, and the container that a student gets.

No engine is here, so DockerSpawner speaks to a small stand-in of Docker's API, which keeps what it
was asked for.
"""

from __future__ import annotations

import asyncio
import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from types import SimpleNamespace
from typing import Any

import pytest
from dockerspawner import DockerSpawner
from traitlets.config import Config

from coursewright.hub_config.compose import Compose, configure
from coursewright.hub_config.roles import CULLER, SERVICE

ENVIRON = {
    "COURSEWRIGHT_DATABASE_URL": "postgresql://c:database-secret@postgres/coursewright",
    "COURSEWRIGHT_COMPOSE_HUB_DATABASE": "postgresql+psycopg://c:database-secret@postgres/hub",
    "COURSEWRIGHT_COMPOSE_SERVICE_TOKEN": "service-secret",
    "COURSEWRIGHT_COMPOSE_POD_IMAGE": "localhost/coursewright-pod:1",
    "COURSEWRIGHT_COMPOSE_MEMORY": "768M",
    "COURSEWRIGHT_COMPOSE_CPUS": "1.5",
}
SITE = Compose.from_environ(ENVIRON)
MEGABYTE = 1 << 20


def configured() -> Config:
    config = Config()
    configure(config, SITE)
    return config


class Docker(BaseHTTPRequestHandler):
    asked: list[dict[str, Any]] = []

    def do_GET(self) -> None:
        self.answer(200, {"ApiVersion": "1.44", "Version": "25.0.0"})

    def do_POST(self) -> None:
        content = self.rfile.read(int(self.headers["Content-Length"]))
        self.asked.append({"path": self.path, **json.loads(content)})
        self.answer(201, {"Id": "abc", "Warnings": []})

    def answer(self, status: int, content: object) -> None:
        body = json.dumps(content).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Quiet."""


@pytest.fixture(scope="module")
def made() -> dict[str, Any]:
    """What Docker is asked to make for ada."""
    user = SimpleNamespace(name="ada", escaped_name="ada", url="/user/ada/", settings={})
    hub = SimpleNamespace(
        api_url="http://hub:8081/hub/api", base_url="/hub/", public_host="", host="http://hub:8081"
    )
    with ThreadingHTTPServer(("127.0.0.1", 0), Docker) as server, pytest.MonkeyPatch.context() as m:
        thread = Thread(target=server.serve_forever)
        thread.start()
        m.setenv("DOCKER_HOST", f"tcp://127.0.0.1:{server.server_port}")
        spawner = DockerSpawner(config=configured(), user=user, hub=hub, api_token="adas-own-token")
        asyncio.run(spawner.create_object())
        spawner.client.close()
        server.shutdown()
        thread.join()
    return Docker.asked[0]


def test_a_students_container_is_held(made: dict[str, Any]) -> None:
    host = made["HostConfig"]
    assert made["User"] == "1000:1000"
    assert made["Image"] == "localhost/coursewright-pod:1"
    assert host["CapDrop"] == ["ALL"]
    assert host["SecurityOpt"] == ["no-new-privileges:true"]
    assert host["ReadonlyRootfs"] is True
    assert list(host["Tmpfs"]) == ["/tmp"]
    assert host["Memory"] == host["MemorySwap"] == 768 * MEGABYTE
    assert host["CpuQuota"] == 1.5 * host["CpuPeriod"]
    assert host["PidsLimit"] == 512
    assert host["NetworkMode"] == "coursewright_students"
    assert not host.get("Privileged")
    assert not host.get("PortBindings")


def test_it_has_one_volume_which_is_the_students(made: dict[str, Any]) -> None:
    assert "name=coursewright-ada" in made["path"]
    assert made["HostConfig"]["Binds"] == ["coursewright-home-ada:/home/jovyan:rw"]


def test_the_only_secret_in_it_is_the_students_own_token(made: dict[str, Any]) -> None:
    told = "\n".join(made["Env"])
    assert "JUPYTERHUB_API_TOKEN=adas-own-token" in told
    assert "COURSEWRIGHT_SERVICE_URL=http://service:8082/services/coursewright" in told
    for secret in ("database-secret", "service-secret", "DATABASE_URL", "CONFIGPROXY", "DOCKER"):
        assert secret not in told


def test_the_hub_starts_neither_proxy_nor_course_service() -> None:
    config = configured()
    assert config.ConfigurableHTTPProxy.should_start is False
    assert config.JupyterHub.cleanup_servers is False
    ours, culler = config.JupyterHub.services
    assert (ours["name"], ours["url"]) == (SERVICE, "http://service:8082")
    assert "command" not in ours
    assert ours["api_token"] == "service-secret"
    assert culler["name"] == CULLER
    assert config.NativeAuthenticator.open_signup is False
