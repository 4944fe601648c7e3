"""What all handlers share: the Hub's sign-in, the database, the templates, the limits."""

from __future__ import annotations

import asyncio
import contextvars
from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Concatenate, ParamSpec, TypeVar

from jinja2 import Environment
from jupyterhub.services.auth import HubOAuth
from sqlalchemy.orm import Session, sessionmaker

from coursewright.records.errors import TooLarge
from coursewright.services.exchange import Exchange
from coursewright.services.meters import Meters

P = ParamSpec("P")
T = TypeVar("T")

TEMPLATES = Path(__file__).parent / "templates"


@dataclass
class Service:
    """`prefix` and `hub_prefix` begin and end with a slash; `body_limit` is in bytes."""

    hub_auth: HubOAuth
    sessions: sessionmaker[Session]
    threads: Executor
    pages: Environment
    prefix: str
    hub_prefix: str
    body_limit: int
    # Lets Prometheus in; empty: only administrators.
    metrics_token: str = ""
    working: int = 0
    idle: asyncio.Event = field(default_factory=asyncio.Event)
    exchange: Exchange = field(init=False)
    meters: Meters = field(default_factory=Meters)

    def __post_init__(self) -> None:
        self.idle.set()
        address = self.sessions.kw["bind"].url.render_as_string(hide_password=False)
        self.exchange = Exchange(address, self.ask)

    async def ask(
        self, function: Callable[Concatenate[Session, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run a plain function of records in one transaction, beside the event loop."""

        def work() -> T:
            with self.sessions.begin() as session:
                return function(session, *args, **kwargs)

        context = contextvars.copy_context()
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self.threads, context.run, work)

    @contextmanager
    def busy(self) -> Iterator[None]:
        """Counts as work under way, which a graceful stop waits for."""
        self.working += 1
        self.idle.clear()
        try:
            yield
        finally:
            self.working -= 1
            if not self.working:
                self.idle.set()

    def refuse_larger(self, size: int) -> None:
        """Raises TooLarge when a body of `size` bytes is over the limit."""
        if size > self.body_limit:
            raise TooLarge(
                f"What was sent is larger than the limit of {self.body_limit / 2**20:.0f} MB. "
                "Nothing was stored; in a notebook, clear the outputs (Edit > Clear Outputs of All "
                "Cells), save and try again"
            )
