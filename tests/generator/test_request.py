"""Requests: from YAML and JSON, with messages for teachers."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from coursewright.generator.request import read_outline, read_request, write_outline
from coursewright.records.errors import Invalid

ROOT = Path(__file__).parents[2]


def test_a_topic_is_enough(tmp_path: Path) -> None:
    path = tmp_path / "request.json"
    path.write_text(json.dumps({"topic": "Bread"}))
    request = read_request(path)
    assert (request.topic, request.level, request.modules, request.outline) == (
        "Bread", "beginner", 4, None,
    )  # fmt: skip


@pytest.mark.parametrize("path", sorted((ROOT / "examples").glob("*.yaml")), ids=lambda p: p.name)
def test_the_examples_are_requests(path: Path) -> None:
    assert read_request(path).topic


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"topic: x\nmodules: 200", "modules: Input should be less than or equal to 40"),
        (b"topic: x\nlevel: expert", "level: Input should be 'beginner'"),
        (b"topic: x\nmodule: 3", "module: Extra inputs are not permitted"),
        (b"topic: ''", "topic: String should have at least 1 character"),
        (b"title: x", "topic: Field required"),
        (b"topic: x\nlanguage: German", "language: String should match"),
        (b"topic: x\noutline: {key: a}", "outline.title: Field required"),
        (b"just words", "must be a list of fields"),
        (b"- a\n- b", "must be a list of fields"),
        (b"", "must be a list of fields"),
        (b"topic: [", "neither YAML nor JSON"),
        (b"topic: a\0b", "neither YAML nor JSON"),
        (b"\xff\xfe", "neither YAML nor JSON"),
        (b"topic: !!python/object/apply:os.getcwd []", "neither YAML nor JSON"),
        (b"#" * (1 << 20) + b"\ntopic: x", "larger than 1 MB"),
    ],
)
def test_what_is_no_request_is_refused_with_the_field_and_the_reason(
    tmp_path: Path, content: bytes, words: str
) -> None:
    path = tmp_path / "request.yaml"
    path.write_bytes(content)
    with pytest.raises(Invalid) as caught:
        read_request(path)
    assert words in str(caught.value)


def test_every_problem_is_named_at_once(tmp_path: Path) -> None:
    path = tmp_path / "request.yaml"
    path.write_text("modules: 200\nlevel: expert\n")
    with pytest.raises(Invalid) as caught:
        read_request(path)
    assert len(str(caught.value).splitlines()) == 4


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match="No such file"):
        read_request(tmp_path / "none.yaml")


def test_an_outline_goes_to_a_file_and_comes_back(tmp_path: Path) -> None:
    lesson = {
        "key": "a", "title": "Größer", "minutes": 20, "objectives": ["o"], "concepts": ["c"],
        "needs": [], "exercises": [], "quiz": None,
    }  # fmt: skip
    module = {"key": "m", "title": "M", "lessons": [lesson]}
    data = {"key": "k", "title": "T", "summary": "S", "objectives": ["o"], "modules": [module]}
    path = tmp_path / "outline.yaml"
    path.write_text(json.dumps(data))
    outline = read_outline(path)
    write_outline(outline, path)
    assert "Größer" in path.read_text()
    assert read_outline(path) == outline
    data["modules"] = []
    path.write_text(json.dumps(data))
    with pytest.raises(Invalid, match="not the outline of a course"):
        read_outline(path)
