"""A Kubernetes API: keeps objects, lists, watches, creates, patches and deletes them.

As much of the real one as KubeSpawner and a kubelet use: label and field selectors, resource
versions, graceful deletion of pods, quotas of pods, objects that go with their owner. kmock serves
lists and watches too, but knows neither selectors nor versions, which KubeSpawner lives by.
"""

from __future__ import annotations

import asyncio
import base64
import json
import uuid
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from itertools import count
from typing import Any

from tornado.iostream import StreamClosedError
from tornado.web import Application, HTTPError, RequestHandler

Object = dict[str, Any]


class Refused(HTTPError):
    def __init__(self, status: int, message: str) -> None:
        super().__init__(status)
        self.message = message


class Store:
    """All objects by (kind in plural, namespace, name), and every change since the start."""

    def __init__(self) -> None:
        self.objects: dict[tuple[str, str, str], Object] = {}
        self.changes: list[tuple[int, str, str, str]] = []
        self.changed = asyncio.Event()
        self.versions = count(1)

    def all(self, plural: str) -> Iterator[Object]:
        return (one for (kind, _, _), one in list(self.objects.items()) if kind == plural)

    def get(self, plural: str, namespace: str, name: str) -> Object:
        try:
            return self.objects[plural, namespace, name]
        except KeyError:
            raise Refused(404, f'{plural} "{name}" not found') from None

    def create(self, plural: str, namespace: str, made: Object) -> Object:
        meta = made.setdefault("metadata", {})
        name = meta.setdefault("name", "")
        if (plural, namespace, name) in self.objects:
            raise Refused(409, f'{plural} "{name}" already exists')
        if plural == "pods":
            self.count_pods(namespace, name)
            made["status"] = {"phase": "Pending"}
        for key, value in made.pop("stringData", {}).items():
            made.setdefault("data", {})[key] = base64.b64encode(value.encode()).decode()
        meta |= {"namespace": namespace, "uid": str(uuid.uuid4()), "creationTimestamp": now()}
        self.objects[plural, namespace, name] = made
        self.tell("ADDED", plural, made)
        return made

    def count_pods(self, namespace: str, name: str) -> None:
        held = [one for one in self.all("pods") if one["metadata"]["namespace"] == namespace]
        for quota in self.all("resourcequotas"):
            most = int(quota["spec"]["hard"]["pods"])
            if len(held) >= most:
                called = quota["metadata"]["name"]
                raise Refused(
                    403,
                    f'pods "{name}" is forbidden: exceeded quota: {called}, requested: pods=1,'
                    f" used: pods={len(held)}, limited: pods={most}",
                )

    def patch(self, plural: str, namespace: str, name: str, change: Mapping[str, Any]) -> Object:
        found = self.get(plural, namespace, name)
        # A new object, since watchers were given the old one.
        merged: Object = merge(found, change)
        self.objects[plural, namespace, name] = merged
        self.tell("MODIFIED", plural, merged)
        return merged

    def delete(self, plural: str, namespace: str, name: str) -> Object:
        """A pod stays until its kubelet has ended it; all else goes at once."""
        found = self.get(plural, namespace, name)
        if plural != "pods":
            return self.remove(plural, found)
        if "deletionTimestamp" in found["metadata"]:
            return found
        return self.patch(plural, namespace, name, {"metadata": {"deletionTimestamp": now()}})

    def remove(self, plural: str, gone: Object) -> Object:
        meta = gone["metadata"]
        if self.objects.pop((plural, meta["namespace"], meta["name"]), None) is not None:
            self.tell("DELETED", plural, gone)
            for (kind, _, _), one in list(self.objects.items()):
                owners = one["metadata"].get("ownerReferences") or ()
                if any(owner["uid"] == meta["uid"] for owner in owners):
                    self.remove(kind, one)
        return gone

    def tell(self, what: str, plural: str, changed: Object) -> None:
        version = next(self.versions)
        changed["metadata"]["resourceVersion"] = str(version)
        self.changes.append((version, what, plural, json.dumps(changed)))
        self.changed.set()
        self.changed = asyncio.Event()

    async def watch(self, plural: str, since: int) -> Any:
        """What changes after a version, without end."""
        place = 0
        while True:
            changed = self.changed
            while place < len(self.changes):
                version, what, kind, one = self.changes[place]
                place += 1
                if kind == plural and version > since:
                    yield what, json.loads(one)
            await changed.wait()


def now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def merge(old: Any, change: Any) -> Any:
    """As RFC 7396 has it."""
    if not isinstance(change, Mapping):
        return change
    found = dict(old) if isinstance(old, Mapping) else {}
    for key, value in change.items():
        found[key] = merge(found.get(key), value)
        if value is None:
            del found[key]
    return found


def fits(one: Object, labels: str, fields: str) -> bool:
    """Whether an object has all labels and fields of two selectors (`a=b,c=d`)."""
    for pair in filter(None, labels.split(",")):
        key, _, value = pair.partition("=")
        if (one["metadata"].get("labels") or {}).get(key) != value:
            return False
    for pair in filter(None, fields.split(",")):
        path, _, value = pair.partition("=")
        found: Any = one
        for key in path.split("."):
            found = found.get(key, {})
        if found != value:
            return False
    return True


class Door(RequestHandler):
    def initialize(self, store: Store) -> None:
        self.store = store

    def answer(self, told: Object, status: int = 200) -> None:
        self.set_status(status)
        self.finish(told)

    def write_error(self, status_code: int, **about: Any) -> None:
        error = about["exc_info"][1]
        message = error.message if isinstance(error, Refused) else str(error)
        told = {"kind": "Status", "status": "Failure", "code": status_code, "message": message}
        self.finish(told)

    def sent(self) -> Object:
        return dict(json.loads(self.request.body or "{}"))


class Several(Door):
    async def get(self, namespace: str, plural: str) -> None:
        select = self.get_argument("labelSelector", ""), self.get_argument("fieldSelector", "")
        if self.get_argument("watch", "").lower() == "true":
            since = int(self.get_argument("resourceVersion", "0"))
            patience = float(self.get_argument("timeoutSeconds", "300"))
            try:
                async with asyncio.timeout(patience):
                    await self.stream(namespace, plural, since, select)
            except (TimeoutError, StreamClosedError):
                return
        items = [
            one
            for one in self.store.all(plural)
            if one["metadata"]["namespace"] == namespace and fits(one, *select)
        ]
        version = str(self.store.changes[-1][0] if self.store.changes else 0)
        self.answer({"kind": "List", "metadata": {"resourceVersion": version}, "items": items})

    async def stream(
        self, namespace: str, plural: str, since: int, select: tuple[str, str]
    ) -> None:
        self.set_header("Content-Type", "application/json")
        await self.flush()
        async for what, one in self.store.watch(plural, since):
            if one["metadata"]["namespace"] == namespace and fits(one, *select):
                self.write(json.dumps({"type": what, "object": one}) + "\n")
                await self.flush()

    def post(self, namespace: str, plural: str) -> None:
        self.answer(self.store.create(plural, namespace, self.sent()), 201)


class Named(Door):
    def get(self, namespace: str, plural: str, name: str) -> None:
        self.answer(self.store.get(plural, namespace, name))

    def patch(self, namespace: str, plural: str, name: str) -> None:
        self.answer(self.store.patch(plural, namespace, name, self.sent()))

    def delete(self, namespace: str, plural: str, name: str) -> None:
        self.answer(self.store.delete(plural, namespace, name))


def application(store: Store) -> Application:
    several = r"/api/v1/namespaces/([^/]+)/([a-z]+)"
    about = {"store": store}
    return Application(
        [(several, Several, about), (rf"{several}/([^/]+)(?:/status)?", Named, about)]
    )
