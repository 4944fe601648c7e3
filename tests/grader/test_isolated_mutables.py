"""Lists and the like on both sides of the pipe: whoever changes what, both see the same."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from coursewright.grader.isolated_codec import Reader
from coursewright.grader.isolated_mutables import Mutables

MAKERS: tuple[Callable[[], Any], ...] = (list, dict, deque, bytearray, set)
many = st.lists(st.sampled_from(MAKERS), min_size=1, max_size=5)
links = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), max_size=10)
# Whose turn it is, which object, what to do with it, and a value or another object's number.
turns = st.lists(
    st.tuples(
        st.booleans(),
        st.integers(0, 4),
        st.sampled_from(["add", "drop", "link"]),
        st.integers(0, 4),
    ),
    max_size=12,
)


def act(objects: list[Any], number: int, deed: str, value: int) -> None:
    """Do it, where such an object can have that done to it."""
    thing = objects[number % len(objects)]
    other = objects[value % len(objects)]
    linked = deed == "link" and isinstance(thing, list | dict | deque)
    if deed == "drop":
        if isinstance(thing, dict):
            thing.pop(value, None)
        elif isinstance(thing, set):
            thing.discard(value)
        elif thing:
            thing.pop()
    elif isinstance(thing, dict):
        thing[value] = other if linked else value
    elif isinstance(thing, set):
        thing.add(value)
    else:
        thing.append(other if linked else value)


def drawn(value: Any) -> Any:
    """The value with a number for each object in it, so that aliases and cycles can be compared."""
    numbers: dict[int, int] = {}

    def draw(part: Any) -> Any:
        if isinstance(part, int | str):
            return part
        if id(part) in numbers:
            return f"again {numbers[id(part)]}"
        numbers[id(part)] = len(numbers)
        if isinstance(part, dict):
            return dict, [(key, draw(item)) for key, item in part.items()]
        return type(part), [
            draw(item) for item in (sorted(part) if isinstance(part, set) else part)
        ]

    return draw(value)


@given(many, links)
def test_aliases_and_cycles_come_out_as_they_went_in(
    makers: list[Callable[[], Any]], joined: list[tuple[int, int]]
) -> None:
    objects = [make() for make in makers]
    for one, other in joined:
        act(objects, one, "link", other)
    found = Mutables(1).decode(Mutables(0).encode(objects))
    assert drawn(found) == drawn(objects)


@given(many, links, turns)
def test_whoever_changes_what_both_sides_see_the_same(
    makers: list[Callable[[], Any]],
    joined: list[tuple[int, int]],
    deeds: list[tuple[bool, int, str, int]],
) -> None:
    objects = [make() for make in makers]
    for one, other in joined:
        act(objects, one, "link", other)
    ours, theirs = Mutables(0), Mutables(1)
    likeness = theirs.decode(ours.encode(objects))
    for turn, number, deed, value in deeds:
        act(objects if turn else likeness, number, deed, value)
        told = bytearray()
        (ours if turn else theirs).changes_out(told)
        (theirs if turn else ours).changes_in(Reader(bytes(told)))
        assert drawn(likeness) == drawn(objects)
