"""The course service as a process of its own, as the Hub starts it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from fake_hub import Hub
from school import PREFIX
from tornado.testing import bind_unused_port

COMMAND = [
    sys.executable,
    "-W",
    "error",
    "-c",
    "import sys; from coursewright.services.app import ServiceApp; "
    "ServiceApp.launch_instance(sys.argv[1:])",
]


def environment(hub: Hub, database: str) -> dict[str, str]:
    """What the Hub gives to a service that it starts."""
    socket, port = bind_unused_port()
    socket.close()
    return {
        **os.environ,
        "COURSEWRIGHT_DATABASE_URL": database,
        "JUPYTERHUB_API_TOKEN": "the-service-itself",
        "JUPYTERHUB_API_URL": f"{hub.url}/hub/api",
        "JUPYTERHUB_BASE_URL": "/",
        "JUPYTERHUB_CLIENT_ID": "service-coursewright",
        "JUPYTERHUB_SERVICE_NAME": "coursewright",
        "JUPYTERHUB_SERVICE_PREFIX": PREFIX,
        "JUPYTERHUB_SERVICE_URL": f"http://127.0.0.1:{port}",
    }


class Program:
    """The child process; its log's lines as they come."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        self.lines: list[dict[str, object]] = []
        self.ready = threading.Event()
        self.reader = threading.Thread(target=self.read)
        self.reader.start()

    def read(self) -> None:
        for line in self.process.stderr or ():
            self.lines.append(json.loads(line))
            if self.lines[-1]["event"] == "ready":
                self.ready.set()
        self.ready.set()

    def end(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        status = self.process.wait(30)
        self.reader.join()
        return status


@contextmanager
def program(environ: Mapping[str, str], *arguments: str) -> Iterator[Program]:
    command = [*COMMAND, *arguments]
    with subprocess.Popen(command, env=environ, stderr=subprocess.PIPE, text=True) as process:
        started = Program(process)
        started.ready.wait(60)
        try:
            yield started
        finally:
            process.kill()
            started.reader.join()
