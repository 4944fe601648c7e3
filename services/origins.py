"""Other sites' pages and the API (CORS): none may read it, but those that a setting names.

A page of such a site sends a Hub token of its own in the Authorization header. Cookies are never
accepted from there: no answer carries Access-Control-Allow-Credentials.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

ORIGIN = re.compile(r"https?://[a-z0-9.-]+(:[0-9]{1,5})?\Z|https?://\[[0-9a-f:]+\](:[0-9]{1,5})?\Z")
REMEMBERED = 600  # seconds for which a browser need not ask again
SENT = (
    "Authorization", "Content-Type", "Idempotency-Key", "If-Match", "If-None-Match",
    "Notebook-Path", "X-Request-Id",
)  # fmt: skip
READ = (
    "Content-Disposition", "ETag", "Idempotent-Replayed", "Link", "RateLimit", "RateLimit-Policy",
    "Retry-After", "X-Request-Id",
)  # fmt: skip


def headers(origin: str | None, allowed: Collection[str]) -> dict[str, str]:
    """What an answer carries for a page of `origin`; nothing for one that is not allowed."""
    if not allowed:
        return {}
    if origin is None or origin not in allowed:
        return {"Vary": "Origin"}
    return {
        "Vary": "Origin",
        "Access-Control-Allow-Origin": origin,
        "Access-Control-Expose-Headers": ", ".join(READ),
        # Else the browser keeps the answer from the page that it is meant for.
        "Cross-Origin-Resource-Policy": "cross-origin",
    }


def preflight(
    origin: str | None, allowed: Collection[str], methods: Sequence[str]
) -> dict[str, str]:
    """What answers a browser that asks before it sends a request of another site's page."""
    found = headers(origin, allowed)
    if "Access-Control-Allow-Origin" in found:
        found |= {
            "Access-Control-Allow-Methods": ", ".join(methods),
            "Access-Control-Allow-Headers": ", ".join(SENT),
            "Access-Control-Max-Age": str(REMEMBERED),
        }
    return found
