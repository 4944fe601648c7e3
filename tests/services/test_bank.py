"""The question bank over HTTP: kept in versions, found again, taken out and in without loss."""

from __future__ import annotations

import json
from itertools import count
from typing import Any

import pytest
from banking import QUESTIONS
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from school import Client
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from coursewright.grader import bank_questions
from coursewright.records.bank import Entry
from coursewright.records.errors import Invalid
from coursewright.records.tables import Event
from coursewright.services import bank_sheets
from coursewright.services.schemas import COMPONENTS
from coursewright.services.sheets import to_csv

BANK = "api/v1/courses/sums/bank"
XSS = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "[x](javascript:alert(1))",
    "![x](https://elsewhere.example/a.png)",
    "<svg onload=alert(1)>",
    "</textarea><script>alert(1)</script>",
    '"><script>alert(1)</script>',
    "```\n</code></pre><script>alert(1)</script>\n```",
)
numbers = count(1)


def fits(name: str, data: Any) -> None:
    schema = {"$ref": f"#/components/schemas/{name}", "components": {"schemas": COMPONENTS}}
    Draft202012Validator(schema).validate(data)


def add(client: Client, kind: str = "single", **change: Any) -> Any:
    item = {**QUESTIONS[kind], "prompt": f"Number {next(numbers)}?", **change}
    answer = client.ask("POST", "ada", BANK, json={"question": item, "difficulty": "easy"})
    assert answer.status_code == 201, answer.text
    fits("BankQuestion", answer.json())
    return answer.json()


def listed(client: Client, query: str) -> list[int]:
    return [one["id"] for one in client.get("ada", f"{BANK}?{query}").json()["questions"]]


@pytest.mark.parametrize("kind", QUESTIONS)
def test_a_question_of_every_kind_is_kept_as_it_was_sent(client: Client, kind: str) -> None:
    made = add(client, kind)
    found = client.get("olga", f"{BANK}/{made['id']}").json()
    fits("BankQuestionWithHistory", found)
    assert found["question"]["kind"] == kind
    assert (found["version"], found["history"][0]["by"]) == (1, "ada")


def test_the_same_question_is_not_added_twice(client: Client) -> None:
    made = add(client, "numeric")
    sent = {"question": made["question"], "difficulty": "easy"}
    again = client.ask("POST", "ada", BANK, json=sent)
    assert (again.status_code, again.json()["id"]) == (200, made["id"])
    other = client.ask("POST", "ada", BANK, json={**sent, "difficulty": "hard"})
    assert other.status_code == 201


def test_a_change_makes_a_version_and_the_one_before_stays(client: Client) -> None:
    made = add(client, "short-text")
    path = f"{BANK}/{made['id']}"
    item = {**made["question"], "accepted": ["until"]}
    sent = {"question": item, "difficulty": "hard", "version": 1}
    assert client.ask("PUT", "ada", path, json=sent).json()["version"] == 2
    assert client.ask("PUT", "ada", path, json=sent).status_code == 409
    assert client.ask("PUT", "ada", path, json={**sent, "version": 2}).json()["version"] == 2
    history = client.get("ada", path).json()["history"]
    assert [one["question"]["accepted"] for one in history] == [["until"], ["while", "for"]]


def test_questions_are_found_by_what_they_are_about(client: Client) -> None:
    one = add(client, "numeric", prompt="How MANY % are_this?", concepts=["rare one"])
    assert listed(client, "concept=rare+one") == [one["id"]]
    assert listed(client, "text=many+%25+are_") == [one["id"]]
    assert listed(client, "text=many+%25+areX") == []
    assert one["id"] in listed(client, "kind=numeric&limit=200&difficulty=easy")
    assert one["id"] not in listed(client, "kind=single&limit=200")
    assert client.get("ada", f"{BANK}?limit=0").status_code == 400
    assert client.get("ada", f"{BANK}?whose=theirs").status_code == 400


def test_a_long_list_comes_in_pages(client: Client) -> None:
    made = [add(client, concepts=["paged"])["id"] for _ in range(5)]
    found, after = [], 0
    while after is not None:
        page = client.get("ada", f"{BANK}?concept=paged&limit=2&after={after}").json()
        found += [one["id"] for one in page["questions"]]
        after = page["after"]
    assert found == made


def test_what_is_archived_is_out_of_use_and_comes_back(client: Client) -> None:
    one = add(client, concepts=["kept"])
    path = f"{BANK}/{one['id']}/archived"
    assert client.ask("PUT", "ada", path, json={"archived": True}).json()["archived"]
    assert listed(client, "concept=kept") == []
    assert listed(client, "concept=kept&archived=yes") == [one["id"]]
    client.ask("PUT", "ada", path, json={"archived": False})
    assert listed(client, "concept=kept") == [one["id"]]


def test_a_person_takes_questions_from_course_to_course(client: Client) -> None:
    one = add(client)
    path = f"{BANK}/{one['id']}/copies"
    mine = client.ask("POST", "ada", path, json={"to": "mine"})
    assert (mine.status_code, mine.json()["whose"]) == (201, "mine")
    assert client.ask("POST", "ada", path, json={"to": "mine"}).json()["id"] == mine.json()["id"]
    number = mine.json()["id"]
    assert number in listed(client, "whose=mine&limit=200")
    assert number not in listed(client, "limit=200")
    # It is nobody else's, in whatever course.
    assert client.get("root", f"{BANK}/{number}").status_code == 404
    assert client.get("alan", f"api/v1/courses/other/bank/{number}").status_code == 404


def test_questions_of_another_course_are_not_found(client: Client) -> None:
    one = add(client)
    path = f"api/v1/courses/other/bank/{one['id']}"
    assert client.get("alan", path).status_code == 404
    sent = {"question": QUESTIONS["single"]}
    assert client.ask("PUT", "alan", path, json=sent).status_code == 404
    assert client.ask("PUT", "alan", f"{path}/archived", json={"archived": True}).status_code == 404


@pytest.mark.parametrize("form", ["json", "csv"])
def test_a_bank_goes_out_and_in_again_without_loss(client: Client, form: str) -> None:
    for kind in QUESTIONS:
        add(client, kind, explanation="=1+1", concepts=["a b", "c"])
    if form == "json":
        sent: Any = client.get("ada", f"{BANK}/questions.json").json()
        fits("BankDocument", sent)
    else:
        sheet = client.get("ada", "courses/sums/bank.csv").content.decode()
        assert "'=1+1" in sheet
        sent = {"csv": sheet}
    before = client.get("ada", f"{BANK}/questions.json").json()["questions"]
    done = client.ask("POST", "ada", f"{BANK}/imports?whose=mine", json=sent).json()
    assert done["added"] + done["known"] == len(before)
    again = client.ask("POST", "ada", f"{BANK}/imports?whose=mine", json=sent).json()
    assert again == {"added": 0, "known": len(before)}
    mine = client.get("ada", f"{BANK}/questions.json?whose=mine").json()["questions"]
    texts = [json.dumps(one, sort_keys=True) for one in mine]
    assert not [one for one in before if json.dumps(one, sort_keys=True) not in texts]


BAD = {
    "no column": ("question\nwhat?\n", "columns kind and prompt"),
    "a column of elsewhere": ("kind,prompt,colour\nsingle,?,red\n", "columns kind and prompt"),
    "another kind": ("kind,prompt\nguess,?\n", "Question 1: kind must be"),
    "no option": ("kind,prompt\nsingle,?\n", "Question 1: The question has no options"),
    "no number": ("kind,prompt,answer,points\nnumeric,?,1,many\n", "'many' is no number"),
    "too many cells": ("kind,prompt\nnumeric,?,1,2\n", "more cells"),
    "an option of nowhere": ('kind,prompt,options,right\nsingle,?,"a\nb",x\n', "not the number"),
}


@pytest.mark.parametrize("case", BAD)
def test_a_sheet_that_cannot_be_read_adds_nothing_and_says_where(client: Client, case: str) -> None:
    text, words = BAD[case]
    before = len(client.get("ada", f"{BANK}/questions.json").json()["questions"])
    answer = client.ask("POST", "ada", f"{BANK}/imports", json={"csv": text})
    assert (answer.status_code, words in answer.json()["detail"]) == (400, True), answer.text
    assert len(client.get("ada", f"{BANK}/questions.json").json()["questions"]) == before


LINES = st.text(st.characters(codec="utf-8", exclude_characters="\0\r"), min_size=1, max_size=30)


@settings(max_examples=50, deadline=None)
@given(prompt=LINES, texts=st.lists(LINES, min_size=3, max_size=5, unique=True))
def test_whatever_text_survives_the_sheet(prompt: str, texts: list[str]) -> None:
    options = [{"text": text, "correct": n == 0, "why": text[:5]} for n, text in enumerate(texts)]
    try:
        item = bank_questions.question({"kind": "single", "prompt": prompt, "options": options})
    except Invalid:
        return
    quoted = [item.prompt, *(one.text for one in item.options), *(o.why for o in item.options)]
    if any(text.startswith("'") for text in quoted):
        return  # a quote at the beginning is the sheet's own
    entry = Entry(1, "course", 1, item, None, False, None)  # type: ignore[arg-type]
    sheet = to_csv(bank_sheets.COLUMNS, [bank_sheets.line(entry)])
    (found,) = bank_sheets.read(sheet)
    assert bank_questions.question(found["question"]) == item


def test_every_change_of_a_bank_is_in_the_audit_log(
    client: Client, make: sessionmaker[Session]
) -> None:
    number = add(client)["id"]
    client.ask("PUT", "ada", f"{BANK}/{number}/archived", json={"archived": True})
    with make() as session:
        rows = session.scalars(select(Event).where(Event.name.like("audit.bank.%"))).all()
    told = [row.name for row in rows if row.detail["question"] == number]
    assert told == ["audit.bank.added", "audit.bank.archived"]


@pytest.mark.parametrize("text", XSS)
def test_a_page_shows_a_question_without_what_it_tries_to_run(client: Client, text: str) -> None:
    options = [{"text": text, "correct": True, "why": text}, {"text": "other"}]
    kind = "single"
    one = add(client, kind, prompt=text, options=options, explanation=text, concepts=[text[:80]])
    for path in (f"courses/sums/bank/{one['id']}", "courses/sums/bank"):
        page = client.get("ada", path).text
        assert "<script>alert" not in page
        assert not [bad for bad in ("<img src=x", "<svg onload", "javascript:alert(1)\"",
                                    "elsewhere.example/a.png\"") if bad in page]  # fmt: skip


FORM = {
    "kind": "multiple",
    "prompt": "Which?",
    "option-0": "a",
    "option-1": "b",
    "option-4": "c",
    "right": ["0", "4"],
    "why-0": "because",
    "points": "1,5",
    "concepts": "x, y z",
    "difficulty": "hard",
}


def test_a_question_is_written_and_changed_by_forms(client: Client) -> None:
    answer = client.ask("POST", "ada", "courses/sums/bank/new", data=FORM)
    assert answer.status_code == 303, answer.text
    number = answer.headers["Location"].rsplit("/", 1)[1]
    found = client.get("ada", f"{BANK}/{number}").json()
    assert [(one["text"], one["correct"]) for one in found["question"]["options"]] == [
        ("a", True),
        ("b", False),
        ("c", True),
    ]
    assert (found["question"]["points"], found["question"]["concepts"]) == (1.5, ["x", "y z"])
    path = f"courses/sums/bank/{number}"
    page = client.get("olga", path).text
    assert "Save as a new version" not in page
    changed = {**FORM, "prompt": "Which of them?", "change": "yes", "version": "1"}
    assert client.ask("POST", "ada", path, data=changed).status_code == 303
    late = client.ask("POST", "ada", path, data={**changed, "prompt": "Late"})
    assert late.status_code == 409
    assert "Somebody has changed this question" in late.text
    bad = client.ask("POST", "ada", path, data={**changed, "version": "2", "right": []})
    assert bad.status_code == 400
    assert "right and others" in bad.text
    assert client.get("ada", f"{BANK}/{number}").json()["version"] == 2


def test_pasted_questions_are_added_by_a_form(client: Client) -> None:
    text = json.dumps([{"question": {**QUESTIONS["ordering"], "prompt": "Pasted"}}])
    done = client.ask("POST", "ada", "courses/sums/bank", data={"questions": text})
    assert "1 question added" in done.text
    for bad in ("", "{", '{"questions": 1}', "kind\n"):
        answer = client.ask("POST", "ada", "courses/sums/bank", data={"questions": bad})
        assert answer.status_code == 400
        assert "Nothing was added" in answer.text
