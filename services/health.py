"""Whether the service lives (healthz) and can work (readyz): for the Hub, probes and people."""

from __future__ import annotations

from sqlalchemy.orm import Session

from coursewright.records import schema
from coursewright.services.answers import APIHandler
from coursewright.services.guards import open_to_all
from coursewright.services.problems import RETRY_AFTER, Problem, status_of
from coursewright.services.routes import Route
from coursewright.services.schemas import documented

AWAY = "The database does not answer"
OLD = f"The database has an older schema than this release; run `{schema.MEND}`"


class Alive(APIHandler):
    @documented({200: "Health"})
    @open_to_all
    async def get(self) -> None:
        """Whether the process answers; says nothing about the database."""
        self.answer({"status": "ok"})


class Ready(APIHandler):
    @documented({200: "Readiness"})
    @open_to_all
    async def get(self) -> None:
        """Whether it can work, and the state of each part; 503 when database or schema fail.

        `schema` is `newer` while a later release is rolled out: this one works with it. `exchange`
        tells those who are connected what happens; it is `idle` while nobody is. Without it pages
        ask by themselves, so that is `degraded` and not 503.
        """
        found = await self.schema()
        database = "away" if found == "unknown" else "ok"
        parts = {"database": database, "schema": found, "exchange": self.service.exchange.state}
        if database == "away" or found == "older":
            self.refuse(AWAY if database == "away" else OLD, parts)
            return
        degraded = parts["exchange"] == "away"
        self.answer({"status": "degraded" if degraded else "ok", "parts": parts})

    def refuse(self, why: str, parts: dict[str, str]) -> None:
        problem = Problem(503, why, self.request_id, RETRY_AFTER)
        self.answer({**problem.to_json(), "parts": parts}, 503)
        self.set_header("Content-Type", "application/problem+json")
        for name, value in problem.headers.items():
            self.set_header(name, value)

    async def schema(self) -> str:
        """`current`, `newer` or `older` than this release; `unknown` without the database."""
        try:
            return await self.ask(_schema)
        except Exception as error:
            if status_of(error) != 503:
                raise
            return "unknown"


def _schema(session: Session) -> str:
    return schema.standing(session.connection())


ROUTES = [Route("healthz", Alive), Route("readyz", Ready)]
