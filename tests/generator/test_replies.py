"""From a model's reply to a draft."""

from __future__ import annotations

import contextlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coursewright.generator.drafts import Outline, Reference
from coursewright.generator.replies import Unreadable, clean, read, spoken

ONE = '{"source": "x = 1"}'

TAKEN = {
    "bare": ONE,
    "fenced": f"```json\n{ONE}\n```",
    "prose around": f"Here it is, {{promised}}:\n\n{ONE}\n\nIs {{that}} enough?",
    "thoughts": f'<think>{{"source": "x = 2"}} or so</think>{ONE}',
    "thoughts opened in the prompt": f'perhaps {{"source": "x = 2"}}, no</think>\n{ONE}',
    "thoughts twice": f"<think>a</think><reasoning>b</reasoning>{ONE}",
    "an example before": f'For example {{"colour": "red"}}. {ONE}',
    "the schema before": '{"type": "object", "properties": {"source": {"type": "string"}}} ' + ONE,
    "a broken start before": f'{{"source" oops}} {ONE}',
    "the longest of two": f'{{"source": ""}} {ONE}',
}
REFUSED = {
    "nothing": ("", "empty"),
    "blanks": (" \n", "empty"),
    "only thoughts": ("<think>what now", "empty"),
    "prose": ("I cannot say.", "no JSON object"),
    "a list": ("[1, 2]", "no JSON object"),
    "cut": ('{"source": "x = ', "not valid JSON"),
    "cut within": ('{"source": {"a": 1}, "b": {"source": 1', "not valid JSON"),
    "wrong type": ('{"source": 3}', "source: Input should be a valid string"),
    "another object": ('{"colour": "red"}', "no object with the fields source"),
    "a field too many": ('{"source": "x", "more": 1}', "more: Extra inputs are not permitted"),
    "too many digits": (f'{{"source": {"9" * 5000}}}', "too long"),
    "deep": ('{"source": ' + '{"a":' * 100_000, "deep"),
    "deep and closed": ('{"source": ' + '{"a":' * 400 + "1" + "}" * 401, "source"),
    "braces": ("{" * 5000, "no JSON object"),
    "longer than a lesson can be": (ONE + " " * (1 << 20), "longer than"),
}


@pytest.mark.parametrize("text", TAKEN.values(), ids=TAKEN)
def test_the_answer_is_found_in_what_stands_around_it(text: str) -> None:
    assert read(text, Reference).source == "x = 1"


@pytest.mark.parametrize(("text", "told"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_used_is_told_with_its_place(text: str, told: str) -> None:
    with pytest.raises(Unreadable, match=told):
        read(text, Reference)


def test_line_breaks_within_strings_are_taken() -> None:
    assert read('{"source": "x = 1\ny = 2"}', Reference).source == "x = 1\ny = 2"


def test_nul_bytes_and_half_surrogates_are_left_out() -> None:
    said = read('{"source": "a\\u0000b\0 \\ud800c"}', Reference).source
    assert said == "ab ?c"
    said.encode()


def test_many_problems_are_told_as_a_dozen() -> None:
    outline = {"key": "A B", "title": "", "summary": "", "objectives": [""] * 20, "modules": []}
    with pytest.raises(Unreadable) as caught:
        read(json.dumps(outline), Outline)
    lines = str(caught.value).splitlines()
    assert len(lines) == 13
    assert lines[-1] == "and 12 more"
    assert lines[0].startswith("key: String should match pattern")


@given(st.text())
def test_no_text_breaks_the_reader(text: str) -> None:
    with contextlib.suppress(Unreadable):
        assert read(text, Reference).source


@given(st.text(min_size=1, max_size=200), st.text(alphabet=st.characters(exclude_characters="{")))
def test_an_answer_is_read_back_from_any_prose(source: str, prose: str) -> None:
    text = f"<think>{prose.replace('<', '')}</think>{json.dumps({'source': source})} {prose}"
    wanted = clean(source)
    if wanted and not source.lstrip().startswith("```"):
        assert read(text, Reference).source == wanted


def test_an_answer_about_thoughts_is_not_taken_for_one() -> None:
    text = json.dumps({"source": "print('</think>')"})
    assert spoken(text) == text
    assert read(text, Reference).source == "print('</think>')"
