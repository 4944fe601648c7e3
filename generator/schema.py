"""A draft's JSON schema in the two forms in which models get it: as a rule, and as a text to read.

Every server takes objects at the root, every field required, nothing beside them, no references
and no limits on lengths; so the rule has only that, and pydantic checks the rest.
"""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from pydantic import BaseModel

# What servers differ on, beside what constrains a value's form.
LEFT_OUT = (
    "$defs",
    "title",
    "description",
    "default",
    "pattern",
    "format",
    "minLength",
    "maxLength",
    "minItems",
    "maxItems",
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
)


@cache
def rule(shape: type[BaseModel]) -> dict[str, Any]:
    """The schema for `response_format`."""
    whole = shape.model_json_schema()
    made = _plain(whole, whole.get("$defs", {}))
    assert isinstance(made, dict)
    return made


@cache
def text(shape: type[BaseModel]) -> str:
    """The schema for the prompt, with its limits and without what pydantic calls things."""
    return json.dumps(_untitled(shape.model_json_schema()), ensure_ascii=False)


def _plain(node: Any, definitions: dict[str, Any]) -> Any:
    if isinstance(node, list):
        return [_plain(one, definitions) for one in node]
    if not isinstance(node, dict):
        return node
    if "$ref" in node:
        return _plain(definitions[node["$ref"].rpartition("/")[2]], definitions)
    made = {
        name: _plain(value, definitions)
        for name, value in node.items()
        if name not in (*LEFT_OUT, "properties")
    }
    if "properties" in node:
        fields = {name: _plain(one, definitions) for name, one in node["properties"].items()}
        made |= {"properties": fields, "required": list(fields), "additionalProperties": False}
    return made


def _untitled(node: Any, names: bool = False) -> Any:
    """`names` tells that the keys of this object are names of fields, and not the schema's."""
    if isinstance(node, list):
        return [_untitled(one) for one in node]
    if not isinstance(node, dict):
        return node
    return {
        name: _untitled(value, names=not names and name in ("properties", "$defs"))
        for name, value in node.items()
        if names or name != "title"
    }
