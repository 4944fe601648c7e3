"""One confined interpreter, seen from outside: start it, hand it cells, believe little.

What comes of a cell is either what was waited for or nothing. nursery.py is the sandbox that
it runs in, channel.py what comes out of it; the inside is described in its own files.
"""

from __future__ import annotations

import secrets
import select
import time
from collections.abc import Sequence
from typing import Any, Self

from coursewright.grader.channel import Channel
from coursewright.grader.limits import Limits
from coursewright.grader.nursery import GRACE, START_SECONDS, Nursery
from coursewright.grader.wire import Late, Lost, Printed, Reply
from coursewright.records.errors import Unavailable


class Kernel:
    """A sandbox with one interpreter in it. Not for two threads at once. `role`: see zygote.py."""

    role = "shared"

    def __init__(self, limits: Limits, warm: Sequence[str] = ()) -> None:
        self.limits = limits
        self.warm = tuple(warm)
        self.deadline = time.monotonic() + limits.total_seconds
        self.output = Printed(limits.output)
        self.errors = Printed(limits.output)
        self.uses = 0
        self.starts = 0  # interpreters that there were
        self._place: Nursery | None = None
        self._channel: Channel | None = None
        self._poll = select.poll()
        self._pid = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    @property
    def expired(self) -> bool:
        return time.monotonic() >= self.deadline

    @property
    def alive(self) -> bool:
        return self._channel is not None

    def start(self) -> None:
        """A fresh interpreter, in a fresh sandbox when the old one broke. Raises Unavailable."""
        self.drop()
        if self._place is not None:
            try:
                return self._fork(self._place)
            except (Lost, Late):
                self.close()
        began = time.monotonic()
        place = self._place = Nursery(self.role, self.limits, self.warm)
        self.deadline += time.monotonic() - began  # nobody's code has run yet
        self._poll.register(place, select.POLLIN)
        try:
            self._fork(place)
        except (Lost, Late) as error:
            self.close()
            raise Unavailable(f"The sandbox has no interpreter ({error})") from None

    def run(self, name: str, source: str, seconds: float) -> Reply:
        """Run a cell in the interpreter. Raises Late when it had to be interrupted, Lost when it
        died. After Late it may be `alive`, with what the cell had done until then."""
        self._fresh_output()
        deadline = self._until(seconds)
        try:
            self._say({"run": name, "source": source})
            reply = Reply.read(self._event(deadline, "done"))
            self._check_zygote()
        except Late:
            self._interrupt()
            raise
        except Lost:
            self.drop()
            raise
        return reply

    def test(self, name: str, source: str, seconds: float) -> Reply:
        """Run a cell in a fork of the interpreter. Raises Late, or Lost when no verdict came."""
        self._fresh_output()
        nonce = secrets.token_hex(16)
        deadline = self._until(seconds)
        asked = {"test": name, "source": source, "nonce": nonce}
        try:
            self._say(asked)
            event = self._event(deadline, "verdict", "ended", "unforkable")
            if event["event"] == "unforkable":
                self._sweep()  # earlier cells left so many processes that no other fits
                self._say(asked)
                event = self._event(deadline, "verdict", "ended")
            verdict: Reply | None = None
            while event["event"] == "verdict":
                if verdict is None and event.get("nonce") == nonce:
                    verdict = Reply.read(event)
                event = self._event(deadline, "verdict", "ended")
            self._check_zygote()
        except Late:
            self._end_test()
            raise
        except Lost:
            self.drop()
            raise
        if verdict is None:
            raise Lost("the process ended during the test")
        return verdict

    def clean(self) -> bool:
        """Leave nothing of this submission in the sandbox; whether that worked."""
        self.drop()
        if self._place is None:
            return False
        self._place.tell({"clean": True})
        return bool(self._report("cleaned", time.monotonic() + GRACE * 2)["cleaned"])

    def drop(self) -> None:
        """Forget the interpreter; the zygote ends it before it makes the next."""
        if self._channel is not None:
            for descriptor in self._channel.watched():
                self._poll.unregister(descriptor)
            self._channel.close()
            self._channel = None

    @property
    def ended(self) -> bool:
        """Whether the sandbox is gone by itself."""
        return self._place is not None and self._place.ended

    def close(self) -> None:
        """End the sandbox. Raises Unavailable as Nursery.close does."""
        self.drop()
        place, self._place = self._place, None
        if place is not None:
            self._poll.unregister(place)
            place.close()

    def _fork(self, place: Nursery) -> None:
        channel = self._channel = Channel(self.limits.output)
        for descriptor in channel.watched():
            self._poll.register(descriptor, select.POLLIN)
        self.starts += 1
        place.tell({"fork": True}, channel.theirs)
        channel.handed_over()
        self._pid = int(self._report("pid", time.monotonic() + START_SECONDS)["pid"])

    def _interrupt(self) -> None:
        try:
            self._tell({"interrupt": self._pid})
            self._event(min(time.monotonic() + GRACE, self.deadline), "done")
        except (Late, Lost):
            self.drop()

    def _end_test(self) -> None:
        try:
            self._sweep()
            self._fresh_output()
            self._event(time.monotonic() + GRACE, "ended")
        except (Late, Lost):
            self.drop()

    def _check_zygote(self) -> None:
        """A cell that killed the zygote may come to its end before it is hit itself: see it now."""
        if self._place is None:
            raise Lost("no zygote")
        self._place.ping()
        try:
            self._report("pong", time.monotonic() + GRACE)
        except Late:
            raise Lost("the zygote is gone") from None

    def _sweep(self) -> None:
        self._tell({"sweep": [self._pid]})
        self._report("swept", time.monotonic() + GRACE)

    def _fresh_output(self) -> None:
        if self._channel is not None:
            self.output, self.errors = self._channel.fresh()

    def _until(self, seconds: float) -> float:
        return min(time.monotonic() + seconds, self.deadline)

    def _say(self, request: dict[str, Any], descriptors: Sequence[int] = ()) -> None:
        if self._channel is None:
            raise Lost("no interpreter")
        self._channel.say(request, descriptors)

    def _tell(self, request: dict[str, Any]) -> None:
        if self._place is None:
            raise Lost("no zygote")
        self._place.tell(request)

    def _report(self, wanted: str, deadline: float) -> dict[str, Any]:
        """The zygote's next message that has `wanted`."""
        while True:
            for message in self._turn(deadline):
                if wanted in message:
                    return message

    def _event(self, deadline: float, *wanted: str) -> dict[str, Any]:
        """The interpreter's next event of one of these names."""
        while True:
            if self._channel is None:
                raise Lost("no interpreter")
            event = self._channel.event(wanted)
            if event is not None:
                return event
            for message in self._turn(deadline):
                if message.get("exited") == self._pid:
                    raise Lost("the interpreter ended")

    def _turn(self, deadline: float) -> list[dict[str, Any]]:
        """Read what is there now; the zygote's messages are returned, the rest is kept."""
        left = deadline - time.monotonic()
        if left <= 0:
            raise Late("time")
        messages = []
        for descriptor, _ in self._poll.poll(left * 1000):
            if self._place is not None and descriptor == self._place.fileno():
                messages.append(self._place.message())
            elif self._channel is not None and not self._channel.take(descriptor):
                self._poll.unregister(descriptor)
                self._channel.forget(descriptor)
        return messages
