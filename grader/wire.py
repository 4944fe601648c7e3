"""What may come out of the sandbox, and how it is read: as plain values, each with a limit."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, Self

NAME, TEXT, FRAMES = 100, 2000, 20  # characters, characters, entries
CONTROL = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]|\r(?=\n)")
FLOOD = 8  # times the limit of output, after which a cell is stopped
DISPLAYS = 50


class Lost(Exception):
    """The interpreter is gone, or talks nonsense."""


class Late(Exception):
    """What was waited for did not come in time, or drowned in output."""

    def __init__(self, reason: Literal["time", "output"]) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Fault:
    """An exception inside. `kind` is a built-in class; `frames` are (cell, line), outer first."""

    name: str
    kind: str
    text: str
    frames: tuple[tuple[str, int], ...] = ()

    @classmethod
    def read(cls, data: object) -> Self:
        if not isinstance(data, dict):
            raise Lost("not an error")
        frames = data.get("frames")
        read = [_frame(frame) for frame in (frames if isinstance(frames, list) else [])[-FRAMES:]]
        return cls(
            name=clean(data.get("name"), NAME),
            kind=clean(data.get("kind"), NAME),
            text=clean(data.get("text"), TEXT),
            frames=tuple(read),
        )


@dataclass(frozen=True)
class Display:
    """Something that a cell showed, by media type, as the cell gave it: it may be hostile."""

    kind: Literal["display_data", "execute_result"]
    data: Mapping[str, str]

    @classmethod
    def read(cls, data: object) -> Self:
        bundle = data.get("data") if isinstance(data, dict) else None
        if not isinstance(data, dict) or not isinstance(bundle, dict):
            raise Lost("not a display")
        result = data.get("output_type") == "execute_result"
        texts = {kind: text for kind, text in bundle.items() if isinstance(text, str)}
        return cls("execute_result" if result else "display_data", texts)


@dataclass(frozen=True)
class Reply:
    """What a cell came to: its error, its last expression's text, and what else it showed."""

    error: Fault | None = None
    result: str | None = None
    shown: tuple[Display, ...] = ()

    @classmethod
    def read(cls, event: Mapping[str, Any]) -> Self:
        error, result, shown = event.get("error"), event.get("result"), event.get("shown")
        displays = (shown if isinstance(shown, list) else [])[:DISPLAYS]
        return cls(
            error=None if error is None else Fault.read(error),
            result=None if result is None else clean(result, TEXT),
            shown=tuple(Display.read(display) for display in displays),
        )


class Printed:
    """What came out of one stream, up to a limit."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.kept = bytearray()
        self.seen = 0

    def take(self, chunk: bytes) -> None:
        self.seen += len(chunk)
        self.kept += chunk[: max(0, self.limit - len(self.kept))]

    @property
    def flooded(self) -> bool:
        return self.seen > FLOOD * self.limit

    @property
    def text(self) -> str:
        return plain(bytes(self.kept).decode(errors="replace"))


def clean(text: object, limit: int) -> str:
    """Text that a database and a page can hold: no NUL, no half characters, not too long."""
    if not isinstance(text, str):
        raise Lost("not a text")
    return plain(text[:limit])


def plain(text: str) -> str:
    """`text` without terminal colours, NUL or halves of characters."""
    whole = text.encode("utf-8", "replace").decode()
    return CONTROL.sub("", whole).replace("\0", "\N{REPLACEMENT CHARACTER}")


def read_object(content: bytes) -> dict[str, Any]:
    try:
        found = json.loads(content)
    except (ValueError, RecursionError):
        raise Lost("not JSON") from None
    if not isinstance(found, dict):
        raise Lost("not an event")
    return found


def _frame(frame: object) -> tuple[str, int]:
    if isinstance(frame, list) and len(frame) == 2 and isinstance(frame[1], int):
        return clean(frame[0], NAME), frame[1]
    raise Lost("not a frame")
