"""The copies that the service keeps, as questions to it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from coursewright.extension.client import NONSENSE, ServiceClient, having
from coursewright.extension.errors import Garbled


@dataclass(frozen=True)
class Place:
    """Which lesson's notebook, and where it lies among the student's files."""

    course: str
    lesson: str
    path: str

    @property
    def address(self) -> str:
        return f"courses/{self.course}/lessons/{self.lesson}/copies"


async def keep(service: ServiceClient, place: Place, sha: str, content: bytes) -> None:
    """Have these bytes kept; they are sent only when the service does not have them."""
    asked = json.dumps({"sha256": sha, "path": place.path}).encode()
    kind = {"Content-Type": "application/json"}
    answer = await service.ask("POST", place.address, asked, kind)
    if "copy" not in answer:
        raise Garbled(NONSENSE)
    if answer["copy"] is None:
        headers = {**kind, "Notebook-Path": quote(place.path)}
        sent = await service.ask("PUT", f"{place.address}/{sha}", content, headers)
        having(sent, "sha256", str)


async def listed(service: ServiceClient, course: str, lesson: str) -> list[dict[str, Any]]:
    """The copies of a lesson's notebook, newest first."""
    return _copies(await service.ask("GET", Place(course, lesson, "").address))


async def of_course(service: ServiceClient, course: str) -> list[dict[str, Any]]:
    """The newest copy of each notebook of a course."""
    return _copies(await service.ask("GET", f"courses/{course}/copies"))


async def newest(service: ServiceClient, course: str) -> dict[str, str]:
    """What the newest copy of each notebook is, by its path."""
    return {copy["path"]: copy["sha256"] for copy in await of_course(service, course)}


async def content(service: ServiceClient, course: str, lesson: str, sha: str) -> bytes:
    """A copy's bytes."""
    return await service.download(f"{Place(course, lesson, '').address}/{sha}")


def _copies(answer: dict[str, Any]) -> list[dict[str, Any]]:
    found = having(answer, "copies", list)["copies"]
    for copy in found:
        if not isinstance(copy, dict):
            raise Garbled(NONSENSE)
        for name in ("lesson", "path", "sha256", "saved_at"):
            having(copy, name, str)
    return found
