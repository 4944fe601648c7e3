"""A certificate as a PDF: one page, made without asking anybody, with its fonts inside.

The fonts (services/fonts) have Latin, Greek and Cyrillic letters. A name with others is printed as
the person's name at the Hub; the page of the code shows it as it is.
"""

from __future__ import annotations

import io
import unicodedata
from datetime import datetime
from functools import cache
from pathlib import Path

from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4, landscape
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from coursewright.records.certificates import Paper

FONTS = Path(__file__).parent / "fonts"
PLAIN, BOLD = "DejaVuSans", "DejaVuSans-Bold"
INK, SOFT, ACCENT = HexColor("#1b2421"), HexColor("#56635e"), HexColor("#0b6b63")
WIDTH, HEIGHT = landscape(A4)
MARGIN = 56.0
LONGEST = 200  # characters of a line; nobody reads more


def pdf(paper: Paper, hub_name: str, address: str) -> bytes:
    """`hub_name` is printed where the fonts lack letters of the name; `address` proves the code."""
    fonts()
    out = io.BytesIO()
    page = Canvas(out, pagesize=(WIDTH, HEIGHT), invariant=True, lang="en")
    name, title = shown(paper.name, hub_name), shown(paper.title, "this course")
    page.setTitle(f"Certificate: {title}")
    page.setAuthor("Coursewright")
    page.setSubject(f"{name} has completed {title}")
    page.setStrokeColor(ACCENT)
    page.setLineWidth(2)
    page.roundRect(28, 28, WIDTH - 56, HEIGHT - 56, 12)
    _line(page, "Certificate", HEIGHT - 130, BOLD, 34, ACCENT)
    _line(page, "This is to certify that", HEIGHT - 185, PLAIN, 14, SOFT)
    _line(page, name, HEIGHT - 235, BOLD, 30, INK)
    _line(page, "has completed the course", HEIGHT - 280, PLAIN, 14, SOFT)
    _line(page, title, HEIGHT - 325, BOLD, 24, INK)
    facts = [day(paper.issued_at)]
    if paper.hours:
        facts.insert(0, f"{paper.hours:g} hour{'' if paper.hours == 1 else 's'}")
    _line(page, " · ".join(facts), HEIGHT - 370, PLAIN, 14, INK)
    _line(page, f"Code {spaced(paper.code)}", 92, PLAIN, 12, INK)
    _line(page, f"Whether it is valid can be read at {address}", 70, PLAIN, 10, SOFT)
    page.showPage()
    page.save()
    return out.getvalue()


def shown(text: str, otherwise: str) -> str:
    """The text, when the fonts have all its letters."""
    text = " ".join(unicodedata.normalize("NFC", text).split())[:LONGEST]
    known = fonts()
    return text if text and all(ord(letter) in known for letter in text) else otherwise


def is_printable(text: str) -> bool:
    """Whether a name stands on the paper as it is."""
    return bool(shown(text, ""))


def spaced(code: str) -> str:
    """A code as people read it aloud."""
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4))


def day(moment: datetime) -> str:
    return f"{moment:%-d %B %Y}"


@cache
def fonts() -> frozenset[int]:
    """The code points that both fonts have, which are now known to the library."""
    known = []
    for name in (PLAIN, BOLD):
        font = TTFont(name, FONTS / f"{name}.ttf")
        pdfmetrics.registerFont(font)
        known.append(frozenset(font.face.charToGlyph))
    return known[0] & known[1]


def _line(  # noqa: PLR0917 (no two of them can be mistaken for each other)
    page: Canvas, text: str, height: float, font: str, size: float, colour: HexColor
) -> None:
    """Centred, and as much smaller as it must be to fit."""
    room = WIDTH - 2 * MARGIN
    width = pdfmetrics.stringWidth(text, font, size)
    page.setFont(font, size * min(1.0, room / width if width else 1.0))
    page.setFillColor(colour)
    page.drawCentredString(WIDTH / 2, height, text)
