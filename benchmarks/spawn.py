"""From login to a ready server: `coursewright up` beside a stock JupyterHub, in turn, in one run.

The stock Hub has the same versions of everything and the same proxy; its servers load what
JupyterLab itself brings, and none of the extensions that this environment holds beside it.
A measure begins with the sign-in form and ends when the student's server answers its API.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import requests

from coursewright.hub_config import proxy
from coursewright.hub_config.ports import free_ports

PASSWORD = "a long and quiet password"
# What `pip install jupyterhub jupyterlab` enables.
STOCK_EXTENSIONS = {"jupyterlab", "jupyter_lsp", "notebook_shim", "jupyter_server_terminals"}
PATIENCE = 120


class Person:
    """A browser without a screen: cookies and forms."""

    def __init__(self, url: str, name: str) -> None:
        self.url, self.name = url, name
        self.session = requests.Session()

    def post(self, path: str, **form: str) -> requests.Response:
        self.session.get(self.url + path)
        xsrf = self.session.cookies.get("_xsrf", path="/hub/")
        answer = self.session.post(self.url + path, data={"_xsrf": xsrf, **form})
        answer.raise_for_status()
        return answer

    def start(self) -> float:
        """Sign in and start the server; gives the seconds until it answers."""
        began = time.perf_counter()
        self.post("hub/login", username=self.name, password=PASSWORD)
        self.session.get(f"{self.url}hub/spawn/{self.name}")
        while time.perf_counter() - began < PATIENCE:
            with contextlib.suppress(requests.RequestException):
                answer = self.session.get(f"{self.url}user/{self.name}/api", timeout=5)
                if answer.ok and "version" in answer.json():
                    return time.perf_counter() - began
            time.sleep(0.02)
        raise TimeoutError(f"{self.name}'s server did not start within {PATIENCE} s")

    def stop(self) -> None:
        """Stop the server, and wait until the Hub has forgotten it."""
        xsrf = self.session.cookies.get("_xsrf", path="/hub/")
        server = f"{self.url}hub/api/users/{self.name}/server"
        headers = {"X-XSRFToken": xsrf, "Referer": f"{self.url}hub/home"}
        self.session.delete(server, headers=headers).raise_for_status()
        while self.session.get(f"{self.url}hub/api/users/{self.name}", headers=headers).json()[
            "servers"
        ]:
            time.sleep(0.05)


def answers(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    began = time.monotonic()
    while time.monotonic() - began < PATIENCE:
        if process.poll() is not None:
            sys.exit(f"It ended early:\n{log.read_text()[-3000:]}")
        with contextlib.suppress(requests.RequestException):
            if requests.get(url, timeout=5).ok:
                return
        time.sleep(0.05)
    sys.exit(f"{url} did not answer within {PATIENCE} s")


@contextlib.contextmanager
def running(command: list[str], log: Path, *ready: str, **kwargs: object) -> Iterator[None]:
    with log.open("wb") as output:
        process = subprocess.Popen(command, stdout=output, stderr=output, **kwargs)
    try:
        for url in ready:
            answers(url, process, log)
        yield
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(60)


def stock_config(directory: Path, port: int, hub_port: int, api_port: int) -> Path:
    """A Hub as the quickstart makes it, without accounts of the system."""
    config = directory / "stock_config.py"
    config.write_text(
        f"""
c.JupyterHub.bind_url = "http://127.0.0.1:{port}/"
c.JupyterHub.hub_port = {hub_port}
c.JupyterHub.authenticator_class = "dummy"
c.Authenticator.allow_all = True
c.JupyterHub.spawner_class = "simple"
c.SimpleLocalProcessSpawner.home_dir_template = "{directory}/homes/{{username}}"
c.ConfigurableHTTPProxy.command = {proxy.command()!r}
c.ConfigurableHTTPProxy.api_url = "http://127.0.0.1:{api_port}"
c.Spawner.default_url = "/lab"
c.Spawner.args = ["--allow-root"]
c.Spawner.environment = {{"JUPYTER_CONFIG_DIR": "{directory}/config"}}
"""
    )
    enabled = Path(sys.prefix, "etc", "jupyter", "jupyter_server_config.d")
    found: set[str] = set()
    for file in enabled.glob("*.json"):
        found |= set(json.loads(file.read_text())["ServerApp"]["jpserver_extensions"])
    (directory / "config").mkdir()
    off = dict.fromkeys(found - STOCK_EXTENSIONS, False)
    settings = {"ServerApp": {"jpserver_extensions": off}}
    (directory / "config" / "jupyter_server_config.json").write_text(json.dumps(settings))
    return config


@contextlib.contextmanager
def stock(directory: Path) -> Iterator[str]:
    directory.mkdir()
    port, hub_port, api_port = free_ports(3)
    config = stock_config(directory, port, hub_port, api_port)
    command = [sys.executable, "-m", "jupyterhub", "--config", str(config)]
    url = f"http://127.0.0.1:{port}/"
    # Servers must find this environment's jupyterhub-singleuser.
    environment = {**os.environ, "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
    with running(command, directory / "log", url + "hub/health", cwd=directory, env=environment):
        yield url


@contextlib.contextmanager
def ours(directory: Path) -> Iterator[str]:
    (port,) = free_ports(1)
    url = f"http://127.0.0.1:{port}/"
    command = [sys.executable, "-m", "coursewright.hub_config.command", "up", "--no-browser"]
    command += ["--port", str(port), "--data-dir", str(directory / "data")]
    directory.mkdir()
    directory.chmod(0o711)
    ready = (url + "hub/health", url + "services/coursewright/healthz")
    with running(command, directory / "log", *ready):
        Person(url, "ada").post(
            "hub/signup",
            username="ada",
            signup_password=PASSWORD,
            signup_password_confirmation=PASSWORD,
        )
        yield url


def measure(rounds: int) -> dict[str, list[float]]:
    """Seconds of each round; the two take turns, and the first round warms up both."""
    base = Path(tempfile.mkdtemp(prefix="cw-spawn-", dir="/tmp"))
    base.chmod(0o711)
    seconds: dict[str, list[float]] = {"stock": [], "ours": []}
    try:
        with stock(base / "stock") as stock_url, ours(base / "ours") as our_url:
            for number in range(rounds + 1):
                for name, url in (("stock", stock_url), ("ours", our_url)):
                    person = Person(url, "ada")
                    took = person.start()
                    person.stop()
                    if number:
                        seconds[name].append(took)
    finally:
        shutil.rmtree(base, ignore_errors=True)
    return seconds


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=7, help="measured rounds (7)")
    seconds = measure(parser.parse_args().rounds)
    print(f"{'login to ready server':24}{'min':>8}{'median':>8}{'max':>8}   seconds")
    for name, values in seconds.items():
        row = (min(values), statistics.median(values), max(values))
        print(f"{name:24}" + "".join(f"{value:8.2f}" for value in row))
    pairs = [mine / theirs for mine, theirs in zip(seconds["ours"], seconds["stock"], strict=True)]
    print(
        f"{'ours / stock':24}"
        + "".join(f"{value:8.2f}" for value in (min(pairs), statistics.median(pairs), max(pairs)))
    )
    result = {
        "name": "spawn",
        "ratios": {"spawn": round(statistics.median(pairs), 3)},
        "figures": {
            f"{name}_seconds": round(statistics.median(values), 3)
            for name, values in seconds.items()
        },
    }
    print(json.dumps(result))


if __name__ == "__main__":
    main()
