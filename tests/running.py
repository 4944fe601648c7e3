"""`coursewright up` as a child process, and people who use it without a browser."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

import psutil
import requests

from coursewright.hub_config.ports import free_ports
from coursewright.records.postgres import EmbeddedPostgres

PASSWORD = "a long and quiet password"
PATIENCE = 180


class Up:
    """One run of `coursewright up` over a data directory."""

    def __init__(
        self,
        data: Path,
        *arguments: str,
        port: int = 0,
        environ: Mapping[str, str] | None = None,
    ) -> None:
        self.port = port or free_ports(1)[0]
        self.url = f"http://127.0.0.1:{self.port}/"
        self.data = data
        self.lines: list[str] = []
        self.ready = threading.Event()
        command = [sys.executable, "-m", "coursewright.hub_config.command", "up", "--no-browser"]
        command += ["--port", str(self.port), "--data-dir", str(data), *arguments]
        self.process = subprocess.Popen(
            command,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env={**os.environ, **(environ or {})},
            start_new_session=True,
        )
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        with self.process.stdout as told:
            for line in told:
                self.lines.append(line)
                if "Ctrl-C stops everything" in line:
                    self.ready.set()
        self.ready.set()

    def wait(self) -> Up:
        assert self.ready.wait(PATIENCE), self.told()
        assert self.process.poll() is None, self.told()
        return self

    def told(self) -> str:
        return "".join(self.lines)

    @property
    def database(self) -> str:
        """The address of the database that this run has of its own."""
        return EmbeddedPostgres(self.data / "postgres").url()

    @property
    def link(self) -> str:
        """The one-time link that the first run printed."""
        found = re.search(r"http\S+first-admin\?token=\S+", self.told())
        assert found, self.told()
        return found.group()

    def family(self) -> list[psutil.Process]:
        """Everything that runs because of this run, itself first."""
        me = psutil.Process(self.process.pid)
        return [me, *me.children(recursive=True)]

    def interrupt(self) -> int:
        """Ctrl-C; gives the exit status."""
        self.process.send_signal(signal.SIGINT)
        return self.end()

    def kill(self) -> None:
        """What `kill -9 -- -PGID` does."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.end()

    def end(self) -> int:
        status = self.process.wait(PATIENCE)
        self._reader.join(PATIENCE)
        return status


def service_of(run: Up) -> list[psutil.Process]:
    """The course service's own processes; none while the Hub has not started it again."""
    found = []
    for process in run.family():
        with contextlib.suppress(psutil.Error):
            line = process.cmdline()
            if "coursewright.hub_config.command" in line[:-1] and "service" in line:
                found.append(process)
    return found


@contextlib.contextmanager
def frozen(processes: list[psutil.Process]) -> Iterator[None]:
    """They neither answer nor refuse, as behind a network that is cut."""
    for process in processes:
        process.send_signal(signal.SIGSTOP)
    try:
        yield
    finally:
        for process in processes:
            with contextlib.suppress(psutil.NoSuchProcess):
                process.send_signal(signal.SIGCONT)


@contextlib.contextmanager
def up(data: Path, *arguments: str, environ: Mapping[str, str] | None = None) -> Iterator[Up]:
    """A run that is ready, and is stopped at the end in any case."""
    run = Up(data, *arguments, environ=environ)
    try:
        yield run.wait()
    finally:
        if run.process.poll() is None:
            run.interrupt()


class Person:
    """Somebody at the Hub: cookies and forms, as a browser sends them."""

    def __init__(self, run: Up, name: str, password: str = PASSWORD):
        self.run, self.name, self.password = run, name, password
        self.session = requests.Session()

    def post(self, path: str, **form: str) -> requests.Response:
        """Open the form at `path` and send it."""
        address = path if path.startswith("http") else self.run.url + path
        self.session.get(address).raise_for_status()
        xsrf = self.session.cookies.get("_xsrf", path="/hub/") or ""
        return self.session.post(address.partition("?")[0], data={"_xsrf": xsrf, **form})

    def sign_up(self) -> Person:
        answer = self.post(
            "hub/signup",
            username=self.name,
            signup_password=self.password,
            signup_password_confirmation=self.password,
        )
        assert "successful" in answer.text
        return self

    def sign_in(self) -> Person:
        answer = self.post("hub/login", username=self.name, password=self.password)
        assert "login" not in answer.url, answer.url
        return self

    def start_server(self) -> str:
        """Start the server; gives its address."""
        self.session.get(f"{self.run.url}hub/spawn/{self.name}").raise_for_status()
        server = f"{self.run.url}user/{self.name}/"
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            answer = self.session.get(server + "api")
            if answer.ok and "version" in answer.text:
                return server
            time.sleep(0.05)
        raise TimeoutError(f"{self.name}'s server did not start")

    def token(self) -> str:
        """A token with this person's own rights."""
        xsrf = self.session.cookies.get("_xsrf", path="/hub/") or ""
        answer = self.session.post(
            f"{self.run.url}hub/api/users/{self.name}/tokens",
            json={"note": "tests"},
            headers={"X-XSRFToken": xsrf, "Referer": f"{self.run.url}hub/token"},
        )
        answer.raise_for_status()
        return str(answer.json()["token"])


def set_administrator(run: Up, password: str = PASSWORD) -> Person:
    """Use the one-time link; gives the administrator."""
    admin = Person(run, "admin", password)
    ticket = run.link.rpartition("=")[2]
    answer = admin.post(run.link, ticket=ticket, password=password, confirmation=password)
    answer.raise_for_status()
    return admin
