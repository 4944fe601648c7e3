"""The page that a student gets back."""

from __future__ import annotations

from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise
from typing import Any

from homework import lesson, notebook, submission, text

from coursewright.grader.feedback import markdown, placed, render
from coursewright.grader.result import CellResult, Result
from coursewright.records.course import Lesson

RESULT = Result(
    score=2,
    max_score=7,
    cells=(
        CellResult("double-1", "double", 0, 2, "failed", "Not yet: <b>that</b>.", (1, 2)),
        CellResult("mean-1", "mean", 2, 2, "passed"),
        CellResult("why", None, 0, 3, "manual", "A person reads and marks this answer."),
    ),
    mode="shared",
    repairs=("The cell 'x' was missing; it was put back.",),
    seconds=0.2,
    outputs={
        "answer-double": [
            {"output_type": "stream", "name": "stdout", "text": "<script>alert(1)</script>"},
            {"output_type": "error", "ename": "E", "evalue": "<i>", "traceback": ["E: <i>"]},
        ],
        "answer-mean": [
            {
                "output_type": "display_data",
                "data": {"image/png": "iVBORw0KGgo=", "text/plain": "<Figure>"},
                "metadata": {},
            },
            {
                "output_type": "execute_result",
                "data": {"text/html": "<table><tr><td>7</td></tr></table>"},
                "metadata": {},
                "execution_count": None,
            },
        ],
    },
)


class Outline(HTMLParser):
    """The tags of a page, in order."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))


def page(handed_in: dict[str, Any], result: Result = RESULT) -> str:
    about = Lesson.from_notebook(lesson(), key="lists", title="Lists & <more>")
    return render(about, handed_in, result).decode()


def test_it_says_the_score_the_marks_and_what_is_still_to_come() -> None:
    shown = page(submission())
    assert "<title>Lists &amp; &lt;more&gt;: feedback</title>" in shown
    assert "2 of 7 points" in shown
    assert "a person still has to mark some answers" in shown
    assert "The double: <b>Not passed</b>, 0 of 2 points" in shown
    assert "put back" in shown
    assert "mode: shared" in shown


def test_a_promise_is_marked_by_a_word_and_not_only_by_a_sign() -> None:
    shown = page(submission())
    assert "double(x) is twice x. (not kept yet)" in shown
    assert '<span aria-hidden="true">✗</span>' in shown


def test_what_a_student_writes_is_text_and_nothing_else() -> None:
    handed_in = submission(double="print('<img src=x onerror=alert(1)>')")
    handed_in["cells"][0]["source"] = (
        "<script>alert(1)</script> [x](javascript:alert(1)) ![p](https://example.org/p.png)"
    )
    tags = Outline(page(handed_in)).tags
    assert not {"script", "iframe", "link", "object", "form"} & {tag for tag, _ in tags}
    pictures = [about.get("src") or "" for tag, about in tags if tag == "img"]
    assert pictures == ["data:image/png;base64,iVBORw0KGgo="]
    for _, attributes in tags:
        assert not any(name.startswith("on") for name in attributes)
        assert not (attributes.get("href") or "").startswith("javascript:")


def test_what_cells_showed_stands_below_them() -> None:
    shown = page(submission())
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in shown
    assert "E: &lt;i&gt;" in shown
    assert 'alt="&lt;Figure&gt;"' in shown
    assert "<td>7</td>" in shown


def test_what_is_true_where_it_is_read_can_be_put_in() -> None:
    html = page(submission()).encode()
    read = placed(html, late="1 day late: 1 <of> 2", notebook="a.ipynb").decode()
    assert "<p>1 day late: 1 &lt;of&gt; 2</p>" in read
    assert '<a href="a.ipynb" download>' in read
    assert placed(html).decode().count("<a ") == html.decode().count("<a ")


def test_points_beyond_the_most_are_extra_credit() -> None:
    cells = (replace(RESULT.cells[1], points=2.5),)
    shown = page(submission(), replace(RESULT, score=2.5, max_score=2, cells=cells))
    assert shown.count("2.5 of 2 points, extra credit included") == 2


def test_nothing_hidden_is_on_the_page() -> None:
    shown = page(lesson())
    assert "1234567" not in shown
    assert "secret words" not in shown


def test_the_page_can_be_read_with_a_screen_reader_and_on_a_phone() -> None:
    shown = page(submission())
    tags = Outline(shown).tags
    names = [tag for tag, _ in tags]
    assert names.count("h1") == 1
    assert ("html", {"lang": "en"}) in tags
    assert "caption" in names
    assert all(attributes.get("scope") for tag, attributes in tags if tag == "th")
    assert "prefers-color-scheme: dark" in shown
    assert "width=device-width" in shown
    levels = [int(tag[1]) for tag in names if tag in ("h1", "h2", "h3", "h4", "h5", "h6")]
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_the_marks_of_cells_that_the_student_deleted_are_shown_too() -> None:
    shown = page(notebook(text("a", "only this")))
    assert "Cells that were missing" in shown
    assert "Not yet: &lt;b&gt;that&lt;/b&gt;." in shown


def test_markdown_keeps_its_tables_and_puts_its_headings_below_the_pages() -> None:
    assert "<h3>Title</h3>" in markdown("# Title")
    assert "<h3>Title</h3>\n<h4>Deep</h4>" in markdown("## Title\n#### Deep")
    assert "<td>1</td>" in markdown("| a |\n| - |\n| 1 |")


def test_halves_of_characters_do_not_stop_the_page() -> None:
    assert b"?" in render(
        Lesson.from_notebook(lesson(), key="l", title="L"), submission(mean="'\ud800'"), RESULT
    )
