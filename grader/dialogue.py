"""How an interpreter inside the sandbox talks to the worker: requests in, events out, in JSON.

Of ours few files may be imported here: no others of the grader are visible from the inside.
"""

from __future__ import annotations

import json
import os
import socket
import traceback
import warnings
from collections.abc import Callable, Iterator, Mapping
from typing import Any

TEXT = 2000  # characters of a message or a result that are worth sending
FRAMES = 20


class Requests:
    """The lines of a channel, as objects, and the descriptors that came with them.

    `idle` is called before it waits for more: there is nothing else to do then.
    """

    def __init__(self, channel: socket.socket, idle: Callable[[], None] | None = None) -> None:
        self.channel = channel
        self.idle = idle
        self.descriptors: list[int] = []

    def __iter__(self) -> Iterator[dict[str, Any]]:
        buffer = b""
        while True:
            if self.idle is not None:
                self.idle()
            content, found, _, _ = socket.recv_fds(self.channel, 1 << 16, 4)
            self.descriptors += found
            if not content:
                return
            buffer += content
            while b"\n" in buffer:
                line, _, buffer = buffer.partition(b"\n")
                yield json.loads(line)

    def descriptor(self) -> int:
        return self.descriptors.pop(0)


def send(channel: socket.socket, event: Mapping[str, Any]) -> None:
    channel.sendall(json.dumps(event).encode() + b"\n")


def fork() -> int | None:
    """As os.fork(); None where no other process fits."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the student's threads stay behind, as they should
        try:
            return os.fork()
        except OSError:
            while _reap_one():  # the dead count too, until someone asks after them
                pass
        try:
            return os.fork()
        except OSError:
            return None


def describe(error: BaseException) -> dict[str, Any]:
    """The error as plain values: `kind` is the built-in class that it is an instance of."""
    own = type(error)
    kind = next(cls for cls in own.__mro__ if cls.__module__ == "builtins")
    frames = [
        [frame.f_code.co_filename, line]
        for frame, line in traceback.walk_tb(error.__traceback__)
        if frame.f_code.co_filename.startswith("cell:")
    ]
    if isinstance(error, SyntaxError):
        frames.append([str(error.filename), error.lineno or 0])
    text = error.msg if isinstance(error, SyntaxError) else _text(error)
    return {
        "name": own.__name__[:100],
        "kind": kind.__name__,
        "text": str(text)[:TEXT],
        "frames": frames[-FRAMES:],
    }


def _reap_one() -> bool:
    try:
        return os.waitpid(-1, os.WNOHANG)[0] != 0
    except ChildProcessError:
        return False


def _text(error: BaseException) -> str:
    try:
        return str(error)
    except Exception:  # noqa: BLE001 (the student's own __str__)
        return ""
