"""The start of a student's server: light, and with the settings that every student's server has."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
import websocket
from fake_hub import Server
from tornado.testing import bind_unused_port
from tornado.web import Application, RequestHandler

from coursewright.extension.singleuser import SETTINGS

PREFIX = "/user/ada/"
SCOPE = "access:servers!server=ada/"
PATIENCE = 60


class Hub(RequestHandler):
    """All that a single-user server asks its Hub at start: the version, and who holds a token."""

    def get(self) -> None:
        self.finish({"kind": "user", "name": "ada", "scopes": [SCOPE], "groups": []})

    def post(self) -> None:
        self.set_status(204)


class StudentServer:
    """A real server as a Hub would start it."""

    def __init__(self, home: Path, hub: Server) -> None:
        socket, port = bind_unused_port()
        socket.close()
        self.url = f"http://127.0.0.1:{port}{PREFIX}"
        self.runtime = home / "run"
        api = f"http://127.0.0.1:{hub.port}/hub/api"
        environment = {
            "HOME": str(home),
            "PATH": os.environ["PATH"],
            "JUPYTER_RUNTIME_DIR": str(self.runtime),
            "JUPYTERHUB_API_TOKEN": "token",
            "JUPYTERHUB_API_URL": api,
            "JUPYTERHUB_ACTIVITY_URL": f"{api}/users/ada/activity",
            "JUPYTERHUB_BASE_URL": "/",
            "JUPYTERHUB_CLIENT_ID": "jupyterhub-user-ada",
            "JUPYTERHUB_OAUTH_ACCESS_SCOPES": json.dumps([SCOPE]),
            "JUPYTERHUB_OAUTH_CALLBACK_URL": f"{PREFIX}oauth_callback",
            "JUPYTERHUB_OAUTH_SCOPES": json.dumps([SCOPE]),
            "JUPYTERHUB_SERVICE_PREFIX": PREFIX,
            "JUPYTERHUB_SERVICE_URL": self.url,
            "JUPYTERHUB_USER": "ada",
        }
        command = [sys.executable, "-m", "coursewright.extension.singleuser", "--allow-root"]
        self.log = home / "log"
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                command, env=environment, cwd=home, stdout=log, stderr=subprocess.STDOUT
            )

    def ask(self, method: str, path: str, **options: Any) -> requests.Response:
        headers = {"Authorization": "token token"}
        answer = requests.request(
            method, self.url + path, headers=headers, timeout=PATIENCE, **options
        )
        answer.raise_for_status()
        return answer

    def printed(self, kernel: str, code: str) -> str:
        """What `code` prints first, sent and read over the kernel's channels."""
        header = {
            "msg_id": uuid.uuid4().hex,
            "msg_type": "execute_request",
            "session": uuid.uuid4().hex,
            "username": "",
            "version": "5.3",
        }
        message = {"header": header, "parent_header": {}, "metadata": {}, "channel": "shell"}
        socket = websocket.create_connection(
            f"ws{self.url.removeprefix('http')}api/kernels/{kernel}/channels",
            header=["Authorization: token token"],
            timeout=PATIENCE,
        )
        try:
            socket.send(json.dumps({**message, "content": {"code": code, "silent": False}}))
            while (answer := json.loads(socket.recv()))["msg_type"] != "stream":
                pass
            return answer["content"]["text"]
        finally:
            socket.close()

    def wait(self) -> None:
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline and self.process.poll() is None:
            try:
                self.ask("GET", "api")
            except requests.ConnectionError:
                time.sleep(0.05)
            else:
                return
        raise AssertionError(self.log.read_text())

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(PATIENCE)


@pytest.fixture(scope="module")
def student_server(short_directory: Path) -> Iterator[StudentServer]:
    home = short_directory / "ada"
    home.mkdir()
    hub = Server(Application([("/hub/api.*", Hub)]))
    server = StudentServer(home, hub)
    try:
        server.wait()
        yield server
    finally:
        server.stop()
        hub.stop()
        shutil.rmtree(home)


def test_kernels_talk_over_unix_sockets_in_the_runtime_directory(
    student_server: StudentServer,
) -> None:
    kernel = student_server.ask("POST", "api/kernels", json={"name": "python3"}).json()["id"]
    connection = json.loads((student_server.runtime / f"kernel-{kernel}.json").read_text())
    assert connection["transport"] == "ipc"
    assert Path(connection["ip"]).parent == student_server.runtime
    assert student_server.printed(kernel, "print(6 * 7)") == "42\n"
    student_server.ask("DELETE", f"api/kernels/{kernel}")
    assert not list(student_server.runtime.glob("kernel-*"))


def test_the_desk_has_courses_and_no_news_nor_instructors_tools(
    student_server: StudentServer,
) -> None:
    page = student_server.ask("GET", "lab").text
    config = json.loads(
        page.split('id="jupyter-config-data" type="application/json">')[1].split("</script>")[0]
    )
    assert config["news"] == {"disabled": True}
    assert config["extensionManager"]["name"] == "read-only"
    wanted = json.loads((SETTINGS / "labconfig" / "page_config.json").read_text())
    assert set(wanted["disabledExtensions"]) <= set(config["disabledExtensions"])
    log = student_server.log.read_text()
    assert "coursewright.extension | extension was successfully loaded" in log
    for tool in ("nbgrader", "nbdime", "notebook |"):
        assert f"{tool}" not in log.replace("notebook_shim |", "")


def test_the_extension_answers_under_the_hub(student_server: StudentServer) -> None:
    headers = {"Authorization": "token token"}
    path = f"{student_server.url}coursewright/api/courses"
    answer = requests.get(path, headers=headers, timeout=PATIENCE)
    assert answer.status_code == 503
    assert "COURSEWRIGHT_SERVICE_URL" in answer.json()["message"]


LIGHT = """
import sys
from coursewright.extension.singleuser import lighten
lighten()
import jupyterhub.singleuser
import jupyter_server.serverapp
before = set(sys.modules)
assert not {"lark", "nbconvert"} & before
import coursewright.extension.app
heavy = {name for name in set(sys.modules) - before if not name.startswith("coursewright")}
assert heavy <= {"tornado.simple_httpclient"}, heavy
"""


def test_neither_the_start_nor_the_extension_loads_what_is_heavy() -> None:
    subprocess.run([sys.executable, "-c", LIGHT], check=True, timeout=PATIENCE)
