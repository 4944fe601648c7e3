"""The mode is settled by the author's own solution, and not by a busy machine."""

from __future__ import annotations

from typing import get_args

import pytest

from coursewright.grader.modes import is_chance
from coursewright.grader.shared import End, Outcome
from coursewright.grader.wire import Fault, Reply

FAILED = Outcome("done", Reply(error=Fault("AssertionError", "AssertionError", "")))
TRIED_AGAIN = {"time", "never", "died"}


@pytest.mark.parametrize("end", get_args(End))
def test_a_run_that_ended_by_a_limit_is_tried_again(end: End) -> None:
    assert is_chance([Outcome("done"), Outcome(end)]) is (end in TRIED_AGAIN)


def test_a_test_that_fails_settles_the_mode_at_once() -> None:
    assert not is_chance([Outcome("done"), FAILED])
