"""Certificates: given to who has completed a course, proven by their code, withdrawn."""

from __future__ import annotations

import io
from typing import Any

import grade_class
import httpx
import pypdf
import pytest
from school import Client
from sqlalchemy.orm import Session, sessionmaker

from coursewright.records import certificates, courses
from coursewright.records.certificates import Rule

COURSE = "api/v1/courses/paper"
NAMES = {
    "una": "Una Ní Bhroin",
    "vera": "Вера Ωμέγα Đỗ Østergård",
    "sora": "森 空",
    "mallet": "<script>alert(1)</script>",
}


@pytest.fixture(scope="module")
def paper(client: Client, make: sessionmaker[Session]) -> Client:
    with make.begin() as session:
        grade_class.fill(session, "paper", (*NAMES, "late"), 1)
        for name, display in NAMES.items():
            courses.person(session, name, display)
            grade_class.hand_in(session, name, "paper", "adding", 6)
            grade_class.answer(session, name, "paper", "adding", 1)
        certificates.set_rule(session, "ada", "paper", Rule(60, None, 12))
    return client


def want(client: Client, who: str) -> httpx.Response:
    return client.ask("PUT", who, f"{COURSE}/certificate", json={})


def text(answer: httpx.Response) -> str:
    assert answer.headers["Content-Type"] == "application/pdf"
    (page,) = pypdf.PdfReader(io.BytesIO(answer.content)).pages
    return page.extract_text()


def checked(client: Client, code: str) -> Any:
    return client.get(None, f"certificates/{code}")


@pytest.mark.parametrize(("who", "printed"), [("una", None), ("vera", None), ("sora", "sora")])
def test_who_completes_a_course_has_a_certificate(
    paper: Client, who: str, printed: str | None
) -> None:
    before = paper.get(who, f"{COURSE}/certificate").json()
    assert (before["offered"], before["done"], before["missing"]) == (True, True, [])
    assert before["code"] is None
    found = want(paper, who).json()
    assert found["code"] == want(paper, who).json()["code"]
    told = text(paper.get(who, "courses/paper/certificate"))
    assert (printed or NAMES[who]) in told
    assert "Python foundations" in told
    assert "12 hours" in told
    code = found["code"]
    spaced = "-".join(code[n : n + 4] for n in range(0, 16, 4))
    assert spaced in told
    for spelling in (code, spaced, spaced.lower()):
        page = checked(paper, spelling)
        assert page.status_code == 200
        assert "This certificate is valid" in page.text
        assert NAMES[who] in page.text
        assert who not in page.text.replace(NAMES[who], "").split()


def test_who_has_not_completed_it_reads_what_is_missing(paper: Client) -> None:
    answer = want(paper, "late")
    assert answer.status_code == 409
    assert "2 items are not handed in" in answer.json()["detail"]
    assert paper.get("late", "courses/paper/certificate").status_code == 404
    page = paper.get("late", "courses/paper/progress").text
    assert "2 items are not handed in." in page


def test_a_certificate_that_is_withdrawn_proves_nothing(paper: Client) -> None:
    code = want(paper, "una").json()["code"]
    assert paper.ask("DELETE", "ada", f"{COURSE}/certificates/una").status_code == 200
    page = checked(paper, code)
    assert page.status_code == 404
    assert "Una" not in page.text
    assert want(paper, "una").status_code == 409
    assert paper.get("una", "courses/paper/certificate").status_code == 404
    assert paper.ask("DELETE", "ada", f"{COURSE}/certificates/una").status_code == 404


@pytest.mark.parametrize("code", ["2222222222222222", "x", "%3Cscript%3E", "a" * 40])
def test_a_code_that_is_none_tells_nothing(paper: Client, code: str) -> None:
    page = checked(paper, code)
    assert page.status_code == 404
    assert "<script>" not in page.text


def test_what_stands_on_a_certificate_stays(paper: Client, make: sessionmaker[Session]) -> None:
    code = want(paper, "vera").json()["code"]
    with make.begin() as session:
        courses.person(session, "vera", "Somebody Else")
        certificates.set_rule(session, "ada", "paper", Rule(100, None, 1))
    assert NAMES["vera"] in checked(paper, code).text
    with make.begin() as session:
        certificates.set_rule(session, "ada", "paper", Rule(60, None, 12))


def test_a_name_on_a_certificate_is_never_taken_for_code(paper: Client) -> None:
    code = want(paper, "mallet").json()["code"]
    assert NAMES["mallet"] not in checked(paper, code).text
    assert NAMES["mallet"] in text(paper.get("mallet", "courses/paper/certificate"))


def test_a_course_without_a_rule_gives_none(paper: Client, make: sessionmaker[Session]) -> None:
    with make.begin() as session:
        grade_class.fill(session, "plain", ("una",), 1)
    path = "api/v1/courses/plain/certificate"
    assert paper.get("una", path).json()["offered"] is False
    answer = paper.ask("PUT", "una", path, json={})
    assert "gives no certificates" in answer.json()["detail"]
