"""Course documents in the database: their one spelling, and the parsed ones that are in use.

Under a SHA-256 stands the same content for ever, so a document is parsed once in a process and
kept; who may see it is settled before it is asked for. What is kept is shared and never changed.
"""

from __future__ import annotations

import json
import threading
from collections import OrderedDict
from typing import cast

from sqlalchemy.orm import Session

from coursewright.records import blobs
from coursewright.records.course import Course

# Bytes of JSON whose courses are kept in a process; parsed they take about 2.5 times as much.
KEPT = 16 * 2**20


class Documents:
    """Parsed courses by SHA-256, those asked for least recently forgotten first."""

    def __init__(self, limit: int = KEPT) -> None:
        self._limit = limit
        self._size = 0
        self._kept: OrderedDict[str, tuple[Course, int]] = OrderedDict()
        self._lock = threading.Lock()

    def read(self, session: Session, sha: str) -> Course:
        """The course kept under `sha`. Raises NotFound."""
        with self._lock:
            if sha in self._kept:
                self._kept.move_to_end(sha)
                return self._kept[sha][0]
        content = blobs.get(session, sha)
        course = Course.from_json(cast(dict[str, object], json.loads(content)))
        self._keep(sha, course, len(content))
        return course

    def _keep(self, sha: str, course: Course, size: int) -> None:
        with self._lock:
            if sha in self._kept or size > self._limit:
                return
            self._kept[sha] = course, size
            self._size += size
            while self._size > self._limit:
                _, (_, forgotten) = self._kept.popitem(last=False)
                self._size -= forgotten


documents = Documents()


def to_bytes(course: Course) -> bytes:
    """One spelling of a course, so that equal courses have equal SHA-256."""
    return json.dumps(course.to_json(), sort_keys=True, separators=(",", ":")).encode()
