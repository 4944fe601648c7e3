"""`coursewright db`: bring the database to this release's schema, or ask whether it is there."""

from __future__ import annotations

import logging
import sys
from typing import Any

from traitlets import Unicode, default
from traitlets.config import Application

from coursewright.records import schema
from coursewright.records.database import database_url
from coursewright.records.errors import CoursewrightError


class SchemaApplication(Application):
    """What both verbs share: the address, and errors as a sentence with exit status 1."""

    url = Unicode(
        help="PostgreSQL's address, postgresql://user@host/name. "
        "Without it, COURSEWRIGHT_DATABASE_URL counts.",
    ).tag(config=True)

    aliases = {"url": "SchemaApplication.url"}

    @default("url")
    def _default_url(self) -> str:
        return database_url()

    @default("log_level")
    def _default_log_level(self) -> int:
        return logging.INFO

    def act(self) -> str:
        """Do it; returns the sentence that says so."""
        raise NotImplementedError

    def start(self) -> None:
        super().start()
        try:
            done = self.act()
        except CoursewrightError as error:
            self.log.error("%s", error)
            sys.exit(1)
        self.log.info("%s", done)


class UpgradeApplication(SchemaApplication):
    """Make or change the tables for this release; safe to repeat, and to run twice at once."""

    name = "coursewright-db-upgrade"
    description = __doc__

    def act(self) -> str:
        return f"The database has schema {schema.upgrade(self.url)}, which this release works with"


class CheckApplication(SchemaApplication):
    """Say whether the tables are this release's; exits with 1, and what to do, when not."""

    name = "coursewright-db-check"
    description = __doc__

    def act(self) -> str:
        return f"The database has schema {schema.check(self.url)}, which this release works with"


class DatabaseApp(Application):
    """Look after the database's tables. Back it up before you upgrade: pg_dump does it."""

    name = "coursewright-db"
    description = __doc__
    examples = """
        coursewright db check
        coursewright db upgrade --url postgresql://coursewright@localhost/coursewright
    """

    subcommands = {
        "upgrade": (UpgradeApplication, "make or change the tables for this release"),
        "check": (CheckApplication, "say whether the tables are this release's"),
    }

    def start(self) -> Any:
        if self.subapp is None:
            self.print_help()
            sys.exit(2)
        return super().start()
