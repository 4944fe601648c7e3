"""A small Hub that knows people, groups and servers too, and does what administrators ask."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

from fake_hub import ADMINISTRATOR, PERSON, Door, Hub
from tornado.web import Application, HTTPError

from coursewright.services.scopes import HUB_POWERS

ROOT = (*ADMINISTRATOR, *HUB_POWERS)
SEEN = "2026-11-21T10:00:00.000000Z"


@dataclass
class PeopleHub(Hub):
    """`people` by name, as the Hub's API tells of them; `stopped` are servers told to stop."""

    people: dict[str, dict[str, Any]] = field(default_factory=dict)
    stopped: list[str] = field(default_factory=list)
    away: bool = False

    def token(self, name: str, scopes: Iterable[str] = PERSON, kind: str = "user") -> str:
        return super().token(name, ROOT if name == "root" else scopes, kind)

    def add(self, name: str, pid: int | None = None, **more: Any) -> None:
        server = {
            "name": "",
            "ready": True,
            "pending": None,
            "started": SEEN,
            "last_activity": SEEN,
            "state": {"pid": pid},
        }
        self.people[name] = {
            "name": name,
            "admin": False,
            "groups": [],
            "created": SEEN,
            "last_activity": SEEN,
            "servers": {"": server} if pid else {},
            **more,
        }

    def application(self) -> Application:
        app = super().application()
        about = {"hub": self}
        app.add_handlers(
            ".*",
            [
                ("/hub/api/", About, about),
                ("/hub/api/users", Users, about),
                ("/hub/api/users/([^/]+)", One, about),
                ("/hub/api/users/([^/]+)/server()", Servers, about),
                ("/hub/api/users/([^/]+)/servers/([^/]*)", Servers, about),
                ("/hub/api/groups/([^/]+)/users", Group, about),
            ],
        )
        return app


class Powerful(Door):
    """Only for a token that carries the Hub's powers."""

    hub: PeopleHub

    def prepare(self) -> None:
        if self.hub.away:
            raise HTTPError(503)
        token = self.request.headers.get("Authorization", "").removeprefix("token ")
        if "admin:users" not in self.hub.models.get(token, {}).get("scopes", ()):
            raise HTTPError(403)

    def one(self, name: str) -> dict[str, Any]:
        if unquote(name) not in self.hub.people:
            raise HTTPError(404)
        return self.hub.people[unquote(name)]


class About(Door):
    def get(self) -> None:
        self.write({"version": "6.1.1"})


class Users(Powerful):
    def get(self) -> None:
        begin, most = int(self.get_argument("offset")), int(self.get_argument("limit"))
        wanted = self.get_argument("name_filter", "")
        found = [one for name, one in sorted(self.hub.people.items()) if wanted in name]
        if self.get_argument("state", "") == "active":
            found = [one for one in found if one["servers"]]
        page = {"offset": begin, "limit": most, "total": len(found)}
        self.write({"items": found[begin : begin + most], "_pagination": page})

    def post(self) -> None:
        names = json.loads(self.request.body)["usernames"]
        new = [name for name in names if name not in self.hub.people]
        if not new:
            self.set_status(409)
            self.write({"message": "All users already exist"})
            return
        for name in new:
            self.hub.add(name)
        self.set_status(201)
        self.write(json.dumps([self.hub.people[name] for name in new]))


class One(Powerful):
    def get(self, name: str) -> None:
        self.write(self.one(name))


class Servers(Powerful):
    def delete(self, name: str, server: str) -> None:
        self.one(name)["servers"].pop(server, None)
        self.hub.stopped.append(f"{unquote(name)}/{server}")
        self.set_status(204)


class Group(Powerful):
    def post(self, group: str) -> None:
        for name in json.loads(self.request.body)["users"]:
            self.one(name)["groups"].append(group)
        self.write({})

    def delete(self, group: str) -> None:
        for name in json.loads(self.request.body)["users"]:
            self.one(name)["groups"].remove(group)
        self.write({})
