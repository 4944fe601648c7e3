"""Values through the codec: what comes out is what went in, and no bytes do harm."""

from __future__ import annotations

import math
import random
import socket
from collections import Counter, OrderedDict, defaultdict, deque
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import PosixPath
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from coursewright.grader.examiner_link import Examiner
from coursewright.grader.isolated_codec import Garbled
from coursewright.grader.isolated_link import Gone
from coursewright.grader.isolated_mutables import Mutables
from coursewright.grader.isolated_pipe import LENGTH, Pipe

plain = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.complex_numbers(allow_nan=False)
    | st.text(st.characters())
    | st.binary()
    | st.dates()
    | st.datetimes()
    | st.times()
    | st.timedeltas()
    | st.decimals(allow_nan=False)
    | st.fractions()
    | st.uuids()
)
keys = st.integers() | st.text() | st.tuples(st.integers(), st.text())
values = st.recursive(
    plain,
    lambda inner: (
        st.lists(inner)
        | st.tuples(inner, inner)
        | st.dictionaries(keys, inner)
        | st.frozensets(keys)
        | st.sets(keys)
    ),
    max_leaves=20,
)


def through(value: Any) -> Any:
    return Mutables(1).decode(Mutables(0).encode(value))


@given(values)
def test_a_value_comes_out_as_it_went_in(value: Any) -> None:
    found = through(value)
    assert found == value
    assert type(found) is type(value)


@given(st.binary(max_size=200))
@example(b"t\x7f")
@example(b"m\x00lm\x00l")
@example(b"i\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01")
@example(b"t\x01" * 500)
@example(b"Qt\x01s\x01x")
@example(b"A\x02<i\x02\x7f\x7f\x00")
def test_any_bytes_are_a_value_or_garbled(data: bytes) -> None:
    try:
        Mutables(1).decode(data)
    except Garbled:
        return


@given(values, st.data())
def test_a_spoilt_value_is_a_value_or_garbled(value: Any, data: st.DataObject) -> None:
    spoilt = bytearray(Mutables(0).encode(value))
    at = data.draw(st.integers(0, len(spoilt) - 1))
    spoilt[at] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(spoilt)))
    for content in (bytes(spoilt), bytes(spoilt[:cut])):
        try:
            Mutables(1).decode(content)
        except Garbled:
            continue


ODD = {
    "a deque": deque([1], maxlen=3),
    "a default": defaultdict(list, {1: [2]}),
    "a count": Counter("aab"),
    "an order": OrderedDict(b=1, a=2),
    "bytes that change": bytearray(b"ab"),
    "a moment with its zone": datetime(2024, 1, 2, 3, 4, 5, 6, UTC),
    "a time": time(1, 2, fold=1),
    "a day": date.max,
    "a span": -timedelta(days=3, microseconds=1),
    "a range": range(9, 0, -2),
    "a slice": slice(None, 3),
    "a path": PosixPath("/tmp/x"),
    "decimals": (Decimal("1.10"), Decimal("-0"), Fraction(-1, 3)),
    "types": (int, ValueError, type(None), dict),
    "singles": (..., NotImplemented, None),
    "half a character": "\ud800\0",
}


@pytest.mark.parametrize("name", ODD)
def test_an_odd_value_comes_out_as_it_went_in(name: str) -> None:
    found = through(ODD[name])
    assert found == ODD[name]
    assert type(found) is type(ODD[name])
    assert getattr(found, "maxlen", None) == getattr(ODD[name], "maxlen", None)


def test_numbers_that_equal_nothing_keep_their_sign_and_kind() -> None:
    nan, zero = through((math.nan, -0.0))
    assert math.isnan(nan)
    assert math.copysign(1, zero) == -1


def test_an_exception_comes_with_its_arguments_and_its_cause() -> None:
    error = ValueError("a", 2)
    error.__cause__ = KeyError("k")
    found = through(error)
    assert (type(found), found.args, type(found.__cause__)) == (ValueError, ("a", 2), KeyError)


def test_aliases_and_cycles_stay() -> None:
    inner: list[Any] = []
    outer: dict[str, Any] = {"a": inner, "b": inner}
    inner.append(outer)
    found = through(outer)
    assert found["a"] is found["b"]
    assert found["a"][0] is found


def attacked(data: bytes) -> Examiner:
    """An examiner that asked something, and got these bytes."""
    ours, theirs = socket.socketpair()
    theirs.sendall(data)
    theirs.shutdown(socket.SHUT_WR)
    link = Examiner(Pipe(ours), set())
    with ours, theirs:
        _ask_on(link)
    return link


def _ask_on(link: Examiner) -> None:
    for _ in range(100):
        try:
            link.ask("name", "total")
        except Gone:
            return
        except Exception:  # noqa: BLE001 (an exception of the candidate's, as a test sees it)
            continue


@given(st.lists(st.binary(max_size=60), max_size=4), st.booleans())
def test_an_examiner_survives_any_bytes_and_stays_in_trouble(
    parts: list[bytes], framed: bool
) -> None:
    frames = [LENGTH.pack(len(part)) + part if framed else part for part in parts]
    link = attacked(b"".join(frames))
    assert link.trouble
    with pytest.raises(Gone):
        link.ask("name", "total")


def test_an_examiner_survives_frames_that_are_nearly_right() -> None:
    dice = random.Random(1)
    good = b"=\x03t\x03s\x00s\x00m\x01l\x00\x00i\x01\x03"
    for _ in range(300):
        spoilt = bytearray(good)
        for _ in range(dice.randint(1, 3)):
            spoilt[dice.randrange(len(spoilt))] = dice.randrange(256)
        assert attacked(LENGTH.pack(len(spoilt)) + spoilt).trouble
