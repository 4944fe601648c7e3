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
from coursewright.services.admin_feed import AdminFeed
from coursewright.services.class_feed import ClassFeed
from coursewright.services.exchange import Exchange
from coursewright.services.house import House
from coursewright.services.meters import Meters
from coursewright.services.rates import Rates

P = ParamSpec("P")
T = TypeVar("T")

TEMPLATES = Path(__file__).parent / "templates"


@dataclass
class Service:
    """`prefix` and `hub_prefix` begin and end with a slash; `body_limit` is in bytes.

    `units` are the requests that may keep a transaction between their questions: fewer than there
    are connections, so that the others always find one.
    """

    hub_auth: HubOAuth
    sessions: sessionmaker[Session]
    threads: Executor
    pages: Environment
    prefix: str
    hub_prefix: str
    body_limit: int
    rates: Rates
    page_rates: Rates
    units: asyncio.Semaphore
    allowed_origins: frozenset[str] = frozenset()
    # Lets Prometheus in; empty: only administrators.
    metrics_token: str = ""
    working: int = 0
    idle: asyncio.Event = field(default_factory=asyncio.Event)
    exchange: Exchange = field(init=False)
    classes: ClassFeed = field(init=False)
    admin: AdminFeed = field(init=False)
    house: House = field(init=False)
    meters: Meters = field(default_factory=Meters)

    def __post_init__(self) -> None:
        self.idle.set()
        address = self.sessions.kw["bind"].url.render_as_string(hide_password=False)
        self.exchange = Exchange(address, self.ask)
        self.classes = ClassFeed(self.exchange, self.ask)
        self.admin = AdminFeed(self.exchange, self.ask)
        self.house = House(self.ask)

    async def ask(
        self, function: Callable[Concatenate[Session, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run a plain function of records in one transaction, beside the event loop."""

        def work() -> T:
            with self.sessions.begin() as session:
                return function(session, *args, **kwargs)

        return await self.in_thread(work)

    async def in_thread(self, work: Callable[[], T]) -> T:
        """Beside the event loop, with what the log's lines of the request carry."""
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

    def stand(self) -> None:
        """Note in the meters what this process holds now."""
        pool = getattr(self.sessions.kw["bind"], "pool", None)
        self.meters.stand(pool, len(self.exchange.listeners))

    @property
    def largest(self) -> int:
        """The limit of a body now: an administrator's, or else the one we were started with."""
        chosen = self.house.settings.body_mb
        return self.body_limit if chosen is None else chosen * 2**20

    def refuse_larger(self, size: int) -> None:
        """Raises TooLarge when a body of `size` bytes is over the limit."""
        if size > self.largest:
            raise TooLarge(
                f"What was sent is larger than the limit of {self.largest / 2**20:.0f} MB. "
                "Nothing was stored; in a notebook, clear the outputs (Edit > Clear Outputs of All "
                "Cells), save and try again"
            )
