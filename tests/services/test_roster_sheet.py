"""A roster as CSV: whatever spreadsheets make of it is read, and what cannot be is told."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coursewright.records.errors import Invalid
from coursewright.records.members import Member
from coursewright.records.roster_import import Line, Wrong
from coursewright.services.roster_sheet import read, write

NOW = datetime(2026, 9, 1, tzinfo=UTC)
ANN = Line(2, "ann", "Änn Ösz", "student", "Lab 1", None)
TEXT = "name,display_name,role,section\nann,Änn Ösz,student,Lab 1\n"

SPELLINGS = {
    "UTF-8": TEXT.encode(),
    "a byte order mark": b"\xef\xbb\xbf" + TEXT.encode(),
    "UTF-16, as Excel's Unicode text": TEXT.replace(",", "\t").encode("utf-16"),
    "semicolons": TEXT.replace(",", ";").encode(),
    "Excel's first line": b"sep=;\r\n" + TEXT.replace(",", ";").replace("\n", "\r\n").encode(),
    "Windows' line ends": TEXT.replace("\n", "\r\n").encode(),
    "quotation marks": b'"name","display_name","role","section"\n'
    + '"ann","Änn Ösz","student","Lab 1"'.encode(),
    "other columns, other order": b"Section;E-Mail; DISPLAY NAME ;Role;Name\n"
    + "Lab 1;a@b.c;Änn Ösz;student; ann \n;;;;\n".encode(),
}


@pytest.mark.parametrize("case", SPELLINGS)
def test_a_roster_is_read_however_it_was_saved(case: str) -> None:
    (line,) = read(SPELLINGS[case]).lines
    assert isinstance(line, Line)
    assert (line.name, line.display_name, line.role, line.section, line.group) == (
        "ann",
        "Änn Ösz",
        "student",
        "Lab 1",
        None,
    )


def test_columns_that_say_nothing_are_told() -> None:
    assert read(b"name,email,since\nann,a@b.c,today\n").ignored == ("email", "since")


REFUSED = {
    "line 2 has the byte 0xFC": "name,role\nJürgen,student\n".encode("cp1252"),
    "not text in UTF-8": "name\nann\n".encode("utf-16-le"),
    "one must be “name”": b"user;role\nann;student\n",
    "no lines": b"\n \n",
    "twice": b"name,role,name\nann,student,ann\n",
    "The line 3 cannot be read": b'name,role\nann,student\nben,"stu\ncy,student\n',
    "up to 20000": b"name\n" + b"a\n" * 20_001,
}


@pytest.mark.parametrize("words", REFUSED)
def test_what_is_no_roster_is_refused_with_what_to_do(words: str) -> None:
    with pytest.raises(Invalid, match=words):
        read(REFUSED[words])


def test_a_line_with_other_cells_than_the_first_is_wrong_by_its_number() -> None:
    lines = read(b'name,display_name\n"ann","two\nlines"\nben\ncy,Cy\n').lines
    assert lines == (
        Line(2, "ann", "two\nlines"),
        Wrong(4, "ben", "The line has 1 cells, and the first line has 2"),
        Line(5, "cy", "Cy"),
    )


WORDS = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=30).map(str.strip)
NAMES = WORDS.filter(bool)


@given(
    name=NAMES, shown=WORDS, group=WORDS, quotes=st.sampled_from(["", "'", "''", "=", "'=", "''+"])
)
def test_what_is_written_is_read_back_and_no_cell_computes(
    name: str, shown: str, group: str, quotes: str
) -> None:
    one = Member(quotes + name, quotes + shown, "student", NOW, None, (quotes + group) or None)
    written = write([one])
    cells = written.splitlines()[1] if len(written.splitlines()) > 1 else ""
    assert not cells.startswith(("=", "+", "-", "@"))
    (line,) = read(written.encode()).lines
    assert isinstance(line, Line)
    assert (line.name, line.display_name, line.section, line.group) == (
        one.name.strip(),
        one.display_name.strip(),
        "",
        (one.group or "").strip(),
    )
