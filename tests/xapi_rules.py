"""What the specification of xAPI 1.0.3 asks of a statement, part two, 2.4; raises AssertionError.

Written from the specification and not from our code, as far as our statements use it: unknown
properties are refused, as a store refuses them.
"""

from __future__ import annotations

import math
import re
import uuid
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

STATEMENT = {"id", "actor", "verb", "object", "result", "context", "timestamp", "version"}
RESULT = {"score", "success", "completion", "response", "duration", "extensions"}
SCORE = {"scaled", "raw", "min", "max"}
CONTEXT = {
    "registration",
    "instructor",
    "team",
    "contextActivities",
    "revision",
    "platform",
    "language",
    "statement",
    "extensions",
}
DEFINITION = {"name", "description", "type", "moreInfo", "extensions"}
DURATION = re.compile(r"P(?=.)(\d+D)?(T(?=.)(\d+H)?(\d+M)?(\d+(\.\d{1,2})?S)?)?\Z")
LANGUAGE = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*\Z")


def is_iri(value: Any) -> None:
    """Absolute, with nothing in it that a URI could not be made of."""
    assert isinstance(value, str)
    parts = urlsplit(value)
    assert parts.scheme
    assert parts.netloc or parts.path
    assert not re.search(r"[\s<>\"{}|\\^`\x00-\x1f]", value), value


def is_uuid(value: Any) -> None:
    assert isinstance(value, str)
    assert str(uuid.UUID(value)) == value.lower()
    assert uuid.UUID(value).variant == uuid.RFC_4122


def is_timestamp(value: Any) -> None:
    """ISO 8601 with a zone; -00:00 is not allowed."""
    assert isinstance(value, str)
    assert re.match(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d", value)
    assert datetime.fromisoformat(value).tzinfo is not None
    assert not value.endswith(("-00:00", "-0000", "-00"))


def is_language_map(value: Any) -> None:
    assert isinstance(value, dict)
    assert all(LANGUAGE.match(tag) and isinstance(text, str) for tag, text in value.items())


def are_extensions(value: Any) -> None:
    assert isinstance(value, dict)
    for name in value:
        is_iri(name)


def is_agent(value: Any) -> None:
    """With just one identifier."""
    assert set(value) <= {"objectType", "name", "account", "mbox", "mbox_sha1sum", "openid"}
    assert value.get("objectType", "Agent") == "Agent"
    assert len(set(value) & {"account", "mbox", "mbox_sha1sum", "openid"}) == 1
    if "account" in value:
        assert set(value["account"]) == {"homePage", "name"}
        is_iri(value["account"]["homePage"])
        assert isinstance(value["account"]["name"], str)
        assert value["account"]["name"]


def is_activity(value: Any) -> None:
    assert set(value) <= {"objectType", "id", "definition"}
    assert value.get("objectType", "Activity") == "Activity"
    is_iri(value["id"])
    definition = value.get("definition", {})
    assert set(definition) <= DEFINITION
    if "type" in definition:
        is_iri(definition["type"])
    for name in set(definition) & {"name", "description"}:
        is_language_map(definition[name])


def is_score(value: Any) -> None:
    assert set(value) <= SCORE
    for number in value.values():
        assert isinstance(number, int | float)
        assert not isinstance(number, bool)
        assert math.isfinite(number)
    assert -1 <= value.get("scaled", 0) <= 1
    low, high = value.get("min", -math.inf), value.get("max", math.inf)
    assert low < high
    assert low <= value.get("raw", max(low, min(0, high))) <= high


def is_result(value: Any) -> None:
    assert value
    assert set(value) <= RESULT
    if "score" in value:
        is_score(value["score"])
    for name in set(value) & {"success", "completion"}:
        assert isinstance(value[name], bool)
    if "duration" in value:
        assert DURATION.match(value["duration"]), value["duration"]
    are_extensions(value.get("extensions", {}))


def is_context(value: Any) -> None:
    assert set(value) <= CONTEXT
    if "registration" in value:
        is_uuid(value["registration"])
    assert set(value.get("contextActivities", {})) <= {"parent", "grouping", "category", "other"}
    for activities in value.get("contextActivities", {}).values():
        for activity in activities:
            is_activity(activity)
    are_extensions(value.get("extensions", {}))


def no_nulls(value: Any) -> None:
    """Outside of extensions null is not allowed."""
    assert value is not None
    if isinstance(value, dict):
        for name, item in value.items():
            if name != "extensions":
                no_nulls(item)
    if isinstance(value, list):
        for item in value:
            no_nulls(item)


def is_statement(value: Any) -> None:
    """All of the above."""
    assert set(value) <= STATEMENT
    assert {"actor", "verb", "object"} <= set(value)
    no_nulls(value)
    is_uuid(value["id"])
    assert re.match(r"1\.0\.\d+\Z", value["version"])
    is_agent(value["actor"])
    assert set(value["verb"]) <= {"id", "display"}
    is_iri(value["verb"]["id"])
    is_language_map(value["verb"].get("display", {}))
    is_activity(value["object"])
    is_timestamp(value["timestamp"])
    if "result" in value:
        is_result(value["result"])
    is_context(value.get("context", {}))
