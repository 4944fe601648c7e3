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


# A namespace of its own needs no root to mount a volume in, as the sandbox needs none.
VOLUME = 'mount -t tmpfs -o size=512k tmpfs "$1" && echo mounted && exec sleep infinity'


@pytest.fixture
def volume(short_directory: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A process that sees 512 kB where `full` is; it ends with the test, and the volume with it."""
    home = short_directory / "full"
    home.mkdir()
    apart = ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c", VOLUME, "sh", str(home)]
    with subprocess.Popen(apart, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as holder:
        assert holder.stdout is not None
        assert holder.stderr is not None
        assert holder.stdout.readline() == b"mounted\n", holder.stderr.read()
        yield holder
        holder.kill()
    home.rmdir()


@pytest.fixture
def full_home(volume: subprocess.Popen[bytes], short_directory: Path) -> Path:
    """A home with a lesson in it and no byte left, as it is seen from here."""
    home = Path(f"/proc/{volume.pid}/root{short_directory}/full")
    lesson = home / PATH
    lesson.parent.mkdir(parents=True)
    lesson.write_text(json.dumps(notebook()))
    with (home / "data").open("wb", buffering=0) as file:
        try:
            while True:
                file.write(bytes(4096))
        except OSError:
            pass
    return home


@pytest.fixture
def server(
    full_home: Path, volume: subprocess.Popen[bytes], short_directory: Path
) -> Iterator[StudentServer]:
    aside = short_directory / "aside"
    aside.mkdir()
    hub = Server(Application([("/hub/api.*", Hub)]))
    enter = ["nsenter", "--user", "--mount", "--preserve-credentials", "--target", str(volume.pid)]
    server = StudentServer(short_directory / "full", hub, aside, enter)
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
