"""Addresses: how a path with named parts becomes a pattern, and which verbs answer there."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from tornado.routing import URLSpec
from tornado.web import RequestHandler

VERBS = ("get", "post", "put", "patch", "delete")

# A part of a path: its pattern, and its JSON schema for the OpenAPI document.
KEY = r"[a-z0-9]+(?:-[a-z0-9]+)*"
PARTS: dict[str, tuple[str, dict[str, Any]]] = {
    "course": (KEY, {"type": "string", "pattern": f"^{KEY}$"}),
    "lesson": (KEY, {"type": "string", "pattern": f"^{KEY}$"}),
    "exercise": (r"[^/]+", {"type": "string", "minLength": 1, "maxLength": 255}),
    "person": (r"[^/]+", {"type": "string", "minLength": 1, "maxLength": 255}),
    "code": (r"[^/]+", {"type": "string", "minLength": 1, "maxLength": 40}),
    "group": (r"[^/]+", {"type": "string", "minLength": 1, "maxLength": 80}),
    "section": (r"[^/]+", {"type": "string", "minLength": 1, "maxLength": 80}),
    "regrade": (r"[1-9][0-9]{0,17}", {"type": "integer", "minimum": 1}),
    "request": (r"[1-9][0-9]{0,17}", {"type": "integer", "minimum": 1}),
    "item": (r"[1-9][0-9]{0,17}", {"type": "integer", "minimum": 1}),
    "cell": (r"[^/]+", {"type": "string", "minLength": 1, "maxLength": 255}),
    "submission": (r"[1-9][0-9]{0,17}", {"type": "integer", "minimum": 1}),
    "message": (r"[1-9][0-9]{0,17}", {"type": "integer", "minimum": 1}),
    "quiz": (r"[^/]+", {"type": "string", "minLength": 1, "maxLength": 255}),
    "question": (r"[1-9][0-9]{0,17}", {"type": "integer", "minimum": 1}),
    "attempt": (r"[1-9][0-9]{0,8}", {"type": "integer", "minimum": 1}),
    "generation": (r"[1-9][0-9]{0,17}", {"type": "integer", "minimum": 1}),
    "review": (r"[1-9][0-9]{0,17}", {"type": "integer", "minimum": 1}),
    "check": (r"[1-9][0-9]{0,17}", {"type": "integer", "minimum": 1}),
    "secret": (r"[A-Za-z0-9_-]{1,200}", {"type": "string", "maxLength": 200}),
    "sha": (r"[0-9a-f]{64}", {"type": "string", "pattern": "^[0-9a-f]{64}$"}),
    "table": (r"[a-z]+(?:-[a-z]+)*", {"type": "string"}),
    "asset": (r"[a-z0-9-]+\.[a-z0-9]+", {"type": "string"}),
}
PART = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True)
class Route:
    """`path` is below the service's prefix, with its parts in braces."""

    path: str
    handler: type[RequestHandler]

    @property
    def parts(self) -> list[str]:
        return PART.findall(self.path)

    @property
    def pattern(self) -> str:
        """The regular expression of the path."""
        pieces = PART.split(self.path)
        literal = [re.escape(piece) for piece in pieces[::2]]
        named = [f"(?P<{name}>{PARTS[name][0]})" for name in pieces[1::2]]
        return "".join(piece for pair in zip(literal, [*named, ""], strict=True) for piece in pair)

    @property
    def verbs(self) -> tuple[str, ...]:
        """Those that the handler implements itself or inherits from ours."""
        unimplemented = RequestHandler._unimplemented_method
        return tuple(
            verb for verb in VERBS if getattr(self.handler, verb, None) is not unimplemented
        )

    @property
    def methods(self) -> list[str]:
        """The verbs as HTTP writes them; where there is a GET there is a HEAD."""
        head = ["HEAD"] if "get" in self.verbs else []
        return sorted([*(verb.upper() for verb in self.verbs), *head])

    def spec(self, prefix: str, **collaborators: Any) -> URLSpec:
        """The route as tornado takes it."""
        arguments = {**collaborators, "route": self}
        return URLSpec(re.escape(prefix) + self.pattern + "$", self.handler, arguments)


def specs(routes: Iterable[Route], prefix: str, **collaborators: Any) -> list[URLSpec]:
    """The whole table."""
    return [route.spec(prefix, **collaborators) for route in routes]
