"""numpy's arrays, scalars and functions by value, where that library is installed.

Only plain kinds of items cross: numbers, truths, dates and text, never objects.
"""

from __future__ import annotations

import sys
from typing import Any

from coursewright.grader.isolated_codec import Garbled, Reader, put_number, put_raw, put_text

ITEMS = frozenset("biufcmMSU")
OBJECTS = frozenset("O")
ARRAY, SCALAR, KIND, FUNCTION = b"A", b"a", b"K", b"u"
DIMENSIONS = 32


def is_scalar(value: Any) -> bool:
    """A number of numpy's own."""
    numpy = sys.modules.get("numpy")
    return numpy is not None and isinstance(value, numpy.generic) and value.dtype.kind in ITEMS


def is_array(value: Any) -> bool:
    numpy = sys.modules.get("numpy")
    return numpy is not None and type(value) is numpy.ndarray and value.dtype.kind in ITEMS


def _functions() -> tuple[type, type]:
    """What numpy's functions are."""
    numpy = sys.modules["numpy"]
    return numpy.ufunc, type(numpy.sum)


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


def put_item(out: bytearray, value: Any) -> bool:
    """Write a scalar, a type of items or one of numpy's functions; whether it was one."""
    numpy = sys.modules.get("numpy")
    if numpy is None:
        return False
    if is_scalar(value):
        out += SCALAR
        put_text(out, value.dtype.str)
        put_raw(out, value.tobytes())
        return True
    if isinstance(value, numpy.dtype) and value.kind in ITEMS | OBJECTS:
        out += KIND
        put_text(out, value.str)
        return True
    if isinstance(value, _functions()):
        name = getattr(value, "__name__", "")
        if vars(numpy).get(name) is value:
            out += FUNCTION
            put_text(out, name)
            return True
    return False


def get_item(tag: bytes, reader: Reader) -> Any:
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
        if dtype.kind not in ITEMS | OBJECTS:
            raise Garbled("no kind of items")
        return dtype
    if tag == FUNCTION:
        found = vars(numpy)[reader.text()]
        if type(found) not in _functions():
            raise Garbled("no function of numpy's")
        return found
    raise Garbled("unknown tag")
