"""Nothing is lost between the course document and notebooks."""

from __future__ import annotations

import json
import string
import tempfile
from pathlib import Path
from typing import Any

import nbformat
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from samples import course, lesson, notebook

from coursewright.records.course import LEVELS, Course, Lesson, Module
from coursewright.records.errors import Invalid
from coursewright.records.notebooks import read_course, write_course

# Names to which nbformat's schema gives a type of its own.
RESERVED = {"name", "tags", "collapsed", "deletable", "editable", "format", "jupyter", "scrolled"}
RESERVED |= {"execution", "source_hidden", "outputs_hidden", "kernelspec", "language_info"}
RESERVED |= {"title", "authors", "orig_nbformat", "nbgrader", "coursewright"}

words = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
odd = st.sampled_from(
    ["", "### BEGIN SOLUTION\n", "a\r\nb", "\x0b\x0c\x1c\u2028\u2029", "\0", "é\n"]
)
texts = words | odd
numbers = st.integers(-(2**53), 2**53) | st.floats(allow_nan=False, allow_infinity=False)
scalars = st.none() | st.booleans() | numbers | texts
json_values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=6,
)
names = texts.filter(lambda name: name not in RESERVED)
objects = st.dictionaries(names, json_values, max_size=3)
identities = st.text(string.ascii_letters + string.digits + "-_", min_size=1, max_size=64)
keys = st.from_regex(r"[a-z0-9]{1,8}(-[a-z0-9]{1,8}){0,2}", fullmatch=True)
lines = texts | st.lists(texts, max_size=3)

bundles = st.dictionaries(st.sampled_from(["text/plain", "text/html", "image/png"]), lines)
outputs = st.one_of(
    st.fixed_dictionaries(
        {"output_type": st.just("stream"), "name": st.sampled_from(["stdout"]), "text": lines}
    ),
    st.fixed_dictionaries(
        {"output_type": st.just("display_data"), "data": bundles, "metadata": objects}
    ),
    st.fixed_dictionaries(
        {
            "output_type": st.just("execute_result"),
            "execution_count": st.none() | st.integers(0, 9),
            "data": bundles,
            "metadata": objects,
        }
    ),
    st.fixed_dictionaries(
        {
            "output_type": st.just("error"),
            "ename": texts,
            "evalue": texts,
            "traceback": st.lists(texts, max_size=2),
        }
    ),
)


@st.composite
def cell_metadata(draw: st.DrawFn) -> dict[str, Any]:
    metadata = draw(objects)
    if draw(st.booleans()):
        metadata["nbgrader"] = {
            "grade_id": draw(identities),
            "schema_version": 3,
            **{name: draw(st.booleans()) for name in ("grade", "solution", "locked", "task")},
            "points": draw(st.integers(0, 5)),
        }
    if draw(st.booleans()):
        metadata["tags"] = draw(st.lists(st.text("abc", min_size=1), unique=True, max_size=2))
    if draw(st.booleans()):
        metadata["coursewright"] = draw(objects)
    return metadata


@st.composite
def notebook_cells(draw: st.DrawFn) -> dict[str, Any]:
    cell: dict[str, Any] = {
        "cell_type": draw(st.sampled_from(["code", "markdown", "raw"])),
        "metadata": draw(cell_metadata()),
        "source": draw(texts),
    }
    if cell["cell_type"] == "code":
        cell["outputs"] = draw(st.lists(outputs, max_size=2))
        cell["execution_count"] = draw(st.none() | st.integers(0, 99))
    elif draw(st.booleans()):
        cell["attachments"] = draw(st.dictionaries(st.text("ab.", min_size=1), bundles, max_size=2))
    return cell


@st.composite
def notebooks(draw: st.DrawFn) -> dict[str, Any]:
    cells = draw(st.lists(notebook_cells(), max_size=4))
    ids = draw(st.lists(identities, min_size=len(cells), max_size=len(cells), unique=True))
    book = {
        "nbformat": 4,
        "nbformat_minor": 5,
        "metadata": draw(objects),
        "cells": [{"id": identity, **cell} for identity, cell in zip(ids, cells, strict=True)],
    }
    nbformat.validate(nbformat.from_dict(book))  # the strategy makes valid notebooks only
    return book


@st.composite
def lessons(draw: st.DrawFn, key: str) -> Lesson:
    return Lesson.from_notebook(
        draw(notebooks()),
        key=key,
        title=draw(texts),
        minutes=draw(st.integers(0, 500)),
        objectives=tuple(draw(st.lists(texts, max_size=2))),
    )


@st.composite
def all_courses(draw: st.DrawFn) -> Course:
    names = draw(st.lists(keys, max_size=3, unique=True))
    modules = tuple(
        Module(f"module-{number}", draw(texts), (draw(lessons(name)),))
        for number, name in enumerate(names)
    )
    return Course(
        key=draw(keys),
        title=draw(texts),
        modules=modules,
        summary=draw(texts),
        level=draw(st.sampled_from(LEVELS)),
        language=draw(st.sampled_from(["en", "de"])),
        objectives=tuple(draw(st.lists(texts, max_size=2))),
        prerequisites=tuple(draw(st.lists(texts, max_size=2))),
    )


@given(notebooks())
@settings(max_examples=60, deadline=None)
def test_a_notebook_becomes_a_lesson_and_the_same_notebook_again(book: dict[str, Any]) -> None:
    assert Lesson.from_notebook(book, key="x", title="X").to_notebook() == book


@given(all_courses())
@settings(max_examples=40, deadline=None)
def test_a_course_becomes_notebooks_and_the_same_course_again(whole: Course) -> None:
    with tempfile.TemporaryDirectory() as folder:
        write_course(whole, Path(folder))
        assert read_course(Path(folder)) == whole


@given(all_courses())
@settings(max_examples=40, deadline=None)
def test_a_course_becomes_json_and_the_same_course_again(whole: Course) -> None:
    assert Course.from_json(json.loads(json.dumps(whole.to_json()))) == whole


def test_the_notebooks_on_disk_are_what_jupyter_writes(tmp_path: Path) -> None:
    write_course(course(), tmp_path)
    book = nbformat.read(tmp_path / "adding.ipynb", as_version=4)
    nbformat.validate(book)
    assert json.loads(json.dumps(book)) == notebook()
    about = json.loads((tmp_path / "course.json").read_text())
    assert about["modules"][0]["lessons"] == [
        {"key": "adding", "title": "Adding", "minutes": 5, "objectives": ["Add"]}
    ]


def test_sources_are_written_line_by_line(tmp_path: Path) -> None:
    write_course(course(), tmp_path)
    cells = json.loads((tmp_path / "adding.ipynb").read_text())["cells"]
    assert cells[3]["source"][:2] == ["def add(a, b):\n", "    ### BEGIN SOLUTION\n"]


def spoil_course(folder: Path, **changes: Any) -> None:
    path = folder / "course.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), **changes}))


def spoil_lesson(folder: Path, content: str) -> None:
    (folder / "adding.ipynb").write_text(content)


def of_lesson(**changes: Any) -> list[dict[str, Any]]:
    return [{"key": "first", "title": "", "lessons": [{"key": "adding", "title": "", **changes}]}]


SPOILED = {
    "another format": (lambda f: spoil_course(f, format=2), "format is 2"),
    "a strange word": (lambda f: spoil_course(f, color="red"), "unknown color"),
    "no title": (lambda f: spoil_course(f, modules=[{"key": "x", "lessons": []}]), "title"),
    "a path as key": (lambda f: spoil_course(f, modules=of_lesson(key="../x")), "lower-case"),
    "no such notebook": (lambda f: spoil_course(f, modules=of_lesson(key="y")), "y.ipynb is miss"),
    "no JSON": (lambda f: spoil_lesson(f, "{"), "adding.ipynb is not JSON"),
    "a list": (lambda f: spoil_lesson(f, "[]"), "must hold a JSON object"),
    "an old notebook": (lambda f: spoil_lesson(f, '{"nbformat": 3}'), "4.5 is needed"),
    "no cells": (lambda f: spoil_lesson(f, '{"nbformat": 4, "nbformat_minor": 5}'), "'cells'"),
}


@pytest.mark.parametrize(("spoil", "said"), SPOILED.values(), ids=SPOILED)
def test_a_folder_that_is_no_course_is_refused_with_the_place(
    tmp_path: Path, spoil: Any, said: str
) -> None:
    write_course(Course("sums", "Sums", (Module("first", "", (lesson(),)),)), tmp_path)
    spoil(tmp_path)
    with pytest.raises(Invalid, match=said):
        read_course(tmp_path)


def test_an_empty_folder_is_no_course(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match=r"course\.json is missing"):
        read_course(tmp_path)
