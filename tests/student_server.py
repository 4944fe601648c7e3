"""A student's real server, started as a Hub would start it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
import uuid
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import requests
import websocket
from fake_hub import Server
from tornado.testing import bind_unused_port
from tornado.web import RequestHandler

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

    def __init__(
        self, home: Path, hub: Server, aside: Path | None = None, enter: Sequence[str] = ()
    ) -> None:
        """`aside`: where the log goes; then the server finds its own place for runtime files.

        `enter`: the command that starts it where `home` is seen.
        """
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
        if aside:
            del environment["JUPYTER_RUNTIME_DIR"]
            environment["TMPDIR"] = str(aside)
        # The directory is entered where the home is seen.
        there = ["sh", "-c", 'cd "$0" && exec "$@"', str(home)]
        command = [
            *enter,
            *there,
            sys.executable,
            "-m",
            "coursewright.extension.singleuser",
            "--allow-root",
        ]
        self.log = (aside or home) / "log"
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                command, env=environment, stdout=log, stderr=subprocess.STDOUT
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
