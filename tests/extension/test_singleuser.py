"""The start of a student's server: light, and with the settings that every student's server has."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from fake_hub import Server
from student_server import PATIENCE, Hub, StudentServer
from tornado.web import Application

from coursewright.extension.singleuser import SETTINGS


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
