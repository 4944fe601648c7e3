"""Who may call a verb: decorators that stand on the line above it.

A verb without one of them is refused by tests/services/test_guards.py; a misspelt scope is
refused when the module is imported.
"""

from __future__ import annotations

import functools
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, Protocol

from coursewright.records import courses, sections
from coursewright.records.errors import Denied, NotFound
from coursewright.records.tables import ROLES
from coursewright.services.scopes import ADMIN, SCOPES

# What somebody in a course is told whose role there does not suffice.
TOO_LOW = {
    "assistant": "This is for the people who teach the course",
    "instructor": "This is for the instructors of the course",
}
WHOLE = "This shows the whole course, and you see the students of your sections"


class Guarded(Protocol):
    """What a handler offers to its guards."""

    person: str
    role: str | None

    def busy(self) -> AbstractContextManager[None]: ...
    def has_scope(self, scope: str) -> bool: ...
    async def receive(self) -> None: ...
    async def sign_in(self) -> None: ...
    def slow_down(self) -> None: ...
    async def perform(self, verb: Callable[..., Any], arguments: dict[str, str]) -> None: ...
    async def ask(self, function: Callable[..., Any], *args: Any) -> Any: ...
    async def done(self) -> None: ...


Verb = Callable[..., Awaitable[None]]


@dataclass(frozen=True)
class Guard:
    """`scope` None: everybody, signed in or not. `role`: the least in the verb's course.

    Administrators need no role. `whole`: it shows the work of the whole course, so an assistant who
    has sections is refused; a verb about one person lets them see those of their sections.
    """

    scope: str | None
    role: str | None = None
    whole: bool = False

    async def check(self, handler: Guarded, arguments: Mapping[str, str]) -> None:
        """Raises NotSignedIn, TooMany, Denied, and NotFound for a course of others."""
        if self.scope is None:
            return
        await handler.sign_in()
        handler.slow_down()
        if not handler.has_scope(self.scope):
            raise Denied(f"Your sign-in does not allow this; it needs {self.scope}")
        if self.role is None or handler.has_scope(ADMIN):
            return
        course = arguments.get("course")
        handler.role = held = await handler.ask(courses.role_of, handler.person, course)
        if held is None:
            raise NotFound(f"There is no course {course!r} that you belong to")
        if ROLES.index(held) < ROLES.index(self.role):
            raise Denied(TOO_LOW[self.role])
        person = arguments.get("person")
        if held == "assistant" and (self.whole or person is not None):
            only = await handler.ask(sections.visible, handler.person, course)
            if only is not None and self.whole:
                raise Denied(WHOLE)
            if only is not None and person not in only:
                raise NotFound(f"There is nobody called {person!r} in your sections")


def needs(scope: str, *, role: str | None = None, whole: bool = False) -> Callable[[Verb], Verb]:
    """Let in who has `scope`; with `role`, they must have it, or a higher one, in `course`."""
    if scope not in SCOPES:
        raise ValueError(f"No such scope: {scope}. The scopes are {', '.join(SCOPES)}")
    if role is not None and role not in TOO_LOW:
        raise ValueError(f"No such role of a guard: {role}. They are {', '.join(TOO_LOW)}")
    return functools.partial(_guard, Guard(scope, role, whole))


def open_to_all(verb: Verb) -> Verb:
    """Let in everybody; for what tells nothing about anybody."""
    return _guard(Guard(None), verb)


def guard_of(verb: Callable[..., Any]) -> Guard | None:
    """The guard of a verb; None when it has none."""
    return getattr(verb, "guard", None)


def _guard(guard: Guard, verb: Verb) -> Verb:
    @functools.wraps(verb)
    async def guarded(handler: Any, **arguments: Any) -> None:
        with handler.busy():
            await handler.receive()
            await guard.check(handler, arguments)
            await handler.perform(verb, arguments)
            await handler.done()

    guarded.guard = guard  # type: ignore[attr-defined]
    return guarded
