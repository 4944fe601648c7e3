"""An answer of the course service that is passed on while it comes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


class Incoming:
    """An answer on its way: what is wanted is given away at once, the rest is kept."""

    def __init__(self, kind: str, take: Callable[[bytes], Any]) -> None:
        self.wanted = False
        self.rest = bytearray()
        self._kind, self._take = kind, take
        self._fine = False

    def head(self, line: str) -> None:
        name, _, value = line.partition(":")
        if line.startswith("HTTP/"):
            self._fine = line.split(" ", 2)[1:2] == ["200"]
        elif self._fine and name.lower() == "content-type":
            self.wanted = value.split(";")[0].strip() == self._kind

    def piece(self, chunk: bytes) -> Any:
        """What `take` returns is awaited, so that no more comes than can be passed on."""
        if self.wanted:
            return self._take(chunk)
        self.rest += chunk
        return None
