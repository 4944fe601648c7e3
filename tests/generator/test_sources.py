"""The author's own material as text, and what of it is refused."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import samples
from hypothesis import given
from hypothesis import strategies as st

from coursewright.generator import sources
from coursewright.generator.sources import read_sources
from coursewright.records.errors import Invalid, TooLarge

# One page that says "Rye bread".
PDF = b"""%PDF-1.4
1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj
3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]/Contents 4 0 R
/Resources<</Font<</F1 5 0 R>>>>>>endobj
4 0 obj<</Length 41>>stream
BT /F1 12 Tf 20 100 Td (Rye bread) Tj ET
endstream endobj
5 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>endobj
trailer<</Root 1 0 R>>
startxref
0
%%EOF
"""


@pytest.mark.parametrize(
    ("name", "content", "text"),
    [
        ("notes.md", b"# Rye\n\nbread", "# Rye\n\nbread"),
        ("notes.TXT", "Brötchen\0".encode(), "Brötchen"),
        ("latin.txt", b"caf\xe9", "caf\N{REPLACEMENT CHARACTER}"),
        ("lesson.ipynb", json.dumps(samples.notebook()).encode(), "```\nprint(1 + 1)\n```"),
        ("page.pdf", PDF, "Rye bread"),
    ],
)
def test_material_is_read_as_text(tmp_path: Path, name: str, content: bytes, text: str) -> None:
    (tmp_path / name).write_bytes(content)
    assert text in read_sources([name], tmp_path)[name]


def test_outputs_of_a_notebook_are_left_out(tmp_path: Path) -> None:
    (tmp_path / "a.ipynb").write_text(json.dumps(samples.notebook()))
    assert "because it ran" not in read_sources(["a.ipynb"], tmp_path)["a.ipynb"]


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("none.md", None, "cannot be read: No such file"),
        ("empty.md", b" \0\n", "has no text"),
        ("slides.pptx", b"PK", "sources are .md"),
        ("broken.pdf", b"%PDF-1.4 and no more", "cannot be read as a PDF"),
        ("text.pdf", b"plain text", "cannot be read as a PDF"),
        ("broken.ipynb", b"{", "no notebook"),
        ("other.ipynb", b'{"cells": [{"source": 3}]}', "no notebook"),
        ("list.ipynb", b"[]", "no notebook"),
    ],
)
def test_what_cannot_be_read_is_named(
    tmp_path: Path, name: str, content: bytes | None, words: str
) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(Invalid, match=words) as caught:
        read_sources([name], tmp_path)
    assert name in str(caught.value)


def test_too_much_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.md").write_text("x" * (sources.MOST // 2 + 1))
    (tmp_path / "b.md").write_text("y" * (sources.MOST // 2 + 1))
    assert read_sources(["a.md"], tmp_path)
    with pytest.raises(TooLarge, match="60000 are the most"):
        read_sources(["a.md", "b.md"], tmp_path)
    monkeypatch.setattr(sources, "LARGEST", 10)
    with pytest.raises(TooLarge, match="larger than"):
        read_sources(["a.md"], tmp_path)


JSON = st.recursive(
    st.none() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(["cells", "source",
                                                                     "cell_type"]), inner),
)  # fmt: skip


@given(st.one_of(st.binary(), JSON.map(lambda data: json.dumps(data).encode())),
       st.sampled_from([".pdf", ".ipynb", ".md"]))  # fmt: skip
def test_whatever_it_holds_it_is_text_or_refused(
    tmp_path_factory: Any, content: bytes, kind: str
) -> None:
    path = tmp_path_factory.getbasetemp() / f"any{kind}"
    path.write_bytes(content)
    try:
        found = read_sources([path.name], path.parent)
    except Invalid:
        return
    assert found[path.name].strip()
    assert "\0" not in found[path.name]
