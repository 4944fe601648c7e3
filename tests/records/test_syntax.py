"""Parsing on threads, under what mixes two parses up in CPython 3.11."""

from __future__ import annotations

import ast
import gc
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from coursewright.records.syntax import parse

SOURCE = "x = " + "+".join(f"f({i}, [a{i} for a{i} in range({i})])" for i in range(60))


@pytest.fixture
def interrupted() -> Iterator[None]:
    """Collections that come often and run Python, so that threads change in the middle."""
    before, threshold = sys.getswitchinterval(), gc.get_threshold()

    def collected(phase: str, info: object) -> None:
        sum(range(50))

    gc.callbacks.append(collected)
    gc.set_threshold(20)
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)
    gc.set_threshold(*threshold)
    gc.callbacks.remove(collected)


@pytest.mark.usefixtures("interrupted")
def test_threads_that_parse_at_the_same_time_come_to_their_results() -> None:
    def parsed(depth: int) -> int:
        if depth:
            return parsed(depth - 1)
        return len(parse(SOURCE).body)

    with ThreadPoolExecutor(3) as pool:
        assert set(pool.map(parsed, [7 * (n % 3) for n in range(60)])) == {1}


def test_an_expression_is_parsed_as_one() -> None:
    assert isinstance(parse("1 + 1", mode="eval").body, ast.BinOp)


def test_what_is_no_python_raises_a_syntax_error() -> None:
    with pytest.raises(SyntaxError):
        parse("1 +")
