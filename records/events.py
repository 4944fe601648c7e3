"""What happened, written in the transaction of the change itself.

Names are `learning.*`, `code.*`, `exercise.*`, `quiz.*`, `struggle.*`, `course.*`, and `audit.*`
for what somebody may have to answer for. A trigger tells the channel `coursewright_events` the
number of each row when its transaction is committed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from coursewright.records import logs
from coursewright.records.tables import Event, Person

CHANNEL = "coursewright_events"
NAME = re.compile(r"(learning|code|exercise|quiz|struggle|course|audit)\.[a-z][a-z_.]*\Z")


def record(
    session: Session,
    name: str,
    person: Person | None = None,
    object: str = "",
    *,
    detail: Mapping[str, Any] | None = None,
    request_id: str | None = None,
) -> None:
    """Write one event; `object` says on what, such as `course/lesson`.

    Without a `request_id`, that of the request or job under way counts.
    """
    if not NAME.match(name):
        raise ValueError(f"{name!r} is not the name of an event")
    session.add(
        Event(
            name=name,
            person_id=person.id if person else None,
            object=object,
            detail=dict(detail or {}),
            request_id=request_id or logs.request_id(),
        )
    )
