"""The one connection of a server to what happens on the course service, shared by its pages."""

from __future__ import annotations

import asyncio
import json
import logging
import random
from collections.abc import Mapping
from contextlib import suppress
from typing import Any, Protocol

from tornado.httpclient import HTTPClientError
from tornado.websocket import WebSocketClientConnection, WebSocketError, websocket_connect

from coursewright.extension.client import ServiceClient
from coursewright.extension.errors import PodError

FIRST_PAUSE, LONGEST_PAUSE = 0.5, 30.0  # seconds between two tries to connect
LARGEST_MESSAGE = 256 * 1024  # bytes
HEARTBEAT = 25.0  # seconds between two pings

# What an event has, and what else the service says; the rest is dropped.
EVENT: Mapping[str, tuple[type, ...]] = {
    "id": (int,),
    "name": (str,),
    "at": (str,),
    "course": (str, type(None)),
    "lesson": (str, type(None)),
    "person": (str, type(None)),
    "detail": (dict,),
}
REFUSAL: Mapping[str, tuple[type, ...]] = {"refused": (str,), "detail": (str,)}
WATCHING: Mapping[str, tuple[type, ...]] = {"watching": (str,)}

log = logging.getLogger("coursewright.live")


class Page(Protocol):
    """One open page; `tell` returns at once."""

    def tell(self, message: str) -> None: ...


class Feed:
    """Connects when the first page comes and hangs up after the last."""

    def __init__(self, service: ServiceClient) -> None:
        self.connected = False
        self.pause = FIRST_PAUSE
        self._service = service
        self._pages: dict[Page, set[str]] = {}
        self._last: int | None = None
        self._upstream: WebSocketClientConnection | None = None
        self._task: asyncio.Task[None] | None = None

    def join(self, page: Page) -> None:
        self._pages[page] = set()
        page.tell(json.dumps({"connected": self.connected}))
        if self._task is None:
            self._task = asyncio.create_task(self._follow())

    def leave(self, page: Page) -> None:
        watched = self._pages.pop(page, set())
        if not self._pages:
            self._stop()
            return
        for course in watched - self._watched():
            self._send({"unwatch": course})

    async def watch(self, page: Page, course: str) -> None:
        """Asked anew for each page, so that each hears the answer."""
        if page in self._pages:
            self._pages[page].add(course)
            self._send({"watch": course})

    async def unwatch(self, page: Page, course: str) -> None:
        self._pages.get(page, set()).discard(course)
        if course not in self._watched():
            self._send({"unwatch": course})

    async def stop(self) -> None:
        """The server stops."""
        task = self._task
        self._stop()
        if task is not None:
            with suppress(asyncio.CancelledError):
                await task

    def _watched(self) -> set[str]:
        return set().union(*self._pages.values())

    def _stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
        self._task, self._last = None, None

    async def _follow(self) -> None:
        pause = self.pause
        while True:
            try:
                if await self._listen():
                    pause = self.pause
            except (PodError, HTTPClientError, WebSocketError, OSError, ValueError) as error:
                log.info("no live events now: %s", error)
            # Spread, for after a restart of the service all servers come back at once.
            await asyncio.sleep(pause * random.uniform(0.8, 1.2))  # noqa: S311
            pause = min(2 * pause, LONGEST_PAUSE)

    async def _listen(self) -> bool:
        """Until the connection ends; answers whether it had been one."""
        after = "" if self._last is None else f"?after={self._last}"
        upstream = await websocket_connect(
            self._service.socket(f"live{after}"),
            ping_interval=HEARTBEAT,
            max_message_size=LARGEST_MESSAGE,
        )
        self._upstream = upstream
        was = False
        try:
            for course in self._watched():
                # Beside what one hears of oneself, what was missed in the course.
                more = {} if self._last is None else {"after": self._last}
                self._send({"watch": course, **more})
            while (message := await upstream.read_message()) is not None:
                self._hear(message)
                was = was or self.connected
        finally:
            self._upstream = None
            upstream.close()
            self._set_connected(False)
        return was

    def _send(self, message: Mapping[str, Any]) -> None:
        if self._upstream is None or self._upstream.protocol is None:
            return
        with suppress(WebSocketError):
            sending = asyncio.ensure_future(self._upstream.write_message(json.dumps(message)))
            sending.add_done_callback(lambda sent: sent.cancelled() or sent.exception())

    def _hear(self, message: str | bytes) -> None:
        try:
            said = json.loads(message)
        except (ValueError, RecursionError):
            return
        if not isinstance(said, dict):
            return
        if isinstance(said.get("connected"), bool):
            self._note(said.get("last"))
            self._set_connected(said["connected"])
        elif said.get("reset") is True:
            self._tell({"reset": True})
        else:
            for shape in (EVENT, REFUSAL, WATCHING):
                if all(isinstance(said.get(name), kinds) for name, kinds in shape.items()):
                    self._note(said.get("id"))
                    self._tell({name: said[name] for name in shape})
                    return

    def _note(self, number: Any) -> None:
        if isinstance(number, int) and number > (self._last or 0):
            self._last = number

    def _set_connected(self, connected: bool) -> None:
        if connected != self.connected:
            self.connected = connected
            self._tell({"connected": connected})

    def _tell(self, message: Mapping[str, Any]) -> None:
        text = json.dumps(message, ensure_ascii=False)
        for page in list(self._pages):
            page.tell(text)
