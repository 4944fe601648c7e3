"""The findings about code: the same everywhere, and no student code can upset them."""

from __future__ import annotations

import pytest

from coursewright.grader import lint

CLEAN = "def add(a, b):\n    return a + b\n"

TABLE = {
    "clean": (CLEAN, []),
    "empty": ("", []),
    "a magic": ("%matplotlib inline\n!ls\nx = 1", []),
    "a magic in a block": ("if True:\n    %time 1\n", []),
    "a bare except": ("try:\n    x = 1\nexcept:\n    x = 2", ["E722"]),
    "a mutable default": ("def f(a, b=[]):\n    return a, b", ["B006"]),
    "an unused name": ("def f():\n    x = 1\n    return 2", ["F841"]),
    "a comparison with None": ("x = 1\ny = x == None", ["E711"]),
    "a hidden built-in": ("list = [1]", ["A001"]),
    "a long line": (f"x = {'1' * 120}", ["E501"]),
    "silenced": ("list = [1]  # noqa", ["A001"]),
    "five blocks deep": ("if 1:\n if 1:\n  if 1:\n   if 1:\n    if 1:\n     x = 1", ["5"]),
}


@pytest.mark.parametrize(("source", "codes"), TABLE.values(), ids=TABLE)
def test_findings(source: str, codes: list[str]) -> None:
    found = lint.findings({"it": source})["it"]
    assert [text.split()[0] for text in found] == codes


def test_each_finding_belongs_to_its_own_source() -> None:
    sources = {"a": CLEAN, "b": "list = [1]\n\n\n", "c": CLEAN, "d": "dict = 1\nset = 2"}
    found = lint.findings(sources)
    assert {name: len(items) for name, items in found.items()} == {"a": 0, "b": 1, "c": 0, "d": 2}


HOSTILE = {
    "no Python": "def f(:",
    "too long": "x = 1\n" * 10_000,
    "deep brackets": "(" * 5000 + ")" * 5000,
    "deep attributes": "a" + ".a" * 9000,
    "many minus": "-" * 18_000 + "1",
    "NUL": "x = '\0'",
    "an unpaired surrogate": "x = '\ud800'",
}


@pytest.mark.parametrize("source", HOSTILE.values(), ids=HOSTILE)
def test_what_cannot_be_read_is_left_out_and_spoils_no_other(source: str) -> None:
    assert lint.findings({"bad": source, "good": CLEAN}) == {"good": []}


def test_without_ruff_there_is_no_evidence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lint, "program", lambda: None)
    assert lint.findings({"it": CLEAN}) == {}
