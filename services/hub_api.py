"""The Hub's API with the right of whoever asks: the service itself holds no power over people.

The token is that of the request under way, so the Hub decides, and its log says, who did it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

from jupyterhub.services.auth import HubOAuth
from tornado.httpclient import AsyncHTTPClient, HTTPResponse

from coursewright.records.errors import (
    Conflict,
    CoursewrightError,
    Denied,
    Invalid,
    NotFound,
    Unavailable,
)

# Seconds; the Hub answers about people at once, and about a server's stop within its patience.
PATIENCE = 20.0
PAGED = "application/jupyterhub-pagination+json"
AWAY = "The Hub does not answer now; try again in a moment"
ERRORS: Mapping[int, type[CoursewrightError]] = {
    400: Invalid,
    403: Denied,
    404: NotFound,
    409: Conflict,
}
WEAK = (
    "Your sign-in gives no power over people or servers at the Hub. Sign out and in again; if it "
    "still does not, you are not one of the Hub's administrators"
)


@dataclass(frozen=True)
class Page:
    """A page of the Hub's people, as its API has them, out of `total`."""

    people: list[dict[str, Any]]
    total: int


@dataclass(frozen=True)
class HubAPI:
    """With somebody's `token`. Every method raises Unavailable when the Hub is away, and Denied,
    NotFound, Conflict or Invalid in the Hub's own words.
    """

    auth: HubOAuth
    token: str

    async def people(
        self, search: str = "", offset: int = 0, limit: int = 50, state: str = ""
    ) -> Page:
        """By name; `state`: `active` are those with a server."""
        wanted = {"offset": offset, "limit": limit, "sort": "name"}
        query = urlencode(wanted | {"name_filter": search} | ({"state": state} if state else {}))
        found = await self.ask("GET", f"users?{query}", accept=PAGED)
        if isinstance(found, list):
            return Page(found, offset + len(found))
        return Page(found["items"], found["_pagination"]["total"])

    async def person(self, name: str) -> dict[str, Any]:
        found: dict[str, Any] = await self.ask("GET", f"users/{part(name)}")
        return found

    async def create(self, names: Iterable[str]) -> list[str]:
        """Make accounts; the names of those that are new."""
        try:
            made = await self.ask("POST", "users", {"usernames": list(names), "admin": False})
        except Conflict:
            return []  # all have one
        return [one["name"] for one in made]

    async def set_group(self, group: str, name: str, *, member: bool) -> None:
        verb = "POST" if member else "DELETE"
        await self.ask(verb, f"groups/{part(group)}/users", {"users": [name]})

    async def stop(self, name: str, server: str = "") -> None:
        """Ask a server to stop; it may take a while."""
        path = f"users/{part(name)}/" + (f"servers/{part(server)}" if server else "server")
        await self.ask("DELETE", path)

    async def version(self) -> str:
        found = await self.ask("GET", "")
        return str(found.get("version", ""))

    async def ask(
        self, verb: str, path: str, body: Any = None, accept: str = "application/json"
    ) -> Any:
        answer = await self._fetch(verb, path, body, accept)
        if answer.code == 599 or answer.code >= 500:
            raise Unavailable(AWAY)
        if answer.code >= 400:
            raise ERRORS.get(answer.code, Invalid)(sentence(answer))
        return json.loads(answer.body) if answer.body else None

    async def _fetch(self, verb: str, path: str, body: Any, accept: str) -> HTTPResponse:
        auth = self.auth
        try:
            return await AsyncHTTPClient().fetch(
                f"{auth.api_url.rstrip('/')}/{path}",
                method=verb,
                headers={"Authorization": f"token {self.token}", "Accept": accept},
                body=None if body is None else json.dumps(body),
                allow_nonstandard_methods=True,
                raise_error=False,
                request_timeout=PATIENCE,
                client_key=auth.keyfile or None,
                client_cert=auth.certfile or None,
                ca_certs=auth.client_ca or None,
            )
        except OSError as error:
            raise Unavailable(AWAY) from error


def part(name: str) -> str:
    """A name as a part of a path."""
    return quote(name, safe="")


def sentence(answer: HTTPResponse) -> str:
    """Why the Hub refused."""
    if answer.code == 403:
        return WEAK
    try:
        told = json.loads(answer.body)["message"]
    except (ValueError, KeyError, TypeError):
        told = ""
    return f"The Hub says: {told or answer.reason}"
