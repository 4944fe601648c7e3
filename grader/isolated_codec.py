"""Values as bytes and back: what may cross between the candidate and the examiner.

A closed set of exact types, written by hand on both sides: nothing that is decoded can run code.
Whatever bytes arrive, the decoder returns a value or raises `Garbled`, and nothing else.
Mutable values keep an identity, see isolated_mutables.py; what has no form of its own becomes a
handle, see isolated_handles.py. Here those two are left open (`other_out`, `other_in`).

Runs on both sides of the pipe, in the sandbox: the standard library only.
"""

from __future__ import annotations

import builtins
import struct
from collections.abc import Callable
from datetime import date, datetime, time, timedelta, timezone
from decimal import Decimal
from fractions import Fraction
from pathlib import PosixPath, PurePosixPath
from typing import Any
from uuid import UUID

DEPTH = 60  # of containers in containers; what lies deeper becomes a handle
FLOAT = struct.Struct("<d")
SINGLES: dict[bytes, Any] = {
    b"N": None,
    b"T": True,
    b"F": False,
    b".": Ellipsis,
    b"!": NotImplemented,
}
SINGLE_TAGS = {id(value): tag for tag, value in SINGLES.items()}
EXCEPTIONS = {
    name: kind
    for name, kind in vars(builtins).items()
    if isinstance(kind, type) and issubclass(kind, BaseException)
}
# Classes that mean the same on both sides. Only these are ever looked up by a name from outside.
SHARED: tuple[Any, ...] = (
    *(object, type, int, float, complex, bool, str, bytes, bytearray, list, tuple, dict, set),
    *(frozenset, range, slice, map, filter, zip, enumerate, reversed, property, type(None)),
    *(date, datetime, time, timedelta, timezone, Decimal, Fraction, UUID),
    *(PosixPath, PurePosixPath),
)
TYPES: dict[str, type] = {kind.__name__: kind for kind in SHARED} | {
    name: kind for name, kind in EXCEPTIONS.items() if kind.__name__ == name
}
TYPE_NAMES = {kind: name for name, kind in TYPES.items()}


class Garbled(Exception):
    """The bytes are no value."""


class Foreign(Exception):
    """The value has no form of its own."""


class Reader:
    """Bytes that are read from the front."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.at = 0
        self.size = len(data)

    @property
    def left(self) -> int:
        return self.size - self.at

    def take(self, count: int) -> bytes:
        start = self.at
        end = start + count
        if end > self.size:
            raise Garbled("cut off")
        self.at = end
        return self.data[start:end]

    def number(self) -> int:
        """An unsigned number in groups of seven bits; at most 63 bits."""
        value = shift = 0
        while True:
            if self.at >= self.size:
                raise Garbled("cut off")
            byte = self.data[self.at]
            self.at += 1
            if byte < 128:
                return value | byte << shift
            value |= (byte & 127) << shift
            shift += 7
            if shift > 56:
                raise Garbled("a number too long")

    def count(self) -> int:
        """How many items follow: never more than there are bytes."""
        found = self.number()
        if found > self.size - self.at:
            raise Garbled("more items than bytes")
        return found

    def raw(self) -> bytes:
        return self.take(self.number())

    def text(self) -> str:
        return self.raw().decode("utf-8", "surrogatepass")


def put_number(out: bytearray, value: int) -> None:
    while value > 127:
        out.append(value & 127 | 128)
        value >>= 7
    out.append(value)


def put_raw(out: bytearray, data: bytes) -> None:
    length = len(data)
    if length < 128:
        out.append(length)
    else:
        put_number(out, length)
    out += data


def put_text(out: bytearray, text: str) -> None:
    put_raw(out, text.encode("utf-8", "surrogatepass"))


class Codec:
    """Immutable values. Subclasses say what becomes of the others."""

    def encode(self, value: object) -> bytes:
        out = bytearray()
        self.put(out, value, 0)
        return bytes(out)

    def decode(self, data: bytes) -> Any:
        """Raises Garbled, whatever is wrong."""
        reader = Reader(data)
        value = self.guarded(lambda: self.get(reader, 0))
        if reader.left:
            raise Garbled("more than one value")
        return value

    def guarded(self, work: Callable[[], Any]) -> Any:
        try:
            return work()
        except Garbled:
            raise
        except Exception as error:  # noqa: BLE001 (any other kind could satisfy a test)
            raise Garbled(type(error).__name__) from None

    def put(self, out: bytearray, value: Any, depth: int) -> None:
        writer = WRITERS.get(type(value))
        if writer is not None and depth <= DEPTH:
            writer(self, out, value, depth + 1)
            return
        tag = SINGLE_TAGS.get(id(value))
        if tag is not None:
            out += tag
        else:
            self.other_out(out, value, depth)

    def get(self, reader: Reader, depth: int) -> Any:
        if depth > DEPTH + 20:
            raise Garbled("too deep")
        at = reader.at
        if at >= reader.size:
            raise Garbled("cut off")
        reader.at = at + 1
        read = BY_BYTE[reader.data[at]]
        if read is None:
            return self.other_in(reader.data[at : at + 1], reader, depth)
        return read(self, reader, depth + 1)

    def put_all(self, out: bytearray, values: Any, depth: int) -> None:
        put_number(out, len(values))
        for value in values:
            self.put(out, value, depth)

    def get_all(self, reader: Reader, depth: int) -> list[Any]:
        return [self.get(reader, depth) for _ in range(reader.count())]

    def other_out(self, out: bytearray, value: Any, depth: int) -> None:
        raise Foreign(type(value).__name__)

    def other_in(self, tag: bytes, reader: Reader, depth: int) -> Any:
        raise Garbled("unknown tag")


def _put_int(_: Codec, out: bytearray, value: int, __: int) -> None:
    out += b"i"
    put_raw(out, value.to_bytes(value.bit_length() // 8 + 1, "little", signed=True))


def _put_float(_: Codec, out: bytearray, value: float, __: int) -> None:
    out += b"f" + FLOAT.pack(value)


def _get_float(_: Codec, reader: Reader, __: int) -> float:
    value: float
    (value,) = FLOAT.unpack(reader.take(8))
    return value


def _put_tuple(codec: Codec, out: bytearray, value: tuple[Any, ...], depth: int) -> None:
    out += b"t"
    codec.put_all(out, value, depth)


def _get_tuple(codec: Codec, reader: Reader, depth: int) -> tuple[Any, ...]:
    get = codec.get
    return tuple([get(reader, depth) for _ in range(reader.count())])


def _put_complex(_: Codec, out: bytearray, value: complex, __: int) -> None:
    out += b"c" + FLOAT.pack(value.real) + FLOAT.pack(value.imag)


def _put_str(_: Codec, out: bytearray, value: str, __: int) -> None:
    out += b"s"
    put_text(out, value)


def _put_bytes(_: Codec, out: bytearray, value: bytes, __: int) -> None:
    out += b"b"
    put_raw(out, value)


def _put_type(codec: Codec, out: bytearray, value: type, depth: int) -> None:
    name = TYPE_NAMES.get(value)
    if name is None:
        codec.other_out(out, value, depth)
        return
    out += b"Y"
    put_text(out, name)


def _parts(tag: bytes, split: Callable[[Any], tuple[Any, ...]]) -> Callable[..., None]:
    """A writer for a value that is made of these parts."""

    def write(codec: Codec, out: bytearray, value: Any, depth: int) -> None:
        out += tag
        codec.put_all(out, split(value), depth)

    return write


def _built(make: Callable[..., Any]) -> Callable[[Codec, Reader, int], Any]:
    return lambda codec, reader, depth: make(*codec.get_all(reader, depth))


def _always(value: Any) -> Callable[[Any, Reader, int], Any]:
    return lambda _, __, ___: value


def _put_exception(codec: Codec, out: bytearray, value: BaseException, depth: int) -> None:
    out += b"E"
    put_text(out, type(value).__name__)
    codec.put(out, value.args, depth)
    codec.put(out, value.__cause__, depth)


def _get_exception(codec: Codec, reader: Reader, depth: int) -> BaseException:
    kind = EXCEPTIONS[reader.text()]
    args, cause = codec.get(reader, depth), codec.get(reader, depth)
    error = kind(*args)
    if cause is not None:
        error.__cause__ = cause
    return error


def _get_frozenset(codec: Codec, reader: Reader, depth: int) -> frozenset[Any]:
    found = set()
    for _ in range(reader.count()):  # one by one: a flood of equal hashes can be stopped
        found.add(codec.get(reader, depth))
    return frozenset(found)


def _moment(value: datetime) -> tuple[Any, ...]:
    day = (value.year, value.month, value.day, value.hour, value.minute, value.second)
    return (*day, value.microsecond, value.tzinfo, value.fold)


def _make_moment(*parts: Any) -> datetime:
    return datetime(*parts[:8], fold=parts[8])


def _clock(value: time) -> tuple[Any, ...]:
    return (value.hour, value.minute, value.second, value.microsecond, value.tzinfo, value.fold)


def _make_clock(*parts: Any) -> time:
    return time(*parts[:5], fold=parts[5])


def _zone(value: timezone) -> tuple[Any, ...]:
    return (value.utcoffset(None), value.tzname(None))


Writer = Callable[[Any, bytearray, Any, int], None]
WRITERS: dict[type, Writer] = {
    int: _put_int,
    float: _put_float,
    complex: _put_complex,
    str: _put_str,
    bytes: _put_bytes,
    type: _put_type,
    tuple: _put_tuple,
    frozenset: _parts(b"z", tuple),
    range: _parts(b"r", lambda value: (value.start, value.stop, value.step)),
    slice: _parts(b"S", lambda value: (value.start, value.stop, value.step)),
    date: _parts(b"d", lambda value: (value.year, value.month, value.day)),
    datetime: _parts(b"D", _moment),
    time: _parts(b"h", _clock),
    timedelta: _parts(b"e", lambda value: (value.days, value.seconds, value.microseconds)),
    timezone: _parts(b"Z", _zone),
    Decimal: _parts(b"Q", lambda value: (str(value),)),
    Fraction: _parts(b"q", lambda value: (value.numerator, value.denominator)),
    UUID: _parts(b"U", lambda value: (value.hex,)),
    PosixPath: _parts(b"P", lambda value: (str(value),)),
    PurePosixPath: _parts(b"p", lambda value: (str(value),)),
}
WRITERS.update(dict.fromkeys(EXCEPTIONS.values(), _put_exception))

READERS: dict[bytes, Callable[[Any, Reader, int], Any]] = {
    **{tag: _always(value) for tag, value in SINGLES.items()},
    b"i": lambda _, reader, __: int.from_bytes(reader.raw(), "little", signed=True),
    b"f": _get_float,
    b"c": lambda _, reader, __: complex(*struct.unpack("<dd", reader.take(16))),
    b"s": lambda _, reader, __: reader.text(),
    b"b": lambda _, reader, __: reader.raw(),
    b"Y": lambda _, reader, __: TYPES[reader.text()],
    b"t": _get_tuple,
    b"z": _get_frozenset,
    b"r": _built(range),
    b"S": _built(slice),
    b"d": _built(date),
    b"D": _built(_make_moment),
    b"h": _built(_make_clock),
    b"e": _built(timedelta),
    b"Z": _built(timezone),
    b"Q": _built(Decimal),
    b"q": _built(Fraction),
    b"U": _built(UUID),
    b"P": _built(PosixPath),
    b"p": _built(PurePosixPath),
    b"E": _get_exception,
}
BY_BYTE = [READERS.get(bytes([number])) for number in range(256)]
