"""What students do to notebooks by accident, as functions of a notebook and a random source."""

from __future__ import annotations

import copy
from collections.abc import Callable
from random import Random
from typing import Any

from homework import code as code_cell
from homework import exercise, flags, notebook, text

Notebook = dict[str, Any]

DOUBLE = "def double(x):\n    return 2 * x"
MEAN = "def mean(values):\n    total = sum(values)\n    return total / len(values)"
TABLE = "TABLE = {n: double(n) for n in range(FACTOR)}"
# grade_ids and the answers to them
ANSWERS = {"double": DOUBLE, "mean": MEAN, "table": TABLE}


def source() -> Notebook:
    """Two functions, and an answer that needs the first of them when it runs."""
    given = {name: f"### BEGIN SOLUTION\n{text}\n### END SOLUTION" for name, text in SOLVED.items()}
    return notebook(
        text("title", "# Lists"),
        code_cell("setup", "FACTOR = 3", flags("setup", locked=True)),
        *exercise("double", given["double"], "assert double(4) == 8"),
        *exercise("mean", given["mean"], "assert mean([1, 2, 3, 6]) == 3"),
        *exercise("table", given["table"], "assert TABLE == {0: 0, 1: 2, 2: 4}"),
    )


SOLVED = {
    "double": "def double(x):\n    return x + x",
    "mean": "def mean(xs):\n    return sum(xs) / len(xs)",
    "table": "TABLE = dict((i, double(i)) for i in range(3))",
}


def solved() -> Notebook:
    """What the student hands in, undamaged: other answers than the author's, and all right."""
    handed_in = source()
    for cell in handed_in["cells"]:
        cell["source"] = ANSWERS.get(grade_id(cell), cell["source"])
    return handed_in


def grade_id(cell: dict[str, Any]) -> str:
    metadata = cell["metadata"]
    found = metadata.get("nbgrader", {}) if isinstance(metadata, dict) else {}
    return found.get("grade_id", "") if isinstance(found, dict) else ""


def copied(book: Notebook, random: Random) -> None:
    cells = book["cells"]
    twin = copy.deepcopy(random.choice(cells))
    if random.random() < 0.5:
        twin["id"] = f"copy-{random.random()}".replace(".", "-")
    cells.insert(random.randint(0, len(cells)), twin)


def deleted(book: Notebook, random: Random) -> None:
    """Any cell but the last that holds an answer's text."""
    cells = book["cells"]
    texts = [cell["source"] for cell in cells]
    for cell in random.sample(cells, len(cells)):
        twice = cell["source"] in ANSWERS.values() and texts.count(cell["source"]) > 1
        if twice or grade_id(cell).endswith("-1") or grade_id(cell) == "setup":
            cells[:] = [other for other in cells if other is not cell]
            return


def retyped(book: Notebook, random: Random) -> None:
    """JupyterLab keeps the metadata when somebody presses M, Y or R."""
    marked = [cell for cell in book["cells"] if grade_id(cell)]
    if marked:
        cell = random.choice(marked)
        cell["cell_type"] = random.choice(["markdown", "raw", "code", "heading"])


def split(book: Notebook, random: Random) -> None:
    """A function cut between two lines; both halves keep the metadata, as in JupyterLab 4."""
    cells = book["cells"]
    entire = [
        number
        for number, cell in enumerate(cells)
        if cell["source"] in (DOUBLE, MEAN) and grade_id(cell)
    ]
    if not entire:
        return
    number = random.choice(entire)
    lines = cells[number]["source"].split("\n")
    cut = random.randint(1, len(lines) - 1)
    halves = [copy.deepcopy(cells[number]) for _ in range(2)]
    halves[0]["source"], halves[1]["source"] = "\n".join(lines[:cut]), "\n".join(lines[cut:])
    for half in halves:
        half["id"] = f"half-{random.random()}".replace(".", "-")
    cells[number : number + 1] = halves


def reordered(book: Notebook, random: Random) -> None:
    cells = book["cells"]
    cells.insert(random.randint(0, len(cells) - 1), cells.pop(random.randrange(len(cells))))


def whole(book: Notebook, random: Random) -> dict[str, Any]:
    """Any cell that is not half of an answer: of a half that lost all, nobody knows whose it is."""
    halves = [answer.split("\n")[cut:] for answer in (DOUBLE, MEAN) for cut in (0, 1, 2)]
    texts = {"\n".join(lines[:end]) for lines in halves for end in (1, 2, 3)} - {DOUBLE, MEAN}
    return random.choice([cell for cell in book["cells"] if cell["source"] not in texts])


def forgot_metadata(book: Notebook, random: Random) -> None:
    whole(book, random)["metadata"] = random.choice([{}, [], None, {"nbgrader": 3}])


def forgot_id(book: Notebook, random: Random) -> None:
    whole(book, random)["id"] = random.choice([None, "title", "with space", 7, "new"])


def another_kernel(book: Notebook, random: Random) -> None:
    book["metadata"] = random.choice([{"kernelspec": {"name": "ir", "language": "R"}}, [], {}])


def older(book: Notebook, random: Random) -> None:
    book["nbformat_minor"] = 4
    for cell in book["cells"]:
        cell.pop("id", None)


def scribbled(book: Notebook, random: Random) -> None:
    """Text written into a cell that is not the student's; it must not count."""
    theirs = [cell for cell in book["cells"] if grade_id(cell) == "setup"]
    theirs += [cell for cell in book["cells"] if grade_id(cell).endswith("-1")]
    if theirs:
        random.choice(theirs)["source"] = "raise SystemExit"


DAMAGES: tuple[Callable[[Notebook, Random], None], ...] = (
    *(copied, deleted, retyped, split, reordered, forgot_metadata),
    *(forgot_id, another_kernel, older, scribbled),
)
