"""Which lessons of a course are among the student's files, and of which version.

A notebook is read again only when its file has changed, so that an outline of hundreds of lessons
costs one look at each file.
"""

from __future__ import annotations

import stat
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from coursewright.extension.errors import WorkError
from coursewright.extension.work import Work, belonging

Seen = tuple[int, int, int]  # inode, size in bytes, time of the last change in nanoseconds


@dataclass
class Shelf:
    """The lessons below a student's courses folder."""

    work: Work
    _known: dict[str, tuple[Seen, int | None]] = field(default_factory=dict)

    def states(self, course: str, lessons: Iterable[str]) -> dict[str, dict[str, Any]]:
        """By lesson key: whether it is here, and the course's version that it says it is from."""
        return {key: self._state(self.work.path(course, key)) for key in lessons}

    def _state(self, path: str) -> dict[str, Any]:
        found = self.work.look(path)
        if found is None or not stat.S_ISREG(found.st_mode):
            self._known.pop(path, None)
            return {"exists": False, "version": None}
        seen = found.st_ino, found.st_size, found.st_mtime_ns
        if path not in self._known or self._known[path][0] != seen:
            self._known[path] = seen, self._version(path)
        return {"exists": True, "version": self._known[path][1]}

    def _version(self, path: str) -> int | None:
        try:
            version = belonging(self.work.read(path)).get("version")
        except (WorkError, OSError):
            return None
        return version if isinstance(version, int) else None
