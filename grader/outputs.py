"""What a cell showed, as nbformat's outputs that may be put before anybody's eyes.

Everything a student's code shows may be hostile. Kept are texts, pictures that are what they say,
and HTML without scripts, styles, names or anything that is loaded from elsewhere. Drawings (SVG)
become pictures, in which nothing runs; LaTeX, JSON, scripts and widgets are shown by their text.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterable, Mapping
from typing import Any

import nh3
from markdown_it import MarkdownIt

from coursewright.grader.shared import Outcome
from coursewright.grader.wire import Display, Fault, plain

Output = dict[str, Any]

TEXT = 10_000  # characters of one stream, or of one thing that is text
MARKUP = 200_000  # characters
PICTURE = 1 << 20  # bytes
ALL = 2 << 20  # characters that one submission may show
TOO_MUCH = "(More was shown than is kept.)"

PLACE = re.compile("\x1e([0-9]{1,3})\x1f")
SIGNATURES = {
    "image/png": b"\x89PNG\r\n\x1a\n",
    "image/jpeg": b"\xff\xd8\xff",
    "image/gif": b"GIF8",
}
DRAWING = "image/svg+xml"
INLINE = re.compile(r"data:image/(?:png|jpeg|gif|svg\+xml);base64,[A-Za-z0-9+/=\s]+\Z")

_markdown = MarkdownIt("commonmark", {"html": False}).enable("table")
# Titles and landmarks would mix with the page's own.
_tags = nh3.ALLOWED_TAGS - {
    *("h1", "h2", "h3", "h4", "h5", "h6", "hgroup", "area", "map"),
    *("article", "aside", "footer", "header", "nav"),
}


def outputs(outcome: Outcome) -> list[Output]:
    """A step's outputs in the order in which they came, as nbformat 4.5 has them."""
    found: list[Output] = []
    waiting = dict(enumerate(outcome.reply.shown))
    texts = PLACE.split(outcome.printed)
    for text, number in zip(texts[::2], [*texts[1::2], ""], strict=True):
        found += _stream("stdout", text)
        if number and int(number) in waiting:
            found += _shown(waiting.pop(int(number)))
    for display in waiting.values():
        found += _shown(display)
    found += _stream("stderr", outcome.errors)
    return [*found, *([] if outcome.reply.error is None else [_error(outcome.reply.error)])]


def limited(cells: Mapping[str, list[Output]]) -> dict[str, list[Output]]:
    """The cells' outputs, up to what one submission may show; then a word instead of each."""
    left = ALL
    kept: dict[str, list[Output]] = {}
    for name, found in cells.items():
        for output in found:
            left -= _size(output)
            kept.setdefault(name, []).append(output if left >= 0 else said(TOO_MUCH))
    return kept


def text(found: Iterable[Output]) -> str:
    """All that can be read of it, in order."""
    parts = []
    for output in found:
        if output["output_type"] == "stream":
            parts.append(output["text"])
        elif "data" in output:
            parts.append(output["data"].get("text/plain", "") + "\n")
    return "".join(parts)


def said(words: str) -> Output:
    return {"output_type": "stream", "name": "stdout", "text": words}


def shorten(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[:most]}…"


def markup(html: str) -> str:
    """HTML without anything that runs, is loaded, or looks like the page's own."""
    return nh3.clean(
        plain(html[:MARKUP]),
        tags=_tags,
        attribute_filter=_harmless,
        url_schemes={"http", "https", "mailto", "data"},
    )


def picture(kind: str, content: str) -> str | None:
    """The base64 of a picture, when it is one of that kind; else None."""
    try:
        found = base64.b64decode("".join(content[: 2 * PICTURE].split()), validate=True)
    except (binascii.Error, ValueError):
        return None
    if len(found) > PICTURE or not found.startswith(SIGNATURES[kind]):
        return None
    return base64.b64encode(found).decode()


def _harmless(tag: str, name: str, value: str) -> str | None:
    if (tag, name) == ("img", "src"):
        return value if INLINE.match(value) else None
    if name in ("src", "href", "cite") and value.lstrip().lower().startswith("data:"):
        return None
    return value


def _stream(name: str, content: str) -> list[Output]:
    words = content.replace("\x1e", "").replace("\x1f", "")
    found = {"output_type": "stream", "name": name, "text": shorten(words, TEXT)}
    return [found] if words else []


def _shown(display: Display) -> list[Output]:
    data = _bundle(display.data)
    if not data:
        return []
    found: Output = {"output_type": display.kind, "data": data, "metadata": {}}
    if display.kind == "execute_result":
        found["execution_count"] = None
    return [found]


def _bundle(data: Mapping[str, str]) -> dict[str, str]:
    kept = {}
    if "text/plain" in data:
        kept["text/plain"] = shorten(plain(data["text/plain"]), TEXT)
    for kind in SIGNATURES:
        good = picture(kind, data[kind]) if kind in data else None
        if good:
            kept[kind] = good
    html = ""
    if "text/html" in data:
        html = markup(data["text/html"])
    elif "text/markdown" in data:
        html = markup(_markdown.render(plain(data["text/markdown"])[:TEXT]))
    elif 0 < len(data.get(DRAWING, "")) <= PICTURE and not kept.keys() & SIGNATURES.keys():
        coded = base64.b64encode(plain(data[DRAWING]).encode()).decode()
        html = f'<img src="data:{DRAWING};base64,{coded}" alt="">'
    if html.strip():
        kept["text/html"] = html
    return kept


def _error(fault: Fault) -> Output:
    line = shorten(f"{fault.name}: {fault.text}" if fault.text else fault.name, TEXT)
    name, value = fault.name, shorten(fault.text, TEXT)
    return {"output_type": "error", "ename": name, "evalue": value, "traceback": [line]}


def _size(output: Output) -> int:
    return sum(map(len, output.get("data", {}).values())) + len(output.get("text", ""))
