"""The running parts of a local site: started together, watched, stopped in order."""

from __future__ import annotations

import asyncio
import os
import re
import sys
from pathlib import Path

from tornado.httpclient import AsyncHTTPClient, HTTPClientError

from coursewright.hub_config.directory import DataDirectory
from coursewright.hub_config.operations import STATEMENTS, TRACES, WATCHED
from coursewright.hub_config.site import Site
from coursewright.hub_config.supervisor import Program
from coursewright.records.errors import Unavailable
from coursewright.records.jobs import QUEUES
from coursewright.records.postgres import EmbeddedPostgres

# Seconds between two looks at the embedded database.
PULSE = 1.0
# Seconds between two looks at a part that starts.
LOOK = 0.1
# Seconds that the Hub, its proxy and the course service may take to answer at first.
PATIENCE = 120.0
# What a part of the platform may see of our own environment.
KEPT = ("PATH", "LANG", "LC_ALL", "TZ", "HOME", "TMPDIR", "COURSEWRIGHT_CONFIG")
MODEL = tuple(
    f"COURSEWRIGHT_LLM_{name}"
    for name in (
        "BASE_URL",
        "API_KEY",
        "MODEL",
        "TIMEOUT",
        "INPUT_PRICE",
        "OUTPUT_PRICE",
        "SOLVER_BASE_URL",
        "SOLVER_API_KEY",
        "SOLVER_MODEL",
        "SOLVER_INPUT_PRICE",
        "SOLVER_OUTPUT_PRICE",
    )
)


# What the course service sees of it, to say whether there is a model: no key, and no password.
TOLD = ("COURSEWRIGHT_LLM_BASE_URL", "COURSEWRIGHT_LLM_MODEL")
PASSWORD = re.compile(r"(?<=://)[^/@]*@")


def environment(*more: str) -> dict[str, str]:
    return {name: os.environ[name] for name in (*KEPT, *more) if name in os.environ}


def model() -> dict[str, str]:
    """Which model is set, for the course service; the Hub hands it on (configure.py)."""
    return {name: PASSWORD.sub("", os.environ[name]) for name in TOLD if name in os.environ}


class Platform:
    """The Hub (which starts the proxy and its services) and the workers."""

    def __init__(self, site: Site, directory: DataDirectory, postgres: EmbeddedPostgres | None):
        self.site = site
        self.directory = directory
        self.postgres = postgres
        self.hub = self._hub()
        self.workers = [self._worker(name) for name in QUEUES]
        self._keepers: list[asyncio.Task[None]] = []

    def _hub(self) -> Program:
        config = Path(__file__).with_name("jupyterhub_config.py")
        argv = [sys.executable, "-m", "coursewright.hub_config.hub", "--config", str(config)]
        return Program(
            "Hub",
            argv,
            environment(*WATCHED) | model() | self.site.to_environ(),
            self.directory.logs / "hub.log",
            grace=40.0,
        )

    def _worker(self, name: str) -> Program:
        argv = [sys.executable, "-m", "coursewright.hub_config.command", "worker", name]
        secrets = (*MODEL, *STATEMENTS) if name == "generate" else ()
        return Program(
            f"{name} worker",
            argv,
            environment(*secrets, *TRACES) | {"COURSEWRIGHT_DATABASE_URL": self.site.database},
            self.directory.logs / f"worker-{name}.log",
        )

    async def start(self, stop: asyncio.Event) -> None:
        """Start all; return when people can come in. Raises Unavailable when the Hub ends early."""
        await self.hub.start()
        self._keepers = [asyncio.create_task(worker.keep()) for worker in self.workers]
        ready = asyncio.create_task(self._answers())
        ended = asyncio.create_task(self.hub.ended())
        stopped = asyncio.create_task(stop.wait())
        await asyncio.wait(
            (ready, ended, stopped), timeout=PATIENCE, return_when=asyncio.FIRST_COMPLETED
        )
        for task in (ready, ended, stopped):
            task.cancel()
        if not stop.is_set() and (ended.done() or not ready.done()):
            raise Unavailable(
                f"The Hub did not start. The end of {self.hub.log}:\n{self.hub.last_lines()}"
            )

    async def _answers(self) -> None:
        """Return when the Hub answers through the proxy, and the course service too."""
        client = AsyncHTTPClient()
        behind = f"http://127.0.0.1:{self.site.hub_port}/"
        in_front = self.site.url
        # The Hub itself first: the proxy would log every early question as an error.
        for url in (
            behind + "hub/health",
            in_front + "hub/health",
            in_front + "services/coursewright/healthz",
        ):
            while not await self._fetch(client, url):
                await asyncio.sleep(LOOK)

    async def _fetch(self, client: AsyncHTTPClient, url: str) -> bool:
        try:
            # The certificate is for the name that people use, not for this look at ourselves.
            await client.fetch(url, validate_cert=False, request_timeout=5)
        except (HTTPClientError, OSError):
            return False
        return True

    async def watch(self, stop: asyncio.Event) -> str:
        """Wait for the wish to stop, or for the Hub's end; gives a sentence in the second case."""
        ended = asyncio.create_task(self.hub.ended())
        while not stop.is_set() and not ended.done():
            if self.postgres is not None:
                # In this very thread: the database server dies with the thread that started it.
                self.postgres.ensure()
            wish = asyncio.create_task(stop.wait())
            await asyncio.wait((wish, ended), timeout=PULSE, return_when=asyncio.FIRST_COMPLETED)
            wish.cancel()
        if stop.is_set():
            ended.cancel()
            return ""
        return (
            f"The Hub ended by itself. Everything was stopped; nothing that was stored is lost."
            f" The end of {self.hub.log}:\n{self.hub.last_lines()}"
        )

    async def stop(self) -> None:
        """The Hub first, so that nobody comes in any more; then the workers."""
        for keeper in self._keepers:
            keeper.cancel()
        await asyncio.gather(self.hub.stop(), *(worker.stop() for worker in self.workers))
