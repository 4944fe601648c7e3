"""numpy's arrays and pandas' frames by value, where those libraries are installed.

Only plain kinds of items cross: numbers, truths, dates and text, never objects.
"""

from __future__ import annotations

import sys
from typing import Any

from coursewright.grader.isolated_codec import Codec, Garbled, Reader, put_number, put_raw, put_text

ITEMS = frozenset("biufcmMSU")
ARRAY, SCALAR, FRAME, SERIES, INDEX, KIND = b"A", b"a", b"W", b"V", b"X", b"K"
DIMENSIONS = 32


def is_scalar(value: Any) -> bool:
    """A number of numpy's own."""
    numpy = sys.modules.get("numpy")
    return numpy is not None and isinstance(value, numpy.generic) and value.dtype.kind in ITEMS


def is_array(value: Any) -> bool:
    numpy = sys.modules.get("numpy")
    return numpy is not None and type(value) is numpy.ndarray and value.dtype.kind in ITEMS


def put_array(out: bytearray, value: Any) -> None:
    """Items, shape and contents."""
    put_text(out, value.dtype.str)
    put_number(out, value.ndim)
    for length in value.shape:
        put_number(out, length)
    put_raw(out, value.tobytes())


def get_array(reader: Reader) -> Any:
    """A writable array. Raises Garbled when the parts do not fit each other."""
    import numpy

    dtype = numpy.dtype(reader.text())
    count = reader.number()
    if dtype.kind not in ITEMS or dtype.hasobject or count > DIMENSIONS:
        raise Garbled("no array")
    shape = [reader.number() for _ in range(count)]
    content = reader.raw()
    size = dtype.itemsize
    for length in shape:
        size *= length
    if size != len(content):
        raise Garbled("an array of another size")
    return numpy.frombuffer(content, dtype).reshape(shape).copy()


def put_other(codec: Codec, out: bytearray, value: Any, depth: int) -> bool:
    """Write a scalar, a type of items, or a frame; whether it was one."""
    if is_scalar(value):
        out += SCALAR
        put_text(out, value.dtype.str)
        put_raw(out, value.tobytes())
        return True
    numpy = sys.modules.get("numpy")
    if numpy is not None and isinstance(value, numpy.dtype) and value.kind in ITEMS:
        out += KIND
        put_text(out, value.str)
        return True
    pandas = sys.modules.get("pandas")
    if pandas is None:
        return False
    if type(value) is pandas.DataFrame:
        out += FRAME
        columns = [value.iloc[:, number] for number in range(value.shape[1])]
        items = [_column(column) for column in columns]
        codec.put(out, (items, list(value.columns), _column(value.index)), depth)
        return True
    if type(value) is pandas.Series:
        out += SERIES
        codec.put(out, (_column(value), value.name, _column(value.index)), depth)
        return True
    return False


def _column(values: Any) -> tuple[str, Any]:
    """A column's kind of items, and the items: as an array where that is possible."""
    plain = getattr(values.dtype, "kind", "O") in "biufcmM" and hasattr(values.dtype, "str")
    return str(values.dtype), values.to_numpy() if plain else list(values)


def get_other(codec: Codec, tag: bytes, reader: Reader, depth: int) -> Any:
    """Raises Garbled for any other tag."""
    import numpy

    if tag == SCALAR:
        dtype = numpy.dtype(reader.text())
        content = reader.raw()
        if dtype.kind not in ITEMS or dtype.hasobject or len(content) != dtype.itemsize:
            raise Garbled("no number")
        return numpy.frombuffer(content, dtype)[0]
    if tag == KIND:
        dtype = numpy.dtype(reader.text())
        if dtype.kind not in ITEMS or dtype.hasobject:
            raise Garbled("no kind of items")
        return dtype
    if tag not in (FRAME, SERIES):
        raise Garbled("unknown tag")
    import pandas

    items, name, index = codec.get(reader, depth)
    labels = pandas.Index(index[1], dtype=index[0])
    if tag == SERIES:
        return pandas.Series(items[1], index=labels, name=name, dtype=items[0])
    columns = [pandas.Series(values, index=labels, dtype=kind) for kind, values in items]
    frame = pandas.concat(columns, axis=1) if columns else pandas.DataFrame(index=labels)
    frame.columns = pandas.Index(name)
    return frame
