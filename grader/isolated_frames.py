"""pandas' frames, series, indexes and scalars by value, where that library is installed.

Each is taken apart into plain tuples, which also serve as its snapshot, and built again from them.
One of a subclass of a frame is not: it could say anything of itself.
"""

from __future__ import annotations

import sys
from typing import Any

from coursewright.grader.isolated_codec import Codec, Garbled, Reader
from coursewright.grader.isolated_columns import (
    Parts,
    column_from,
    column_parts,
    index_from,
    index_parts,
)

FRAME, SERIES, FIXED = b"W", b"V", b"X"
KINDS = (FRAME, SERIES)
PLAIN = (str, bytes, int, bool, complex, type(None))


def kind_of(value: Any) -> bytes | None:
    """Whether it is a frame or a series."""
    pandas = sys.modules.get("pandas")
    if pandas is None:
        return None
    if type(value) is pandas.DataFrame:
        return FRAME
    return SERIES if type(value) is pandas.Series else None


def empty(kind: bytes) -> Any:
    """A new one, to be filled."""
    import pandas

    return (pandas.DataFrame if kind == FRAME else pandas.Series)(dtype=object)


def apart(value: Any) -> Parts:
    """A frame or a series as tuples."""
    if hasattr(value, "columns"):
        columns = (value.iloc[:, number] for number in range(value.shape[1]))
        parts = tuple(map(column_parts, columns))
        return index_parts(value.index), index_parts(value.columns), parts
    return index_parts(value.index), value.name, column_parts(value)


def fill(value: Any, parts: Parts) -> None:
    """Let a frame or a series be what these parts say, whatever it was."""
    import pandas

    labels = index_from(parts[0])
    if type(value) is pandas.Series:
        made = pandas.Series(column_from(parts[2]), index=labels, name=parts[1], copy=True)
        pandas.Series.__init__(value, made)
    else:
        columns = dict(enumerate(map(column_from, parts[2])))
        frame = pandas.DataFrame(columns, index=labels)
        frame.columns = index_from(parts[1])
        pandas.DataFrame.__init__(value, frame)


def same(one: Any, other: Any) -> bool:
    """Of parts: plain ones by value, all others by identity (`==` would ask the other side)."""
    if one is other:
        return True
    if type(one) is not type(other):
        return False
    if type(one) is tuple:
        return len(one) == len(other) and all(map(same, one, other))
    return type(one) in PLAIN and one == other


def put_fixed(codec: Codec, out: bytearray, value: Any, depth: int) -> bool:
    """Write an index, a type of items, a moment and the like; whether it was one."""
    pandas = sys.modules.get("pandas")
    if pandas is None:
        return False
    parts: Parts
    if value is pandas.NaT or value is pandas.NA:
        parts = (str(value),)
    elif type(value) is pandas.Timestamp:
        zone = None if value.tzinfo is None else str(value.tzinfo)
        parts = ("moment", value.asm8.astype("i8").item(), value.unit, zone)
    elif type(value) is pandas.Timedelta:
        parts = ("span", value.asm8.astype("i8").item(), value.unit)
    elif type(value) is pandas.Interval:
        parts = ("interval", value.left, value.right, value.closed)
    elif type(value) is pandas.Period:
        parts = ("period", value.ordinal, value.freqstr)
    elif isinstance(value, pandas.api.extensions.ExtensionDtype):
        parts = ("dtype", column_parts(pandas.Series(dtype=value)))
    elif isinstance(value, pandas.api.extensions.ExtensionArray):
        parts = ("array", column_parts(value))
    elif isinstance(value, pandas.Index):
        parts = index_parts(value)
    else:
        return False
    out += FIXED
    codec.put(out, parts, depth)
    return True


def get_fixed(codec: Codec, reader: Reader, depth: int) -> Any:
    """Raises Garbled, or what pandas raises."""
    import numpy
    import pandas

    match codec.get(reader, depth):
        case ("NaT" | "<NA>" as missing,):
            found = pandas.NaT if missing == "NaT" else pandas.NA
        case ("moment", int(count), str(unit), zone):
            found = pandas.Timestamp(numpy.int64(count).view(f"M8[{unit}]"))
            found = found if zone is None else found.tz_localize("UTC").tz_convert(zone)
        case ("span", int(count), str(unit)):
            found = pandas.Timedelta(numpy.int64(count).view(f"m8[{unit}]"))
        case ("interval", left, right, str(closed)):
            found = pandas.Interval(left, right, closed)
        case ("period", int(count), str(freq)):
            (found,) = pandas.PeriodIndex.from_ordinals([count], freq=freq)
        case ("dtype", column):
            found = column_from(column).dtype
        case ("array", column):
            found = column_from(column)
        case tuple(parts):
            found = index_from(parts)
        case _:
            raise Garbled("nothing of pandas'")
    return found
