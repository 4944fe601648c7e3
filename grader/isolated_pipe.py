"""Frames on the socket between candidate and examiner: four bytes of length, then the content.

It lasts for as many tests as both sides do. Runs on both, in the sandbox.
"""

from __future__ import annotations

import socket
import struct

LENGTH = struct.Struct("<I")
MOST = 64 << 20  # bytes of one frame
USUAL = 1 << 13  # bytes that are asked for at first
CHUNK = 1 << 18


class Overlong(Exception):
    """A frame of more than MOST bytes."""


class Pipe:
    """One end."""

    def __init__(self, end: socket.socket) -> None:
        self.end = end
        self._waiting = b""

    @property
    def waiting(self) -> bool:
        """Whether (the beginning of) a frame was read already."""
        return bool(self._waiting)

    def fileno(self) -> int:
        return self.end.fileno()

    def close(self) -> None:
        self.end.close()

    def put(self, frame: bytes | bytearray, before: bytes | None = None) -> None:
        """Send a frame, with a short one before it. Raises Overlong, OSError."""
        if len(frame) > MOST:
            raise Overlong
        start = b"" if before is None else LENGTH.pack(len(before)) + before
        self.end.sendall(start + LENGTH.pack(len(frame)) + frame)

    def take(self) -> bytes:
        """The next frame. Raises Overlong, OSError."""
        found = self._waiting
        if len(found) < LENGTH.size:
            found = self._more(found, LENGTH.size)
        whole = LENGTH.unpack_from(found)[0] + LENGTH.size
        if whole > MOST + LENGTH.size:
            raise Overlong
        if len(found) < whole:
            found = self._more(found, whole)
        self._waiting = found[whole:]
        return found[LENGTH.size : whole]

    def _more(self, found: bytes, wanted: int) -> bytes:
        parts = bytearray(found)
        while len(parts) < wanted:
            chunk = self.end.recv(min(max(wanted - len(parts), USUAL), CHUNK))
            if not chunk:
                raise ConnectionError("closed")
            parts += chunk
        return bytes(parts)
