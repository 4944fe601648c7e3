"""`coursewright xapi`: what happened, as xAPI statements in a file or to the store that is set."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy.orm import Session, sessionmaker
from traitlets import Bool, Unicode, default
from traitlets.config import Application

from coursewright.records import database, schema, statements, xapi
from coursewright.records.errors import Invalid
from coursewright.records.settled import settled
from coursewright.records.statements import Wanted
from coursewright.records.tables import Event
from coursewright.records.xapi import Happened, Site
from coursewright.services import lrs

BATCH = 1000


class XapiApp(Application):
    """Write what learners did as statements of xAPI 1.0.3, one to a line."""

    name = "coursewright xapi"
    description = __doc__ or ""
    examples = """
        coursewright xapi --site https://learn.example.org/ --to statements.jsonl
        coursewright xapi --course sums --since 2026-09-01 --to autumn.jsonl
        coursewright xapi --send        # to COURSEWRIGHT_XAPI_ENDPOINT, what is not sent yet
        coursewright xapi --aside       # what that store would not take, and why

    It works in the database that COURSEWRIGHT_DATABASE_URL names. With
    COURSEWRIGHT_XAPI_PSEUDONYM_KEY people are pseudonyms.
    """
    course = Unicode("", config=True, help="Only what happened in this course.")
    since = Unicode("", config=True, help="Only from this day or time on; UTC without a zone.")
    to = Unicode("", config=True, help="The file to write; it must not be there yet.")
    site = Unicode(config=True, help="This site's address; or COURSEWRIGHT_XAPI_SITE.")
    send = Bool(False, config=True, help="Send to the store what was not sent yet.")
    aside = Bool(False, config=True, help="Show what the store would not take.")
    aliases = {name: f"XapiApp.{name}" for name in ("course", "since", "to", "site")}
    flags = {
        "send": ({"XapiApp": {"send": True}}, "Send to the store what was not sent yet."),
        "aside": ({"XapiApp": {"aside": True}}, "Show what the store would not take."),
    }

    @default("site")
    def _site(self) -> str:
        return os.environ.get("COURSEWRIGHT_XAPI_SITE", "")

    def start(self) -> None:
        super().start()
        if self.extra_args or sum((self.send, self.aside, bool(self.to))) != 1:
            raise Invalid("Say one of --to FILE, --send and --aside; see coursewright xapi --help")
        url = database.database_url(os.environ)
        schema.check(url)
        engine = database.make_engine(url)
        try:
            self.act(database.sessions(engine))
        finally:
            engine.dispose()

    def act(self, sessions: sessionmaker[Session]) -> None:
        if self.to:
            site = Site.of(self.site, os.environ.get("COURSEWRIGHT_XAPI_PSEUDONYM_KEY", ""))
            wanted = Wanted(self.course or None, moment(self.since))
            made = export(sessions, site, wanted, Path(self.to))
            self.tell(f"{made} statements are in {self.to}")
            return
        store = lrs.Store.of(os.environ)
        if store is None:
            raise Invalid("Name the store in COURSEWRIGHT_XAPI_ENDPOINT")
        if self.send:
            self.tell(f"{lrs.handle(sessions, store)} statements were taken")
            return
        with sessions() as session:
            found = statements.set_aside(session, store.endpoint)
        for event, reason in found:
            self.tell(f"event {event}: {reason}")
        self.tell(f"{len(found)} statements were not taken")

    def tell(self, sentence: str) -> None:
        sys.stdout.write(f"{sentence}\n")


def moment(given: str) -> datetime | None:
    """Raises Invalid for what is no time."""
    if not given:
        return None
    try:
        found = datetime.fromisoformat(given)
    except ValueError as error:
        raise Invalid(f"{given!r} is no day and no time; write 2026-09-01") from error
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def export(sessions: sessionmaker[Session], site: Site, wanted: Wanted, path: Path) -> int:
    """Write a file that only its owner may read; returns how many statements. Raises Invalid.

    What has no statement is left out. The export is written into the audit log.
    """
    made = 0
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise Invalid(f"{path} cannot be written: {error.strerror}") from error
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        for one in everything(sessions, wanted):
            try:
                line = json.dumps(xapi.statement(site, one), ensure_ascii=False)
            except Invalid:
                continue
            file.write(f"{line}\n")
            made += 1
    with sessions.begin() as session:
        statements.note_export(session, wanted, made)
    return made


def everything(sessions: sessionmaker[Session], wanted: Wanted) -> Iterator[Happened]:
    """All that is wanted, a batch at a time."""
    with sessions() as session:
        upto = settled(session, Event)
        if upto is None:
            raise Invalid("Too much is being written just now; try again in a moment")
    after = 0
    while after < upto:
        with sessions() as session:
            found = statements.happened(session, after, upto, BATCH, wanted)
        yield from found
        after = found[-1].id if len(found) == BATCH else upto
