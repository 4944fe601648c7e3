"""What cells show: kept in its order, made harmless, limited."""

from __future__ import annotations

import base64
from typing import Any

import nbformat
import pytest
from homework import code, exercise, notebook

from coursewright.grader import outputs
from coursewright.grader.feedback import render
from coursewright.grader.grade import grade
from coursewright.grader.limits import Limits
from coursewright.grader.outputs import Output, limited, markup, picture, said
from coursewright.grader.outputs import outputs as outputs_of
from coursewright.grader.result import Result
from coursewright.grader.shared import Outcome
from coursewright.grader.wire import Display, Fault, Lost, Reply
from coursewright.records.course import Lesson

PNG = base64.b64encode(b"\x89PNG\r\n\x1a\n and so on").decode()
QUICK = Limits(cell_seconds=2.0, total_seconds=20.0)


def shown(bundle: dict[str, str], kind: Any = "display_data") -> list[Output]:
    return outputs_of(Outcome("done", Reply(shown=(Display(kind, bundle),))))


def data(bundle: dict[str, str]) -> dict[str, str]:
    (output,) = shown(bundle)
    found: dict[str, str] = output["data"]
    return found


def test_the_order_is_the_cells_own() -> None:
    displays = (Display("display_data", {"text/plain": "picture"}),)
    reply = Reply(Fault("E", "Exception", "why"), None, displays)
    found = outputs_of(Outcome("done", reply, "before\x1e0\x1fafter", errors="careful"))
    kinds = [output.get("name", output["output_type"]) for output in found]
    assert kinds == ["stdout", "display_data", "stdout", "stderr", "error"]
    assert [output.get("text") for output in found] == ["before", None, "after", "careful", None]


@pytest.mark.parametrize(
    "printed", ["\x1e0\x1f\x1e0\x1f", "\x1e9\x1f", "\x1e999\x1f", "\x1e\x1f", ""]
)
def test_places_that_a_student_made_up_do_no_harm(printed: str) -> None:
    reply = Reply(shown=(Display("display_data", {"text/plain": "once"}),))
    found = outputs_of(Outcome("done", reply, printed))
    assert [output["output_type"] for output in found] == ["display_data"]


HOSTILE = {
    "a script": "<script>alert(1)</script><p onclick=x()>kept</p>",
    "a style": "<style>* {display: none}</style><p style='position: fixed'>kept</p>",
    "a picture from elsewhere": "<img src='https://example.org/x.png' srcset='//x 2x'>kept",
    "a frame": "<iframe src='/hub/home'></iframe><object data=x></object>kept",
    "a form": "<form action=/hub/logout><input><button>kept</button></form>",
    "a link that runs": "<a href='javascript:alert(1)'>kept</a><a href='data:text/html,x'>x</a>",
    "the page's own looks": "<h1 class='mark passed' id='mark-1'>kept</h1>",
    "a drawing": "<svg><script>alert(1)</script></svg><math><mtext><img src=x></mtext></math>kept",
    "a page": "<base href='//x'><link rel=stylesheet href=x><meta http-equiv=refresh>kept",
}
GONE = ("script", "style", "src", "http", "iframe", "object", "form", "input", "button", "onclick")
GONE += ("javascript", "data:", "<h1", "class", "id=", "svg", "math", "base", "link", "meta")


@pytest.mark.parametrize("name", HOSTILE)
def test_html_keeps_nothing_that_runs_or_is_loaded(name: str) -> None:
    found = data({"text/html": HOSTILE[name]})["text/html"]
    assert "kept" in found
    assert not [word for word in GONE if word in found]


def test_html_keeps_tables_and_pictures_that_are_in_it() -> None:
    html = f"<table border=1><tr><th>a</th></tr></table><img src='data:image/png;base64,{PNG}'>"
    found = markup(html)
    assert "<th>a</th>" in found
    assert f'src="data:image/png;base64,{PNG}"' in found


PICTURES = {
    "one": (PNG, True),
    "in lines": (f"{PNG[:8]}\n{PNG[8:]}\n", True),
    "another kind": (base64.b64encode(b"GIF89a").decode(), False),
    "not base64": ("<script>", False),
    "with markup in it": (f'{PNG}" onerror="alert(1)', False),
    "nothing": ("", False),
    "not ASCII": ("ééé", False),
    "giant": (base64.b64encode(b"\x89PNG\r\n\x1a\n" + bytes(2 << 20)).decode(), False),
}


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_is_what_it_says(name: str) -> None:
    content, good = PICTURES[name]
    assert (picture("image/png", content) is not None) == good


def test_a_drawing_becomes_a_picture_in_which_nothing_runs() -> None:
    drawing = "<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"
    found = data({"image/svg+xml": drawing, "text/plain": "drawing"})
    assert found.keys() == {"text/html", "text/plain"}
    assert found["text/html"].startswith('<img src="data:image/svg+xml;base64,')
    assert "script" not in found["text/html"]


UNKNOWN = ["application/javascript", "application/json", "text/latex", "a/b", "", "\0"]


@pytest.mark.parametrize("kind", UNKNOWN)
def test_what_is_of_another_kind_is_shown_by_its_text(kind: str) -> None:
    assert shown({kind: "x"}) == []
    assert data({kind: "x", "text/plain": "text"}) == {"text/plain": "text"}


def test_markdown_is_rendered_and_as_harmless_as_html() -> None:
    found = data({"text/markdown": "*a* ![x](https://example.org/p.png) <script>1</script>"})
    assert "<em>a</em>" in found["text/html"]
    assert "example.org" not in found["text/html"]
    assert "<script" not in found["text/html"]


def test_text_has_no_nul_and_an_end() -> None:
    assert data({"text/plain": "a\0b"}) == {"text/plain": "a\N{REPLACEMENT CHARACTER}b"}
    assert len(data({"text/plain": "x" * 10**6})["text/plain"]) == outputs.TEXT + 1


def test_one_submission_shows_no_more_than_is_kept() -> None:
    big = {
        "output_type": "display_data",
        "data": {"image/png": "x" * outputs.PICTURE},
        "metadata": {},
    }
    kept = limited({"a": [big, big], "b": [big, said("small")]})
    assert kept == {"a": [big, big], "b": [said(outputs.TOO_MUCH), said(outputs.TOO_MUCH)]}


MALFORMED = [3, None, {}, {"data": []}, {"data": None, "output_type": 1}, [], "x"]


@pytest.mark.parametrize("display", MALFORMED)
def test_an_event_with_something_else_is_no_reply(display: object) -> None:
    with pytest.raises(Lost):
        Reply.read({"shown": [display]})


def test_an_event_may_show_nothing_or_odd_parts() -> None:
    assert Reply.read({"shown": "x"}) == Reply.read({}) == Reply()
    odd = {"output_type": 7, "data": {"text/plain": 5, "text/html": "h"}, "metadata": 3}
    assert Reply.read({"shown": [odd]}).shown == (Display("display_data", {"text/html": "h"}),)


RICH = """
print("before")
class Table:
    def _repr_html_(self): return "<table><tr><td>7</td></tr></table>"
    def __repr__(self): return "a table"
class Picture:
    def _repr_png_(self): return b"\\x89PNG\\r\\n\\x1a\\n and so on"
    def __repr__(self): return "a picture"
from IPython.display import display, clear_output
display(Picture())
handle = display("first", display_id=True)
clear_output()
handle.update("second")
print("after")
Table()
"""


def run(source: str, solution: str = "x = 1") -> Result:
    lesson = notebook(code("mine", source), *exercise("it", solution, "assert x == 1"))
    result = grade(lesson, lesson, QUICK)
    book = {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": []}
    book["cells"] = [{**code("mine", ""), "outputs": result.outputs.get("mine", [])}]
    nbformat.validate(nbformat.from_dict(book))
    return result


def test_a_graded_cell_shows_what_it_shows_in_jupyter() -> None:
    result = run(RICH)
    assert result.score == 2
    found = result.outputs["mine"]
    kinds = [output["output_type"] for output in found]
    assert kinds == ["stream", "display_data", "display_data", "stream", "execute_result"]
    assert found[0]["text"] == "before\n"
    assert found[1]["data"] == {"image/png": PNG, "text/plain": "a picture"}
    assert found[2]["data"] == {"text/plain": "'second'"}
    assert "<td>7</td>" in found[4]["data"]["text/html"]


FLOODS = {
    "pictures": "from IPython.display import display\nfor n in range(10**4): display(n)",
    "one giant": "from IPython.display import HTML, display\ndisplay(HTML('<b>' * 10**7))",
    "escapes": "get_ipython().display_pub.publish({'text/plain': chr(1) * 10**6})",
    "not a bundle": "get_ipython().display_pub.publish({'text/html': object(), 3: b'x'})",
    "a closed stream": "import os\nos.close(1)\nfrom IPython.display import display\ndisplay(3)",
}


@pytest.mark.parametrize("name", FLOODS)
def test_who_shows_too_much_is_graded_all_the_same(name: str) -> None:
    result = run(FLOODS[name])
    assert result.score == 2
    lesson = Lesson.from_notebook(notebook(code("mine", "")), key="a", title="A")
    assert len(render(lesson, notebook(code("mine", "")), result)) < 3 * outputs.ALL


def test_what_tests_show_is_shown_to_nobody() -> None:
    test = "from IPython.display import display\ndisplay('secret')\nassert x == 1"
    lesson = notebook(*exercise("it", "x = 1", test))
    assert "secret" not in str(grade(lesson, lesson).outputs)
