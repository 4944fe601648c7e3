"""A lesson's file moves to a new version of the lesson, and back.

before merging:  .coursewright/before-merge/COURSE/LESSON/TIME-SHA.ipynb  the file as it was
                 .coursewright/before-merge/COURSE/LESSON/last.json       which of them is the last

The copies are on disk before the file changes, and the file changes in one step: whoever pulls
the plug finds the old file or the new one, and the old one in any case.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any

from coursewright.extension.errors import WorkError
from coursewright.extension.merging import merge
from coursewright.extension.work import Work, to_bytes

BEFORE = ".coursewright/before-merge"
UNREADABLE = (
    "{} cannot be read as a notebook, so it was left as it is. Open it, save it and try again."
)


@dataclass(frozen=True)
class Updating:
    """A student's file of a lesson."""

    work: Work
    course: str
    lesson: str
    path: str

    def merge(
        self, former: bytes, base: Mapping[str, Any] | None, theirs: Mapping[str, Any]
    ) -> dict[str, Any]:
        """Make `former`, which must still be the file, the new version; tell what became of it."""
        mine = notebook(former, self.path)
        merged = merge(base, theirs, mine)
        told = {
            "path": self.path,
            **{name: getattr(merged, name) for name in ("updated", "added", "removed", "kept")},
            "conflicts": [asdict(conflict) for conflict in merged.conflicts],
        }
        content = to_bytes(merged.notebook)
        if merged.notebook == mine:
            return {**told, "sha": sha(former)}
        copy = self._keep(former)
        self._note({"copy": copy, "path": self.path, "sha": sha(content)})
        self.work.replace(self.path, content, former)
        return {**told, "sha": sha(content)}

    def undo(self) -> dict[str, Any]:
        """Bring back every byte from before the last merge; what stands there now is kept too."""
        last = self._noted()
        if last is None or last.get("path") != self.path:
            raise WorkError(
                "There is no update of this notebook to undo. Nothing was changed.",
                HTTPStatus.NOT_FOUND,
            )
        before = self.work.whole(f"{self._folder}/{last['copy']}")
        current = self.work.whole(self.path)
        kept = None
        if sha(current) != last.get("sha") and current != before:
            kept = f"{self._folder}/{self._keep(current)}"
        if current != before:
            self.work.replace(self.path, before, current)
        self._note(None)
        return {"path": self.path, "sha": sha(before), "kept": kept}

    @property
    def _folder(self) -> str:
        return f"{BEFORE}/{self.course}/{self.lesson}"

    def _keep(self, content: bytes) -> str:
        now = datetime.now(UTC).strftime("%Y%m%dT%H%M%S%f")
        name = f"{now}-{sha(content)[:12]}.ipynb"
        if not self.work.add(f"{self._folder}/{name}", content):
            raise WorkError("The copy from before the update could not be made. Try again.")
        return name

    def _note(self, last: Mapping[str, Any] | None) -> None:
        """Write down which copy is the last one; None: none is."""
        path, content = f"{self._folder}/last.json", to_bytes(last or {})
        if not self.work.add(path, content):
            self.work.replace(path, content, self.work.whole(path))

    def _noted(self) -> dict[str, Any] | None:
        with suppress(WorkError, ValueError, RecursionError):
            last = json.loads(self.work.whole(f"{self._folder}/last.json"))
            if isinstance(last, dict) and isinstance(last.get("copy"), str):
                return last
        return None


def notebook(content: bytes, path: str) -> dict[str, Any]:
    """The notebook that these bytes are. Raises WorkError when they are none."""
    found: Any = None
    with suppress(ValueError, RecursionError):
        found = json.loads(content)
    if not is_sound(found):
        raise WorkError(UNREADABLE.format(path))
    return dict(found)


def is_sound(found: Any) -> bool:
    """Whether this is a notebook, as far as merging needs one."""
    return (
        isinstance(found, dict)
        and found.get("nbformat") == 4
        and isinstance(found.get("metadata"), dict)
        and isinstance(found.get("cells"), list)
        and all(map(_is_cell, found["cells"]))
    )


def sha(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _is_cell(cell: Any) -> bool:
    if not isinstance(cell, dict) or not isinstance(cell.get("metadata"), dict):
        return False
    source = cell.get("source")
    lines = source if isinstance(source, list) else [source]
    pictures = cell.get("attachments", {})
    return (
        isinstance(cell.get("cell_type"), str)
        and all(isinstance(line, str) for line in lines)
        and isinstance(pictures, dict)
        and isinstance(cell.get("id", ""), str)
    )
