"""Points beside those of `nbgrader autograde` for the same hand-ins, cell by cell."""

from __future__ import annotations

import json
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import handins
import nbgrader
import pytest
from autograding import SECONDS, Autograded, Notebook, autograded
from handins import HAND_INS, OTHERWISE

from coursewright.grader.grade import grade
from coursewright.grader.limits import Limits

EXAMPLE = Path(nbgrader.__file__).parent / "docs" / "source" / "user_guide"
EXAMPLES = ("problem1", "problem2")
STUDENTS = ("bitdiddle", "hacker")


def read(folder: str, name: str) -> Notebook:
    """A notebook of nbgrader's documentation."""
    found: Notebook = json.loads((EXAMPLE / folder / f"{name}.ipynb").read_text())
    return found


# A magic in a test makes the second one shared.
SOURCES = {
    "apart": handins.problems(),
    "together": handins.problems(add="%timeit -n1 -r1 add([1], 2)"),
    **{name: read("source/ps1", name) for name in EXAMPLES},
}
IN_BOTH = ("right", "wrong-mean", "raises-at-once", "partly", "warns", "other-tests")

# Where ours differ: nbgrader's points and ours, and why that is meant. None: no points were given.
DIFFERENT: dict[str, dict[str, tuple[float | None, float]]] = {
    # The answer that `spread` needs was moved behind it. Cells run in the author's order here.
    "turned-round": {"spread-1": (0, 2)},
    # The student deleted a test. Here it is put back; nbgrader does so only when it is told to.
    "no-test-cell": {"stack-1": (None, 2.5)},
    # Python ended in a cell. nbgrader then gives no points at all; here all other answers count,
    # but those that need the one that ended.
    "leaves": {f"{key}-1": (None, points) for key, (_, _, points) in handins.EXERCISES.items()}
    | {"mean-1": (None, 0), "spread-1": (None, 0), "essay": (None, 0)},
    # An answer gives the name of a built-in to something else. Where tests run apart from the
    # student's code they have the real one; nbgrader's do not.
    "takes-a-name": {"mean-1": (0, 2), "spread-1": (0, 2), "descend-1": (0, 3)},
}


# nbgrader takes its time, most of it to wait for what never ends.
pytestmark = pytest.mark.timeout(900)


@pytest.fixture(scope="module")
def theirs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Autograded]:
    """What nbgrader made of each notebook's hand-ins, two of its processes at a time."""
    class_ = [*HAND_INS, *OTHERWISE]
    shares = [("apart", class_[::2]), ("apart", class_[1::2]), ("together", IN_BOTH)]
    shares += [(name, STUDENTS) for name in ("problem1", "problem2")]
    folders = [tmp_path_factory.mktemp("course") for _ in shares]

    def run(share: tuple[str, Sequence[str]], folder: Path) -> Autograded:
        name, students = share
        return autograded(folder, SOURCES[name], lambda book: hand_ins(name, book, students))

    found: dict[str, Autograded] = {}
    with ThreadPoolExecutor(2) as pool:
        for (name, _), part in zip(shares, pool.map(run, shares, folders), strict=True):
            found[name] = found.get(name, {}) | part
    return found


def hand_ins(name: str, released: Notebook, students: Sequence[str]) -> dict[str, Notebook]:
    if name in EXAMPLES:
        return {student: read(f"submitted/{student}/ps1", name) for student in students}
    return {student: handins.hand_in(released, student) for student in students}


def ours(name: str, book: Notebook, mode: str = "") -> dict[str, float | None]:
    """Points by cell; None where a person is to mark."""
    source = SOURCES[name]
    result = grade(source, book, Limits(cell_seconds=SECONDS))
    assert result.mode == mode or not mode
    tasks = [handins.grade_id(cell) for cell in source["cells"] if handins.is_task(cell)]
    return {
        cell.grade_id: None if cell.status == "manual" else cell.points
        for cell in result.cells
        if cell.grade_id not in tasks  # nbgrader's autograder leaves them alone
    }


@pytest.mark.parametrize("student", HAND_INS)
def test_every_cell_has_nbgraders_points(student: str, theirs: dict[str, Autograded]) -> None:
    points, book = theirs["apart"][student]
    assert ours("apart", book, "isolated") == points


@pytest.mark.parametrize("student", IN_BOTH)
def test_every_cell_has_nbgraders_points_in_shared_mode(
    student: str, theirs: dict[str, Autograded]
) -> None:
    points, book = theirs["together"][student]
    assert ours("together", book, "shared") == points


@pytest.mark.parametrize("student", DIFFERENT)
def test_a_difference_is_the_one_that_is_meant(student: str, theirs: dict[str, Autograded]) -> None:
    points, book = theirs["apart"][student]
    found = ours("apart", book, "isolated")
    assert found.keys() == points.keys()
    differing = {name: (points[name], found[name]) for name in found}
    assert {k: pair for k, pair in differing.items() if pair[0] != pair[1]} == DIFFERENT[student]


@pytest.mark.parametrize("student", STUDENTS)
@pytest.mark.parametrize("name", EXAMPLES)
def test_the_documentations_course_has_nbgraders_points(
    name: str, student: str, theirs: dict[str, Autograded]
) -> None:
    points, book = theirs[name][student]
    assert ours(name, book) == points


def test_the_class_is_of_thirty_and_every_difference_is_known() -> None:
    assert len(HAND_INS) == 30
    assert set(OTHERWISE) == set(DIFFERENT)
