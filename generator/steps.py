"""What each step of a generation came to, kept as it is finished: a run that was cut goes on.

A step is known by its name and by what went into it. When that has changed, an outline that was
edited for instance, the step is made anew, and so is what follows from it; the rest stays.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, Protocol, TypeVar

from pydantic import BaseModel, ValidationError

M = TypeVar("M", bound=BaseModel)


class Steps(Protocol):
    """Values are JSON. `keep` returns when the value is stored for good."""

    def find(self, name: str, digest: str) -> Any | None: ...

    def keep(self, name: str, digest: str, value: Any) -> None: ...


class StepsInMemory:
    """For one run."""

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], Any] = {}

    def find(self, name: str, digest: str) -> Any | None:
        return self.kept.get((name, digest))

    def keep(self, name: str, digest: str, value: Any) -> None:
        self.kept[name, digest] = value


class StepsInFolder:
    """One file a step; written beside its place, synced, and moved there whole."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory

    def find(self, name: str, digest: str) -> Any | None:
        try:
            found = json.loads(self._path(name).read_text(encoding="utf-8"))
        except (OSError, ValueError):  # not there, or not ours: made anew
            return None
        if not isinstance(found, dict) or found.get("digest") != digest:
            return None
        return found.get("value")

    def keep(self, name: str, digest: str, value: Any) -> None:
        path = self._path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        content = json.dumps({"digest": digest, "value": value}, ensure_ascii=True).encode()
        descriptor, beside = tempfile.mkstemp(dir=path.parent, prefix=".")
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            os.replace(beside, path)
        except BaseException:
            Path(beside).unlink(missing_ok=True)
            raise

    def _path(self, name: str) -> Path:
        return self.directory / f"{name}.json"


def digest(*parts: Any) -> str:
    """Of JSON values and drafts: what a step's result depends on."""
    plain = [one.model_dump(mode="json") if isinstance(one, BaseModel) else one for one in parts]
    return hashlib.sha256(json.dumps(plain, sort_keys=True).encode()).hexdigest()


def stored(steps: Steps, name: str, kind: type[M], given: str) -> M | None:
    """The result of this step; None too for one that another release has kept otherwise."""
    found = steps.find(name, given)
    try:
        return None if found is None else kind.model_validate(found)
    except ValidationError:
        return None


async def once(
    steps: Steps, name: str, kind: type[M], given: str, make: Callable[[], Awaitable[M]]
) -> M:
    """The draft of this step: the stored one, else made now and stored."""
    kept = stored(steps, name, kind, given)
    if kept is not None:
        return kept
    made = await make()
    steps.keep(name, given, made.model_dump(mode="json"))
    return made
