"""What a cell shows beside what it prints: pictures, tables, the value of its last expression.

Lives inside the sandbox. Nothing here is a safeguard: outputs.py reads what comes of it, outside.
"""

from __future__ import annotations

import base64
import json
import os
import sys
from contextlib import suppress
from typing import Any

from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher

SHOWN = 1 << 20  # bytes of JSON that one cell may show
DISPLAYS = 50  # of them
PLAIN = 20_000  # characters of one that is text


class Shown:
    """The displays of a cell, as nbformat has them.

    The place of each is written into the printed text: its number between two separators.
    """

    def __init__(self) -> None:
        self.outputs: list[dict[str, Any]] = []
        self.names: list[object] = []
        self.left = SHOWN

    def add(self, kind: str, data: Any, name: object = None) -> None:
        kept = self._fitting(data)
        if not kept or len(self.outputs) >= DISPLAYS:
            return
        sys.stdout.flush()
        with suppress(OSError):
            os.write(1, b"\x1e%d\x1f" % len(self.outputs))
        self.outputs.append({"output_type": kind, "data": kept})
        self.names.append(name)

    def update(self, data: Any, name: object) -> None:
        for number, known in enumerate(self.names):
            if known == name:
                self.outputs[number]["data"] = self._fitting(data)

    def _fitting(self, data: Any) -> dict[str, str]:
        """The parts that there is room for, the smallest first."""
        kept = {}
        for kind, text in sorted(_texts(data).items(), key=lambda item: len(item[1])):
            self.left -= len(json.dumps(text))
            if self.left >= 0:
                kept[kind] = text
        return kept


class LastResult(DisplayHook):
    """Keeps the text of a cell's last expression; shows it, or else prints it without a prompt."""

    text: str | None = None
    shown: Shown | None = None

    def write_output_prompt(self) -> None:
        pass

    def write_format_data(self, format_dict: dict[str, Any], md_dict: Any = None) -> None:
        self.text = format_dict.get("text/plain")
        if self.shown is None:
            super().write_format_data(format_dict, md_dict)
        else:
            self.shown.add("execute_result", format_dict)


class Publisher(DisplayPublisher):
    """What display() is given: shown while a cell runs, else printed as text."""

    shown: Shown | None = None

    def publish(
        self,
        data: dict[str, Any],
        metadata: Any = None,
        source: Any = None,
        *,
        transient: Any = None,
        update: bool = False,
        **more: Any,
    ) -> None:
        if self.shown is None:
            super().publish(data, metadata, transient=transient, update=update, **more)
            return
        name = (transient or {}).get("display_id")
        if update:
            self.shown.update(data, name)
        else:
            self.shown.add("display_data", data, name)

    def clear_output(self, wait: bool = False) -> None:
        """Nothing: IPython's own writes to standard error, which would fail a test."""


def _texts(data: Any) -> dict[str, str]:
    """A bundle's texts by media type; pictures may come as bytes, and notebooks have base64."""
    found = {}
    for kind, value in data.items():
        if isinstance(value, bytes):
            found[str(kind)] = base64.b64encode(value).decode()
        elif isinstance(value, str):
            found[str(kind)] = value[:PLAIN] if kind == "text/plain" else value
    return found
