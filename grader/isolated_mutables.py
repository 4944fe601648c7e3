"""Lists, dictionaries and their like on both sides of the pipe: one identity, two copies.

Each has an id that both sides know, and a shallow snapshot. Whenever the word passes to the other
side, what differs from its snapshot is sent along: changes in place, aliases and cycles hold.
"""

from __future__ import annotations

import sys
from collections import Counter, OrderedDict, defaultdict, deque
from collections.abc import Callable
from operator import is_
from typing import Any

from coursewright.grader import isolated_arrays as arrays
from coursewright.grader import isolated_frames as frames
from coursewright.grader.isolated_codec import DEPTH, Codec, Garbled, Reader, put_number, put_raw

KINDS: dict[type, bytes] = {
    list: b"l",
    dict: b"d",
    set: b"s",
    bytearray: b"b",
    deque: b"q",
    OrderedDict: b"o",
    defaultdict: b"f",
    Counter: b"c",
}
EMPTY: dict[bytes, Callable[[], Any]] = {tag: kind for kind, tag in KINDS.items()}
PAIRS = (b"d", b"o", b"f", b"c")
NEW, KNOWN = b"m", b"R"
# References to an object that nobody holds but the table: its entry, and the question itself.
UNUSED = 2


class Mutables(Codec):
    """The codec with lists and the like. `first` is 0 on one side and 1 on the other."""

    def __init__(self, first: int) -> None:
        self.next_id = first
        self.objects: dict[int, Any] = {}
        self.snapshots: dict[int, Any] = {}
        self.ids: dict[int, int] = {}  # Python's id of the object to ours

    def other_out(self, out: bytearray, value: Any, depth: int) -> None:
        kind = kind_of(value)
        known = self.ids.get(id(value))
        if known is not None and self.objects.get(known) is value:
            out += KNOWN
            put_number(out, known)
        elif kind is None or depth > DEPTH:
            fixed = arrays.put_item(out, value) or frames.put_fixed(self, out, value, depth)
            if not fixed:
                self.foreign_out(out, value, depth)
        else:
            number = self.next_id
            self.next_id += 2
            self._hold(number, value)
            out += NEW
            put_number(out, number)
            out += kind
            self._contents_out(out, value, kind, depth + 1)
            self.snapshots[number] = snapshot(value)

    def other_in(self, tag: bytes, reader: Reader, depth: int) -> Any:
        if tag == KNOWN:
            return self.objects[reader.number()]
        if tag != NEW:
            return self.foreign_in(tag, reader, depth)
        number = reader.number()
        if number in self.objects or number % 2 == self.next_id % 2:
            raise Garbled("an id that is taken")
        kind = reader.take(1)
        if kind == arrays.ARRAY:
            value = arrays.get_array(reader)
        else:
            value = frames.empty(kind) if kind in frames.KINDS else EMPTY[kind]()
        self._hold(number, value)
        if kind == arrays.ARRAY:
            self.snapshots[number] = snapshot(value)
        else:
            self._contents_in(reader, value, kind, depth + 1)
        return self.objects[number]

    def foreign_out(self, out: bytearray, value: Any, depth: int) -> None:
        super().other_out(out, value, depth)

    def foreign_in(self, tag: bytes, reader: Reader, depth: int) -> Any:
        if tag == frames.FIXED:
            return frames.get_fixed(self, reader, depth)
        return arrays.get_item(tag, reader)

    def changes_out(self, out: bytearray, changed: list[int] | None = None) -> None:
        """All that changed since the word passed last; `changed` when that is known already."""
        changed = self.changed() if changed is None else changed
        put_number(out, len(changed))
        for number in changed:
            value = self.objects[number]
            put_number(out, number)
            self._contents_out(out, value, kind_of(value) or b"", 1)
            self.snapshots[number] = snapshot(value)

    def changes_in(self, reader: Reader) -> None:
        for _ in range(reader.count()):
            number = reader.number()
            value = self.objects[number]
            self._contents_in(reader, value, kind_of(value) or b"", 1)

    def drops_out(self, out: bytearray, unused: list[int]) -> None:
        """What nobody on this side can reach any more need not be looked at again."""
        put_number(out, len(unused))
        for number in unused:
            put_number(out, number)
            self.forget(number)

    def unreached(self) -> list[int]:
        """Those that only the tables hold."""
        objects = self.objects
        return [number for number in objects if sys.getrefcount(objects[number]) <= UNUSED]

    def drops_in(self, reader: Reader) -> None:
        for _ in range(reader.count()):
            self.forget(reader.number())

    def forget(self, number: int) -> None:
        value = self.objects.pop(number)
        self.snapshots.pop(number, None)
        self.ids.pop(id(value), None)

    def _hold(self, number: int, value: Any) -> None:
        self.objects[number] = value
        self.ids[id(value)] = number

    def changed(self) -> list[int]:
        snapshots = self.snapshots
        return [
            number
            for number, value in self.objects.items()
            if not unchanged(value, snapshots.get(number))
        ]

    def _contents_out(self, out: bytearray, value: Any, kind: bytes, depth: int) -> None:
        if kind == b"b":
            put_raw(out, bytes(value))
        elif kind == arrays.ARRAY:
            arrays.put_array(out, value)
        elif kind in frames.KINDS:
            self.put(out, frames.apart(value), depth)
        elif kind in PAIRS:
            if kind == b"f":
                self.put(out, value.default_factory, depth)
            pairs = list(value.items())
            put_number(out, len(pairs))
            for key, item in pairs:
                self.put(out, key, depth)
                self.put(out, item, depth)
        else:
            if kind == b"q":
                self.put(out, value.maxlen, depth)
            self.put_all(out, list(value), depth)

    def _contents_in(self, reader: Reader, value: Any, kind: bytes, depth: int) -> None:
        if kind == b"b":
            value[:] = reader.raw()
        elif kind == arrays.ARRAY:
            value[...] = arrays.get_array(reader)
        elif kind in frames.KINDS:
            frames.fill(value, self.get(reader, depth))
        elif kind in PAIRS:
            if kind == b"f":
                value.default_factory = self.get(reader, depth)
            pairs = []
            for _ in range(reader.count()):
                key = self.get(reader, depth)
                pairs.append((key, self.get(reader, depth)))
            value.clear()
            for key, item in pairs:
                value[key] = item
        else:
            value = self._sized(value, reader, depth) if kind == b"q" else value
            items = self.get_all(reader, depth)
            value.clear()
            add = value.add if kind == b"s" else value.append
            for item in items:
                add(item)
        number = self.ids[id(value)]
        self.snapshots[number] = snapshot(value)

    def _sized(self, value: Any, reader: Reader, depth: int) -> Any:
        """A deque's length is fixed when it is made."""
        most = self.get(reader, depth)
        if most == value.maxlen:
            return value
        number = self.ids.pop(id(value))
        made: deque[Any] = deque(maxlen=most)
        self._hold(number, made)
        return made


def kind_of(value: Any) -> bytes | None:
    kind = KINDS.get(type(value))
    if kind is None:
        return arrays.ARRAY if arrays.is_array(value) else frames.kind_of(value)
    return kind


def snapshot(value: Any) -> Any:
    if isinstance(value, dict):
        return list(value), list(value.values())
    if isinstance(value, bytearray):
        return bytes(value)
    if type(value) in KINDS:
        return list(value)
    return value.tobytes() if arrays.is_array(value) else frames.apart(value)


def unchanged(value: Any, before: Any) -> bool:
    """By identity: to compare by `==` would be to ask the other side."""
    if before is None:
        return False
    if isinstance(value, dict):
        keys, items = before
        if len(keys) != len(value):
            return False
        return all(map(is_, value, keys)) and all(map(is_, value.values(), items))
    if type(value) in KINDS and not isinstance(value, bytearray):
        return len(value) == len(before) and all(map(is_, value, before))
    now = snapshot(value)
    return frames.same(now, before) if type(now) is tuple else bool(now == before)
