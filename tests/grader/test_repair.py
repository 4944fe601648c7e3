"""Damaged notebooks are graded as if they were whole; what was put right is said."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from html import escape
from pathlib import Path
from random import Random
from typing import Any

import damage
import pytest
from homework import code, lesson, notebook, submission
from hypothesis import given, settings
from hypothesis import strategies as st

from coursewright.grader.assemble import Assembly, assemble
from coursewright.grader.feedback import render
from coursewright.grader.grade import grade
from coursewright.records.course import Lesson
from coursewright.records.errors import Invalid


def verdicts(assembly: Assembly) -> dict[str, bool]:
    """Which tests pass when the assembled cells run one after the other."""
    space: dict[str, Any] = {}
    found = {}
    for step in assembly.steps:
        try:
            exec(step.source, space)
        except (Exception, SystemExit):  # noqa: BLE001 (whatever a cell raises)
            fine = False
        else:
            fine = True
        if step.part == "test":
            found[step.cell.grade_id or ""] = fine
    return found


PASSED = {"double-1": True, "mean-1": True, "table-1": True}


@settings(max_examples=500, deadline=None)
@given(st.lists(st.sampled_from(damage.DAMAGES), max_size=7), st.integers(0, 2**32))
def test_whatever_was_done_to_a_solved_notebook_it_has_the_full_score(
    damages: list[Any], seed: int
) -> None:
    book = damage.solved()
    random = Random(seed)
    for harm in damages:
        harm(book, random)
        if harm in (damage.copied, damage.forgot_id):
            book = json.loads(json.dumps(book))
    assembly = assemble(damage.source(), book)
    assert verdicts(assembly) == PASSED


@settings(max_examples=200, deadline=None)
@given(st.lists(st.sampled_from(damage.DAMAGES), max_size=5), st.integers(0, 2**32))
def test_locked_cells_are_the_authors_and_there_once(damages: list[Any], seed: int) -> None:
    book = damage.solved()
    random = Random(seed)
    for harm in (damage.scribbled, *damages):
        harm(book, random)
    assembly = assemble(damage.source(), book)
    texts = {
        damage.grade_id(cell): cell["source"]
        for cell in damage.source()["cells"]
        if cell["metadata"].get("nbgrader", {}).get("locked")
    }
    held = [step for step in assembly.steps if step.part != "student"]
    assert {step.cell.grade_id: step.source for step in held} == texts
    assert len(held) == len(texts)
    assert len({cell.id for cell in assembly.cells}) == len(assembly.cells)


junk = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=6,
)
FIELDS = ("id", "cell_type", "source", "metadata", "outputs", "grade_id", "nbgrader")


@settings(deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 8), st.sampled_from(FIELDS), junk), max_size=6),
    st.lists(junk, max_size=3),
)
def test_nothing_that_stands_in_a_cell_keeps_the_tests_from_running(
    spoils: list[tuple[int, str, Any]], more: list[Any]
) -> None:
    book = damage.solved()
    for number, field, value in spoils:
        one = book["cells"][number % len(book["cells"])]
        place = one["metadata"] if field in ("grade_id", "nbgrader") else one
        if isinstance(place, dict):
            place[field] = value
    book["cells"] += more
    assembly = assemble(damage.source(), json.loads(json.dumps(book)))
    tests = [step.cell.grade_id for step in assembly.steps if step.part == "test"]
    assert tests == list(PASSED)
    assert len({cell.id for cell in assembly.cells}) == len(assembly.cells)


def cell(book: dict[str, Any], name: str) -> dict[str, Any]:
    return next(one for one in book["cells"] if damage.grade_id(one) == name)


def lost_all(book: dict[str, Any]) -> None:
    answer = cell(book, "mean")
    answer["metadata"] = {}
    del answer["id"]


def cut(book: dict[str, Any], at: int, keeps: bool = True) -> None:
    """Cut the cell `mean` at a character, as JupyterLab does."""
    answer = cell(book, "mean")
    number = book["cells"].index(answer)
    text = answer["source"]
    rest = code("rest", text[at:].lstrip("\n"), answer["metadata"] if keeps else None)
    answer["source"] = text[:at].rstrip("\n")
    book["cells"].insert(number + 1, rest)


def format_3(book: dict[str, Any]) -> None:
    cells = book.pop("cells")
    for one in cells:
        one.pop("id")
        if one["cell_type"] == "code":
            one["input"] = one.pop("source")
            one["outputs"] = [{"output_type": "pyout", "damaged": True}]
    book.update(nbformat=3, nbformat_minor=0, worksheets=[{"cells": cells}])


def twice(book: dict[str, Any], source: str | None = None) -> None:
    answer = cell(book, "mean")
    copy = {**answer, "id": "copy", "source": answer["source"] if source is None else source}
    book["cells"].append(copy)


STARTER = "# YOUR CODE HERE\nraise NotImplementedError()"
REPAIRS: dict[str, tuple[Callable[[dict[str, Any]], object], str]] = {
    "nothing": (lambda book: book.update(metadata={}), ""),
    "deleted test": (lambda book: book["cells"].remove(cell(book, "mean-1")), "was missing"),
    "retyped": (lambda book: cell(book, "mean").update(cell_type="raw"), "made a raw cell"),
    "another type": (lambda book: cell(book, "mean").update(cell_type=7), "no known type"),
    "lost metadata": (lambda book: cell(book, "mean").update(metadata={}), "was recognised"),
    "lost all": (lost_all, "was recognised"),
    "copied": (twice, "more than once"),
    "a starter beside it": (lambda book: twice(book, STARTER), "more than once"),
    "an empty one beside it": (lambda book: twice(book, ""), "more than once"),
    "split between lines": (lambda book: cut(book, 17), "was split"),
    "split inside a line": (lambda book: cut(book, 25), "was split"),
    "split, half unmarked": (lambda book: cut(book, 46, keeps=False), "was split"),
    "reordered": (lambda book: book["cells"].reverse(), "not in the order"),
    "format 3": (format_3, "old format 3"),
    "format 4.1": (lambda book: damage.older(book, Random(1)), "old format 4.4"),
    "the same id": (lambda book: cell(book, "mean").update(id="title"), "more than once"),
    "another kernel": (
        lambda book: book.update(metadata={"kernelspec": {"name": "ir", "language": "R"}}),
        "'r'; it was graded with the lesson's, python",
    ),
    "a cell that is none": (lambda book: book["cells"].insert(0, None), "could not be read"),
    "no text": (lambda book: cell(book, "setup").update(source=None), "counts as empty"),
}


@pytest.mark.parametrize(("harm", "told"), REPAIRS.values(), ids=REPAIRS)
def test_each_repair_gives_the_full_score_and_is_told(
    harm: Callable[[dict[str, Any]], object], told: str
) -> None:
    book = damage.solved()
    harm(book)
    assembly = assemble(damage.source(), book)
    assert verdicts(assembly) == PASSED
    assert any(told in repair for repair in assembly.repairs) or not told
    assert bool(assembly.repairs) == bool(told)


def test_a_repaired_notebook_is_graded_and_shown_in_full() -> None:
    book = damage.solved()
    for name in ("copied", "split between lines", "reordered", "deleted test"):
        REPAIRS[name][0](book)
    result = grade(damage.source(), book)
    assert (result.score, result.max_score) == (6, 6)
    page = render(Lesson.from_notebook(damage.source(), key="l", title="L"), book, result).decode()
    assert all(escape(repair) in page for repair in result.repairs)
    assert "total / len(values)" in page
    assert "BEGIN SOLUTION" not in page


def test_copies_of_locked_cells_do_not_run() -> None:
    book = damage.solved()
    for name, source in (("setup", "FACTOR = 99"), ("mean-1", "mean = None")):
        book["cells"].insert(4, {**cell(book, name), "id": f"my-{name}", "source": source})
    assembly = assemble(damage.source(), book)
    assert verdicts(assembly) == PASSED
    assert "99" not in "".join(step.source for step in assembly.steps)


def test_a_written_answer_that_lost_its_marks_is_found_by_where_it_stands() -> None:
    book = submission(why="I think that it is so.")
    book["cells"][-1]["metadata"] = {}
    book["cells"][-1]["id"] = "new"
    answer = assemble(lesson(), book).answer("why")
    assert answer is not None
    assert answer.source == "I think that it is so."


def test_parts_of_a_written_answer_are_read_together() -> None:
    book = submission(why="First.")
    book["cells"].append({**book["cells"][-1], "id": "more", "source": "Second."})
    answer = assemble(lesson(), book).answer("why")
    assert answer is not None
    assert answer.source == "First.\n\nSecond."


def test_a_notebook_without_any_cell_of_the_lesson_has_none_of_its_points() -> None:
    assembly = assemble(damage.source(), notebook(code("x", "print(1)")))
    assert not any(verdicts(assembly).values())


@pytest.mark.parametrize("book", [{}, {"cells": 3}, {"worksheets": {}}])
def test_what_has_no_cells_at_all_is_refused(book: dict[str, Any]) -> None:
    with pytest.raises(Invalid):
        assemble(lesson(), book)


def test_likeness_is_not_looked_for_without_end() -> None:
    cells = [code(f"c{n}", f"{'x = 1; ' * 500}\n{n}") for n in range(400)]
    assemble(damage.source(), notebook(*cells))


def older_schema(version: int) -> dict[str, Any]:
    book = damage.source()
    for one in book["cells"]:
        flags = one["metadata"].get("nbgrader")
        if flags:
            flags.pop("task")
            flags["schema_version"] = version
    return book


@pytest.mark.parametrize("version", [0, 1, 2])
def test_nbgraders_older_metadata_is_understood(version: int) -> None:
    assembly = assemble(older_schema(version), damage.solved())
    assert verdicts(assembly) == PASSED
    assert sum(found.points for found in assembly.source) == 6


def test_metadata_of_a_later_nbgrader_is_refused() -> None:
    with pytest.raises(Invalid, match="cell 2 has nbgrader's metadata schema 4"):
        assemble(older_schema(4), damage.solved())


def test_nbgrader_is_only_imported_for_older_metadata() -> None:
    program = (
        "import sys, json, damage; from coursewright.grader.assemble import assemble;"
        "assemble(damage.source(), damage.solved()); print('nbgrader' in sys.modules)"
    )
    path = str(Path(damage.__file__).parent)
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=path
    )
    assert done.stdout.strip() == "False"
