"""The numbers for Prometheus, behind a token.

Not open on the loopback either: on a single machine the students' servers share it.
"""

from __future__ import annotations

import hmac

from prometheus_client.exposition import choose_encoder

from coursewright.services.answers import APIHandler
from coursewright.services.guards import needs
from coursewright.services.routes import Route
from coursewright.services.schemas import documented
from coursewright.services.scopes import ADMIN


class Metrics(APIHandler):
    @documented({200: "text/plain"})
    @needs(ADMIN)
    async def get(self) -> None:
        """Numbers about the service and its workers, as Prometheus reads them.

        For administrators, and for who sends COURSEWRIGHT_METRICS_TOKEN of the service's
        environment as a bearer token.
        """
        service = self.service
        service.stand()
        await service.meters.read(service.ask)
        encode, kind = choose_encoder(self.request.headers.get("Accept", ""))
        self.set_header("Content-Type", kind)
        self.write(encode(service.meters.told))

    async def sign_in(self) -> None:
        """As always, or by the token of the environment."""
        kind, _, token = self.request.headers.get("Authorization", "").partition(" ")
        wanted = self.service.metrics_token
        if wanted and kind.lower() == "bearer" and _same(token, wanted):
            self.scopes = frozenset({ADMIN})
            return
        await super().sign_in()


def _same(given: str, wanted: str) -> bool:
    return hmac.compare_digest(given.encode(errors="replace"), wanted.encode())


ROUTES = [Route("metrics", Metrics)]
