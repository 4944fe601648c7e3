"""The course service as a program: its settings, its table of routes, its start and its stop."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import logging
import os
import signal
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from socket import AF_INET, AF_INET6, create_server, socket
from typing import Any, cast
from urllib.parse import urlsplit

from sqlalchemy import Engine
from tornado.httpserver import HTTPServer
from traitlets import Integer, List, TraitError, Unicode, default, validate
from traitlets.config import Application

from coursewright.records import database, schema, tracing
from coursewright.records.errors import Invalid, Unavailable
from coursewright.services import logs, processes
from coursewright.services.meters import SHARED, Meters, forget
from coursewright.services.oauth_states import TravellingStates
from coursewright.services.origins import ORIGIN
from coursewright.services.rates import Rates
from coursewright.services.service import Service
from coursewright.services.web import make_app, pages

try:
    from jupyterhub.httpclient import JupyterHubHTTPClient
except ImportError:  # JupyterHub 5 asks through tornado's client, which needs no closing
    JupyterHubHTTPClient = None

# Seconds that a sender may take for a body.
BODY_TIMEOUT = 300.0
SHORTEST_TOKEN = 16


class ServiceApp(Application):
    """The course service: API and pages beside the Hub, which starts it."""

    name = "coursewright service"
    description = __doc__ or ""

    url = Unicode(
        help="Where to listen, such as http://127.0.0.1:8082; the Hub says so in "
        "JUPYTERHUB_SERVICE_URL to the services that it starts."
    ).tag(config=True)
    body_limit = Integer(10 * 2**20, help="Largest notebook that may be handed in, in bytes.").tag(
        config=True
    )
    threads = Integer(
        10, help="How many requests may work with the database at the same time."
    ).tag(config=True)
    processes = Integer(
        1,
        min=1,
        help="""How many processes answer, behind one address.

        Python works on one thing at a time in each: two of them make use of two cores.
        """,
    ).tag(config=True)
    grace = Integer(
        10, help="Seconds that requests under way have to end when the service is told to stop."
    ).tag(config=True)
    hub_cache = Integer(
        60, help="Seconds for which the Hub's word about a token is taken without asking again."
    ).tag(config=True)
    reads_per_minute = Integer(
        1200, help="How often somebody may read through the API in a minute; 0 for no limit."
    ).tag(config=True)
    writes_per_minute = Integer(
        600,
        help="The same for each verb that writes. Limits hold in each process of the service.",
    ).tag(config=True)
    pages_per_minute = Integer(
        1200,
        help="""How many pages somebody may open in a minute, and how many forms send; 0 for no
        limit. Style sheets, pictures and what needs no sign-in are not counted.
        """,
    ).tag(config=True)
    allowed_origins = List(
        Unicode(),
        help="""Sites whose pages may use the API, such as https://school.example.

        They send a Hub token; cookies are never accepted from other sites. None unless named.
        """,
    ).tag(config=True)
    cookie_secret = Unicode(
        help="""Signs the cookies of the pages.

        The same for all processes of the service; COURSEWRIGHT_COOKIE_SECRET in the environment.
        Without it, it follows from the service's own Hub token.
        """
    ).tag(config=True)

    metrics_token = Unicode(
        help="""Lets Prometheus read /metrics, as a bearer token; 16 characters or more.

        COURSEWRIGHT_METRICS_TOKEN in the environment. Without it only administrators may.
        """
    ).tag(config=True)

    @default("url")
    def _url(self) -> str:
        return os.environ.get("JUPYTERHUB_SERVICE_URL", "")

    @default("cookie_secret")
    def _cookie_secret(self) -> str:
        return os.environ.get("COURSEWRIGHT_COOKIE_SECRET", "")

    @validate("allowed_origins")
    def _allowed_origins(self, proposal: Any) -> list[str]:
        odd = [origin for origin in proposal["value"] if not ORIGIN.match(origin)]
        if odd:
            raise TraitError(
                f"{odd[0]!r} is not an origin; write scheme, host and port only, such as "
                "https://school.example or http://127.0.0.1:8000"
            )
        return proposal["value"]

    @default("metrics_token")
    def _metrics_token(self) -> str:
        return os.environ.get("COURSEWRIGHT_METRICS_TOKEN", "")

    @default("log_level")
    def _log_level(self) -> int:
        return logging.INFO

    def start(self) -> None:
        super().start()
        logs.configure(cast(int, self.log_level))
        address = database.database_url(os.environ)
        check(address)
        with bound(self.url) as listening:
            if self.processes == 1:
                self.work(address, listening)
                return
            with tempfile.TemporaryDirectory(prefix="coursewright-") as directory:
                os.environ[SHARED] = directory
                processes.supervise(self.processes, lambda: self.work(address, listening), forget)

    def work(self, address: str, listening: socket) -> None:
        """What each process does, until SIGTERM or SIGINT."""
        tracing.configure("coursewright-service")
        engine = database.make_engine(address, pool_size=max(1, self.threads // 2))
        try:
            asyncio.run(self.serve_until_told(engine, listening))
        finally:
            engine.dispose()
            tracing.stop()

    async def serve_until_told(self, engine: Engine, listening: socket) -> None:
        stop = asyncio.Event()
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, stop.set)
        await self.serve(engine, listening, stop)

    async def serve(self, engine: Engine, listening: socket, stop: asyncio.Event) -> None:
        """Answer until `stop`; then finish what is under way."""
        with ThreadPoolExecutor(self.threads, "database") as threads:
            service = self.service(engine, threads)
            server = HTTPServer(
                make_app(service, self.signing_key(service.hub_auth.api_token)),
                xheaders=True,
                # The handlers refuse what is too large, with an answer.
                max_body_size=2**40,
                body_timeout=BODY_TIMEOUT,
            )
            server.add_socket(listening)
            logs.log.info("ready", extra={"fields": {"address": listening.getsockname()}})
            await stop.wait()
            await shut(server, service, self.grace)
        logs.log.info("stopped")

    def service(self, engine: Engine, threads: ThreadPoolExecutor) -> Service:
        hub_auth = TravellingStates(
            parent=self, cache_max_age=self.hub_cache, allow_token_in_url=False
        )
        hub_auth.states_key = self.signing_key(hub_auth.api_token)
        return Service(
            hub_auth=hub_auth,
            sessions=database.sessions(engine),
            threads=threads,
            pages=pages(),
            prefix=hub_auth.base_url,
            hub_prefix=hub_auth.hub_prefix,
            body_limit=self.body_limit,
            rates=Rates(self.reads_per_minute, self.writes_per_minute),
            page_rates=Rates(self.pages_per_minute, self.pages_per_minute),
            units=asyncio.Semaphore(max(1, self.threads // 2)),
            allowed_origins=frozenset(self.allowed_origins),
            metrics_token=secret(self.metrics_token),
            meters=Meters(Path(directory) if (directory := os.environ.get(SHARED)) else None),
        )

    def signing_key(self, token: str) -> bytes:
        if self.cookie_secret:
            return self.cookie_secret.encode()
        return hmac.digest(token.encode(), b"coursewright cookies", hashlib.sha256)


def secret(token: str) -> str:
    """`token`, unless it is one that can be guessed. Raises Invalid."""
    if token and len(token) < SHORTEST_TOKEN:
        raise Invalid(
            f"COURSEWRIGHT_METRICS_TOKEN has fewer than {SHORTEST_TOKEN} characters; "
            "`openssl rand -hex 32` makes a good one"
        )
    return token


def check(address: str) -> None:
    """Raises Invalid when the database has another schema than this release's."""
    try:
        schema.check(address)
    except Unavailable as error:
        # The service answers 503 until the database is there.
        logs.log.warning("starting without the database: %s", error)


def bound(url: str) -> socket:
    """A socket that listens where `url` says. Raises Invalid and Unavailable."""
    address = urlsplit(url)
    if not address.hostname or not address.port:
        raise Invalid(
            "JUPYTERHUB_SERVICE_URL must name where to listen, such as http://127.0.0.1:8082; "
            "the Hub sets it for the services that it starts"
        )
    try:
        family = AF_INET6 if ":" in address.hostname else AF_INET
        listening = create_server((address.hostname, address.port), family=family, backlog=128)
    except OSError as error:
        raise Unavailable(f"Cannot listen on {url}: {error.strerror}") from error
    listening.setblocking(False)
    return listening


async def shut(server: HTTPServer, service: Service, grace: float) -> None:
    """Take no more requests, and give those under way their time."""
    server.stop()
    await service.classes.close()
    await service.admin.close()
    await service.exchange.close()
    try:
        await asyncio.wait_for(service.idle.wait(), grace)
    except TimeoutError:
        logs.log.warning("stopping with %d requests under way", service.working)
    await server.close_all_connections()
    if JupyterHubHTTPClient is not None:
        await JupyterHubHTTPClient.loop_instance().close()
