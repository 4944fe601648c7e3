"""Which notebook is run, for what was handed in."""

from __future__ import annotations

import pytest
from homework import code, exercise, flags, lesson, notebook, submission, text
from nbformat import from_dict
from nbgrader.utils import compute_checksum

from coursewright.grader.assemble import Assembly, assemble, carried, checksum, read_cells, starter
from coursewright.records.course import Cell


def order(assembly: Assembly) -> list[str]:
    return [cell.grade_id or cell.id for cell in assembly.cells]


def test_an_untouched_notebook_is_run_as_it_is() -> None:
    assembly = assemble(lesson(), lesson())
    assert order(assembly) == ["title", "setup", "double", "double-1", "mean", "mean-1", "why"]
    assert [step.part for step in assembly.steps] == ["given", "student", "test", "student", "test"]
    assert assembly.repairs == ()


def test_the_students_order_is_kept_but_for_locked_cells_and_tests() -> None:
    handed_in = lesson()
    handed_in["cells"] = handed_in["cells"][4:6] + handed_in["cells"][:4] + handed_in["cells"][6:]
    assembly = assemble(lesson(), handed_in)
    wanted = ["setup", "mean", "title", "double", "mean-1", "double-1", "why"]
    assert sorted(order(assembly)) == sorted(wanted)
    places = {name: place for place, name in enumerate(order(assembly))}
    assert places["setup"] < places["mean"] < places["double"] < places["mean-1"]
    assert places["double"] < places["double-1"]
    assert "not in the order" in assembly.repairs[0]


def test_a_missing_cell_goes_back_behind_the_one_that_it_follows() -> None:
    handed_in = lesson()
    del handed_in["cells"][2:4]
    assembly = assemble(lesson(), handed_in)
    assert order(assembly) == ["title", "setup", "double", "double-1", "mean", "mean-1", "why"]
    assert len(assembly.repairs) == 2


def test_a_missing_answer_is_the_starter_and_never_the_solution() -> None:
    assembly = assemble(lesson(), notebook())
    step = assembly.step("double")
    assert step is not None
    assert step.source == "def double(x):\n    # YOUR CODE HERE\n    raise NotImplementedError()"
    assert order(assembly) == ["setup", "double", "double-1", "mean", "mean-1", "why"]


def test_of_two_copies_the_last_counts_and_the_first_is_an_ordinary_cell() -> None:
    handed_in = submission(double="first")
    handed_in["cells"].insert(4, code("copy", "second", flags("double", solution=True)))
    assembly = assemble(lesson(), handed_in)
    step = assembly.step("double")
    assert step is not None
    assert step.source == "second"
    assert [s.source for s in assembly.steps if s.part == "student"][:2] == ["first", "second"]
    assert "more than once" in assembly.repairs[0]


def test_a_cell_of_another_type_is_put_right() -> None:
    handed_in = submission(double="def double(x): return 2 * x")
    handed_in["cells"][2]["cell_type"] = "markdown"
    assembly = assemble(lesson(), handed_in)
    assert assembly.step("double") is not None
    assert len(assembly.repairs) == 1


def test_flags_that_the_student_changed_are_the_authors_again() -> None:
    handed_in = lesson()
    handed_in["cells"][3]["metadata"]["nbgrader"] |= {"solution": True, "points": 99}
    handed_in["cells"][3]["source"] = "pass"
    step = assemble(lesson(), handed_in).step("double-1")
    assert step is not None
    assert (step.part, step.cell.points) == ("test", 2)
    assert "assert" in step.source


STARTERS = {
    "x = 1\n### BEGIN SOLUTION\ny = 2\n### END SOLUTION\nz": (
        "x = 1\n# YOUR CODE HERE\nraise NotImplementedError()\nz"
    ),
    "y = 2": "# YOUR CODE HERE\nraise NotImplementedError()",
}


@pytest.mark.parametrize("source", STARTERS)
def test_a_starter_is_what_nbgrader_would_leave(source: str) -> None:
    assert starter(Cell("a", "code", source)) == STARTERS[source]
    assert starter(Cell("a", "markdown", "words")) == "YOUR ANSWER HERE"


def test_our_checksum_is_nbgraders() -> None:
    source = notebook(*exercise("a", "x = 1\nü", "assert x", points=1.5), *lesson()["cells"])
    for raw, cell in zip(source["cells"], read_cells(source, "It"), strict=True):
        if cell.grade_id:
            assert checksum(cell) == compute_checksum(from_dict(raw))


def test_an_answer_with_the_checksum_of_the_handout_is_no_answer() -> None:
    essay = text("e", "Write here.", flags("e", grade=True, solution=True, points=1))
    essay["metadata"]["nbgrader"]["checksum"] = compute_checksum(from_dict(essay))
    assembly = assemble(notebook(essay), notebook(essay))
    answer = assembly.answer("e")
    assert answer is not None
    assert answer.nbgrader["checksum"] == checksum(answer)


LEFT = {
    "import math\nassert f(1)": "import math",
    "from a import b\n### BEGIN HIDDEN TESTS\nimport c\n### END HIDDEN TESTS": "from a import b",
    "def g(x):\n    return x\ng(1)": "def g(x):\n    return x",
    "A = [1, {'b': -2}]\nB = f(A)": "if 'A' not in globals(): A = [1, {'b': -2}]",
    "%time f(1)": "",
    "f(1)": "",
}


@pytest.mark.parametrize("source", LEFT)
def test_a_test_leaves_its_visible_definitions_to_later_cells(source: str) -> None:
    assert carried(source) == LEFT[source]
