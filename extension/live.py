"""What happens on the course service, told to every open page of this server.

page ← coursewright/live ← Feed ← the service's api/v1/live: one connection, whatever the number of
pages, and only while there is a page. A page is told whether there is a connection; without one it
looks for itself.
"""

from __future__ import annotations

import asyncio
import json
from contextlib import suppress
from typing import Any

from jupyter_server.auth.decorator import authorized, ws_authenticated
from jupyter_server.base.handlers import JupyterHandler
from jupyter_server.base.websocket import WebSocketMixin
from tornado.websocket import WebSocketClosedError, WebSocketHandler

from coursewright.extension.feed import Feed
from coursewright.extension.pod import Pod
from coursewright.records.course import KEY

LARGEST_MESSAGE = 4096  # bytes that a page may send at once
UNSENT_AT_MOST = 500  # messages on their way to a page that does not read
TOO_SLOW = 4408  # the code of closing, as the service has it


class LiveHandler(WebSocketMixin, WebSocketHandler, JupyterHandler):
    """One page. It counts as no activity: an idle server with an open page stays idle."""

    auth_resource = "coursewright"
    max_message_size = LARGEST_MESSAGE
    feed: Feed
    unsent = 0

    def initialize(self, pod: Pod) -> None:
        self.feed = pod.live

    def set_default_headers(self) -> None:
        """Those of a page make no sense here."""

    @ws_authenticated
    @authorized
    async def get(self) -> None:
        await WebSocketHandler.get(self)

    def open(self, *arguments: Any, **named: Any) -> None:
        super().open(*arguments, **named)
        self.feed.join(self)

    async def on_message(self, message: str | bytes) -> None:
        try:
            sent = json.loads(message)
            ((verb, course),) = sent.items()
        except (ValueError, AttributeError, RecursionError):
            self.close(1003, "Send {'watch': COURSE} or {'unwatch': COURSE}")
            return
        if not isinstance(course, str) or not KEY.match(course):
            return
        if verb == "watch":
            await self.feed.watch(self, course)
        elif verb == "unwatch":
            await self.feed.unwatch(self, course)

    def on_close(self) -> None:
        self.feed.leave(self)

    def tell(self, message: str) -> None:
        """Send without waiting; a page that does not read is hung up on."""
        if self.unsent >= UNSENT_AT_MOST:
            self.feed.leave(self)
            self.close(TOO_SLOW, "Too slow a reader")
            return
        with suppress(WebSocketClosedError):
            sending = self.write_message(message)
            self.unsent += 1
            sending.add_done_callback(self.sent_one)

    def sent_one(self, sending: asyncio.Future[None]) -> None:
        self.unsent -= 1
        if not sending.cancelled():
            sending.exception()  # that the page is gone is no news


SOCKETS = [(r"coursewright/live", LiveHandler)]
