"""`coursewright up`: the whole platform on this machine, with one command."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
import webbrowser
from collections.abc import Iterator
from pathlib import Path

from rich.console import Console
from traitlets import Bool, Integer, Unicode, default
from traitlets.config import Application

from coursewright.grader import sandbox
from coursewright.hub_config import proxy, publish
from coursewright.hub_config.accounts import PATH as FIRST_ADMIN
from coursewright.hub_config.accounts import marker, write_ticket
from coursewright.hub_config.directory import DataDirectory, default_path
from coursewright.hub_config.platform import Platform
from coursewright.hub_config.ports import check_port, free_ports
from coursewright.hub_config.site import Site
from coursewright.records import database, schema
from coursewright.records.errors import CoursewrightError, Invalid
from coursewright.records.postgres import EmbeddedPostgres

HUB_DATABASE = "coursewright_hub"


class UpApp(Application):
    """Start the database, the Hub with its proxy, the course service and one worker of each kind.

    Ctrl-C stops everything that was started, and nothing else. The data stays.
    """

    name = "coursewright up"
    description = __doc__ or ""
    examples = """
        coursewright up
        coursewright up --port 9000 --data-dir ./class --no-browser
        coursewright up --ip 0.0.0.0 --tls-key key.pem --tls-cert cert.pem
        COURSEWRIGHT_DATABASE_URL=postgresql://… coursewright up    # a database of your own
    """

    port = Integer(8000, config=True, help="The port that people open in their browser.")
    ip = Unicode("127.0.0.1", config=True, help="The address to listen on.")
    data_dir = Unicode(config=True, help="Where everything is kept.")
    admin = Unicode("admin", config=True, help="The first administrator's name.")
    open_browser = Bool(True, config=True, help="Open the page when it is ready.")
    insecure = Bool(False, config=True, help="Listen beyond this machine without TLS.")
    reset_admin = Bool(False, config=True, help="Print a new link to set the admin's password.")
    tls_key = Unicode("", config=True, help="The TLS key, a PEM file.")
    tls_cert = Unicode("", config=True, help="The TLS certificate, a PEM file.")

    aliases = {
        "port": "UpApp.port",
        "ip": "UpApp.ip",
        "data-dir": "UpApp.data_dir",
        "admin": "UpApp.admin",
        "tls-key": "UpApp.tls_key",
        "tls-cert": "UpApp.tls_cert",
    }
    flags = {
        "no-browser": ({"UpApp": {"open_browser": False}}, "Do not open a browser."),
        "insecure": ({"UpApp": {"insecure": True}}, "Listen beyond this machine without TLS."),
        "reset-admin": ({"UpApp": {"reset_admin": True}}, "Print a new link for the admin."),
    }

    @default("data_dir")
    def _default_data_dir(self) -> str:
        return str(default_path())

    def start(self) -> None:
        super().start()
        if self.extra_args:
            raise Invalid(f"{self.extra_args[0]!r} is not understood; see coursewright up --help")
        self.console = Console(highlight=False, soft_wrap=True)
        self.check_address()
        check_port(self.ip, self.port)
        proxy.command()
        directory = DataDirectory(Path(self.data_dir).resolve())
        directory.prepare()
        lock = directory.lock()
        try:
            asyncio.run(self.run(directory))
        finally:
            os.close(lock)

    def check_address(self) -> None:
        """Passwords must not cross a network in the clear. Raises Invalid."""
        if bool(self.tls_key) != bool(self.tls_cert):
            raise Invalid("TLS needs both --tls-key and --tls-cert.")
        for file in filter(None, (self.tls_key, self.tls_cert)):
            if not os.access(file, os.R_OK):
                raise Invalid(f"The TLS file {file} cannot be read.")
        loopback = self.ip in ("127.0.0.1", "::1", "localhost")
        if not loopback and not self.tls_key and not self.insecure:
            raise Invalid(
                f"{self.ip} can be reached from other machines, and passwords would cross the"
                " network in the clear. Give --tls-key and --tls-cert, or say --insecure."
            )

    async def run(self, directory: DataDirectory) -> None:
        """Bring everything up, wait until asked to stop, bring everything down."""
        stop = asyncio.Event()
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            loop.add_signal_handler(number, stop.set)
        with self.storage(directory) as (postgres, url, hub_url):
            with self.step("Database"):
                schema.upgrade(url)
            site = self.settle(directory, url, hub_url)
            self.courses(url)
            platform = Platform(site, directory, postgres)
            try:
                with self.step("Hub"):
                    await platform.start(stop)
                self.welcome(site, directory)
                problem = await platform.watch(stop)
            finally:
                with self.step("Stopping"):
                    await platform.stop()
        if problem:
            raise CoursewrightError(problem)

    @contextlib.contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Say what is under way, then that it is done."""
        with self.console.status(f"{name} …"):
            yield
        self.console.print(f"[green]✓[/] {name}")

    @contextlib.contextmanager
    def storage(
        self, directory: DataDirectory
    ) -> Iterator[tuple[EmbeddedPostgres | None, str, str]]:
        """The database: the one that is named, else our own as long as this block runs."""
        if os.environ.get("COURSEWRIGHT_DATABASE_URL"):
            url = database.database_url(os.environ)
            yield None, url, os.environ.get("COURSEWRIGHT_HUB_DATABASE_URL") or _sqlite(directory)
            return
        postgres = EmbeddedPostgres(directory.postgres)
        try:
            with self.step("PostgreSQL"):
                url = postgres.start()
                hub_url = postgres.ensure_database(HUB_DATABASE)
            yield postgres, url, hub_url
        finally:
            postgres.stop()

    def settle(self, directory: DataDirectory, url: str, hub_url: str) -> Site:
        """The facts of this run."""
        (directory.hub / "proxy.pid").unlink(missing_ok=True)
        reason = sandbox.available()
        if reason:
            self.console.print(
                f"[yellow]! Students' code cannot be isolated: {reason}[/]\n"
                f"  Only {self.admin} can sign in, and submissions wait ungraded until it can."
            )
        hub_port, proxy_port, service_port = free_ports(3)
        return Site(
            data_dir=str(directory.root),
            database=url,
            hub_database=hub_url,
            ip=self.ip,
            port=self.port,
            hub_port=hub_port,
            proxy_port=proxy_port,
            service_port=service_port,
            admin=self.admin,
            tls_key=self.tls_key,
            tls_cert=self.tls_cert,
            isolated=reason is None,
        )

    def courses(self, url: str) -> None:
        engine = database.make_engine(url)
        try:
            for sentence in publish.publish_shipped(database.sessions(engine)):
                self.console.print(f"[green]✓[/] {sentence}")
        finally:
            engine.dispose()

    def welcome(self, site: Site, directory: DataDirectory) -> None:
        """Say where to go, and give the one-time link while there is no administrator."""
        self.console.print(f"\nCoursewright is ready: [bold]{site.url}[/]")
        page = site.url
        ticket_file = directory.hub / FIRST_ADMIN
        done = marker(ticket_file)
        if self.reset_admin or not done.exists() or done.read_text() != site.admin:
            ticket = write_ticket(ticket_file)
            page = f"{site.url}hub/{FIRST_ADMIN}?token={ticket}"
            self.console.print(f"Set the administrator's password here, once: {page}")
        self.console.print(f"Logs are in {directory.logs}. Ctrl-C stops everything.\n")
        if self.open_browser and sys.stdout.isatty():
            webbrowser.open(page)


def _sqlite(directory: DataDirectory) -> str:
    return f"sqlite:///{directory.hub / 'hub.sqlite'}"
