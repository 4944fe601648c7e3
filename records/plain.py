"""From JSON to plain values, with the place where something does not fit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import Any, TypeVar

T = TypeVar("T")


class Malformed(ValueError):
    """The document is not a course; the message names the place."""


def tuples(data: Mapping[str, Any], *names: str) -> dict[str, Any]:
    """The data with the lists of these names as tuples, where they are there."""
    return {**data, **{name: tuple(data[name]) for name in names if name in data}}


def build(cls: type[T], data: Mapping[str, Any], place: str) -> T:
    """An instance of a dataclass. Raises Malformed, for fields that it does not know too."""
    unknown = set(data) - {item.name for item in fields(cls)}  # type: ignore[arg-type]
    if unknown:
        raise Malformed(f"{place}: unknown {', '.join(sorted(unknown))}")
    try:
        return cls(**data)
    except TypeError as error:
        raise Malformed(f"{place}: {error}") from None
