"""The feedback as a notebook."""

from __future__ import annotations

import json
from typing import Any

import nbformat
import pytest
from homework import code, lesson, notebook, submission, text

from coursewright.grader.feedback_notebook import plain, render
from coursewright.grader.grade import grade
from coursewright.grader.result import CellResult, Result
from coursewright.records.course import Lesson

RESULT = Result(
    score=2.5,
    max_score=7,
    cells=(
        CellResult("double-1", "double", 0, 2, "failed", "A hidden *test*\nfailed.", (1, 2)),
        CellResult("mean-1", "mean", 2.5, 2, "passed"),
        CellResult("why", None, 0, 3, "manual", "A person reads and marks this answer."),
    ),
    mode="isolated",
    repairs=("The cell 'x' was missing; it was put back.",),
    outputs={"answer-double": [{"output_type": "stream", "name": "stdout", "text": "hello"}]},
)
ABOUT = Lesson.from_notebook(lesson(), key="lists", title="Lists")


def feedback(handed_in: dict[str, Any], result: Result = RESULT) -> Any:
    book = nbformat.reads(render(ABOUT, handed_in, result).decode(), as_version=4)
    nbformat.validate(book)
    assert (book.nbformat, book.nbformat_minor) == (4, 5)
    return book


def test_a_note_stands_behind_each_graded_cell() -> None:
    book = feedback(submission())
    kinds = [cell.metadata.get("coursewright", {}).get("feedback", cell.id) for cell in book.cells]
    assert kinds == [
        *("total", "title", "setup", "answer-double", "test-double", "double-1"),
        *("answer-mean", "test-mean", "mean-1", "essay", "why"),
    ]
    notes = {name: cell.source for name, cell in zip(kinds, book.cells, strict=True)}
    assert "**2.5 of 7 points** so far" in notes["total"]
    assert "was missing" in notes["total"]
    assert "* ✗ double(x) is twice x. (not kept yet)" in notes["double-1"]
    assert "A hidden \\*test\\*\n\nfailed\\." in notes["double-1"]
    assert "2.5 of 2 points, extra credit included" in notes["mean-1"]
    assert book.cells[3].outputs[0].text == "hello"


def test_nothing_hidden_is_in_it() -> None:
    shown = render(ABOUT, lesson(), RESULT).decode()
    assert "1234567" not in shown
    assert "secret words" not in shown


def test_a_feedback_notebook_that_is_handed_in_is_graded_as_what_it_was_made_from() -> None:
    result = grade(lesson(), feedback(lesson()))
    assert [cell.points for cell in result.cells] == [2, 2, 0]
    assert [cell.status for cell in result.cells] == ["passed", "passed", "manual"]


STRANGE = {
    "bad ids and metadata": notebook(
        {**code("a b", "x = 1"), "metadata": {"tags": 3, "name": 7, "nbgrader": "no"}},
        {**code("feedback-3", "y = 1"), "metadata": {"collapsed": "?"}},
        {**text("t", "words"), "metadata": None, "attachments": {"x": "y"}},
    ),
    "no cells of the lesson": notebook(text("only", "this")),
    "half a character": notebook(code("a", "'\ud800'")),
    "an old format": {
        "nbformat": 3,
        "metadata": {},
        "worksheets": [{"cells": [{"cell_type": "code", "input": "x = 1"}]}],
    },
}


@pytest.mark.parametrize("name", STRANGE)
def test_it_is_whole_whatever_was_handed_in(name: str) -> None:
    book = feedback(json.loads(json.dumps(STRANGE[name])))
    assert len({cell.id for cell in book.cells}) == len(book.cells)
    assert "The double" in "".join(cell.source for cell in book.cells)


def test_a_message_is_text_and_no_markdown() -> None:
    assert plain(" [x](http://y) <b> $z$ ") == r"\[x\]\(http\:\/\/y\) \<b\> \$z\$"
