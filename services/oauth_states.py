"""Signing in, whichever process of the service the Hub sends the browser back to.

The library keeps what it needs on the way there in the memory of one process. Here it travels with
the browser, encrypted, as the state of OAuth itself: it holds the secret of the exchange (PKCE).
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from typing import Any, cast

from cryptography.fernet import Fernet, InvalidToken
from jupyterhub.services.auth import HubOAuth
from tornado.web import RequestHandler

# Sign-ins that one browser may have begun; what is sent with each request must not grow for ever.
BEGUN = 8


class TravellingStates(HubOAuth):
    """All processes with the same `states_key` understand each other's states."""

    states_key: bytes = b""

    def generate_state(self, next_url: str | None = None, **extra_state: str) -> str:
        told = json.dumps({"next_url": next_url, **extra_state})
        return self._fernet.encrypt(told.encode()).decode()

    def set_state_cookie(
        self, handler: RequestHandler, next_url: str | None = None, **more: Any
    ) -> str:
        """Forgets those that were begun and not ended before, where there are many."""
        ours = self.state_cookie_name
        begun = sum(name.startswith(ours) for name in handler.request.cookies)
        if begun >= BEGUN:
            self.clear_oauth_state_cookies(handler)
        return cast(str, super().set_state_cookie(handler, next_url, **more))

    def clear_oauth_state(self, state_id: str) -> None:
        """Nothing is kept here; the browser's cookie is cleared by the library."""

    def _decode_state(self, state_id: str, /) -> dict[str, Any]:
        try:
            told = self._fernet.decrypt(state_id.encode(), ttl=self.oauth_state_max_age)
        except InvalidToken:
            return {}
        return cast(dict[str, Any], json.loads(told))

    @property
    def _fernet(self) -> Fernet:
        key = hmac.digest(self.states_key, b"coursewright oauth states", hashlib.sha256)
        return Fernet(base64.urlsafe_b64encode(key))
