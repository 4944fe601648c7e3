"""A course in a zip: nothing is lost on the way, and what means harm is refused by name."""

from __future__ import annotations

import contextlib
import io
import json
import stat
import warnings
import zipfile
from dataclasses import replace
from typing import Any

import pytest
import samples
from hypothesis import given, settings
from hypothesis import strategies as st

from coursewright.generator import library
from coursewright.records import archives
from coursewright.records.archives import pack, unpack
from coursewright.records.course import Course
from coursewright.records.errors import Invalid, TooLarge

ABOUT = json.dumps({"key": "c", "title": "C", "modules": []})
words = st.text(max_size=40)


def packed(course: Course, facts: dict[str, Any] | None = None) -> bytes:
    place = io.BytesIO()
    pack(course, facts, place)
    return place.getvalue()


def made(*files: tuple[str | zipfile.ZipInfo, str | bytes], way: int = 8) -> bytes:
    place = io.BytesIO()
    with zipfile.ZipFile(place, "w", way) as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of two files with one name
        for name, content in files:
            archive.writestr(name, content)
    return place.getvalue()


@pytest.mark.parametrize("key", library.shipped())
def test_a_course_that_ships_comes_back_whole(key: str) -> None:
    course = library.load(key)
    found = unpack(packed(course))
    assert found.course() == course
    assert found.left_out == ()


@settings(max_examples=60, deadline=None)
@given(words, words, st.lists(words, max_size=4), st.dictionaries(words, words, max_size=3))
def test_whatever_is_written_in_a_course_comes_back(
    source: str, summary: str, outputs: list[str], metadata: dict[str, str]
) -> None:
    lesson = samples.lesson()
    cells = tuple(
        replace(cell, source=source, metadata={**cell.metadata, "mine": metadata})
        for cell in lesson.cells
    )
    shown = [{"output_type": "stream", "name": "stdout", "text": outputs}]
    cells += (replace(samples.lesson().cells[2], id="last", outputs=tuple(shown)),)
    course = replace(samples.course("sums", replace(lesson, cells=cells)))
    assert unpack(packed(course)).course() == course


def test_half_a_surrogate_pair_comes_back() -> None:
    lesson = samples.lesson()
    cells = (replace(lesson.cells[0], source="a\ud800b"), *lesson.cells[1:])
    course = samples.course("sums", replace(lesson, cells=cells))
    assert unpack(packed(course)).course() == course


def test_the_same_course_is_packed_into_the_same_bytes() -> None:
    assert packed(samples.course()) == packed(samples.course())


def test_facts_go_with_it_and_other_files_are_told_of() -> None:
    content = packed(samples.course(), {"category": "Mathematics"})
    place = io.BytesIO(content)
    with zipfile.ZipFile(place, "a") as archive:
        archive.writestr("README.md", "Read me")
        archive.writestr("__MACOSX/._course.json", "litter")
        archive.writestr(".ipynb_checkpoints/adding-checkpoint.ipynb", "{}")
    found = unpack(place.getvalue())
    assert found.facts == {"category": "Mathematics"}
    assert found.left_out == ("README.md",)
    assert found.course() == samples.course()


@pytest.mark.parametrize("folder", ["", "sums/", "a/b/"])
@pytest.mark.parametrize("apart", ["", "notebooks/"])
def test_the_course_may_stand_in_a_folder(folder: str, apart: str) -> None:
    with zipfile.ZipFile(io.BytesIO(packed(samples.course()))) as archive:
        about, notebook = archive.read("course.json"), archive.read("adding.ipynb")
    files = [(f"{folder}course.json", about), (f"{folder}{apart}adding.ipynb", notebook)]
    found = unpack(made((f"{folder}", ""), *files) if folder else made(*files))
    assert found.course() == samples.course()
    assert found.files == {"adding": f"{folder}{apart}adding.ipynb"}


def link() -> zipfile.ZipInfo:
    member = zipfile.ZipInfo("adding.ipynb")
    member.external_attr = (stat.S_IFLNK | 0o777) << 16
    return member


def encrypted() -> bytes:
    content = bytearray(made(("course.json", ABOUT)))
    at = content.index(b"PK\x01\x02")
    content[at + 8] |= 1
    return bytes(content)


HARMFUL: dict[str, tuple[bytes, type[Invalid], str]] = {
    "a way out": (made(("../course.json", ABOUT)), Invalid, r"'\.\./course.json' leads out"),
    "a way out later": (made(("a/../../x.ipynb", "")), Invalid, "leads out"),
    "an absolute path": (made(("/etc/passwd", "")), Invalid, "'/etc/passwd' leads out"),
    "a drive": (made(("C:/x.ipynb", "")), Invalid, "characters that no file"),
    "a backslash": (made(("..\\x.ipynb", "")), Invalid, "characters that no file"),
    "a control character": (made(("a\nb.ipynb", "")), Invalid, "characters that no file"),
    "an empty part": (made(("a//b.ipynb", "")), Invalid, "leads out"),
    "a link": (made(("course.json", ABOUT), (link(), "/etc/passwd")), Invalid, "is a link"),
    "one name twice": (
        made(("course.json", ABOUT), ("course.json", ABOUT)),
        Invalid,
        "Two files have one name: course.json and course.json",
    ),
    "one name in two spellings": (
        made(("course.json", ABOUT), ("É.ipynb", "{}"), ("E\u0301.IPYNB", "{}")),
        Invalid,
        "Two files have one name",
    ),
    "two notebooks of one lesson": (
        made(("course.json", ABOUT), ("a.ipynb", "{}"), ("notebooks/a.ipynb", "{}")),
        Invalid,
        "Two notebooks are of one lesson: a.ipynb and notebooks/a.ipynb",
    ),
    "too many files": (
        made(*((f"{number}.ipynb", "{}") for number in range(501))),
        TooLarge,
        "more than 500 files",
    ),
    "a bomb": (
        made(("course.json", ABOUT), ("a.ipynb", b" " * 20_000_000)),
        TooLarge,
        "a.ipynb unpacks to more",
    ),
    "another way of packing": (
        made(("course.json", ABOUT), way=14),
        Invalid,
        "course.json is pack",
    ),
    "a password": (encrypted(), Invalid, "course.json is encrypted"),
    "no course": (made(("a.ipynb", "{}")), Invalid, "has no course.json"),
    "two courses": (made(("a/course.json", ABOUT), ("b/course.json", ABOUT)), Invalid, "more than"),
    "no JSON": (made(("course.json", "{")), Invalid, "course.json is not JSON"),
    "no object": (made(("course.json", "[]")), Invalid, "course.json must hold"),
    "deep JSON": (made(("course.json", "[" * 100_000)), Invalid, "course.json is not JSON"),
    "another format": (made(("course.json", '{"format": 9}')), Invalid, "another format"),
    "no zip": (b"PK but nothing", Invalid, "no zip that can be read"),
    "nothing": (b"", Invalid, "no zip that can be read"),
}


@pytest.mark.parametrize("case", HARMFUL)
def test_what_means_harm_is_refused_by_name(case: str) -> None:
    content, error, words = HARMFUL[case]
    with pytest.raises(error, match=words):
        unpack(content)


def test_many_files_that_are_small_alone_are_too_much_together(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(archives, "MOST_BYTES", 3000)
    files = [(f"{number}.ipynb", json.dumps({"a": "x" * 1000})) for number in range(4)]
    with pytest.raises(TooLarge, match=r"\.ipynb unpacks to more"):
        unpack(made(("course.json", ABOUT), *files))


def test_a_header_that_lies_about_the_size_changes_nothing() -> None:
    content = bytearray(made(("course.json", ABOUT), ("a.ipynb", b" " * 20_000_000)))
    at = content.rindex(b"PK\x01\x02")
    content[at + 24 : at + 28] = (100).to_bytes(4, "little")
    with pytest.raises(Invalid, match=r"a\.ipynb"):
        unpack(bytes(content))


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_a_damaged_zip_is_refused_or_read_and_never_breaks_anything(data: st.DataObject) -> None:
    content = bytearray(packed(samples.course()))
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    with contextlib.suppress(Invalid):
        unpack(bytes(content)).course()


def test_a_notebook_that_no_lesson_names_is_not_dropped_silently() -> None:
    place = io.BytesIO(packed(samples.course()))
    with zipfile.ZipFile(place, "a") as archive:
        archive.writestr("stray.ipynb", "{}")
    with pytest.raises(Invalid, match="No lesson of the course is called stray"):
        unpack(place.getvalue()).course()
