"""What happens, as it happens: a WebSocket for servers and programs, and for our own pages.

Servers and programs hold a Hub token. A page has its cookie, which every page of this host could
use, students' servers too; it counts only with the page's own `_xsrf`, which others cannot read.

Client → service: {"watch": TOPIC, "after": number?} · {"unwatch": TOPIC} (services/topics.py)
Service → client: an event (records/live.py) · rows of a class (services/class_feed.py) ·
{"changed": TOPIC} to administrators (services/admin_feed.py) ·
{"connected": bool, "last": number} · {"watching": TOPIC} · {"refused": TOPIC, "detail": sentence} ·
{"reset": true}: too much was missed, look at everything anew.
"""

from __future__ import annotations

import asyncio
import json
import random
from contextlib import suppress
from hmac import compare_digest
from typing import Any
from urllib.parse import urlsplit

from tornado.websocket import WebSocketClosedError, WebSocketHandler

from coursewright.records import classroom, courses, sections
from coursewright.records.errors import CoursewrightError, Denied, Invalid, Unavailable
from coursewright.services import logs, topics
from coursewright.services.answers import APIHandler
from coursewright.services.exchange import Listener
from coursewright.services.guards import needs
from coursewright.services.problems import NotSignedIn
from coursewright.services.routes import Route
from coursewright.services.schemas import documented
from coursewright.services.scopes import LEARN, STAFF, TEACH
from coursewright.services.shapes import COUNT
from coursewright.services.topics import Topic

LARGEST_MESSAGE = 4096  # bytes that a client may send at once
UNSENT_AT_MOST = 500  # messages on their way to a slow reader before it is cut off
WATCHED_AT_MOST = 50
HEARTBEAT = 25.0  # seconds between two pings; proxies cut what is silent for a minute

SIGNED_OUT, TOO_SLOW = 4401, 4408  # codes of closing, beside those of RFC 6455


class Live(APIHandler, WebSocketHandler):
    """One connection, for whatever its person may hear."""

    listener: Listener | None = None
    unsent = 0
    tasks: tuple[asyncio.Task[None], ...] = ()

    ping_interval = HEARTBEAT
    max_message_size = LARGEST_MESSAGE

    @documented({101: "application/json"}, query={"after": COUNT})
    @needs(LEARN)
    async def get(self) -> None:  # type: ignore[override]
        """A WebSocket that tells what concerns one's own work, and what happens in courses.

        `?after=` is the number of the last event that was heard: what came since is told first.
        Send {"watch": COURSE} for a course that you teach, {"watch": "class:COURSE"} for where its
        students are.
        """
        if self.request.headers.get("Upgrade", "").lower() != "websocket":
            raise Invalid("This address answers to WebSockets only")
        if not self.hub_auth.get_token(self, in_cookie=False):
            self.refuse_other_pages()
        self.after = _number(self.get_query_argument("after", None))
        await WebSocketHandler.get(self)

    def refuse_other_pages(self) -> None:
        """Raises NotSignedIn where a cookie comes from elsewhere than from a page of ours."""
        origin = urlsplit(self.request.headers.get("Origin", "")).netloc
        sent = self.get_query_argument("_xsrf", "").encode()
        ours = origin != "" and origin == self.request.headers.get("Host")
        if not (ours and compare_digest(sent, self.xsrf_token)):
            raise NotSignedIn(
                "Send the Hub's token in the Authorization header; pages send their _xsrf"
            )

    def open(self, *_: str, **__: str) -> None:
        self.listener = Listener(self.person, self)
        self.tasks = (
            asyncio.create_task(self.begin(self.listener)),
            asyncio.create_task(self.look_again(self.listener)),
        )

    async def begin(self, listener: Listener) -> None:
        """Join, and tell what was missed before anything else."""
        exchange = self.service.exchange
        listener.held = []
        try:
            last = await exchange.join(listener)
            after = last if self.after is None else self.after
            await exchange.catch_up(listener, after)
        except CoursewrightError:
            self.end(1013, "What was missed cannot be looked up now")
            return
        self.tell(json.dumps({"connected": True, "last": last}))

    async def on_message(self, message: str | bytes) -> None:
        try:
            sent = json.loads(message)
        except (ValueError, RecursionError):
            sent = None
        listener = self.listener
        if not isinstance(sent, dict) or listener is None:
            self.end(1003, "Send JSON objects")
            return
        if isinstance(course := sent.get("watch"), str):
            await self.watch(listener, course, _number(sent.get("after")))
        if isinstance(course := sent.get("unwatch"), str):
            listener.watched.discard(course)

    async def watch(self, listener: Listener, name: str, after: int | None) -> None:
        try:
            topic = topics.read(name)
            await self.may_watch(topic)
            await self.tasks[0]  # what was missed comes first
            if len(listener.watched) >= WATCHED_AT_MOST:
                raise Denied(f"At most {WATCHED_AT_MOST} courses can be watched at once")
            listener.watched.add(name)
            if topic.course:
                # Who looks is written down, as it is for the page.
                what = "class" if topic.is_class else "live"
                note = (self.person, topic.course, self.request_id)
                await self.ask(classroom.note_look, *note, what=what)
            if topic.course is None:
                self.service.admin.follow()
            if topic.is_class and topic.course:
                await self.service.classes.follow(topic.course, listener.hear, after)
            elif topic.course and after is not None:
                await self.service.exchange.catch_up(listener, after, topic.course)
        except CoursewrightError as error:
            listener.watched.discard(name)
            self.tell(json.dumps({"refused": name, "detail": str(error)}))
        else:
            self.tell(json.dumps({"watching": name}))

    async def may_watch(self, topic: Topic) -> None:
        """Raises Denied; whether there is such a course is not told to those outside."""
        if self.is_admin:
            return
        if topic.course is None:
            raise Denied("Only administrators can watch this")
        role = await self.ask(courses.role_of, self.person, topic.course)
        if role not in STAFF or not self.has_scope(TEACH):
            raise Denied("Only those who teach a course can watch it")
        if await self.ask(sections.visible, self.person, topic.course) is not None:
            raise Denied("Assistants of a section cannot watch the whole course")

    async def look_again(self, listener: Listener) -> None:
        """Whenever the Hub's word has grown old: whether the token still holds, and the roles."""
        age = max(1, self.hub_auth.cache_max_age)
        while True:
            # Spread, for after a restart all connect at once.
            await asyncio.sleep(age * random.uniform(1, 1.3))  # noqa: S311
            with suppress(Unavailable):  # the Hub or the database is restarting: next time
                if not await self.still_signed_in():
                    self.end(SIGNED_OUT, "Your sign-in has ended")
                    return
                await self.check_rights(listener)

    async def check_rights(self, listener: Listener) -> None:
        """What may not be watched any more is not told any more. Raises Unavailable."""
        for name in list(listener.watched):
            try:
                await self.may_watch(topics.read(name))
            except Denied as error:
                listener.watched.discard(name)
                self.tell(json.dumps({"refused": name, "detail": str(error)}))

    def doubt(self) -> None:
        if self.listener is not None:
            checking = asyncio.create_task(self.check_rights(self.listener))
            # An outage is met again, and told of, by `look_again`.
            checking.add_done_callback(lambda done: done.cancelled() or done.exception())
            under_way = (task for task in self.tasks[2:] if not task.done())
            self.tasks = (*self.tasks[:2], *under_way, checking)

    async def still_signed_in(self) -> bool:
        person = self.person
        # What the Hub said stays with the handler for its life.
        self.__dict__.pop("_cached_hub_user", None)
        try:
            await self.sign_in()
        except Denied:
            return False
        return self.person == person and self.has_scope(LEARN)

    def tell(self, message: str) -> None:
        if self.unsent >= UNSENT_AT_MOST:
            self.end(TOO_SLOW, "Too slow a reader")
            return
        with suppress(WebSocketClosedError):
            sending = self.write_message(message)
            self.unsent += 1
            sending.add_done_callback(self.sent_one)

    def sent_one(self, sending: asyncio.Future[None]) -> None:
        self.unsent -= 1
        if not sending.cancelled():
            sending.exception()  # that the other side is gone is no news

    def end(self, code: int, reason: str) -> None:
        if self.listener is not None:
            self.service.exchange.leave(self.listener)
        self.close(code, reason)

    def on_close(self) -> None:
        for task in self.tasks:
            task.cancel()
        if self.listener is not None:
            self.service.exchange.leave(self.listener)
        logs.log.debug("hung up", extra={"fields": {"code": self.close_code}})


def _number(given: Any) -> int | None:
    """The number of an event; None for what is none."""
    with suppress(TypeError, ValueError):
        number = int(given)
        return number if 0 <= number < 2**63 else None
    return None


ROUTES = [Route("api/v1/live", Live)]
