"""Which rights a server's own token gets when the server starts.

A pod may learn and nothing more, since what runs there is a student's code. Only the server of
somebody who teaches a course, or may write new ones, can do so from its panels; in which course,
the course's membership decides at each request. The Hub leaves out what the person does not hold.
"""

from __future__ import annotations

import asyncio
from functools import cached_property
from typing import Any

from sqlalchemy.orm import Session, sessionmaker

from coursewright.hub_config.roles import AUTHORS, SERVER
from coursewright.records import database, members
from coursewright.records.errors import Unavailable
from coursewright.services.scopes import AUTHOR, TEACH


class TokenScopes:
    """As `Spawner.server_token_scopes`; reads memberships from the database at `url`."""

    def __init__(self, url: str) -> None:
        self._url = url

    @cached_property
    def sessions(self) -> sessionmaker[Session]:
        return database.sessions(database.make_engine(self._url, pool_size=1))

    async def __call__(self, spawner: Any) -> list[str]:
        user = spawner.user
        # The Hub has just noted the server's address, and whichever request ends while we wait for
        # the database would roll that back.
        user.db.commit()
        if user.admin or AUTHORS in {group.name for group in user.groups}:
            return [*SERVER, TEACH, AUTHOR]
        try:
            teaches = await asyncio.to_thread(self.teaches, user.name)
        except Unavailable:
            spawner.log.warning("Started %s without teaching rights: no database", user.name)
            teaches = False
        return [*SERVER, TEACH] if teaches else list(SERVER)

    def teaches(self, person: str) -> bool:
        with self.sessions() as session:
            return members.teaches(session, person)
