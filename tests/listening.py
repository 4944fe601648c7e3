"""A page's own connection to what happens: signed in by cookie, with the page's `_xsrf`."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import httpx
from fake_hub import Hub
from tornado.httpclient import HTTPRequest
from tornado.websocket import WebSocketClientConnection, websocket_connect

PATIENCE = 30
AGENT = {"User-Agent": "a browser"}  # the Hub binds _xsrf to it
NAVIGATION = {"Sec-Fetch-Mode": "navigate", "Sec-Fetch-Site": "same-origin", **AGENT}
HIDDEN = re.compile(r'(?:name="_xsrf" value|data-xsrf)="([^"]+)"')


@dataclass(frozen=True)
class Signed:
    """A browser that has opened a page of the service: its cookies, and what the page holds."""

    url: str
    cookies: str
    xsrf: str

    @property
    def origin(self) -> str:
        parts = urlsplit(self.url)
        return f"{parts.scheme}://{parts.netloc}"

    @asynccontextmanager
    async def line(self, query: str = "", **headers: str) -> AsyncIterator[Line]:
        """A header that is empty is left out."""
        address = f"{self.url.replace('http', 'ws', 1)}api/v1/live?_xsrf={self.xsrf}{query}"
        sent = {
            "Cookie": self.cookies,
            "Origin": self.origin,
            "Sec-Fetch-Mode": "websocket",
            **AGENT,
            **headers,
        }
        kept = {name: value for name, value in sent.items() if value}
        connection = await websocket_connect(HTTPRequest(address, headers=kept))
        found = Line(connection)
        try:
            yield found
        finally:
            connection.close()
            while await asyncio.wait_for(connection.read_message(), PATIENCE) is not None:
                pass


@dataclass
class Line:
    """`next` gives the next message that has one of `names`."""

    socket: WebSocketClientConnection

    async def next(self, *names: str) -> dict[str, Any]:
        while True:
            text = await asyncio.wait_for(self.socket.read_message(), PATIENCE)
            assert text is not None, f"closed: {self.socket.close_code}"
            found: dict[str, Any] = json.loads(text)
            if any(name in found for name in names):
                return found

    async def send(self, **message: Any) -> None:
        await self.socket.write_message(json.dumps(message))

    async def watch(self, topic: str, **more: Any) -> dict[str, Any]:
        await self.send(watch=topic, **more)
        return await self.next("watching", "refused")


def sign_in(hub: Hub, url: str, who: str, page: str = "") -> Signed:
    """Open a page of the service that has a form, as `who`."""
    hub.signed_in = who
    with httpx.Client(
        base_url=url, follow_redirects=True, headers=NAVIGATION, trust_env=False
    ) as browser:
        answer = browser.get(page).raise_for_status()
        found = HIDDEN.search(answer.text)
        assert found, "the page has no form"
        cookies = "; ".join(f"{cookie.name}={cookie.value}" for cookie in browser.cookies.jar)
    return Signed(url, cookies, found[1])
