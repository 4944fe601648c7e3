"""The author's own material: Markdown, text, notebooks and PDF, as plain text of a known size.

What it says is data: it is shown to the model as such, never as an instruction (prompting.py).
"""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pypdf import PdfReader
from pypdf.errors import PyPdfError

from coursewright.records.errors import Invalid, TooLarge

LARGEST = 20 << 20  # bytes of one file
MOST = 60_000  # characters of all files together, which is what a model can be shown
KINDS = (".md", ".markdown", ".txt", ".rst", ".ipynb", ".pdf")


def read_sources(names: Sequence[str], folder: Path) -> dict[str, str]:
    """Name to text. Raises Invalid with the file that cannot be read, TooLarge above the limits."""
    found = {name: _read(folder / name, name) for name in names}
    length = sum(map(len, found.values()))
    if length > MOST:
        raise TooLarge(
            f"The sources have {length} characters together; {MOST} are the most. Name the parts"
            " that matter."
        )
    return found


def _read(path: Path, name: str) -> str:
    if path.suffix.lower() not in KINDS:
        raise Invalid(f"{name}: sources are {', '.join(KINDS)} files.")
    try:
        if path.stat().st_size > LARGEST:
            raise TooLarge(f"{name} is larger than {LARGEST >> 20} MB.")
        content = path.read_bytes()
    except OSError as error:
        raise Invalid(f"{name} cannot be read: {error.strerror}.") from None
    match path.suffix.lower():
        case ".pdf":
            text = _pdf(content, name)
        case ".ipynb":
            text = _notebook(content, name)
        case _:
            text = content.decode("utf-8", "replace")
    text = text.replace("\0", "").strip()
    if not text:
        raise Invalid(f"{name} has no text.")
    return text


def _pdf(content: bytes, name: str) -> str:
    try:
        reader = PdfReader(io.BytesIO(content))
        return "\n\n".join(page.extract_text() for page in reader.pages)
    except (PyPdfError, ValueError, KeyError, RecursionError) as error:
        raise Invalid(f"{name} cannot be read as a PDF: {error}") from None


def _notebook(content: bytes, name: str) -> str:
    """Its Markdown and code; no outputs."""
    try:
        cells: Any = json.loads(content)["cells"]
        parts = []
        for cell in cells:
            source = cell["source"]
            text = source if isinstance(source, str) else "".join(source)
            parts.append(f"```\n{text}\n```" if cell["cell_type"] == "code" else text)
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise Invalid(f"{name} is no notebook of format 4: {error}") from None
    return "\n\n".join(parts)
