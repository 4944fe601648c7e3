"""What comes out of one interpreter: events on a socket, text on two streams, all with limits."""

from __future__ import annotations

import json
import os
import socket
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from typing import Any

from coursewright.grader.wire import FLOOD, Late, Lost, Printed, read_object

CHUNK = 1 << 16
LINE = 2 << 20  # the longest event that is believed: what a cell shows is in it
SENDING = 1.0  # seconds that an interpreter may take to listen


class Channel:
    """Our ends. The others are in `theirs` (socket, output, errors) until `handed_over`."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.output, self.errors = Printed(limit), Printed(limit)
        self._socket, other = socket.socketpair()
        self._socket.settimeout(SENDING)
        output, output_end = os.pipe()
        errors, errors_end = os.pipe()
        os.set_blocking(output, False)
        os.set_blocking(errors, False)
        self._streams = {output: self.output, errors: self.errors}
        self.theirs = [other.detach(), output_end, errors_end]
        self._buffer = b""

    def handed_over(self) -> None:
        while self.theirs:
            os.close(self.theirs.pop())

    def close(self) -> None:
        self.handed_over()
        self._socket.close()
        for descriptor in self._streams:
            os.close(descriptor)
        self._streams = {}

    def watched(self) -> list[int]:
        """The descriptors on which something may come."""
        return [self._socket.fileno(), *self._streams]

    def say(self, request: Mapping[str, Any], descriptors: Sequence[int] = ()) -> None:
        """A line to the interpreter; the descriptors go with its first byte. Raises Lost."""
        line = json.dumps(request).encode() + b"\n"
        try:
            sent = socket.send_fds(self._socket, [line], descriptors) if descriptors else 0
            self._socket.sendall(line[sent:])
        except OSError as error:
            raise Lost(str(error)) from None

    def event(self, wanted: Collection[str]) -> dict[str, Any] | None:
        """The next of these events among what was taken; all others are passed over.

        Raises Lost for nonsense, and Late when the streams overflow.
        """
        while b"\n" in self._buffer:
            line, _, self._buffer = self._buffer.partition(b"\n")
            event = read_object(line)
            if event.get("event") in wanted:
                self.drain()
                return event
        if len(self._buffer) > LINE:
            raise Lost("an event without an end")
        if self.output.flooded or self.errors.flooded:
            raise Late("output")
        return None

    def take(self, descriptor: int) -> bool:
        """Take what is there; False when a stream has come to its end. Raises Lost."""
        if descriptor == self._socket.fileno():
            self._buffer += received(self._socket)
            return True
        return self._read(descriptor) != b""

    def drain(self) -> None:
        """Take what the streams hold now: a cell's output is complete when its event arrives."""
        for descriptor in self._streams:
            with suppress(BlockingIOError):
                for _ in range(FLOOD * self.limit // CHUNK + 2):
                    if not self._read(descriptor):
                        break

    def fresh(self) -> tuple[Printed, Printed]:
        """Forget what was printed until now."""
        self.drain()
        output, self.output, self.errors = self.output, Printed(self.limit), Printed(self.limit)
        for descriptor, old in self._streams.items():
            self._streams[descriptor] = self.output if old is output else self.errors
        return self.output, self.errors

    def forget(self, descriptor: int) -> None:
        """A stream is at its end."""
        del self._streams[descriptor]
        os.close(descriptor)

    def _read(self, descriptor: int) -> bytes:
        chunk = os.read(descriptor, CHUNK)
        self._streams[descriptor].take(chunk)
        return chunk


def received(end: socket.socket) -> bytes:
    """What is there to be read. Raises Lost when nothing will ever come."""
    try:
        content = end.recv(CHUNK)
    except OSError as error:
        raise Lost(str(error)) from None
    if not content:
        raise Lost("closed")
    return content
