"""What the API's schemas are made of (JSON Schema 2020-12).

A module of handlers with shapes of its own keeps them beside itself, in `<module>_shapes.py`, as
COMPONENTS; services/schemas.py puts all of them together.
"""

from __future__ import annotations

from typing import Any

Schema = dict[str, Any]

TEXT: Schema = {"type": "string"}
COUNT: Schema = {"type": "integer", "minimum": 0}
NUMBER: Schema = {"type": "number"}
PART: Schema = {"type": "number", "minimum": 0, "maximum": 100}
TIME: Schema = {"type": "string", "format": "date-time"}


def shape(**properties: Schema) -> Schema:
    """An object with exactly these properties, all of them there."""
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def optional(**properties: Schema) -> Schema:
    """An object with some of these properties; those left out have their defaults."""
    return {"type": "object", "properties": properties, "additionalProperties": False}


def paged(**properties: Schema) -> Schema:
    """A page of a list; `next` is what to send as `after` for the one behind it."""
    return shape(**properties, next=maybe(TEXT))


def many(name: str) -> Schema:
    return {"type": "array", "items": ref(name)}


def ref(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


def maybe(schema: Schema) -> Schema:
    return {"anyOf": [schema, {"type": "null"}]}


def one_of(*values: str) -> Schema:
    return {"type": "string", "enum": list(values)}
