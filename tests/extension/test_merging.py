"""A student's notebook meets a new version of its lesson: nothing they wrote is lost."""

from __future__ import annotations

import random
from collections import Counter
from copy import deepcopy
from typing import Any

import nbformat
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coursewright.extension.matching import content, text
from coursewright.extension.merging import Merged, merge

Cell = dict[str, Any]
Book = dict[str, Any]


def words(identity: str, source: str = "", **metadata: Any) -> Cell:
    cell = {"id": identity, "cell_type": "markdown", "metadata": metadata}
    return {**cell, "source": source or f"The text {identity}."}


def code(identity: str, source: str = "", grade_id: str = "", **flags: bool) -> Cell:
    graded = {"nbgrader": {"grade_id": grade_id, **flags}} if grade_id else {}
    cell = words(identity, source or f"{identity} = 1", **graded)
    return {**cell, "cell_type": "code", "outputs": [], "execution_count": None}


def book(*cells: Cell, version: int = 1) -> Book:
    own = {"course": "c", "lesson": "l", "version": version}
    return {
        "nbformat": 4,
        "nbformat_minor": 5,
        "metadata": {"coursewright": own},
        "cells": [deepcopy(cell) for cell in cells],
    }


def texts(merged: Merged) -> list[str]:
    return [text(cell) for cell in merged.notebook["cells"]]


TEXT = words("t", "Read this.")
STARTER = code("s", "def f(): ...", "f", solution=True)
TESTS = code("v", "assert f() == 1", "f-1", grade=True, locked=True)
BASE = book(TEXT, STARTER, TESTS)
SOLVED = {**STARTER, "source": "def f(): return 1", "outputs": [{"output_type": "x"}]}
OWN = code("own", "print(f())")
T2 = {**TEXT, "source": "Read this twice."}
S2 = {**STARTER, "source": "def f(x): ..."}
V2 = {**TESTS, "source": "assert f(1) == 1"}
NEW = words("n", "And this is new.")

# What the student has, what the new version has, the texts of the merged, and what is told.
CASES: dict[str, tuple[list[Cell], list[Cell], list[str], dict[str, list[str]]]] = {
    "all that they did not change becomes new": (
        [TEXT, STARTER, TESTS],
        [T2, S2, V2],
        [T2["source"], S2["source"], V2["source"]],
        {"updated": ["t", "s", "v"]},
    ),
    "an answer stays beside new tests and texts": (
        [TEXT, SOLVED, TESTS],
        [T2, STARTER, V2],
        [T2["source"], SOLVED["source"], V2["source"]],
        {"updated": ["t", "v"]},
    ),
    "an answer to a question that changed is a conflict": (
        [TEXT, SOLVED, TESTS],
        [TEXT, S2, TESTS],
        [TEXT["source"], SOLVED["source"], TESTS["source"]],
        {"conflicts": ["s"]},
    ),
    "a text that both changed in the same way is none": (
        [T2, STARTER, TESTS],
        [T2, STARTER, TESTS, NEW],
        [T2["source"], STARTER["source"], TESTS["source"], NEW["source"]],
        {"added": ["n"]},
    ),
    "own cells stay behind the cell they followed, in an order that changed": (
        [OWN, TEXT, STARTER, {**OWN, "id": "o2", "source": "two"}, TESTS],
        [STARTER, TESTS, T2],
        [OWN["source"], STARTER["source"], "two", TESTS["source"], T2["source"]],
        {"updated": ["t"]},
    ),
    "what is new comes behind own cells that follow the cell before it": (
        [TEXT, OWN, STARTER, TESTS],
        [TEXT, NEW, STARTER, TESTS],
        [TEXT["source"], OWN["source"], NEW["source"], STARTER["source"], TESTS["source"]],
        {"added": ["n"]},
    ),
    "an order of the student's own is kept": (
        [TESTS, TEXT, STARTER],
        [T2, STARTER, TESTS],
        [TESTS["source"], T2["source"], STARTER["source"]],
        {"updated": ["t"]},
    ),
    "what was taken out goes, unless the student changed it": (
        [TEXT, SOLVED, TESTS],
        [NEW],
        [SOLVED["source"], NEW["source"]],
        {"removed": ["t", "v"], "kept": ["s"], "added": ["n"]},
    ),
    "what the student deleted comes back only when it changed": (
        [SOLVED],
        [TEXT, STARTER, V2],
        [SOLVED["source"], V2["source"]],
        {"added": ["v"]},
    ),
    "ids made anew are matched by grade_id, then by text": (
        [{**TEXT, "id": "x"}, {**SOLVED, "id": "y"}, {**TESTS, "id": "z"}],
        [T2, STARTER, V2],
        [T2["source"], SOLVED["source"], V2["source"]],
        {"updated": ["t", "v"]},
    ),
    "one id twice: the copy is the student's own": (
        [TEXT, {**OWN, "id": "s"}, {**STARTER, "id": "s"}, TESTS],
        [TEXT, S2, TESTS],
        [TEXT["source"], OWN["source"], S2["source"], TESTS["source"]],
        {"updated": ["s"]},
    ),
    "a cell that became text is the student's": (
        [TEXT, {**words("s", "My thoughts"), "metadata": STARTER["metadata"]}, TESTS],
        [T2, STARTER, TESTS],
        [T2["source"], "My thoughts", TESTS["source"]],
        {"updated": ["t"]},
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_a_new_version_is_merged(case: str) -> None:
    mine, theirs, wanted, told = CASES[case]
    merged = merge(BASE, book(*theirs, version=2), book(*mine))
    assert texts(merged) == wanted
    found = {
        "conflicts": [conflict.id for conflict in merged.conflicts],
        **{name: getattr(merged, name) for name in ("updated", "added", "removed", "kept")},
    }
    assert {name: ids for name, ids in found.items() if ids} == told
    assert merged.notebook["metadata"]["coursewright"]["version"] == 2
    check(merged)


def check(merged: Merged) -> None:
    cells = merged.notebook["cells"]
    assert len({cell["id"] for cell in cells}) == len(cells)
    for cell in cells:
        cell = {**cell, "outputs": []} if cell["cell_type"] == "code" else cell
        nbformat.validate({**book(), "cells": [cell]})


def test_a_conflict_tells_all_three_texts() -> None:
    (found,) = merge(BASE, book(TEXT, S2, TESTS), book(TEXT, SOLVED, TESTS)).conflicts
    texts = (STARTER["source"], SOLVED["source"], S2["source"])
    assert (found.cell_type, (found.base, found.mine, found.theirs)) == ("code", texts)


def test_without_the_old_release_every_difference_is_a_conflict() -> None:
    merged = merge(None, book(T2, STARTER, TESTS), book(TEXT, SOLVED, TESTS, OWN))
    assert texts(merged) == [cell["source"] for cell in (TEXT, SOLVED, TESTS, OWN)]
    assert [(item.id, item.base) for item in merged.conflicts] == [("t", None), ("s", None)]


def test_outputs_of_unchanged_code_stay_and_those_of_new_code_go() -> None:
    ran = {"outputs": [{"output_type": "x"}], "execution_count": 4}
    merged = merge(BASE, book(T2, STARTER, V2), book(TEXT, {**STARTER, **ran}, {**TESTS, **ran}))
    _, starter, tests = merged.notebook["cells"]
    assert {name: starter[name] for name in ran} == ran
    assert (tests["outputs"], tests["execution_count"]) == ([], None)


def test_metadata_is_the_new_version_s_where_that_changed_it() -> None:
    moved = deepcopy(SOLVED)
    moved["metadata"] |= {"collapsed": True, "tags": ["mine"]}
    newer = deepcopy(STARTER)
    newer["metadata"]["coursewright"] = {"promises": ["f is 1"]}
    merged = merge(BASE, book(TEXT, newer, TESTS), book(TEXT, moved, TESTS))
    assert merged.notebook["cells"][1]["metadata"] == {
        **newer["metadata"],
        "collapsed": True,
        "tags": ["mine"],
    }


def test_what_the_course_gave_up_is_an_ordinary_cell() -> None:
    merged = merge(BASE, book(TEXT), book(TEXT, SOLVED, TESTS))
    assert merged.notebook["cells"][1]["metadata"] == {}


def test_sources_as_lines_and_notebooks_without_ids_are_understood() -> None:
    old = book(TEXT, SOLVED, TESTS)
    old["nbformat_minor"] = 4
    for cell in old["cells"]:
        del cell["id"]
        cell["source"] = cell["source"].splitlines(keepends=True)
    merged = merge(BASE, book(T2, STARTER, TESTS, version=2), old)
    assert texts(merged) == [T2["source"], SOLVED["source"], TESTS["source"]]
    assert [cell["id"] for cell in merged.notebook["cells"]] == ["t", "s", "v"]
    assert merged.notebook["nbformat_minor"] == 5


# Anything at all

sources = st.text("ab \n", max_size=4)
seeds = st.randoms(use_true_random=False)


@st.composite
def released(draw: st.DrawFn) -> Book:
    kinds = draw(st.lists(st.sampled_from(["text", "code", "answer", "tests"]), max_size=6))
    cells = []
    for place, kind in enumerate(kinds):
        source = draw(sources)
        name = f"c{place}"
        if kind == "text":
            cells.append(words(name, source))
        else:
            grade_id = "" if kind == "code" else f"g{place}"
            flags = {"solution": True} if kind == "answer" else {"grade": True, "locked": True}
            cells.append(code(name, source, grade_id, **flags))
    return book(*cells)


def changed(draw: st.DrawFn, start: Book, mark: str) -> Book:
    """`start` after some changes; new texts bear the mark of who wrote them."""
    other = deepcopy(start)
    cells = other["cells"]
    for number in range(draw(st.integers(0, 5))):
        what = draw(st.sampled_from(["edit", "add", "delete", "move"]))
        at = draw(st.integers(0, max(0, len(cells) - 1)))
        if what == "add":
            make = draw(st.sampled_from([words, code]))
            cells.insert(at, make(f"{mark}{number}", f"{mark}{number}{draw(sources)}"))
        elif cells and what == "edit":
            cells[at]["source"] = f"{mark}{number}{draw(sources)}"
        elif cells and what == "delete":
            del cells[at]
        elif cells:
            cells.insert(draw(st.integers(0, len(cells))), cells.pop(at))
    return other


@st.composite
def three(draw: st.DrawFn) -> tuple[Book, Book, Book]:
    base = draw(released())
    theirs, mine = changed(draw, base, "new"), changed(draw, base, "own")
    theirs["metadata"]["coursewright"]["version"] = 2
    chance: random.Random = draw(seeds)
    damage = draw(st.sampled_from(["none", "none", "no ids", "other ids", "ids twice"]))
    for cell in mine["cells"]:
        if damage == "no ids":
            del cell["id"]
        elif damage == "other ids":
            cell["id"] = f"x{chance.randrange(10**6)}"
        elif damage == "ids twice" and chance.random() < 0.5:
            cell["id"] = mine["cells"][0].get("id", "c0")
    return base, theirs, mine


def written(mine: Book, base: Book) -> Counter[Any]:
    """What the student wrote: all that was not released."""
    known = {content(cell) for cell in base["cells"]}
    return Counter(c for cell in mine["cells"] if (c := content(cell)) not in known and c)


@given(three())
@settings(max_examples=400, deadline=None)
def test_nothing_that_anybody_wrote_is_lost(books: tuple[Book, Book, Book]) -> None:
    base, theirs, mine = books
    untouched = deepcopy(mine)
    merged = merge(base, theirs, mine)
    assert mine == untouched
    check(merged) if base["cells"] != theirs["cells"] else None
    here = Counter(content(cell) for cell in merged.notebook["cells"])
    assert not written(mine, base) - here
    told = {conflict.theirs for conflict in merged.conflicts} | set(texts(merged))
    known = {content(cell) for cell in base["cells"]}
    assert {text(c) for c in theirs["cells"] if content(c) not in known} - {""} <= told | {
        text(c) for c in theirs["cells"] if content(c) is None
    }


@given(three())
@settings(max_examples=400, deadline=None)
def test_merging_twice_changes_nothing(books: tuple[Book, Book, Book]) -> None:
    base, theirs, mine = books
    once = merge(base, theirs, mine).notebook
    assert merge(theirs, theirs, once).notebook == once
    assert merge(base, theirs, once).notebook == once


@given(three())
@settings(max_examples=200, deadline=None)
def test_without_a_change_upstream_nothing_changes(books: tuple[Book, Book, Book]) -> None:
    base, _, mine = books
    merged = merge(base, base, mine)
    assert merged.notebook == mine
    told = (merged.conflicts, merged.updated, merged.added, merged.removed, merged.kept)
    assert not any(told)
