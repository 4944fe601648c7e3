"""What administrators decide for the Hub too: who may not come in, sign-up, a message to all.

It stands in the course service's database (records/settings.py); the Hub reads it where somebody
signs in or up, in a thread, and now and then for the message. Without the database nobody is let
out of the Hub, and sign-up is as the site was started: grades are safe, for the course service
does not serve without it either.
"""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from collections.abc import Callable
from functools import cached_property
from typing import Any, TypeVar

from markupsafe import escape
from sqlalchemy.orm import Session, sessionmaker
from tornado.web import HTTPError

from coursewright.records import database, settings
from coursewright.records.errors import Unavailable
from coursewright.records.settings import Settings

log = logging.getLogger(__name__)

AGE = 5.0  # seconds for which the message on the pages counts
LOCKED_OUT = (
    "Your account is deactivated. All that you did is kept; an administrator can let you in again."
)
T = TypeVar("T")


class Admission:
    """Reads the database at `url`."""

    def __init__(self, url: str) -> None:
        self._url = url

    @cached_property
    def sessions(self) -> sessionmaker[Session]:
        return database.sessions(database.make_engine(self._url, pool_size=1))

    async def is_deactivated(self, person: str) -> bool:
        return await self._ask(lambda session: settings.is_deactivated(session, person), False)

    async def refuse_deactivated(self, _authenticator: Any, _handler: Any, found: Any) -> Any:
        """As `Authenticator.post_auth_hook`, for a sign-in that is not ours. Raises HTTPError."""
        if found and await self.is_deactivated(found["name"]):
            raise HTTPError(403, LOCKED_OUT)
        return found

    async def settings(self) -> Settings:
        return await self._ask(settings.read, Settings())

    async def _ask(self, question: Callable[[Session], T], otherwise: T) -> T:
        try:
            return await asyncio.to_thread(self.read, question)
        except Unavailable:
            log.warning("The settings cannot be read now: no database")
            return otherwise

    def read(self, question: Callable[[Session], T]) -> T:
        with self.sessions() as session:
            return question(session)


class Announcement:
    """The message on the Hub's own pages, as one of `JupyterHub.template_vars`.

    The Hub asks while it renders a page and must not wait: it gets what is known, and another
    look is taken beside it.
    """

    def __init__(self, admission: Admission) -> None:
        self._admission = admission
        self._known = ""
        self._looked = float("-inf")

    def __call__(self, _user: Any = None) -> str:
        if time.monotonic() - self._looked > AGE:
            self._looked = time.monotonic()
            threading.Thread(target=self.look, daemon=True).start()
        # The Hub's template takes it for HTML.
        return str(escape(self._known))

    def look(self) -> None:
        try:
            self._known = self._admission.read(settings.read).maintenance
        except Unavailable:
            log.warning("The message to all cannot be read now: no database")
