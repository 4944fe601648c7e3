"""The pages: signing in, joining, what is shown, and that nothing shown is taken for code."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator

import httpx
import pytest
import samples
from fake_hub import Hub
from school import Client, Running, graded, publish
from sqlalchemy.orm import Session, sessionmaker

from coursewright.records import courses, members, submissions

NAVIGATION = {"Sec-Fetch-Mode": "navigate", "Sec-Fetch-Site": "same-origin"}
EVIL = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>{{ 7*7 }}"


@pytest.fixture
def browser(running: Running, hub: Hub) -> Iterator[httpx.Client]:
    """A browser that follows redirects and keeps cookies; `kay` sits before it."""
    hub.signed_in = "kay"
    with httpx.Client(
        base_url=running.url, follow_redirects=True, headers=NAVIGATION, trust_env=False
    ) as browser:
        yield browser


def form_token(page: str) -> str:
    found = re.search(r'name="_xsrf" value="([^"]+)"', page)
    assert found
    return found[1]


def test_a_stranger_signs_in_at_the_hub_and_comes_back(browser: httpx.Client) -> None:
    answer = browser.get("")
    assert answer.status_code == 200
    assert [step.status_code for step in answer.history] == [302, 302, 302]
    assert "state=" in answer.history[0].headers["Location"]
    assert ">kay<" in answer.text


def test_coming_back_leads_to_the_page_that_was_asked(browser: httpx.Client) -> None:
    assert browser.get("courses/sums/gradebook").url.path.endswith("courses/sums/gradebook")


def test_a_session_cookie_is_not_for_scripts(browser: httpx.Client) -> None:
    cookies = browser.get("").history[-1].headers.get_list("Set-Cookie")
    (session,) = [cookie for cookie in cookies if cookie.startswith("service-coursewright=")]
    assert "HttpOnly" in session
    assert "Path=/services/coursewright/" in session


def test_joining_from_the_page(browser: httpx.Client, hub: Hub) -> None:
    hub.signed_in = "page-joiner"
    page = browser.get("").text
    answer = browser.post("courses/other/enrolment", data={"_xsrf": form_token(page)})
    assert answer.history[0].status_code == 303
    assert 'id="title-other"' in answer.text


@pytest.mark.parametrize("path", ["courses/sums/enrolment", "courses/sums/people"])
@pytest.mark.parametrize("token", [None, "", "guessed"])
def test_a_cookie_alone_cannot_write(browser: httpx.Client, token: str | None, path: str) -> None:
    browser.get("")
    form = {} if token is None else {"_xsrf": token}
    answer = browser.post(path, data=form)
    assert answer.status_code == 403
    assert "Load the page again" in answer.text
    assert browser.put("api/v1/courses/sums/enrolment").status_code == 403


def test_the_form_token_of_somebody_else_counts_for_nothing(
    browser: httpx.Client, running: Running, hub: Hub
) -> None:
    browser.get("")
    hub.signed_in = "mallory"
    with httpx.Client(base_url=running.url, follow_redirects=True, trust_env=False) as other:
        theirs = form_token(other.get("", headers=NAVIGATION).text)
    answer = browser.post("courses/sums/enrolment", data={"_xsrf": theirs})
    assert answer.status_code == 403


def test_a_cookie_with_the_form_token_may_use_the_api(browser: httpx.Client) -> None:
    token = form_token(browser.get("").text)
    answer = browser.put("api/v1/courses/open/enrolment", headers={"X-XSRFToken": token})
    assert answer.status_code == 200


def test_a_callback_that_nobody_asked_for_is_refused(browser: httpx.Client) -> None:
    answer = browser.get("oauth_callback?code=1&state=2")
    assert answer.status_code == 403
    assert "Traceback" not in answer.text


@pytest.fixture(scope="module")
def evil(make: sessionmaker[Session], client: Client) -> str:
    """A course and a person whose names are attempts at code."""
    with make.begin() as session:
        lesson = samples.lesson()
        publish(session, samples.course("evil", lesson, title=EVIL))
        courses.enrol(session, "ada", "evil", "instructor")
        courses.person(session, "mallet", f"=cmd|' /C calc'!A0 {EVIL}")
        courses.enrol(session, "mallet", "evil")
        receipt = submissions.receive(
            session, "mallet", "evil", "adding", samples.content(), "an evil key"
        )
    graded(make, receipt.id)
    return "evil"


@pytest.mark.parametrize("path", ["", "courses/evil/gradebook", "courses/evil/people"])
def test_names_and_titles_are_text_and_nothing_else(client: Client, evil: str, path: str) -> None:
    page = client.get("ada", path).text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "<script" not in page
    assert "<img src=x" not in page
    assert "49" not in re.findall(r"\b\d+\b", page.partition("&lt;script")[2][:200])


def test_a_path_comes_back_as_text(client: Client) -> None:
    assert "<script" not in client.get("ada", "<script>alert(1)</script>").text


def test_the_gradebook_shows_people_by_lessons(client: Client, evil: str) -> None:
    page = client.get("ada", "courses/evil/gradebook").text
    assert "mallet" in page
    assert re.search(r'class="score">2<span class="of"> of 6', page)


def test_teachers_and_administrators_get_from_a_score_to_its_feedback(
    client: Client, evil: str
) -> None:
    for who in ("ada", "root"):
        page = client.get(who, "courses/evil/gradebook").text
        address = re.search(r'href="/services/coursewright/(submissions/\d+/feedback)"', page)
        assert address
        assert client.get(who, address[1]).text == "<p>Well done"


def test_the_gradebook_knows_who_handed_in_nothing_and_who_left(
    client: Client, make: sessionmaker[Session]
) -> None:
    with make.begin() as session:
        publish(session, samples.course("roll", samples.lesson(), samples.lesson("more")))
        courses.enrol(session, "ada", "roll", "instructor")
        for name in ("quiet", "busy", "gone"):
            courses.enrol(session, name, "roll")
        for name in ("busy", "gone"):
            submissions.receive(session, name, "roll", "adding", samples.content(), "a key, a key")
        members.set_role(session, "ada", "gone", "roll", None)
    rows = client.get("ada", "api/v1/courses/roll/gradebook").json()["rows"]
    told = [(row["person"], row["role"], row["lesson"], row["state"]) for row in rows]
    assert told == [
        ("busy", "student", "adding", "received"),
        ("busy", "student", "more", "new"),
        ("gone", None, "adding", "received"),
        ("quiet", "student", "adding", "new"),
        ("quiet", "student", "more", "new"),
    ]
    sheet = client.get("ada", "courses/roll/gradebook.csv").text.removeprefix("\N{BOM}")
    (empty, _) = [row for row in csv.DictReader(io.StringIO(sheet)) if row["person"] == "quiet"]
    assert (empty["points"], empty["received_at"], empty["attempt"]) == ("", "", "0")
    page = client.get("ada", "courses/roll/gradebook").text
    assert "2 students, 1 handed in" in page
    assert page.count("nothing handed in") == 4
    assert "has left the course" in page


def test_the_gradebook_as_a_sheet(client: Client, evil: str) -> None:
    answer = client.get("ada", "courses/evil/gradebook.csv")
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert 'filename="evil-gradebook.csv"' in answer.headers["Content-Disposition"]
    (row,) = csv.DictReader(io.StringIO(answer.text.removeprefix("\N{BOM}")))
    assert row["display_name"].startswith("'=cmd")
    assert (row["person"], row["points"], row["max_points"]) == ("mallet", "2.0", "6.0")


def test_the_newest_feedback_is_a_page(client: Client, evil: str) -> None:
    page = client.get("mallet", "courses/evil/lessons/adding/feedback")
    assert page.text == "<p>Well done"
    assert client.get("ada", "courses/evil/lessons/adding/feedback").status_code == 404


def test_a_style_sheet_is_kept_while_it_is_the_same(client: Client) -> None:
    address = re.search(r'href="([^"]+style\.css[^"]+)"', client.get("ada", "").text)
    assert address
    answer = httpx.get(
        f"http://{client.http.base_url.netloc.decode()}{address[1]}", trust_env=False
    )
    assert answer.headers["Content-Type"].startswith("text/css")
    assert "immutable" in answer.headers["Cache-Control"]
    assert "immutable" not in client.get(None, "static/style.css?v=old").headers["Cache-Control"]
    assert client.get(None, "static/none.css").status_code == 404
    assert client.get(None, "static/..%2Fapp.py").status_code == 404
