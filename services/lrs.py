"""Sends what happened to a learning record store (LRS), as xAPI 1.0.3 asks a client to.

A batch that is refused is halved until the statement is found that the store will not take; that
one is set aside with the store's reason. Whatever else goes wrong concerns the store and not a
statement: nothing is set aside, and it is tried again later (records/statements.py says when).
"""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import urlsplit

import httpx2
from sqlalchemy.orm import Session, sessionmaker

from coursewright.records import statements, xapi
from coursewright.records.errors import CoursewrightError, Invalid
from coursewright.records.settled import settled
from coursewright.records.tables import Event
from coursewright.records.xapi import Happened, Json, Site

log = logging.getLogger(__name__)

PREFIX = "COURSEWRIGHT_XAPI_"
BATCH = 100  # statements in a request
PATIENCE = 30.0  # seconds for an answer
PAUSES = (1.0, 4.0)  # seconds before the second and the third try of a request
LONGEST_REASON = 500  # characters of a store's answer that are kept
# About the statements, and not about the store: not valid, of an id that is there, too large.
REFUSED = (400, 409, 413)
DOUBTFUL = 3  # times that a store may refuse all of a batch before it is believed


class Away(CoursewrightError):
    """The store did not answer as one; `wait` is how many seconds it asks for."""

    def __init__(self, message: str, wait: float = 0.0) -> None:
        super().__init__(message)
        self.wait = wait


@dataclass(frozen=True)
class Store:
    """Where statements go; `endpoint` ends with a slash."""

    endpoint: str
    user: str
    password: str
    site: Site
    pauses: Sequence[float] = PAUSES

    @classmethod
    def of(cls, environ: Mapping[str, str] = os.environ) -> Store | None:
        """By COURSEWRIGHT_XAPI_…; None when no endpoint is set. Raises Invalid."""
        given = {
            name: environ.get(PREFIX + name, "")
            for name in ("ENDPOINT", "USER", "PASSWORD", "SITE", "PSEUDONYM_KEY")
        }
        if not given["ENDPOINT"]:
            return None
        parts = urlsplit(given["ENDPOINT"])
        if parts.scheme not in ("http", "https") or not parts.hostname or "@" in parts.netloc:
            raise Invalid(
                f"{PREFIX}ENDPOINT must be the address of a learning record store, such as "
                f"https://lrs.example.org/xapi/; its password goes into {PREFIX}PASSWORD"
            )
        site = Site.of(given["SITE"], given["PSEUDONYM_KEY"])
        endpoint = given["ENDPOINT"].rstrip("/") + "/"
        return cls(endpoint, given["USER"], given["PASSWORD"], site)

    def client(self) -> httpx2.Client:
        auth = httpx2.BasicAuth(self.user, self.password) if self.user else None
        headers = {"X-Experience-API-Version": xapi.VERSION}
        return httpx2.Client(auth=auth, headers=headers, timeout=PATIENCE)


def handle(sessions: sessionmaker[Session], store: Store) -> int:
    """Send all that has happened and is not sent yet; returns how many statements were taken.

    A store that is away is no failure of the job: the next one, a minute later, tries again.
    """
    with sessions.begin() as session:
        feed = statements.feed(session, store.endpoint)
        upto = None if feed.resting else settled(session, Event)
    if upto is None:
        return 0
    after, sent = feed.last_event, 0
    with store.client() as client:
        while after < upto:
            with sessions() as session:
                found = statements.happened(session, after, upto, BATCH)
            after = found[-1].id if len(found) == BATCH else upto
            try:
                aside = send(client, store, found, trusted=feed.failures >= DOUBTFUL)
            except Away as away:
                with sessions.begin() as session:
                    statements.keep_failure(session, store.endpoint, str(away), away.wait)
                log.warning("statements wait: %s", away)
                return sent
            taken = len(found) - len(aside)
            with sessions.begin() as session:
                statements.keep_sent(session, store.endpoint, after, taken, aside)
            sent += taken
    log.info("statements sent", extra={"fields": {"statements": sent, "last_event": after}})
    return sent


def send(
    client: httpx2.Client, store: Store, found: Sequence[Happened], *, trusted: bool = False
) -> dict[int, str]:
    """Send these; gives those that cannot be, each with its reason. Raises Away.

    A store that refuses every one of several is rather not set up well: unless it is `trusted`,
    that counts as away.
    """
    made: list[tuple[int, Json]] = []
    aside: dict[int, str] = {}
    for one in found:
        try:
            made.append((one.id, xapi.statement(store.site, one)))
        except Invalid as error:
            aside[one.id] = str(error)
    refused = deliver(client, store, made) if made else {}
    if len(made) > 1 and len(refused) == len(made) and not trusted:
        raise Away(f"It refuses every statement: {next(iter(refused.values()))}")
    return {**aside, **refused}


def deliver(
    client: httpx2.Client, store: Store, made: Sequence[tuple[int, Json]]
) -> dict[int, str]:
    """Post them; gives the reasons of those that the store refuses for good. Raises Away."""
    answer = _post(client, store, [one for _, one in made])
    if answer.is_success:
        return {}
    if len(made) > 1:
        half = len(made) // 2
        first = deliver(client, store, made[:half])
        return {**first, **deliver(client, store, made[half:])}
    if answer.status_code == HTTPStatus.CONFLICT:
        # It has a statement of this id, so it was sent before.
        return {}
    return {made[0][0]: f"{answer.status_code}: {answer.text[:LONGEST_REASON]}".replace("\0", "")}


def _post(client: httpx2.Client, store: Store, made: Sequence[Json]) -> httpx2.Response:
    """An answer about the statements themselves: taken, in conflict, or refused."""
    for pause in (*store.pauses, None):
        try:
            answer = client.post(f"{store.endpoint}statements", json=made)
        except httpx2.TransportError as error:
            # Its text may hold the address, which has no password in it.
            problem, wait, again = f"It cannot be reached: {error}", 0.0, True
        else:
            if answer.is_success or answer.status_code in REFUSED:
                return answer
            problem, wait = f"It answers {answer.status_code}", _asked_to_wait(answer)
            again = answer.status_code >= 500 or answer.status_code == 429
        if pause is None or not again or wait > pause:
            raise Away(problem, wait)
        time.sleep(pause)
    raise AssertionError("the last try returns or raises")


def _asked_to_wait(answer: httpx2.Response) -> float:
    """Seconds of a Retry-After header that gives them; a day at most."""
    given = answer.headers.get("Retry-After", "")
    return min(float(given), 86_400.0) if given.isascii() and given.isdigit() else 0.0
