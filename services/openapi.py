"""The OpenAPI 3.1 document, made from the route table and from what stands beside the verbs."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterable
from http import HTTPStatus
from typing import Any

from coursewright.services.answers import APIHandler
from coursewright.services.guards import Guard, guard_of, open_to_all
from coursewright.services.keyed import HEADER
from coursewright.services.routes import PARTS, Route
from coursewright.services.schemas import COMPONENTS, About, about, documented
from coursewright.services.shapes import Schema, ref

VERSION = "1.0.0"

KEY: dict[str, Schema] = {
    HEADER: {
        "type": "string",
        "minLength": 8,
        "maxLength": 200,
        "pattern": "^[!-~]+$",
        "description": "Sent again with the same key, the request is not carried out again: it is "
        "answered as before, for 24 hours",
    }
}
MATCH: dict[str, Schema] = {
    "If-Match": {
        "type": "string",
        "description": "The ETag that a GET of this address gave; anything else is refused (412)",
    }
}


class Document(APIHandler):
    @documented({200: "application/json"})
    @open_to_all
    async def get(self) -> None:
        """This document."""
        self.answer(document(self.settings["routes"], self.service.prefix))


def document(routes: Iterable[Route], prefix: str) -> dict[str, Any]:
    """The document of those routes that are API; pages are left out."""
    paths = {
        f"/{route.path}": {verb: operation(route, verb) for verb in route.verbs}
        for route in routes
        if issubclass(route.handler, APIHandler)
    }
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Coursewright",
            "version": VERSION,
            "description": "Courses, hand-ins and scores. Errors are problem documents (RFC 9457); "
            "every answer carries an X-Request-Id. Writes may carry an Idempotency-Key, long lists "
            "come in pages (limit, after, next), and answers have ETags.",
        },
        "servers": [{"url": prefix.rstrip("/")}],
        "paths": paths,
        "components": {
            "schemas": COMPONENTS,
            "securitySchemes": {
                "token": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "A JupyterHub API token; the Hub's own spelling, "
                    "`Authorization: token …`, is understood too",
                }
            },
        },
    }


def operation(route: Route, verb: str) -> dict[str, Any]:
    """One verb of a route."""
    method = getattr(route.handler, verb)
    guard, facts = guard_of(method), about(method)
    summary, _, description = (inspect.getdoc(method) or "").partition("\n")
    found: dict[str, Any] = {
        "operationId": _identity(route, verb),
        "summary": summary,
        "description": " ".join(description.split()),
        "parameters": [*_path(route), *_query(facts), *_headers(facts, verb, guard)],
        "responses": _responses(route, verb, guard, facts),
        "security": [{"token": []}] if guard and guard.scope else [],
    }
    if guard and guard.scope:
        found["x-scope"] = guard.scope
        if guard.role:
            found["x-role"] = guard.role
    if facts.takes:
        # A body whose schema allows the empty object may be left out.
        needed = "/" in facts.takes or "required" in COMPONENTS[facts.takes]
        found["requestBody"] = {"required": needed, "content": _content(facts.takes)}
    return found


def _identity(route: Route, verb: str) -> str:
    words = re.sub(r"[^a-z0-9]+", "_", route.path.removeprefix("api/v1/")).strip("_")
    return f"{verb}_{words}"


def _path(route: Route) -> list[dict[str, Any]]:
    return [
        {"name": name, "in": "path", "required": True, "schema": PARTS[name][1]}
        for name in route.parts
    ]


def _query(facts: About) -> list[dict[str, Any]]:
    return [
        {"name": name, "in": "query", "required": name in facts.needed, "schema": schema}
        for name, schema in facts.query.items()
    ]


def _headers(facts: About, verb: str, guard: Guard | None) -> list[dict[str, Any]]:
    told = {**facts.headers, **(MATCH if facts.matched else {})}
    if verb != "get" and guard and guard.scope:
        told = {**KEY, **told}
    return [
        {"name": name, "in": "header", "required": name in facts.headers, "schema": schema}
        for name, schema in told.items()
    ]


def _responses(route: Route, verb: str, guard: Guard | None, facts: About) -> dict[str, Any]:
    answers = {
        str(status): {"description": HTTPStatus(status).phrase, "content": _content(name)}
        for status, name in facts.answers.items()
    }
    problems: list[int] = [413, 503]
    if guard and guard.scope:
        problems += [401, 403, 429]
        # An Idempotency-Key that is none, or that was sent with something else.
        problems += [400, 409] if verb != "get" else []
    if route.parts:
        problems.append(404)
    if facts.takes or facts.query:
        problems.append(400)
    if facts.conflicts:
        problems.append(409)
    if facts.slowed:
        problems.append(404)
    if facts.matched:
        problems.append(412)
    told = {
        str(status): {
            "description": HTTPStatus(status).phrase,
            "content": {"application/problem+json": {"schema": ref("Problem")}},
        }
        for status in sorted({*problems} - facts.answers.keys())
    }
    unchanged = {"304": {"description": "What If-None-Match names is still so"}}
    return {**answers, **(unchanged if 200 in facts.answers and verb == "get" else {}), **told}


def _content(name: str) -> dict[str, Any]:
    if "/" in name:
        return {name: {}}
    return {"application/json": {"schema": ref(name)}}


ROUTES = [Route("api/v1/openapi.json", Document)]
