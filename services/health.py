"""Whether the service lives (healthz) and can work (readyz): for the Hub, probes and people."""

from __future__ import annotations

from sqlalchemy import text
from sqlalchemy.orm import Session

from coursewright.services.answers import APIHandler
from coursewright.services.guards import open_to_all
from coursewright.services.routes import Route
from coursewright.services.schemas import documented


class Alive(APIHandler):
    @documented({200: "Health"})
    @open_to_all
    async def get(self) -> None:
        """Whether the process answers; says nothing about the database."""
        self.answer({"status": "ok"})


class Ready(APIHandler):
    @documented({200: "Health"})
    @open_to_all
    async def get(self) -> None:
        """Whether the database answers too; 503 when it does not."""
        await self.ask(_touch)
        self.answer({"status": "ok"})


def _touch(session: Session) -> None:
    session.execute(text("SELECT 1"))


ROUTES = [Route("healthz", Alive), Route("readyz", Ready)]
