"""One's own sessions over HTTP."""

from __future__ import annotations

import pytest
from school import Client

PATH = "api/v1/courses/sums/sessions"


def test_a_hand_in_is_in_ones_session_and_in_nobody_elses(client: Client) -> None:
    assert client.submit(key="in-a-session").status_code == 201
    told = client.get("grace", PATH).json()
    (one,) = told["sessions"]
    assert (one["acts"], one["submitted"], told["streak"]) == (1, 1, {"days": 1, "today": True})
    before = client.get("grace", PATH, params={"before": one["began_at"]})
    assert before.json()["sessions"] == []
    assert client.get("olga", PATH).json()["sessions"] == []


@pytest.mark.parametrize(
    "query",
    ["limit=0", "limit=201", "limit=x", "limit=1e3", "before=then", "before=2026-01-01T00:00",
     "zone=Mars/Olympus"],
)  # fmt: skip
def test_what_cannot_be_meant_is_refused(client: Client, query: str) -> None:
    assert client.get("grace", f"{PATH}?{query}").status_code == 400
