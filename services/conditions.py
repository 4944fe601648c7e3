"""Entity tags: what an answer is known by, and changes that are made only to what was seen."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable
from dataclasses import asdict, is_dataclass
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy.orm import Session

from coursewright.records import courses
from coursewright.records.errors import Stale

T = TypeVar("T")

TAG = re.compile(r'(?:W/)?("[^"]*")')
CHANGED = (
    "Somebody else has changed this since you looked at it, and nothing was done now. Look at it "
    "again, and change it then if you still want to"
)


def written(data: Any) -> bytes:
    """`data` (JSON values, dataclasses and times) as it stands in an answer."""
    return json.dumps(data, default=plain, ensure_ascii=False).encode()


def plain(value: Any) -> Any:
    """What json cannot write by itself."""
    if isinstance(value, datetime):
        return value.isoformat()
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    raise TypeError(f"{type(value).__name__} has no JSON form")


def tag(content: bytes) -> str:
    """A strong tag (RFC 9110, 8.8.3)."""
    return f'"{hashlib.sha256(content).hexdigest()[:32]}"'


def named(tag: str, header: str) -> bool:
    """Whether an If-Match names the tag.

    Also as a weak one: proxies weaken the tags of what they compress, and what is compared here
    is the state itself.
    """
    return header.strip() == "*" or tag in TAG.findall(header)


def change(
    session: Session,
    course: str,
    header: str | None,
    shown: Callable[[Session], Any],
    act: Callable[[Session], T],
) -> tuple[T, str]:
    """Do `act`, when `shown` still has the tag that the If-Match `header` names.

    `shown` is what a GET of the same address answers; the new state's tag is given back beside
    what `act` returns. Changes of one course come one after the other. Raises Stale.
    """
    courses.lock(session, course)
    if header is not None and not named(tag(written(shown(session))), header):
        raise Stale(CHANGED)
    done = act(session)
    return done, tag(written(shown(session)))
