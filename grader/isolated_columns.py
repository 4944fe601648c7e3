"""The columns and labels of pandas' frames as plain tuples, and back; see isolated_frames.py.

A closed set: arrays of plain items, text, categories, moments with a zone, intervals, periods and
numbers that may be missing. All others cross as objects, one by one.
"""

from __future__ import annotations

from typing import Any

from coursewright.grader import isolated_arrays as arrays
from coursewright.grader.isolated_codec import Garbled

# Text: numpy's NaN or pandas' NA where it is missing.
TEXTS = ("str", "string")
MASKED = {"i": "IntegerArray", "u": "IntegerArray", "f": "FloatingArray", "b": "BooleanArray"}
MASKED_NAMES = {"boolean", "Float32", "Float64"} | {
    f"{name}{bits}" for name in ("Int", "UInt") for bits in (8, 16, 32, 64)
}
Parts = tuple[Any, ...]


def index_parts(labels: Any) -> Parts:
    import pandas

    if type(labels) is pandas.RangeIndex:
        return "range", labels.start, labels.stop, labels.step, labels.name
    if isinstance(labels, pandas.MultiIndex):
        codes = tuple(_items(codes) for codes in labels.codes)
        return "levels", tuple(map(index_parts, labels.levels)), codes, tuple(labels.names)
    return "labels", column_parts(labels), labels.name, getattr(labels, "freqstr", None)


def index_from(parts: Parts) -> Any:
    """Raises Garbled, or what pandas raises."""
    import pandas

    match parts:
        case ("range", int(start), int(stop), int(step), name):
            return pandas.RangeIndex(start, stop, step, name=name)
        case ("levels", levels, codes, names):
            levels = list(map(index_from, levels))
            return pandas.MultiIndex(levels, list(map(_items_from, codes)), names=list(names))
        case ("labels", column, name, freq):
            values = column_from(column)
            found = pandas.Index(values, name=name, tupleize_cols=False, dtype=values.dtype)
            if freq is not None and found.freq is None:
                found.freq = freq
            return found
    raise Garbled("no index")


def column_parts(values: Any) -> Parts:
    """Of a series or an index."""
    import numpy
    import pandas

    match values.dtype:
        case numpy.dtype(kind=kind) if kind in arrays.ITEMS:
            return "items", *_items(values)
        case pandas.CategoricalDtype(categories=categories, ordered=ordered):
            codes = pandas.Categorical(values).codes
            return "categories", _items(codes), index_parts(categories), ordered
        case pandas.DatetimeTZDtype(tz=zone):
            moments = pandas.DatetimeIndex(values).tz_convert("UTC").tz_localize(None)
            return "moments", _items(moments), str(zone)
        case pandas.IntervalDtype():
            spans = pandas.IntervalIndex(values)
            return "intervals", column_parts(spans.left), column_parts(spans.right), spans.closed
    return _missing_parts(values)


def _missing_parts(values: Any) -> Parts:
    """Of values that may be missing, and of all that is left."""
    import numpy
    import pandas

    name = str(values.dtype)
    if isinstance(values.dtype, pandas.PeriodDtype):
        periods = pandas.PeriodIndex(values)
        return "periods", tuple(periods.asi8.tolist()), periods.freqstr
    if name in TEXTS:
        pairs = zip(values.isna(), values, strict=True)
        return name, tuple(None if missing else text for missing, text in pairs)
    if name in MASKED_NAMES:
        filled = values.to_numpy(dtype=values.dtype.numpy_dtype, na_value=0)
        return "masked", _items(filled), numpy.asarray(values.isna()).tobytes()
    return "objects", tuple(values)


def column_from(parts: Parts) -> Any:
    """An array, of numpy's or of pandas'. Raises Garbled, or what pandas raises."""
    import numpy
    import pandas

    match parts:
        case ("items", *items):
            return _items_from(items)
        case ("categories", codes, labels, ordered):
            index = index_from(labels)
            return pandas.Categorical.from_codes(_items_from(codes), index, ordered=bool(ordered))
        case ("moments", items, str(zone)):
            moments = pandas.DatetimeIndex(_items_from(items))
            return moments.tz_localize("UTC").tz_convert(zone).array
        case ("objects", tuple(items)):
            found = numpy.empty(len(items), dtype=object)
            # One by one: numpy would ask the objects whether they are arrays.
            for number, item in enumerate(items):
                found[number] = item
            return found
    return _missing_from(parts)


def _missing_from(parts: Parts) -> Any:
    import numpy
    import pandas

    match parts:
        case ("intervals", left, right, str(closed)):
            sides = column_from(left), column_from(right)
            return pandas.arrays.IntervalArray.from_arrays(*sides, closed=closed)
        case ("periods", tuple(counts), str(freq)):
            return pandas.PeriodIndex.from_ordinals(list(counts), freq=freq).array
        case ("str" | "string" as kind, tuple(items)):
            return pandas.array(list(items), dtype=kind)
        case ("masked", items, bytes(missing)):
            data = _items_from(items)
            make = getattr(pandas.arrays, MASKED[data.dtype.kind])
            return make(data, numpy.frombuffer(missing, bool).copy())
    raise Garbled("no column")


def _items(values: Any) -> Parts:
    import numpy

    items = numpy.asarray(values)
    return items.dtype.str, items.tobytes()


def _items_from(parts: Any) -> Any:
    import numpy

    kind, content = parts
    dtype = numpy.dtype(kind)
    if dtype.kind not in arrays.ITEMS or dtype.hasobject:
        raise Garbled("no kind of items")
    return numpy.frombuffer(content, dtype).copy()
