"""What can be watched: a course's events, its class, and for administrators parts of the platform.

A topic is written as a course's key, as `class:COURSE`, or as one of ADMIN. Only the first tells
events one by one; for the others the service says what a page is to show (`Exchange.say`).
"""

from __future__ import annotations

from dataclasses import dataclass

from coursewright.records.errors import Denied
from coursewright.services.admin_feed import JOBS, SERVERS

CLASS = "class:"
# What administrators may watch.
ADMIN = frozenset({JOBS, SERVERS})


@dataclass(frozen=True)
class Topic:
    """`course` is None for what administrators alone may watch."""

    name: str
    course: str | None

    @property
    def is_class(self) -> bool:
        return self.name.startswith(CLASS)


def class_of(course: str) -> str:
    """The topic of a course's class."""
    return f"{CLASS}{course}"


def read(name: str) -> Topic:
    """Raises Denied for what is no topic, as for one that may not be watched."""
    if name in ADMIN:
        return Topic(name, None)
    course = name.removeprefix(CLASS)
    if ":" in course:
        raise Denied("There is no such topic, or you may not watch it")
    return Topic(name, course)
