"""numpy's arrays and pandas' frames through the codec: as they went in, and no bytes do harm."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from hypothesis.extra import pandas as frames

from coursewright.grader.isolated_codec import Garbled, Reader
from coursewright.grader.isolated_mutables import Mutables

DAYS = pd.date_range("2024-01-30", periods=3, freq="D")
FRAME = pd.DataFrame(
    {
        "numbers": [1, 2, 3],
        "parts": [1.5, np.nan, -0.0],
        "text": ["x", None, "z"],
        "objects": [[1], {2: 3}, "y"],
        "truths": [True, False, True],
        "days": DAYS,
        "moments": DAYS.tz_localize("Europe/Vienna"),
        "spans": DAYS - DAYS[0],
        "months": pd.period_range("2024-01", periods=3, freq="M"),
        "kinds": pd.Categorical(["b", "a", None], ["b", "a"], ordered=True),
        "intervals": pd.arrays.IntervalArray.from_breaks([0, 1, 2, 3]),
        "cut": pd.cut(pd.Series([1, 2, 9]), [0, 1, 3]),
        "maybe": pd.array([1, None, 3], dtype="Int64"),
        "perhaps": pd.array([True, None, False], dtype="boolean"),
        "about": pd.array([1.5, None, 2], dtype="Float32"),
        "words": pd.array(["a", None, "b"], dtype="string"),
    }
)
SHAPES = {
    "all kinds of columns": FRAME,
    "nothing": pd.DataFrame(),
    "labels only": FRAME[[]],
    "columns only": FRAME.iloc[:0],
    "two columns of one name": pd.DataFrame([[1, 2], [3, 4]], columns=["x", "x"]),
    "labels of two levels": FRAME.set_index(["text", "numbers"]),
    "columns of two levels": FRAME.groupby("truths")[["numbers"]].agg(["sum", "mean"]),
    "days as labels": FRAME.set_index("days"),
    "days that follow each other": pd.DataFrame({"x": range(3)}, index=DAYS),
    "moments as labels": FRAME.set_index("moments"),
    "categories as labels": FRAME.set_index("kinds"),
    "intervals as labels": FRAME.set_index("intervals"),
    "turned round": FRAME[["numbers", "parts"]].T,
    "a table of counts": pd.crosstab(FRAME.truths, FRAME.numbers),
}
SINGLES = {
    "a moment": pd.Timestamp("2024-01-02 03:04:05.678"),
    "a moment with a zone": pd.Timestamp("2024-01-02", tz="Europe/Vienna"),
    "a span": pd.Timedelta("1D 2h 3ns"),
    "an interval": pd.Interval(0, 1.5, "left"),
    "a month": pd.Period("2024-03", "M"),
    "a kind of items": pd.StringDtype(na_value=np.nan),
    "a kind of categories": FRAME["kinds"].dtype,
    "numpy's kind": np.dtype("float32"),
    "the kind of objects": np.dtype(object),
    "a number of numpy's": np.float32(1.5),
    "a function of numpy's": np.sqrt,
}


def through(value: Any) -> Any:
    return Mutables(1).decode(Mutables(0).encode(value))


@pytest.mark.parametrize("name", SHAPES)
def test_a_frame_comes_out_as_it_went_in(name: str) -> None:
    pd.testing.assert_frame_equal(through(SHAPES[name]), SHAPES[name])


@pytest.mark.parametrize("name", FRAME)
def test_a_series_comes_out_as_it_went_in(name: str) -> None:
    pd.testing.assert_series_equal(through(FRAME[name]), FRAME[name])


@pytest.mark.parametrize("name", SHAPES)
def test_labels_come_out_as_they_went_in(name: str) -> None:
    for labels in (SHAPES[name].index, SHAPES[name].columns):
        pd.testing.assert_index_equal(through(labels), labels, exact=True)


@pytest.mark.parametrize("name", SINGLES)
def test_a_single_value_comes_out_as_it_went_in(name: str) -> None:
    found = through(SINGLES[name])
    assert found == SINGLES[name]
    assert type(found) is type(SINGLES[name])


def test_what_is_missing_is_the_same_on_both_sides() -> None:
    assert through(pd.NaT) is pd.NaT
    assert through(pd.NA) is pd.NA


kinds = arrays.scalar_dtypes().filter(lambda dtype: dtype.byteorder != ">")


@given(arrays.arrays(kinds, arrays.array_shapes(min_dims=0, min_side=0, max_side=4)))
def test_any_array_comes_out_as_it_went_in(array: Any) -> None:
    found = through(array)
    assert (found.dtype, found.shape) == (array.dtype, array.shape)
    assert found.tobytes() == array.tobytes()


columns = frames.columns(["a", "b"], elements=st.integers(-9, 9) | st.floats() | st.text())
tables = frames.data_frames(columns, index=frames.range_indexes(max_size=5))


@given(tables)
def test_any_frame_comes_out_as_it_went_in(table: pd.DataFrame) -> None:
    pd.testing.assert_frame_equal(through(table), table)


@given(st.sampled_from([*SHAPES.values(), *SINGLES.values(), DAYS, FRAME["kinds"]]), st.data())
def test_a_spoilt_frame_is_a_value_or_garbled(value: Any, data: st.DataObject) -> None:
    spoilt = bytearray(Mutables(0).encode(value))
    for _ in range(data.draw(st.integers(1, 3))):
        spoilt[data.draw(st.integers(0, len(spoilt) - 1))] = data.draw(st.integers(0, 255))
    try:
        Mutables(1).decode(bytes(spoilt))
    except Garbled:
        return


def _taxed(table: pd.DataFrame) -> None:
    table["tax"] = table.numbers * 0.2


def _capped(table: pd.DataFrame) -> None:
    table.loc[table.numbers > 2, "numbers"] = 2


def _renamed(table: pd.DataFrame) -> None:
    table.columns = table.columns.str.upper()


def _labelled(table: pd.DataFrame) -> None:
    table.index = pd.MultiIndex.from_tuples([(1, "a"), (1, "b"), (2, "a")])


def _emptied(table: pd.DataFrame) -> None:
    for name in list(table):
        del table[name]


def _marked(table: pd.DataFrame) -> None:
    table["mark"] = "seen"


@pytest.mark.parametrize("change", [_taxed, _capped, _renamed, _labelled, _emptied])
def test_a_frame_that_one_side_changes_is_changed_on_the_other(change: Any) -> None:
    ours, theirs = Mutables(0), Mutables(1)
    table = FRAME.copy()
    likeness = theirs.decode(ours.encode(table))
    for maker, taker, act in ((theirs, ours, change), (ours, theirs, _marked)):
        act(likeness if maker is theirs else table)
        told = bytearray()
        maker.changes_out(told)
        taker.changes_in(Reader(bytes(told)))
        pd.testing.assert_frame_equal(table, likeness)


def test_what_nobody_changed_is_not_told_again() -> None:
    ours = Mutables(0)
    kept = [FRAME.copy(), FRAME["text"].copy(), FRAME["parts"].to_numpy(copy=True)]
    ours.encode(kept)
    told = bytearray()
    ours.changes_out(told)
    assert told == b"\0"
