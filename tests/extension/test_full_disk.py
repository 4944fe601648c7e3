"""A student's server whose home is full: it starts, says so, and loses nothing."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from fake_hub import Server
from fake_service import notebook
from student_server import PATIENCE, Hub, StudentServer
from tornado.web import Application

PATH = "courses/python-foundations/names.ipynb"


@pytest.fixture
def full_home(short_directory: Path) -> Iterator[Path]:
    """A home on a volume of 512 kB, with a lesson in it and no byte left."""
    home = short_directory / "full"
    home.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=512k", "tmpfs", str(home)]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        home.rmdir()
        pytest.skip("a small volume can be mounted by root only")
    lesson = home / PATH
    lesson.parent.mkdir(parents=True)
    lesson.write_text(json.dumps(notebook()))
    with (home / "data").open("wb", buffering=0) as file:
        try:
            while True:
                file.write(bytes(4096))
        except OSError:
            pass
    yield home
    subprocess.run(["umount", "--lazy", str(home)], check=True)
    home.rmdir()


@pytest.fixture
def server(full_home: Path, short_directory: Path) -> Iterator[StudentServer]:
    aside = short_directory / "aside"
    aside.mkdir()
    hub = Server(Application([("/hub/api.*", Hub)]))
    server = StudentServer(full_home, hub, aside)
    try:
        server.wait()
        yield server
    finally:
        server.stop()
        hub.stop()
        shutil.rmtree(aside)


def test_a_server_with_a_full_home_starts_runs_and_says_what_is_wrong(
    server: StudentServer, full_home: Path
) -> None:
    kernel = server.ask("POST", "api/kernels", json={"name": "python3"}).json()["id"]
    assert server.printed(kernel, "print(6 * 7)") == "42\n"
    assert server.ask("GET", "lab").ok
    before = (full_home / PATH).read_bytes()
    book = {**notebook(), "cells": notebook()["cells"] * 200}
    answer = requests.put(
        f"{server.url}api/contents/{PATH}",
        json={"type": "notebook", "content": book},
        headers={"Authorization": "token token"},
        timeout=PATIENCE,
    )
    assert answer.status_code == 500
    assert "No space left" in answer.json()["message"]
    assert (full_home / PATH).read_bytes() == before
    assert server.ask("GET", "coursewright/api/safety").json()["full"]
    (full_home / "data").unlink()
    server.ask("PUT", f"api/contents/{PATH}", json={"type": "notebook", "content": book})
    assert not server.ask("GET", "coursewright/api/safety").json()["unsaved"]
