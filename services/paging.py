"""Long lists in pages: `limit` and `after` in the query, `next` and a Link header in the answer.

The pages for people have numbers instead.

What `next` says names the place behind the last item of a page, not a number of items: who is added
or taken away meanwhile moves nobody from one page to another.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar
from urllib.parse import urlencode

from coursewright.records.errors import Invalid
from coursewright.services.answers import APIHandler, PageHandler
from coursewright.services.shapes import Schema

T = TypeVar("T")

MOST = 1000  # items of a page, also where no limit is asked for
UNKNOWN = "`after` is what `next` of the page before said; this is something else"
PAGED: dict[str, Schema] = {
    "limit": {"type": "integer", "minimum": 1, "maximum": MOST},
    "after": {
        "type": "string",
        "minLength": 1,
        "maxLength": 4000,
        "description": "What `next` of the page before said",
    },
}


def page(
    handler: APIHandler, items: Iterable[T], by: Callable[[T], tuple[str | int, ...]]
) -> tuple[list[T], str | None]:
    """The items of the page that is asked for, in the order of `by`, and what `next` says.

    `by` must tell any two items apart. Raises Invalid.
    """
    ordered = sorted(items, key=by)
    after = handler.get_query_argument("after", None)
    if after is not None:
        place = _read(after)
        try:
            ordered = [item for item in ordered if by(item) > place]
        except TypeError as error:
            raise Invalid(UNKNOWN) from error
    return first(handler, ordered, lambda item: _write(by(item)))


def first(
    handler: APIHandler, items: Sequence[T], name: Callable[[T], str]
) -> tuple[list[T], str | None]:
    """As many items as are asked for, of those behind `after`; `name` is what stands there.

    Raises Invalid.
    """
    limit = _limit(handler.get_query_argument("limit", None))
    if len(items) <= limit:
        return list(items), None
    found = list(items[:limit])
    following = name(found[-1])
    asked = {name: handler.get_query_argument(name) for name in handler.request.query_arguments}
    query = urlencode({**asked, "after": following})
    handler.set_header("Link", f'<{handler.request.path}?{query}>; rel="next"')
    return found, following


@dataclass(frozen=True)
class Numbered(Generic[T]):
    """Page `number` (from 1) of `pages` of a list of `total` items."""

    items: Sequence[T]
    number: int
    pages: int
    total: int


def numbered(handler: PageHandler, items: Sequence[T], size: int) -> Numbered[T]:
    """The page of a list that `?page=` asks for. Raises Invalid."""
    number = page_number(handler.get_query_argument("page", "1"))
    first = size * (number - 1)
    return Numbered(items[first : first + size], number, max(1, -(-len(items) // size)), len(items))


def page_number(text: str) -> int:
    """Raises Invalid."""
    if not (text.isascii() and text.isdigit() and 0 < int(text[:9]) < 10**6):
        raise Invalid("`page` is a number from 1 on")
    return int(text)


def chosen(handler: APIHandler, name: str, values: Sequence[str]) -> str | None:
    """One of `values`, when the query asks for one. Raises Invalid."""
    text = handler.get_query_argument(name, None)
    if text is not None and text not in values:
        raise Invalid(f"`{name}` is one of {', '.join(values)}")
    return text


def _limit(text: str | None) -> int:
    if text is None:
        return MOST
    if not (text.isascii() and text.isdigit() and len(text) < 10 and 1 <= int(text) <= MOST):
        raise Invalid(f"`limit` is a number from 1 to {MOST}")
    return int(text)


def _write(place: tuple[str | int, ...]) -> str:
    return base64.urlsafe_b64encode(json.dumps(place).encode()).decode().rstrip("=")


def _read(text: str) -> tuple[Any, ...]:
    try:
        found = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    except (ValueError, RecursionError) as error:
        raise Invalid(UNKNOWN) from error
    if not isinstance(found, list):
        raise Invalid(UNKNOWN)
    return tuple(found)
